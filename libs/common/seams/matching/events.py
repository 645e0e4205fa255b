"""What matching says to other services of commissioned care: the body of ``care_changed``."""

from __future__ import annotations

from typing import Required, TypedDict


class SaidOrganisation(TypedDict):
    """An organisation; former names are folded."""

    organisation_id: str
    organisation_ref: str | None
    name: str
    former_names: list[str]
    version: int


class SaidService(TypedDict):
    """A service of an organisation; former names are folded."""

    service_id: str
    organisation_id: str
    service_ref: str | None
    name: str
    former_names: list[str]
    contract: str
    version: int


class SaidServiceLevel(TypedDict):
    """A service level."""

    service_level_ref: str | None
    name: str
    requires_visits: bool
    aliases: list[str]
    version: int


class SaidVisitType(TypedDict):
    """A visit type; ``later``: [from which planned day, paid, charged, basis] of each change, in order."""

    ref: str
    name: str
    delivered: bool
    paid: bool
    charged: bool
    basis: str
    version: int
    later: list[tuple[str, bool, bool, str]]


class CareLists(TypedDict):
    """The council's lists, whole."""

    organisations: list[SaidOrganisation]
    services: list[SaidService]
    service_levels: list[SaidServiceLevel]
    visit_types: list[SaidVisitType]


class SaidTerm(TypedDict):
    """What holds for a line item from a day on."""

    effective_from: str
    quantity: str
    unit_cost: str
    assessed_contribution: str | None
    collected_by: str


class SaidPlan(TypedDict):
    """Slots as [weekday, entry, exit], in seconds of the day, and [first, last] days of suspension."""

    timetable: list[list[int]]
    suspensions: list[list[str]]


class SaidPackage(TypedDict):
    """A care package line item, with its whole terms."""

    cpli_id: int
    version: int
    client_id: str
    client_reference: str
    organisation_id: str
    contract: str
    start_on: str
    end_on: str | None
    unit: str
    frequency: str
    authorised: bool
    service_level: str
    service: str
    service_id: str
    ssref: str
    payment_method: str
    terms: list[SaidTerm]
    plan: SaidPlan


class MergedClient(TypedDict):
    """Who was merged into whom."""

    client_id: str
    into_client_id: str


class CareChanged(TypedDict, total=False):
    """``care_changed``: the newest version of the lists, and whatever of care has changed."""

    reference_version: Required[int]
    organisations: list[SaidOrganisation]
    services: list[SaidService]
    service_levels: list[SaidServiceLevel]
    visit_types: list[SaidVisitType]
    packages: list[SaidPackage]
    merged_clients: list[MergedClient]


class RematchWanted(TypedDict):
    """``rematch_wanted``: organisations that are locked together, and the clients and CPLIs to match again there."""

    organisation_ids: list[str]
    client_ids: list[str]
    cpli_ids: list[int]
