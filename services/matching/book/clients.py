"""The clients of the book of care: whom a row names, and what it changes of their identifiers (RULES 2). Pure.

What is a renumbering and what another person: docs/decisions/0018-who-is-who-among-clients.md.
"""

import datetime as dt
import sys
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.matching.book.rules import CareRow
from services.matching.identifiers.rules import (
    IDENTIFIERS,
    contradicting_rows,
    differ,
    marked,
    marked_identifiers,
)

Facts = dict[str, Any]
NEW = None

TWO_CLIENTS = "SSRef, ClientRef and NHSNumber belong to different clients: correct the one that is wrong."
CONTRADICTION = (
    "Row {row} of this file says otherwise of the same person: correct the identifiers of one of the two."
)


class TwoClients(Exception):
    """The identifiers of a row belong to different clients."""


class OneStart(Mapping[int, dt.date]):
    """The StartDate of the only CPLI whose row named a client so, as of most: a fifth of what a dictionary takes."""

    __slots__ = ("cpli_id", "day")

    def __init__(self, cpli_id: int, day: dt.date) -> None:
        self.cpli_id, self.day = cpli_id, day

    def __getitem__(self, cpli_id: int) -> dt.date:
        if cpli_id != self.cpli_id:
            raise KeyError(cpli_id)
        return self.day

    def __iter__(self) -> Iterator[int]:
        yield self.cpli_id

    def __len__(self) -> int:
        return 1


class Said(Mapping[str, str | None]):
    """The identifiers that a row says of its client; and which row, of which CPLI.

    It is all that is compared over a whole file, however long.
    """

    __slots__ = ("client_ref", "cpli_id", "nhs_number", "row", "ssref")

    def __init__(self, row: CareRow) -> None:
        self.row, self.cpli_id = row.row, row.cpli_id
        self.ssref: str | None = row.client["ssref"]
        self.client_ref: str | None = row.client["client_ref"]
        self.nhs_number: str | None = row.client["nhs_number"]

    def __getitem__(self, kind: str) -> str | None:
        found: str | None = getattr(self, kind)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(IDENTIFIERS)

    def __len__(self) -> int:
        return len(IDENTIFIERS)


@dataclass(slots=True)
class Held:
    """An identifier that a client has or had: the StartDate of each CPLI whose row named the client so.

    ``given`` counts in which order an identifier was given to clients; None until it is written.
    """

    client_id: str
    given: int | None = None
    starts: Mapping[int, dt.date] = field(default_factory=dict)
    is_merged: bool = False
    """whether it was that of a client who was merged into this one"""
    is_changed: bool = False
    """whether a row of the file said it, otherwise than was known"""

    @property
    def from_on(self) -> dt.date:
        """The client's first StartDate with it."""
        return min(self.starts.values(), default=dt.date.min)

    def begin(self, start: OneStart) -> None:
        """Note the StartDate of one more CPLI, or another one of it."""
        is_only = len(self.starts) - (start.cpli_id in self.starts) == 0
        if is_only:
            self.starts = start
        elif isinstance(self.starts, dict):
            self.starts[start.cpli_id] = start.day
        else:
            self.starts = {**self.starts, **start}


@dataclass(slots=True)
class KnownClients:
    """Clients by id and the holders of each identifier, in the order in which they were given it.

    A client's facts hold the identifiers it has; all others that it is named by in ``held`` are former ones.
    """

    clients: MutableMapping[str, Facts]
    held: dict[str, list[Held]]
    cplis_before: Mapping[int, Facts]
    """as they were when the file began"""
    changed: set[str]
    # Clients whose identifiers changed: visits that wrote one are resolved again.
    renumbered: set[str]

    said_in_file: set[str] = field(default_factory=set)
    # What clients had when the file began, and have another of in it: in its other rows it is somebody else's.
    given_up: set[str] = field(default_factory=set)
    # Rows of the file, each with the one that it contradicts.
    contradictions: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for client_id, client in self.clients.items():
            for identifier in marked_identifiers(client):
                self.held.setdefault(identifier, [Held(client_id)])

    def client_of(self, cpli_id: int) -> str | None:
        """Whose a CPLI was when the file began."""
        facts = self.cplis_before.get(cpli_id)
        return None if facts is None else facts["client_id"]

    def look_through(self, said: Sequence[Said]) -> None:
        """Read a whole file before its rows are taken: which contradict, and which identifiers clients give up in it."""
        found = contradicting_rows(
            said,
            is_known=lambda client: len(self._holders(client)) == 1 and self._are_held(client),
            contradicts_what_is_known=self._contradicts_what_is_known,
        )
        self.contradictions = {said[one].row: said[other].row for one, other in found.items()}
        self.said_in_file = {name for client in said for name in marked_identifiers(client)}
        self.given_up = {
            marked(kind, self.clients[speaker][kind])
            for place, one in enumerate(said)
            if place not in found and (speaker := self._speaker(one)) is not None
            for kind in IDENTIFIERS
            if self._differs(speaker, one, kind)
        }

    def fault_of(self, row: CareRow) -> tuple[str, str, str] | None:
        """Column, code and message of why a row's identifiers are rejected, if they are."""
        other = self.contradictions.get(row.row)
        if other is not None:
            return "SSRef", "contradicts_another_row", CONTRADICTION.format(row=other)
        try:
            self.find(row)
        except TwoClients:
            return "SSRef", "two_clients", TWO_CLIENTS
        return None

    def find(self, row: CareRow) -> str | None:
        """The client that a row names; None when it is somebody new. Raises TwoClients."""
        has_them = self._who_has(row.client)
        if len(has_them) > 1:
            raise TwoClients
        for client_id in has_them:
            if not self._is_somebody_else(client_id, row):
                return client_id
        left = {c for c in self._who_had(row.client) - has_them if self._may_be(c, row)}
        if len(left) > 1:
            raise TwoClients
        return next(iter(left), NEW)

    def take(self, row: CareRow) -> str:
        """Name the client as the row does, and note from when it is named so; the client's id."""
        client_id = self.find(row) or str(uuid.uuid4())
        before = self.clients.get(client_id)
        kept = {kind: self._kept(kind, row.client[kind], client_id) for kind in IDENTIFIERS}
        client = {**row.client, **kept}
        if before != client:
            changed = [kind for kind in IDENTIFIERS if before is None or before[kind] != client[kind]]
            if changed:
                self.renumbered.add(client_id)
            if before is not None:
                given_up = (kind for kind in changed if self._differs(client_id, row.client, kind))
                self.given_up |= {marked(kind, before[kind]) for kind in given_up}
            self.clients[client_id] = client
            self.changed.add(client_id)
        start = OneStart(row.cpli_id, row.start_on)
        for kind in IDENTIFIERS:
            if row.client[kind]:
                self._give(kind, row.client[kind], client_id, start)
        return client_id

    def _kept(self, kind: str, said: str | None, client_id: str) -> str | None:
        """An identifier that a row leaves empty is not taken away.

        Nor is one replaced by a former one that a merged client had, or while another row of the file still says it.
        """
        has: str | None = self.clients.get(client_id, {}).get(kind)
        if said is None or has is None or said == has:
            return said or has
        holders = self.held.get(marked(kind, said), [])
        is_former = bool(holders) and holders[-1].client_id == client_id
        stays = is_former and (holders[-1].is_merged or marked(kind, has) in self.said_in_file)
        return has if stays else said

    def _give(self, kind: str, value: str, client_id: str, start: OneStart) -> None:
        """Note that a row names its client so; whoever was named so before keeps it for visits planned before."""
        identifier = marked(kind, value)
        holders = self.held.get(identifier, [])
        if not holders or holders[-1].client_id != client_id:
            if holders and self.clients[holders[-1].client_id][kind] == value:
                loser = holders[-1].client_id
                self.clients[loser] = {**self.clients[loser], kind: None}
                self.changed.add(loser)
            holders = self.held[identifier] = [*holders, Held(client_id)]
        newest = holders[-1]
        if newest.starts.get(start.cpli_id) != start.day:
            newest.begin(start)
            newest.is_changed = True
            if len(holders) > 1:
                self.renumbered |= {held.client_id for held in holders}

    def _holder(self, identifier: str) -> str | None:
        """Who was given an identifier last."""
        holders = self.held.get(identifier)
        return holders[-1].client_id if holders else None

    def _holders(self, said: Mapping[str, Any]) -> set[str | None]:
        return {self._holder(identifier) for identifier in marked_identifiers(said)}

    def _are_held(self, said: Mapping[str, Any]) -> bool:
        return None not in self._holders(said)

    def _has(self, client_id: str, kind: str, value: str | None) -> bool:
        """Whether an identifier is the client's now, and no row of the file gives it up."""
        is_given_up = value is not None and marked(kind, value) in self.given_up
        return bool(self.clients[client_id][kind] == value and not is_given_up)

    def _who_has(self, said: Mapping[str, Any]) -> set[str]:
        """The clients whose own an identifier of the row is."""
        holders = {kind: self._holder(marked(kind, said[kind])) for kind in IDENTIFIERS if said[kind]}
        return {c for kind, c in holders.items() if c is not None and self._has(c, kind, said[kind])}

    def _who_had(self, said: Mapping[str, Any]) -> set[str]:
        """The clients whom an identifier of the row names, as theirs or as a former one."""
        return {client_id for client_id in self._holders(said) if client_id is not None}

    def _differs(self, client_id: str, said: Mapping[str, Any], kind: str) -> bool:
        """Whether a row says an identifier of a kind that the client has another of, and never had this one."""
        is_theirs = said[kind] and self._holder(marked(kind, said[kind])) == client_id
        return not is_theirs and differ(self.clients[client_id], said, kind)

    def _is_somebody_else(self, client_id: str, row: CareRow) -> bool:
        """Whether a row that names a client has the ClientRef of another: a ClientRef is given to a person once.

        But where the row's CPLI is known as the client's, the client was given a new ClientRef.
        """
        return self.client_of(row.cpli_id) != client_id and self._differs(client_id, row.client, "client_ref")

    def _may_be(self, client_id: str, row: CareRow) -> bool:
        """Whether a row that writes a former identifier of a client means this client: nothing else says another."""
        if self.client_of(row.cpli_id) == client_id:
            return True
        named = [name for name in marked_identifiers(row.client) if self._holder(name) == client_id]
        is_given_up = all(name in self.given_up for name in named)
        return not (is_given_up or any(self._differs(client_id, row.client, kind) for kind in IDENTIFIERS))

    def _contradicts_what_is_known(self, said: Mapping[str, Any]) -> bool:
        return any(self._differs(c, said, kind) for c in self._who_had(said) for kind in IDENTIFIERS)

    def _speaker(self, said: Said) -> str | None:
        """The client of whom a row speaks for certain: its CPLI is known as the client's, and it names the client."""
        client_id = self.client_of(said.cpli_id)
        return client_id if client_id in self._who_had(said) else None


def by_identifier(rows: Collection[Sequence[Any]]) -> dict[str, list[Held]]:
    """Holders as they are stored (identifier, client, given, StartDates by CPLI, whether it came by a merge), in the
    order in which they were given it. What several have in common is kept once.
    """
    held: dict[str, list[Held]] = defaultdict(list)
    shared: dict[Any, Any] = {}
    for identifier, client_id, given, starts, is_merged in sorted(rows, key=lambda row: row[2]):
        one = shared.setdefault(client_id, client_id)
        key = tuple(starts.items())
        if key not in shared:
            days = {int(cpli_id): dt.date.fromisoformat(day) for cpli_id, day in key}
            shared[key] = OneStart(*next(iter(days.items()))) if len(days) == 1 else days
        known = shared[key]
        begun = dict(known) if isinstance(known, dict) else known
        held[sys.intern(identifier)].append(Held(one, given, begun, is_merged))
    return dict(held)
