"""What that exists is nearest to what was written: references by slips of the hand, names by their words. Pure."""

from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from libs.common.care.names import fold

MOST_SLIPS = 2
"""A character too many, too few or another, or two neighbours in the wrong order, each is one."""
LEAST_LIKENESS = 60
"""Of 100, of names whose words are put in order."""
MOST = 3
"""As many as are named where several are equally near."""


class Nearest:
    """Looks for what is nearest among what is known, which is made ready only once."""

    def __init__(self, references: Iterable[str] = (), names: Iterable[str] = ()) -> None:
        self._references = sorted(set(references))
        self._bare = list(map(_bare, self._references))
        self._names = sorted(set(names))
        self._folded = list(map(fold, self._names))

    def references(self, written: str) -> list[str]:
        """The references from which this differs by the fewest slips, two at most, and less than half of it.

        Letter case, spaces and hyphens make no difference.
        """
        bare = _bare(written)
        if not bare:
            return []
        most = min(MOST_SLIPS, (len(bare) - 1) // 2)
        found = process.extract(bare, self._bare, scorer=OSA.distance, score_cutoff=most, limit=MOST)
        return _first_alike(self._references, [(place, score) for _, score, place in found])

    def names(self, written: str) -> list[str]:
        """The names that are most like this, if any is."""
        found = process.extract(
            fold(written),
            self._folded,
            scorer=fuzz.token_sort_ratio,
            score_cutoff=LEAST_LIKENESS,
            limit=MOST,
        )
        return _first_alike(self._names, [(place, score) for _, score, place in found])


def _bare(reference: str) -> str:
    return reference.upper().replace(" ", "").replace("-", "")


def _first_alike(known: Sequence[str], found: Sequence[tuple[int, float]]) -> list[str]:
    """Those that are as near as the first, in the order of what is known."""
    return [known[place] for place, score in sorted(found) if score == found[0][1]]
