"""Whom the rows of a care file mean by a ref and a name (RULES 2, Who is who)."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.matching.book.naming import Claim, Named, Names

ELDER, PEARL, PLAIN = "elder", "pearl", "plain"  # PLAIN has no ref
KNOWN = {ELDER: ("R1", "elder"), PEARL: ("R2", "pearl"), PLAIN: ("", "plain")}

Row = tuple[str, str]
"""A ref and a name."""


def a_book(known: dict[str, Row], former: dict[str, str] | None = None) -> Names:
    """Everybody known, by id; ``former`` names by who had them."""
    everybody = {one: Named("", ref, name) for one, (ref, name) in known.items()}
    numbers = iter(range(1, 1000))
    return Names(
        everybody,
        {("", name): one for name, one in (former or {}).items()},
        lambda name, is_of_another: f"{'another' if is_of_another else 'new'} {name} {next(numbers)}",
    )


def take_names(names: Names, rows: Sequence[Row]) -> list[str | None]:
    """Whom each row of a file means; None for a rejected row. Rows are numbered from 2."""
    claims = [Claim(number, "", ref, name) for number, (ref, name) in enumerate(rows, 2)]
    names.foresee(claims)
    found: list[str | None] = []
    for claim in claims:
        meant = names.meant(claim)
        found.append(None if meant.contradicts else names.settle(claim, meant.known))
    return found


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # A ref says who it is, a name without one whoever is called so.
        ([("R1", "elder"), ("", "elder"), ("", "pearl")], [ELDER, ELDER, PEARL]),
        # Who has no ref yet is given one, once.
        ([("R3", "plain"), ("", "plain"), ("R3", "plain")], [PLAIN, PLAIN, PLAIN]),
        ([("R3", "plain"), ("R4", "plain")], [PLAIN, None]),
        # A ref whose name differs throughout is a renaming; one name in two rows is none.
        ([("R1", "younger"), ("R1", "younger"), ("", "younger")], [ELDER, ELDER, ELDER]),
        ([("R1", "younger"), ("R1", "elder")], [None, ELDER]),
        ([("R1", "younger"), ("R1", "third")], [ELDER, None]),
        # Who is renamed is still called so in the rows before, and understood by the former name.
        ([("", "younger"), ("R1", "younger"), ("", "elder")], [ELDER, ELDER, ELDER]),
        # Nobody takes a name that stays another's.
        ([("R1", "pearl")], [None]),
        ([("R1", "plain")], [None]),
        ([("R9", "elder")], [None]),
        # A freed name is another's who takes it, in any order of rows; two may change names.
        ([("R1", "younger"), ("R9", "elder"), ("", "elder")], [ELDER, "another elder 1", "another elder 1"]),
        ([("R9", "elder"), ("R1", "younger"), ("", "elder")], ["another elder 1", ELDER, "another elder 1"]),
        ([("R1", "pearl"), ("R2", "elder"), ("", "elder")], [ELDER, PEARL, PEARL]),
        # Of two who want one name the first row has it.
        ([("R1", "third"), ("R2", "third")], [ELDER, None]),
        ([("R8", "third"), ("R2", "third"), ("R9", "third")], ["new third 1", None, None]),
        ([("", "third"), ("R8", "third"), ("R9", "third")], ["new third 1", "new third 1", None]),
        # A renaming that can't be frees no name.
        ([("R1", "pearl"), ("R9", "elder")], [None, None]),
    ],
)
def test_rows_mean_whoever_has_the_ref_else_the_name(rows: list[Row], expected: list[str | None]) -> None:
    assert take_names(a_book(KNOWN), rows) == expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("", "eldest")], [ELDER]),  # understood
        ([("R1", "eldest"), ("R1", "elder")], [ELDER, ELDER]),  # by its own ref too
        (
            [("R9", "eldest"), ("", "eldest")],
            ["another eldest 1", "another eldest 1"],
        ),  # until another takes it
        ([("", "eldest"), ("R9", "eldest")], ["another eldest 1", "another eldest 1"]),
        (
            [("R1", "elder"), ("R1", "eldest"), ("R9", "eldest")],
            [ELDER, ELDER, None],
        ),  # its own row came first
        ([("R1", "elder"), ("R9", "eldest"), ("R1", "eldest")], [ELDER, "another eldest 1", None]),
        ([("R1", "elder"), ("R1", "eldest"), ("R2", "eldest")], [ELDER, ELDER, None]),
        ([("R1", "elder"), ("R2", "eldest"), ("R1", "eldest")], [ELDER, PEARL, None]),
        ([("R2", "eldest"), ("", "eldest")], [PEARL, PEARL]),
        ([("R1", "eldest"), ("", "elder")], [ELDER, ELDER]),  # and it may come back
    ],
)
def test_a_former_name_is_understood_until_another_takes_it(
    rows: list[Row], expected: list[str | None]
) -> None:
    assert take_names(a_book(KNOWN, {"eldest": ELDER}), rows) == expected


def test_a_contradiction_names_the_row_that_came_first() -> None:
    names = a_book(KNOWN)
    take_names(names, [("R8", "third"), ("R9", "third")])
    against = names.meant(Claim(3, "", "R9", "third")).contradicts
    assert against is not None
    assert names.everybody[against].since == 2
    known = names.meant(Claim(4, "", "R9", "elder")).contradicts
    assert known == ELDER
    assert names.everybody[known].since is None


def test_a_ref_of_another_organisations_service_contradicts() -> None:
    names = Names({"s": Named("diamond", "S1", "north")}, {}, lambda name, _: name)
    names.foresee([Claim(2, "pearl", "S1", "south")])
    assert names.meant(Claim(2, "pearl", "S1", "north")).contradicts == "s"
    assert names.meant(Claim(2, "pearl", "", "north")) == (None, None)


ROWS = st.lists(
    st.tuples(
        st.sampled_from(("", "R1", "R2", "R3", "R4")),
        st.sampled_from(("elder", "pearl", "plain", "third", "eldest")),
    ),
    max_size=8,
)


@given(files=st.lists(ROWS, max_size=4))
def test_whatever_files_say_nobody_shares_a_name_or_a_ref_and_refs_stay_whose_they_are(
    files: list[list[Row]],
) -> None:
    names = a_book(KNOWN, {"eldest": ELDER})
    owners: dict[str, str] = {"R1": ELDER, "R2": PEARL}
    for rows in files:
        for (ref, _), one in zip(rows, take_names(names, rows), strict=True):
            if ref and one is not None:
                assert owners.setdefault(ref, one) == one
        present = [named.name for named in names.everybody.values()]
        refs = [named.ref for named in names.everybody.values() if named.ref]
        assert len(set(present)) == len(present)
        assert len(set(refs)) == len(refs)
        # What was accepted is accepted and means the same when it is sent again with refs and present names.
        again = [(named.ref, named.name) for named in names.everybody.values()]
        assert take_names(names, again) == list(names.everybody)


@given(rows=ROWS)
def test_an_accepted_row_with_a_ref_names_it_as_it_is_or_was_called(rows: list[Row]) -> None:
    names = a_book(KNOWN, {"eldest": ELDER})
    for (ref, name), one in zip(rows, take_names(names, rows), strict=True):
        if one is not None and ref:
            assert names.everybody[one].ref == ref
            assert names.everybody[one].name == name or names.meant(Claim(0, "", "", name)).known == one
