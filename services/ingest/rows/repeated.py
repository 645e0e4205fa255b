"""References that are on more than one row of a file: all of those rows are rejected (RULES 2, 3)."""

from collections import Counter, defaultdict
from collections.abc import Sequence

_ROWS_NAMED = 5


def rows_of_repeated(rows: Sequence[tuple[int, tuple[str, ...]]], refs: Sequence[str]) -> dict[str, str]:
    """The references that are on more than one row, each with a text that names its rows: ``4, 7 and 9``.

    ``refs`` are those of the rows, cleaned. Empty ones are left out: they are another mistake.
    """
    if len(set(refs)) == len(refs):
        return {}
    times = Counter(refs)
    named: defaultdict[str, list[int]] = defaultdict(list)
    for (row, _), ref in zip(rows, refs, strict=True):
        if ref and times[ref] > 1 and len(named[ref]) < _ROWS_NAMED:
            named[ref].append(row)
    return {ref: _named_rows(numbers, times[ref]) for ref, numbers in named.items()}


def _named_rows(numbers: list[int], times: int) -> str:
    more = times - len(numbers)
    if more:
        return f"{', '.join(map(str, numbers))} and {more:,} more"
    return f"{', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"
