"""Who is meant by a ref and a name in the rows of one care file (RULES 2, *Who is who*). Pure.

The same for organisations and for the services of one. A ref says who somebody is; a name only what they are called,
now or formerly. All names are folded.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

Key = tuple[str, str]
"""A scope (an organisation's id for its services, '' for organisations) and a name in it."""


class Claim(NamedTuple):
    """What a row of a file says: somebody's ref ('' for none) and name, in a scope."""

    row: int
    scope: str
    ref: str
    name: str

    @property
    def key(self) -> Key:
        """Scope and name."""
        return self.scope, self.name


@dataclass(slots=True)
class Named:
    """Somebody's ref ('' while none is known) and present name; ``since`` is the row of the file that first said it so,
    None for what was known before."""

    scope: str
    ref: str
    name: str
    since: int | None = None

    @property
    def key(self) -> Key:
        """Scope and name."""
        return self.scope, self.name


class Meant(NamedTuple):
    """Whom a row means: ``known``, or somebody new for None; unless its ref and name contradict each other.

    ``contradicts`` is whom the row contradicts: the one with its ref, else the one who has its name under another ref.
    """

    known: str | None
    contradicts: str | None = None


class Names:
    """Everybody by id, and what a file makes of their names.

    ``foresee`` all rows of a file first: a ref that bears another name than the known one throughout the file is a
    renaming, which holds for rows before it too. Then each row's ``meant``, and ``settle`` for those that are accepted.
    """

    def __init__(
        self,
        everybody: Mapping[str, Named],
        former: Mapping[Key, str],
        mint: Callable[[str, bool], str],
    ) -> None:
        """``mint`` gives the id of somebody new by name, and whether another bore that name before."""
        self.everybody = dict(everybody)
        self._former = dict(former)
        self._mint = mint
        self._by_ref = {named.ref: one for one, named in everybody.items() if named.ref}
        self._by_name = {named.key: one for one, named in everybody.items()}
        self._takers: dict[str, tuple[Key, int]] = {}  # refs of somebody new under another's former name
        self._kept: dict[Key, int] = {}  # former names that a row of the file says with their own ref
        self._freed: set[Key] = set()  # former names that are given to somebody new

    def foresee(self, claims: Iterable[Claim]) -> None:
        """Take the renamings of a file's rows, and what former names they give to others."""
        names_of_ref: dict[str, dict[Key, int]] = {}
        for claim in claims:
            if claim.ref:
                names_of_ref.setdefault(claim.ref, {}).setdefault(claim.key, claim.row)
        wanted: dict[str, tuple[Key, int]] = {}
        firsts: dict[Key, list[int]] = defaultdict(list)
        for ref, names in names_of_ref.items():
            key, row = next(iter(names.items()))
            known = self._by_ref.get(ref)
            if known is None:
                firsts[key].append(row)
                if key in self._former:
                    self._takers[ref] = key, row
            elif self.everybody[known].key not in names and key[0] == self.everybody[known].scope:
                wanted[known] = key, row
            else:
                self._keep({key: row for key, row in names.items() if self._former.get(key) == known}, firsts)
        self._rename(self._possible(wanted, {key: min(rows) for key, rows in firsts.items()}))
        for key, row in self._takers.values():
            if row < self._kept.get(key, row + 1):
                self._freed |= {key} & self._former.keys()
                self._former.pop(key, None)

    def _keep(self, former: Mapping[Key, int], firsts: dict[Key, list[int]]) -> None:
        """A row that says a former name with its own ref keeps it from those that take it in later rows."""
        for key, row in former.items():
            firsts[key].append(row)
            self._kept[key] = min(row, self._kept.get(key, row))

    def _possible(
        self, wanted: dict[str, tuple[Key, int]], firsts: Mapping[Key, int]
    ) -> dict[str, tuple[Key, int]]:
        """Without those whose new name stays another's, or is given to another by an earlier row."""
        while True:
            first = dict(firsts)
            for key, row in wanted.values():
                first[key] = min(row, first.get(key, row))
            possible = {
                one: (key, row)
                for one, (key, row) in wanted.items()
                if row == first[key] and self._by_name.get(key, one) in wanted
            }
            if len(possible) == len(wanted):
                return possible
            wanted = possible

    def _rename(self, wanted: Mapping[str, tuple[Key, int]]) -> None:
        before = {one: self.everybody[one].key for one in wanted}
        for key in before.values():
            del self._by_name[key]
        for one, (key, row) in wanted.items():
            self.everybody[one] = Named(*key[:1], self.everybody[one].ref, key[1], row)
            self._by_name[key] = one
            self._former.pop(key, None)
        self._former |= {key: one for one, key in before.items() if key not in self._by_name}

    def meant(self, claim: Claim) -> Meant:
        """Whom a row means."""
        by_ref = self._by_ref.get(claim.ref) if claim.ref else None
        by_name = self._by_name.get(claim.key)
        if by_ref is not None:
            is_theirs = self.everybody[by_ref].key == claim.key or self._former.get(claim.key) == by_ref
            return Meant(by_ref) if is_theirs else Meant(None, contradicts=by_ref)
        if by_name is not None:
            has_another_ref = claim.ref and self.everybody[by_name].ref
            return Meant(None, contradicts=by_name) if has_another_ref else Meant(by_name)
        formerly = self._former.get(claim.key)
        if claim.ref and claim.key in self._kept and formerly is not None:
            return Meant(None, contradicts=formerly)
        return Meant(None if claim.ref else formerly)

    def settle(self, claim: Claim, known: str | None) -> str:
        """The id of whom an accepted row means: it may be somebody new, or give a ref to whom had none."""
        if known is None:
            one = self._mint(claim.name, claim.key in self._former or claim.key in self._freed)
            self._former.pop(claim.key, None)
            self.everybody[one] = Named(claim.scope, claim.ref, claim.name, claim.row)
            self._by_name[claim.key] = one
        else:
            one = known
            if claim.ref and not self.everybody[one].ref:
                self.everybody[one].ref, self.everybody[one].since = claim.ref, claim.row
        if claim.ref:
            self._by_ref[claim.ref] = one
        return one

    def is_unsaid(self) -> bool:
        """Whether somebody new was foreseen under another's former name whom no accepted row named in the end."""
        return any(ref not in self._by_ref for ref in self._takers)

    def owner(self, key: Key) -> str | None:
        """Who bears a name now."""
        return self._by_name.get(key)
