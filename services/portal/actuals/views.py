"""A week of actuals as its page shows it: by client, of one service or all, and by provider (RULES 13). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from libs.common.care.money import NOTHING
from libs.common.seams.ingest.actuals import ActualDocument, ActualsWeek, CalendarWeek, SuspendedClient
from services.portal.actuals.words import NOT_SUBMITTED, STATES

CLIENTS_A_PAGE = 50


@dataclass
class ClientWeek:
    """What a client's care is in a week, and which of it is suspended."""

    reference: str
    name: str
    actuals: list[ActualDocument] = field(default_factory=list)
    suspended: list[SuspendedClient] = field(default_factory=list)


@dataclass(frozen=True)
class PageOfClients:
    """Some of a week's clients: the page's number, the numbers of its first and last client, and how many there are."""

    clients: list[ClientWeek]
    number: int
    pages: int
    first: int
    last: int
    count: int


@dataclass
class Sums:
    """Times in seconds, pounds, and how many there are of each state. What is not generated comes to nothing yet."""

    planned: int = 0
    delivered: int = 0
    frustrated: int = 0
    cost: Decimal = NOTHING
    states: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STATES, 0))
    more_than_planned: int = 0

    def add(self, actual: ActualDocument) -> None:
        """Count another week of a care package line item too."""
        self.planned += actual["planned_seconds"]
        self.states[actual["state"]] += 1
        if actual["state"] != "none":
            self.delivered += actual["delivered_seconds"]
            self.frustrated += actual["frustrated_seconds"]
            self.cost += Decimal(actual["cost"])
            self.more_than_planned += actual["is_more_than_planned"]

    @property
    def missing(self) -> int:
        """How many are not submitted."""
        return sum(self.states[state] for state in NOT_SUBMITTED)

    @property
    def count(self) -> int:
        return sum(self.states.values())


def services_of(week: ActualsWeek) -> list[str]:
    """The services that have care in the week, by name."""
    found = [*week["actuals"], *week["suspended"]]
    return sorted({one["service"] for one in found}, key=str.casefold)


def clients_of(
    week: ActualsWeek, names: Mapping[str, str], *, service: str | None = None, is_missing: bool = False
) -> list[ClientWeek]:
    """The week by client, by name; of one service, and only what is not submitted, where that is asked."""
    found: dict[str, ClientWeek] = {}

    def of(reference: str) -> ClientWeek:
        return found.setdefault(reference, ClientWeek(reference, names.get(reference, "")))

    for actual in week["actuals"]:
        if service in (None, actual["service"]) and (not is_missing or actual["state"] in NOT_SUBMITTED):
            of(actual["client_reference"]).actuals.append(actual)
    for suspended in week["suspended"]:
        if service in (None, suspended["service"]) and not is_missing:
            of(suspended["client_reference"]).suspended.append(suspended)
    return sorted(found.values(), key=lambda one: ((one.name or one.reference).casefold(), one.reference))


def page_of(clients: list[ClientWeek], number: int) -> PageOfClients:
    """A page of a week's clients; the last one where there are not so many pages."""
    pages = max(1, -(-len(clients) // CLIENTS_A_PAGE))
    number = min(max(number, 1), pages)
    begin = (number - 1) * CLIENTS_A_PAGE
    of_page = clients[begin : begin + CLIENTS_A_PAGE]
    return PageOfClients(of_page, number, pages, begin + 1, begin + len(of_page), len(clients))


def sums_of(actuals: Iterable[ActualDocument]) -> Sums:
    """What weeks come to together."""
    found = Sums()
    for actual in actuals:
        found.add(actual)
    return found


def sums_by_provider(week: ActualsWeek) -> dict[str, Sums]:
    """What the week of each provider comes to, by its id."""
    found: dict[str, Sums] = {}
    for actual in week["actuals"]:
        found.setdefault(actual["organisation_id"], Sums()).add(actual)
    return found


def states_in_words(weeks: Iterable[CalendarWeek]) -> dict[str, str]:
    """The calendar's states, by Monday."""
    return {one["week"]: STATES[one["state"]][0] for one in weeks}
