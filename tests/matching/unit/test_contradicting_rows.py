"""Which rows of a file contradict each other, found without comparing rows that say the same (RULES 2)."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.matching.identifiers.rules import (
    IDENTIFIERS,
    contradict,
    contradicting_rows,
    marked_identifiers,
)

Row = dict[str, Any]


def by_the_rule(
    said: Sequence[Row], is_known: Callable[[Any], bool], contradicts_what_is_known: Callable[[Any], bool]
) -> dict[int, int]:
    """Each row is compared with all that stand, those that say the same too."""
    standing: dict[str, list[int]] = defaultdict(list)
    found: dict[int, int] = {}
    for place in sorted(range(len(said)), key=lambda i: contradicts_what_is_known(said[i])):
        row = said[place]
        others = {i for name in marked_identifiers(row) for i in standing[name] if contradict(row, said[i])}
        if others and is_known(row):
            others = {i for i in others if not is_known(said[i])}
        if others:
            found[place] = min(others)
            continue
        for name in marked_identifiers(row):
            standing[name].append(place)
    return found


def rows() -> st.SearchStrategy[list[Row]]:
    one = st.fixed_dictionaries({kind: st.sampled_from([None, "1", "2", "3"]) for kind in IDENTIFIERS})
    return st.lists(one.filter(lambda row: any(row.values())), max_size=12)


def texts(row: Row) -> str:
    return "".join(row[kind] or "-" for kind in IDENTIFIERS)


@settings(max_examples=500)
@given(rows(), st.data())
def test_rows_that_say_the_same_need_not_be_compared(said: list[Row], data: Any) -> None:
    some = st.sets(st.sampled_from(sorted({"", *map(texts, said)})))
    known, against = data.draw(some), data.draw(some)

    def is_known(row: Any) -> bool:
        return texts(row) in known

    def is_against(row: Any) -> bool:
        return texts(row) in against

    found = contradicting_rows(said, is_known=is_known, contradicts_what_is_known=is_against)
    assert found == by_the_rule(said, is_known, is_against)
