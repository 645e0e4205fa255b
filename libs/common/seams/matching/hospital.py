"""Stays in hospital, as visits and care have them, for one-off claims (RULES 10)."""

from __future__ import annotations

from typing import TypedDict


class ServiceClient(TypedDict):
    """A client of a service, by reference and name."""

    client: str
    name: str


class ServiceClients(TypedDict):
    """A provider's service with its contract and clients."""

    service: str
    service_id: str
    contract: str
    clients: list[ServiceClient]


class StayAsked(TypedDict):
    """A client's days, and from when on the care may have resumed."""

    client: str
    first_on: str
    last_on: str
    resumes_on: str | None


class HospitalVisit(TypedDict):
    """A hospital visit; the rate is that of the care that it is matched to."""

    visit_ref: str
    planned_on: str
    seconds: int
    cpli_id: int | None
    unit_cost: str | None
    is_of_service: bool


class SinglePayment(TypedDict):
    """A line item that pays once, in pounds."""

    cpli_id: int
    amount: str


class HospitalStay(TypedDict):
    """What is known of a stay; ``client_id`` is None for whom nobody knows or cares for here."""

    contract: str
    client_id: str | None
    cpli_id: int | None
    visits: list[HospitalVisit]
    care_resumed_on: str | None
    single_payments: list[SinglePayment]
    known_as: list[str]
