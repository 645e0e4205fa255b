"""References that are on more than one row of a file: all of those rows are rejected (RULES 2, 3)."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

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


def repeated_in(refs_of: Callable[[], Iterable[tuple[int, str]]]) -> dict[str, str]:
    """The same for a large file, whose (row, reference) are gone through twice and not kept.

    At first only a number is remembered of each reference; those whose number came twice are then looked at.
    """
    seen: set[int] = set()
    twice: set[int] = set()
    for _, ref in refs_of():
        number = hash(ref)
        if number in seen:
            twice.add(number)
        else:
            seen.add(number)
    del seen
    if not twice:
        return {}
    times: Counter[str] = Counter()
    named: dict[str, list[int]] = {}
    for row, ref in refs_of():
        if ref and hash(ref) in twice:
            times[ref] += 1
            rows = named.setdefault(ref, [])
            if len(rows) < _ROWS_NAMED:
                rows.append(row)
    return {ref: _named_rows(rows, times[ref]) for ref, rows in named.items() if times[ref] > 1}


def _named_rows(numbers: list[int], times: int) -> str:
    more = times - len(numbers)
    if more:
        return f"{', '.join(map(str, numbers))} and {more:,} more"
    return f"{', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"
