"""References that are on more than one row of a file: all of those rows are rejected (RULES 2, 3)."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from libs.common.values import cleaned

_ROWS_NAMED = 5


def rows_of_repeated(refs: Sequence[tuple[int, str]]) -> dict[str, str]:
    """The references that are on more than one row, each with a text that names its rows: ``4, 7 and 9``.

    ``refs`` are row numbers and cells as they were sent. Empty references are left out: they are another mistake.
    """
    cells = [cleaned(text) for _, text in refs]
    if len(set(cells)) == len(cells):
        return {}
    times = Counter(cells)
    named: defaultdict[str, list[int]] = defaultdict(list)
    for (row, _), ref in zip(refs, cells, strict=True):
        if ref and times[ref] > 1 and len(named[ref]) < _ROWS_NAMED:
            named[ref].append(row)
    return {ref: _named_rows(numbers, times[ref]) for ref, numbers in named.items()}


def _named_rows(numbers: list[int], times: int) -> str:
    more = times - len(numbers)
    if more:
        return f"{', '.join(map(str, numbers))} and {more:,} more"
    return f"{', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"
