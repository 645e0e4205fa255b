"""Care package line items (RULES 2)."""

from __future__ import annotations

from typing import TypedDict


class Identifiers(TypedDict):
    """What a client is known by."""

    ssref: str | None
    client_ref: str | None
    nhs_number: str | None


Suspension = TypedDict("Suspension", {"from": str, "to": str | None, "reason": str})
"""Days on which a line item is suspended, both included; without an end for the time being."""


class LineItemTerm(TypedDict):
    """What holds from a date on; from the beginning when None. Hours or payments, and pounds each."""

    effective_from: str | None
    quantity: str
    unit_cost: str
    assessed_contribution: str | None
    contribution_collected_by: str


class LineItem(TypedDict):
    """A CPLI as it is today; ``cost``: pounds as often as its frequency says."""

    cpli_id: int
    organisation: str
    organisation_id: str
    client: Identifiers
    client_id: str
    client_name: str
    service: str
    service_id: str
    former_services: list[str]
    service_ref: str | None
    contract: str
    service_level: str
    service_level_ref: str | None
    start_on: str
    end_on: str | None
    quantity: str
    unit: str
    frequency: str
    unit_cost: str
    cost: str
    pricing: str
    payment_method: str
    authorised: bool
    timetable: str
    suspensions: list[Suspension]
    terms: list[LineItemTerm]


class LineItemWeek(TypedDict):
    """A week that holds visits of a line item."""

    monday: str
    visits: int


class FieldChange(TypedDict):
    """A field of a care row that a later row says otherwise."""

    field: str
    before: str
    after: str


class LineItemChange(TypedDict):
    """An import that changed a line item; ``changes`` is None for the one that brought it."""

    who: str
    at: str
    changes: list[FieldChange] | None


class LineItemDetails(LineItem):
    """A CPLI with all that is known of it; ``history`` is the council's.

    ``is_one_diary``: monitored by total hours, as is said of the ``line item``, else of its ``contract``;
    ``one_diary_said_of`` names it, None where nobody said anything.
    """

    is_one_diary: bool
    one_diary_said_of: str | None
    suspends_itself: bool
    carers_wanted: int | None
    weeks: list[LineItemWeek]
    history: list[LineItemChange]


class CareChoices(TypedDict):
    """By what line items can be chosen."""

    services: list[str]
    service_levels: list[str]


class ContractedService(TypedDict):
    """A service of an organisation, with how many of its line items run today or start later."""

    contract: str
    service: str
    line_items: int


class ExportPage(TypedDict):
    """A page of the Commissioned Care Export, and the CpliId after which the next begins; None at the end."""

    rows: list[list[str]]
    after: int | None
