"""What services say to each other, for tests that hand messages to one step."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from libs.common.messaging.messages import Message

MONDAY = dt.date(2022, 10, 3)
DIAMOND = "11111111-1111-4111-8111-111111111111"
PEARL = "22222222-2222-4222-8222-222222222222"
ADA = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"
BEA = "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb"


def a_message(event: str, body: dict[str, Any], *, lane: str = "bulk") -> Message:
    """A message as a consumer hands it to its step."""
    return Message(str(uuid.uuid4()), event, str(uuid.uuid4()), body, lane)


def a_package(
    cpli_id: int,
    *,
    version: int = 1,
    client: str = ADA,
    organisation: str = DIAMOND,
    contract: str = "DAPL",
    unit_cost: str = "20.00",
    assessed: str | None = None,
    collected_by: str = "Council",
    start_on: str = "2022-08-01",
    end_on: str | None = None,
) -> dict[str, Any]:
    """A CPLI as ``care_changed`` says it, with one term from the start."""
    term = {
        "effective_from": "0001-01-01",
        "quantity": "7",
        "unit_cost": unit_cost,
        "assessed_contribution": assessed,
        "collected_by": collected_by,
    }
    return {
        "cpli_id": cpli_id,
        "version": version,
        "client_id": client,
        "client_reference": client[:4],
        "organisation_id": organisation,
        "contract": contract,
        "start_on": start_on,
        "end_on": end_on,
        "terms": [term],
    }


def care_changed(*packages: dict[str, Any]) -> Message:
    """``care_changed`` with these packages."""
    return a_message("care_changed", {"reference_version": 1, "packages": list(packages)})


def a_week(
    cpli_id: int,
    *,
    version: int = 1,
    terms_version: int = 1,
    monday: dt.date = MONDAY,
    client: str = ADA,
    organisation: str = DIAMOND,
    hours: Sequence[int] = (1,),
) -> dict[str, Any]:
    """A CPLI's week as ``weeks_matched`` says it: one delivered visit for each number of hours."""
    visits = [[f"V{n}", "DHS", monday.isoformat(), 32_400, 36_000, h * 3600] for n, h in enumerate(hours)]
    return {
        "cpli_id": cpli_id,
        "monday": monday.isoformat(),
        "version": version,
        "terms_version": terms_version,
        "client_id": client,
        "organisation_id": organisation,
        "visits": visits,
    }


def weeks_matched(*weeks: dict[str, Any], reason: str = "visits") -> Message:
    """``weeks_matched`` with these weeks."""
    return a_message("weeks_matched", {"reason": reason, "weeks": list(weeks)})
