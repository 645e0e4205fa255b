"""Commissioned care as a book in memory: what is known, and what a file of care rows changes in it (RULES 2). Pure."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from libs.common.names import fold, organisation_id_of
from libs.common.terms import Term
from services.matching.care_rules import CareError, CareRow

IDENTIFIERS = ("ssref", "client_ref", "nhs_number")
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

Facts = dict[str, Any]


@dataclass(slots=True)
class CareBook:
    """Clients, organisations, services, levels and CPLIs by their ids, as plain columns of their tables.

    ``terms`` are by CPLI and then by ``effective_from``. The ``changed_…`` sets name what rows have changed.
    """

    clients: dict[str, Facts] = field(default_factory=dict)
    organisations: dict[str, Facts] = field(default_factory=dict)
    services: dict[str, Facts] = field(default_factory=dict)
    levels: dict[str, Facts] = field(default_factory=dict)
    cplis: dict[int, Facts] = field(default_factory=dict)
    terms: dict[int, dict[dt.date, Term]] = field(default_factory=lambda: defaultdict(dict))

    changed_clients: set[str] = field(default_factory=set)
    changed_organisations: set[str] = field(default_factory=set)
    changed_services: set[str] = field(default_factory=set)
    # Services of another name, ref or contract than before (HTLAH care suspends itself): all their CPLIs are
    # matched again.
    renamed_services: set[str] = field(default_factory=set)
    changed_levels: set[str] = field(default_factory=set)
    changed_cplis: set[int] = field(default_factory=set)
    changed_terms: set[tuple[int, dt.date]] = field(default_factory=set)
    # CPLIs to match again, each with the (organisation, client) pairs it was and is with.
    rematched: dict[int, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))
    # Clients whose identifiers changed: visits that wrote one are resolved again.
    renumbered: set[str] = field(default_factory=set)
    history: list[tuple[int, CareRow]] = field(default_factory=list)
    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("new", "changed", "unchanged", "rejected"), 0)
    )
    errors: list[CareError] = field(default_factory=list)

    known: dict[str, frozenset[Any]] = field(init=False)
    cplis_before: Mapping[int, Facts] = field(init=False)
    _by_identifier: dict[tuple[str, str], str] = field(default_factory=dict)
    _services_by_name: dict[tuple[str, str], str] = field(default_factory=dict)
    _services_by_ref: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        lists: dict[str, Mapping[Any, Facts]] = {"clients": self.clients, "organisations": self.organisations}
        lists |= {"services": self.services, "service_levels": self.levels, "cplis": self.cplis}
        self.known = {name: frozenset(rows) for name, rows in lists.items()}
        self.cplis_before = dict(self.cplis)  # a row puts new facts in the place of old ones
        for client_id, client in self.clients.items():
            self._index_client(client_id, client)
        for service_id, service in self.services.items():
            self._index_service(service_id, service)

    def reject(self, errors: Iterable[CareError]) -> None:
        """Count a row that can't be read."""
        self.errors += errors
        self.counts["rejected"] += 1

    def take(self, row: CareRow) -> None:
        """Take one row: new, changed or unchanged by CpliId; rejected when what it names are two things."""
        errors = [CareError(row.row, str(row.cpli_id), *why) for why in self._contradictions(row)]
        if errors:
            self.reject(errors)
            return
        client_id = self._take_client(self._clients_of(row.client), row.client)
        organisation_id = self._take_organisation(row)
        facts = self._facts_of(row, client_id, organisation_id)
        before = self.cplis.get(row.cpli_id)
        is_new_term = self._take_term(row)
        if before == facts and not is_new_term:
            self.counts["unchanged"] += 1
            return
        self.counts["changed" if before else "new"] += 1
        self._note_rematch(row.cpli_id, before, facts, is_new_term)
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
        if len(self._clients_of(row.client)) > 1:
            message = (
                "SSRef, ClientRef and NHSNumber belong to different clients: correct the one that is wrong."
            )
            yield "SSRef", "two_clients", message
        organisations = self._organisations_of(row)
        if len(organisations) > 1:
            message = "OrganisationRef and OrganisationName belong to two organisations: correct the one that is wrong."
            yield "OrganisationRef", "two_organisations", message
        elif len(self._services_of(row, next(iter(organisations), ""))) > 1:
            message = "ServiceRef and ServiceName belong to two services: correct the one that is wrong."
            yield "ServiceRef", "two_services", message
        if len(self._levels_of(row)) > 1:
            message = "ServiceLevelRef and ServiceLevel belong to two service levels: correct the one that is wrong."
            yield "ServiceLevelRef", "two_levels", message

    def _organisations_of(self, row: CareRow) -> set[str]:
        name, ref = fold(row.organisation_name), row.organisation_ref
        by_name = {i for i, o in self.organisations.items() if o["folded_name"] == name}
        return by_name | {i for i, o in self.organisations.items() if ref and o["organisation_ref"] == ref}

    def _services_of(self, row: CareRow, organisation_id: str) -> set[str]:
        by_name = self._services_by_name.get((organisation_id, fold(row.service_name)))
        by_ref = self._services_by_ref.get(row.service_ref) if row.service_ref else None
        return {service_id for service_id in (by_name, by_ref) if service_id}

    def _levels_of(self, row: CareRow) -> set[str]:
        name, ref = fold(row.service_level), row.service_level_ref
        named = {k for k, level in self.levels.items() if k == name or name in map(fold, level["aliases"])}
        return named | {k for k, level in self.levels.items() if ref and level["service_level_ref"] == ref}

    def _clients_of(self, client: Mapping[str, Any]) -> set[str]:
        keys = ((name, client[name]) for name in IDENTIFIERS if client[name])
        return {self._by_identifier[key] for key in keys if key in self._by_identifier}

    def _take_client(self, found: set[str], said: Mapping[str, Any]) -> str:
        client_id = next(iter(found), None) or str(uuid.uuid4())
        before = self.clients.get(client_id)
        # An identifier that a row leaves empty is not taken away; names are as the last row says them.
        kept = {name: said[name] or (before or {}).get(name) for name in IDENTIFIERS}
        client = {**said, **kept}
        if before != client:
            if before is None or any(before[name] != client[name] for name in IDENTIFIERS):
                self.renumbered.add(client_id)
                self._forget_client(before)
            self.clients[client_id] = client
            self.changed_clients.add(client_id)
            self._index_client(client_id, client)
        return client_id

    def _index_client(self, client_id: str, client: Mapping[str, Any]) -> None:
        for name in IDENTIFIERS:
            if client[name]:
                self._by_identifier[name, client[name]] = client_id

    def _forget_client(self, client: Mapping[str, Any] | None) -> None:
        for name in IDENTIFIERS:
            if client and client[name]:
                self._by_identifier.pop((name, client[name]), None)

    def _take_organisation(self, row: CareRow) -> str:
        organisation_id = next(
            iter(self._organisations_of(row)), str(organisation_id_of(row.organisation_name))
        )
        before = self.organisations.get(organisation_id, {"organisation_ref": None, "address": ""})
        organisation = {
            "organisation_ref": row.organisation_ref or before["organisation_ref"],
            "name": row.organisation_name,
            "folded_name": fold(row.organisation_name),
            "address": row.organisation_address or before["address"],
        }
        if organisation != before:
            self.organisations[organisation_id] = organisation
            self.changed_organisations.add(organisation_id)
        return organisation_id

    def _take_service(self, row: CareRow, organisation_id: str) -> str:
        service_id = next(iter(self._services_of(row, organisation_id)), str(uuid.uuid4()))
        before = self.services.get(service_id)
        service = {
            "organisation_id": organisation_id,
            "service_ref": row.service_ref or (before or {}).get("service_ref"),
            "name": row.service_name,
            "folded_name": fold(row.service_name),
            "contract": row.contract,
        }
        if service != before:
            self._forget_service(before)
            self.services[service_id] = service
            self.changed_services.add(service_id)
            if before and any(
                before[name] != service[name] for name in ("service_ref", "folded_name", "contract")
            ):
                self.renamed_services.add(service_id)
            self._index_service(service_id, service)
        return service_id

    def _index_service(self, service_id: str, service: Mapping[str, Any]) -> None:
        self._services_by_name[service["organisation_id"], service["folded_name"]] = service_id
        if service["service_ref"]:
            self._services_by_ref[service["service_ref"]] = service_id

    def _forget_service(self, service: Mapping[str, Any] | None) -> None:
        if service:
            self._services_by_name.pop((service["organisation_id"], service["folded_name"]), None)
            self._services_by_ref.pop(service["service_ref"], None)

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
            "timetable": [list(slot) for slot in row.timetable],
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
        terms = self.terms[row.cpli_id]
        if terms.get(row.term.effective_from) == row.term:
            return False
        terms[row.term.effective_from] = row.term
        self.changed_terms.add((row.cpli_id, row.term.effective_from))
        return True

    def _note_rematch(self, cpli_id: int, before: Facts | None, after: Facts, is_new_term: bool) -> None:
        """Quantity is a term and decides matching, so a new term matches again as a changed fact does."""
        if before is None or is_new_term or any(before[name] != after[name] for name in MATCHED_BY):
            for facts in filter(None, (before, after)):
                self.rematched[cpli_id].add((facts["organisation_id"], facts["client_id"]))
