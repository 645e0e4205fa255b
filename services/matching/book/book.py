"""Commissioned care as a book in memory: what is known, and what a file of care rows changes in it (RULES 2). Pure."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from copy import copy
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from libs.common.care.names import fold
from libs.common.care.terms import Term
from libs.common.files.spooled import Spool
from services.matching.book.clients import Held, KnownClients, Said
from services.matching.book.names import CareNames, Facts, NamesSaid
from services.matching.book.rules import CareError, CareRow
from services.matching.identifiers.rules import marked_identifiers
from services.matching.stale_weeks.rules import Span, changed_from, changed_spans, span_of

# What of a CPLI decides matching; the rest decides price and reports.
MATCHED_BY = [
    "client_id",
    "organisation_id",
    "service_id",
    "service_level",
    "start_on",
    "end_on",
    "unit",
    "payment_method",
    "authorised",
    "timetable",
    "suspensions",
]
MATCHED_BY_SERVICE = ("service_ref", "folded_name", "former_names", "contract")


@lru_cache(maxsize=65_536)
def _as_kept(slot: tuple[int, int, int]) -> list[int]:
    """A slot as it comes from the database; the same one for all, since few are different."""
    return list(slot)


class CareFile:
    """The rows of a care file, of which a few are in memory, and what must be compared over all of them."""

    def __init__(self, rows: Iterable[CareRow | list[CareError]]) -> None:
        self.said: list[Said] = []
        self.names = NamesSaid()
        self.rows: Spool[CareRow | list[CareError]] = Spool()
        for row in rows:
            self.rows.append(row)
            if isinstance(row, CareRow):
                self.said.append(Said(row))
                self.names.add(row)

    def cpli_ids(self) -> list[int]:
        """The CPLIs that its rows name."""
        return list({said.cpli_id: None for said in self.said})

    def identifiers(self) -> list[str]:
        """The identifiers that its rows name, a client's side by side."""
        return list({name: None for said in self.said for name in marked_identifiers(said)})


@dataclass(slots=True)
class CareBook:
    """Clients, organisations, services, levels and CPLIs by their ids, as plain columns of their tables.

    ``terms`` are by CPLI and then by ``effective_from``. The ``changed_…`` sets name what rows have changed.
    Of large files clients, CPLIs, terms and history lie aside: what a row changes is put anew.
    """

    clients: MutableMapping[str, Facts] = field(default_factory=dict)
    organisations: dict[str, Facts] = field(default_factory=dict)
    services: dict[str, Facts] = field(default_factory=dict)
    levels: dict[str, Facts] = field(default_factory=dict)
    cplis: MutableMapping[int, Facts] = field(default_factory=dict)
    terms: MutableMapping[int, dict[dt.date, Term]] = field(default_factory=dict)
    # Who was ever given an identifier (``S:A123456``), in that order.
    held: dict[str, list[Held]] = field(default_factory=dict)
    # What was said last of CPLIs: whether they are monitored by total hours.
    diaries: dict[int, bool] = field(default_factory=dict)

    changed_clients: set[str] = field(default_factory=set)
    changed_levels: set[str] = field(default_factory=set)
    changed_cplis: set[int] = field(default_factory=set)
    changed_terms: set[tuple[int, dt.date]] = field(default_factory=set)
    changed_diaries: set[int] = field(default_factory=set)
    # CPLIs to match again, each with the (organisation, client) pairs it was and is with.
    rematched: dict[int, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    # Days of organisations that are to be measured again.
    remeasured: set[Span] = field(default_factory=set)
    # Clients whose identifiers changed: visits that wrote one are resolved again.
    renumbered: set[str] = field(default_factory=set)
    history: Spool[tuple[int, CareRow]] = field(default_factory=Spool)
    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("new", "changed", "unchanged", "rejected"), 0)
    )
    errors: Spool[CareError] = field(default_factory=Spool)
    notes: list[CareError] = field(default_factory=list)

    known: dict[str, frozenset[Any]] = field(init=False)
    cplis_before: Mapping[int, Facts] = field(init=False)
    names: CareNames = field(init=False)
    _who: KnownClients = field(init=False)

    def __post_init__(self) -> None:
        lists: dict[str, Mapping[Any, Facts]] = {"clients": self.clients, "organisations": self.organisations}
        lists |= {"services": self.services, "service_levels": self.levels, "cplis": self.cplis}
        self.known = {name: frozenset(rows) for name, rows in lists.items()}
        self.cplis_before = copy(self.cplis)  # a row puts new facts in the place of old ones
        self._who = KnownClients(
            self.clients,
            self.held,
            self.cplis_before,
            self.changed_clients,
            self.renumbered,
        )
        self.names = CareNames(self.organisations, self.services)

    @property
    def changed_organisations(self) -> set[str]:
        """Organisations that are new, or of which something changed."""
        return self.names.organisations.changed

    @property
    def changed_services(self) -> set[str]:
        """Services that are new, or of which something changed."""
        return self.names.services.changed

    @property
    def renamed_services(self) -> set[str]:
        """Known services of other names, another ref or contract than before (HTLAH care suspends itself): all their
        CPLIs are matched again."""
        before = self.names.services.before
        return {
            one
            for one in self.changed_services & before.keys()
            if any(before[one][name] != self.services[one][name] for name in MATCHED_BY_SERVICE)
        }

    @property
    def recontracted_services(self) -> set[str]:
        """Known services of another contract than before: it may suspend care by itself, or be one diary."""
        before = self.names.services.before
        return {
            one
            for one in self.changed_services & before.keys()
            if before[one]["contract"] != self.services[one]["contract"]
        }

    def reject(self, errors: Iterable[CareError]) -> None:
        """Count a row that can't be read."""
        for error in errors:
            self.errors.append(error)
        self.counts["rejected"] += 1

    def take_file(self, rows: CareFile | Iterable[CareRow | list[CareError]]) -> None:
        """Take the rows of one file; those that can't be read are their errors, and contradictions are rejected."""
        file = rows if isinstance(rows, CareFile) else CareFile(rows)
        self._who.look_through(file.said)
        self.names.foresee(file.names)
        file.said.clear()
        for row in file.rows:
            if isinstance(row, CareRow):
                self.take(row)
                self.notes += row.notes
            else:
                self.reject(row)

    def take(self, row: CareRow) -> None:
        """Take one row: new, changed or unchanged by CpliId; rejected when what it names are two things."""
        errors = [CareError(row.row, str(row.cpli_id), *why) for why in self._contradictions(row)]
        if errors:
            self.reject(errors)
            return
        client_id = self._who.take(row)
        organisation_id = self._take_organisation(row)
        facts = self._facts_of(row, client_id, organisation_id)
        before = self.cplis.get(row.cpli_id)
        terms = sorted(self.terms.get(row.cpli_id, {}).values(), key=lambda term: term.effective_from)
        is_new_term = self._take_term(row)
        is_new_diary = self._take_diary(row)
        if before == facts and not is_new_term and not is_new_diary:
            self.counts["unchanged"] += 1
            return
        self.counts["changed" if before else "new"] += 1
        self._note_rematch(row.cpli_id, before, facts, is_new_term)
        self.remeasured.update(changed_spans(before, facts))
        if is_new_diary:
            self.remeasured.add(span_of(facts))
        if is_new_term and (day := changed_from(terms, row.term)):
            self.remeasured.add(Span(organisation_id, day, facts["end_on"] or dt.date.max))
        self.cplis[row.cpli_id] = facts
        self.changed_cplis.add(row.cpli_id)
        self.history.append((row.cpli_id, row))

    def also_changed(self) -> dict[str, int]:
        """How many clients and list entries that were known before the rows change, apart from CPLIs."""
        changed = {"clients": self.changed_clients, "organisations": self.changed_organisations}
        changed |= {"services": self.changed_services, "service_levels": self.changed_levels}
        return {name: len(ids & self.known[name]) for name, ids in changed.items()}

    def _contradictions(self, row: CareRow) -> Iterator[tuple[str, str, str]]:
        """Column, code and message of every pair of identifiers that belong to two different things."""
        if fault := self._who.fault_of(row):
            yield fault
        yield from self.names.contradictions(row)
        if len(self._levels_of(row)) > 1:
            message = "ServiceLevelRef and ServiceLevel belong to two service levels: correct the one that is wrong."
            yield "ServiceLevelRef", "two_levels", message

    def _levels_of(self, row: CareRow) -> set[str]:
        name, ref = fold(row.service_level), row.service_level_ref
        named = {k for k, level in self.levels.items() if k == name or name in map(fold, level["aliases"])}
        return named | {k for k, level in self.levels.items() if ref and level["service_level_ref"] == ref}

    def _take_organisation(self, row: CareRow) -> str:
        organisation_id = self.names.organisation_of(row)
        before = self.organisations.get(organisation_id, {"organisation_ref": None, "address": ""})
        facts = {
            "organisation_ref": row.organisation_ref or before["organisation_ref"],
            "address": row.organisation_address or before["address"],
        }
        self.names.organisations.write(organisation_id, row.organisation_name, facts)
        return organisation_id

    def _take_service(self, row: CareRow, organisation_id: str) -> str:
        service_id = self.names.service_of(row, organisation_id)
        before = self.services.get(service_id)
        facts = {
            "organisation_id": organisation_id,
            "service_ref": row.service_ref or (before or {}).get("service_ref"),
            "contract": row.contract,
        }
        self.names.services.write(service_id, row.service_name, facts)
        return service_id

    def _take_level(self, row: CareRow) -> str:
        key = next(iter(self._levels_of(row)), fold(row.service_level))
        before = self.levels.get(key)
        # Care may name a level that is not on the council's list yet, such as Hospital Incentive Payment.
        level = before or {
            "service_level_ref": None,
            "name": row.service_level,
            "requires_visits": False,
            "aliases": [],
        }
        level = level | {"service_level_ref": row.service_level_ref or level["service_level_ref"]}
        if level != before:
            self.levels[key] = level
            self.changed_levels.add(key)
        return key

    def _facts_of(self, row: CareRow, client_id: str, organisation_id: str) -> Facts:
        return {
            "client_id": client_id,
            "organisation_id": organisation_id,
            "service_id": self._take_service(row, organisation_id),
            "service_level": self._take_level(row),
            "start_on": row.start_on,
            "end_on": row.end_on,
            "unit": row.unit,
            "frequency": row.frequency,
            "pricing": row.pricing,
            "payment_method": row.payment_method,
            "authorised": row.authorised,
            "timetable": list(map(_as_kept, row.timetable)),
            "critical_slots": list(map(_as_kept, row.critical_slots)),
            "suspensions": [
                [first.isoformat(), last.isoformat(), why] for first, last, why in row.suspensions
            ],
            "cost_centre": row.cost_centre,
            "subjective": row.subjective,
            "service_group_class": row.service_group_class,
            "council_ref": row.council_ref,
        }

    def _take_term(self, row: CareRow) -> bool:
        """Whether the row's term is new or says something else than the term of that date did."""
        terms = self.terms.get(row.cpli_id, {})
        if terms.get(row.term.effective_from) == row.term:
            return False
        self.terms[row.cpli_id] = {**terms, row.term.effective_from: row.term}
        self.changed_terms.add((row.cpli_id, row.term.effective_from))
        return True

    def _take_diary(self, row: CareRow) -> bool:
        """Whether the row says of its CPLI what was not said last of it; an empty column says nothing."""
        if row.one_diary is None or self.diaries.get(row.cpli_id) is row.one_diary:
            return False
        self.diaries[row.cpli_id] = row.one_diary
        self.changed_diaries.add(row.cpli_id)
        return True

    def _note_rematch(self, cpli_id: int, before: Facts | None, after: Facts, is_new_term: bool) -> None:
        """Quantity is a term and decides matching, so a new term matches again as a changed fact does."""
        if before is None or is_new_term or any(before[name] != after[name] for name in MATCHED_BY):
            for facts in filter(None, (after, before)):
                self.rematch(cpli_id, facts["organisation_id"], facts["client_id"])

    def rematch(self, cpli_id: int, organisation_id: str, client_id: str) -> None:
        """Have a CPLI matched again that was or is with these."""
        known = self.rematched.get(cpli_id, ())
        if (organisation_id, client_id) not in known:
            self.rematched[cpli_id] = (*known, (organisation_id, client_id))
