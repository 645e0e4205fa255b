"""Who is who among the clients of the second calculation (RULES 2; decision 18), from the rules alone: plain and slow."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

Identifier = tuple[str, str]  # kind (SSRef, ClientRef, NHSNumber) and value
NOBODY = -1


@dataclass
class Spell:
    """An identifier in the hands of a client: the StartDate of every CPLI whose row called the client so."""

    client: int
    starts: dict[int, dt.date] = field(default_factory=dict)
    from_a_merge: bool = False


class People:
    """Clients by number, what each is called, and who was ever called so."""

    def __init__(self) -> None:
        self.called: dict[int, dict[str, str]] = {}
        self.spells: dict[Identifier, list[Spell]] = {}
        self.in_file: set[Identifier] = set()
        self.given_up: set[Identifier] = set()

    def newest(self, identifier: Identifier) -> int:
        """Who was called so last."""
        return self.spells[identifier][-1].client if identifier in self.spells else NOBODY

    def meant_on(self, identifier: Identifier, day: dt.date) -> int:
        """Whom a visit that is planned on a day means: the newest whose first StartDate has come, else the first."""
        spells = self.spells.get(identifier, [])
        for spell in reversed(spells):
            if min(spell.starts.values()) <= day:
                return spell.client
        return spells[0].client if spells else NOBODY

    def rejected_of_file(self, rows: list[list[Identifier]], owners: list[int]) -> set[int]:
        """The rows of a file that contradict others of it; the file is remembered for those that are taken now."""
        known = [len({self.newest(i) for i in row}) == 1 and self.newest(row[0]) != NOBODY for row in rows]
        against = [self._is_against_what_is_known(row) for row in rows]
        rejected: set[int] = set()
        kept: list[int] = []
        for n in [
            *(n for n in range(len(rows)) if not against[n]),
            *(n for n in range(len(rows)) if against[n]),
        ]:
            if any(_contradict(rows[n], rows[m]) and not (known[n] and known[m]) for m in kept):
                rejected.add(n)
            else:
                kept.append(n)
        self.in_file = {i for row in rows for i in row}
        self.given_up = set()
        for n in kept:
            if any(self.newest(i) == owners[n] != NOBODY for i in rows[n]):
                mine = self.called[owners[n]]
                strange = [kind for kind, value in rows[n] if self._is_strange(owners[n], kind, value)]
                self.given_up |= {(kind, mine[kind]) for kind in strange}
        return rejected

    def who(self, row: list[Identifier], owner: int) -> int | None:
        """The client that a row means; NOBODY for a new one, None where it means two. ``owner`` has its CPLI."""
        have = {
            self.newest(i)
            for i in row
            if i not in self.given_up and self.called.get(self.newest(i), {}).get(i[0]) == i[1]
        }
        if len(have) > 1:
            return None
        for client in have:
            other = any(kind == "ClientRef" and self._is_strange(client, kind, value) for kind, value in row)
            if client == owner or not other:
                return client
        had = {self.newest(i) for i in row} - have - {NOBODY}
        may = {client for client in had if client == owner or self._may_mean(row, client)}
        return None if len(may) > 1 else next(iter(may), NOBODY)

    def take(self, row: list[Identifier], client: int, cpli_id: int, start: dt.date) -> int:
        """Call a client (NOBODY: a new one) as a row does; who it is."""
        if client == NOBODY:
            client = max(self.called, default=NOBODY) + 1
        mine = self.called.setdefault(client, {})
        for kind, value in row:
            spells = self.spells.setdefault((kind, value), [])
            is_mine = bool(spells) and spells[-1].client == client
            stays = mine.get(kind, value)
            if stays != value and not (
                is_mine and (spells[-1].from_a_merge or (kind, stays) in self.in_file)
            ):
                self.given_up |= set() if is_mine else {(kind, stays)}
                mine[kind] = value
            mine.setdefault(kind, value)
            if not is_mine:
                if spells and self.called[spells[-1].client].get(kind) == value:
                    del self.called[spells[-1].client][kind]
                spells.append(Spell(client))
            spells[-1].starts[cpli_id] = start
        return client

    def merge(self, client: int, into: int) -> None:
        """Call one client also what the other was called; the other is no more."""
        self.called[into] = self.called.pop(client) | self.called[into]
        for spells in self.spells.values():
            for spell in spells:
                if spell.client == client:
                    spell.client, spell.from_a_merge = into, True

    def _is_strange(self, client: int, kind: str, value: str) -> bool:
        """Whether a client is called something else of this kind, and was not called this last."""
        return self.newest((kind, value)) != client and self.called[client].get(kind, value) != value

    def _may_mean(self, row: list[Identifier], client: int) -> bool:
        named = [i for i in row if self.newest(i) == client]
        is_free = all(i in self.given_up for i in named)
        return not is_free and not any(self._is_strange(client, *i) for i in row)

    def _is_against_what_is_known(self, row: list[Identifier]) -> bool:
        clients = {self.newest(i) for i in row} - {NOBODY}
        return any(self._is_strange(client, *i) for client in clients for i in row)


def _contradict(one: list[Identifier], other: list[Identifier]) -> bool:
    a, b = dict(one), dict(other)
    same: Callable[[str], bool] = lambda kind: a[kind] == b[kind]  # noqa: E731
    both = a.keys() & b.keys()
    return any(map(same, both)) and not all(map(same, both))
