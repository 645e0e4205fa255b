"""How one week's visits are matched, and what makes a CPLI fail each step."""

from collections.abc import Sequence
from typing import Any

from services.matching.matches.rules import Cpli, Visit, match_week
from tests.support.builders.care import (
    ANOTHER_GUID,
    FRIDAY,
    MONDAY,
    SATURDAY,
    SUNDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
)

WEEK = (MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY)


def place(visits: Sequence[Visit], cplis: Sequence[Cpli]) -> dict[str, int | None]:
    """The CPLI of each visit by VisitRef."""
    return {visit_ref: match.cpli_id for visit_ref, match in match_week(visits, cplis).items()}


def reason_for(visit: Visit, *cplis: Cpli) -> str | None:
    """Why this one visit is not matched."""
    match = match_week([visit], cplis)[visit.visit_ref]
    assert (match.cpli_id is None) == (match.reason is not None)
    return match.reason


# What makes a CPLI fail each step, in the order of the table.
FAILS: list[tuple[str, dict[str, Any]]] = [
    ("wrong_service", {"service_name": "zone 7", "service_ref": ANOTHER_GUID}),
    ("wrong_service_level", {"service_level": "medication only"}),
    ("visits_not_required", {"requires_visits": False}),
    ("invoice_case", {"payment_method": "Invoice"}),
    ("not_authorised", {"authorised": False}),
    ("suspended", {"suspensions": ((MONDAY, TUESDAY),)}),
    ("before_start", {"start_on": TUESDAY}),
]
