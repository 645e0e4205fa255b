"""The form of every event's body. Importing this module fills `messages.checks`.

A service that says an event may check it deeper: write the function here, beside the keys, and add
it with `also_check`.
"""

from __future__ import annotations

from typing import Any

from libs.common.messaging.messages import (
    BadMessage,
    Kind,
    also_check,
    check_columns,
    check_keys,
    check_objects,
    check_one_of,
    check_rows,
)

VISIT_COLUMNS: dict[str, Kind] = {
    "visit_ref": str,
    "version": int,
    "deleted": bool,
    "ssref": str,
    "client_ref": str,
    "nhs_number": str,
    "service_level": str,
    "service_ref": str,
    "service_name": str,
    "visit_type": str,
    "planned_on": "date",
    "planned_entry": int,
    "planned_exit": int,
    "delivered_seconds": "int?",
    "delivered_entry": "int?",
    "entry_overridden": bool,
    "exit_overridden": bool,
    "carer_ref": str,
}
"""`visits_changed`: one row a visit. Entries and exits in seconds since midnight of the planned day."""

KEYS: dict[str, dict[str, Kind]] = {
    "visits_changed": {"organisation_id": "uuid", "columns": dict},
    "actuals_changed": {"organisation_id": "uuid", "weeks": list},
    "care_changed": {
        "reference_version": int,
        "organisations": "list?",
        "services": "list?",
        "service_levels": "list?",
        "visit_types": "list?",
        "packages": "list?",
        "merged_clients": "list?",
    },
    "care_import_wanted": {"import_id": "uuid"},
    "care_checked": {"import_id": "uuid", "check_version": int},
    "care_matched": {"import_id": "uuid", "check_version": int, "object_key": str},
    "care_forecast": {"import_id": "uuid", "check_version": int, "object_key": str},
    "rematch_wanted": {"organisation_ids": list, "client_ids": list, "cpli_ids": list},
    "weeks_matched": {"reason": str, "weeks": list},
    "pay_rules_set": {"contract": str, "effective_from": "date"},
    "pricing_wanted": {"cpli_ids": list, "since": "date"},
    "effect_wanted": {"proposal_id": "uuid", "kind": str, "wanted": dict},
    "effect_part_wanted": {
        "proposal_id": "uuid",
        "kind": str,
        "wanted": dict,
        "part": int,
        "cpli_ids": list,
        "since": "date",
    },
    "claim_accepted": {
        "claim_id": "uuid",
        "number": int,
        "organisation_id": "uuid",
        "contract": str,
        "items": list,
    },
    "settle_wanted": {"client_weeks": list, "reason": str},
    "check_wanted": {"file_id": "uuid"},
    "apply_wanted": {"file_id": "uuid"},
    "actuals_check_wanted": {"file_id": "uuid"},
    "actuals_apply_wanted": {"file_id": "uuid"},
    "visits_checked": {"file_id": "uuid", "check_version": int, "object_key": str},
    "weeks_forecast": {"file_id": "uuid", "check_version": int, "object_key": str, "will_match": dict},
    "file_forecast": {
        "file_id": "uuid",
        "check_version": int,
        "payable": str,
        "clients": "list?",
        "more_clients": "int?",
        "moved": "str?",
        "will_match": dict,
    },
    "doubts_wanted": {"monday": "date"},
    "doubts_found": {
        "finder": str,
        "organisation_id": "uuid",
        "monday": "date",
        "version": int,
        "doubts": list,
        "silent_visits": "list?",
    },
    "withdrawal_wanted": {
        "organisation_id": "uuid",
        "visit_refs": list,
        "weeks": list,
        "reason": str,
        "case_id": "uuid",
        "who": str,
    },
    "payment_rejected": {
        "answer_id": "uuid",
        "organisation_id": "uuid",
        "period_start": "date",
        "payable": str,
        "reason": str,
        "who": str,
        "rejected_at": str,
    },
    "review_approved": {
        "review_id": "uuid",
        "number": int,
        "cpli_id": int,
        "extends_cpli_id": int,
        "first_on": "date",
        "last_on": "date",
        "timetable": list,
        "quantity": str,
        "approved_by": str,
    },
}
"""The top-level keys of each body; a kind that ends in "?" may be missing."""


def _check_visits(body: dict[str, Any]) -> None:
    check_columns(body, "columns", VISIT_COLUMNS)


DOUBT_KEYS: dict[str, Kind] = {
    "doubt_id": "uuid",
    "kind": str,
    "client": str,
    "visits": list,
    "cpli_id": "int?",
    "first_on": "date",
    "last_on": "date",
    "evidence": dict,
}
"""`doubts_found`: one doubt."""


def _check_doubts(body: dict[str, Any]) -> None:
    for doubt in body["doubts"]:
        if not isinstance(doubt, dict):
            raise BadMessage("schema", "doubts has values that are not objects")
        check_keys(doubt, DOUBT_KEYS)


CLIENT_WEEK_PARTS = 2


WEEK_KEYS: dict[str, Kind] = {
    "cpli_id": int,
    "monday": "date",
    "version": int,
    "terms_version": int,
    "client_id": "uuid",
    "organisation_id": "uuid",
    "visits": list,
}
"""`weeks_matched`: one week."""

PARTS_OF_VISIT: dict[str, Kind] = {
    "visit_ref": str,
    "visit_type": str,
    "planned_on": "date",
    "planned_entry": int,
    "planned_exit": int,
    "delivered_seconds": "int?",
}
"""`weeks_matched`: one visit of a week, a list of these in their order (`libs.common.seams.events.VisitOfWeek`)."""


PARTS_OF_LINE: dict[str, Kind] = {
    "first_on": "date",
    "last_on": "date",
    "delivered_seconds": int,
    "frustrated_seconds": int,
    "visits": "int?",
}
"""`actuals_changed` and `weeks_matched`: one line of an actual, a list of these (`libs.common.seams.events.LineOfWeek`)."""

PARTS_OF_ACTUAL: dict[str, Kind] = {"cpli_id": int, "monday": "date", "version": int, "lines": list}
"""`actuals_changed`: one saved week, a list of these (`libs.common.seams.events.ActualSaid`)."""


def _check_weeks(body: dict[str, Any]) -> None:
    check_one_of(body, "reason", ("visits", "actuals", "care"))
    weeks = body["weeks"]
    check_objects("weeks", weeks, WEEK_KEYS)
    check_rows("weeks.visits", [visit for week in weeks for visit in week["visits"]], PARTS_OF_VISIT)
    _check_lines("weeks.lines", [week["lines"] for week in weeks if week.get("lines") is not None])


def _check_actuals(body: dict[str, Any]) -> None:
    check_rows("weeks", body["weeks"], PARTS_OF_ACTUAL)
    _check_lines("weeks.lines", [week[-1] for week in body["weeks"]])


def _check_lines(name: str, of_weeks: list[Any]) -> None:
    if set(map(type, of_weeks)) - {list}:
        raise BadMessage("schema", f"{name} has values that are not lists")
    check_rows(name, [line for lines in of_weeks for line in lines], PARTS_OF_LINE)


def _check_client_weeks(body: dict[str, Any]) -> None:
    check_one_of(body, "reason", ("hold", "invoice", "terms"))
    for pair in body["client_weeks"]:
        if not isinstance(pair, list) or len(pair) != CLIENT_WEEK_PARTS:
            raise BadMessage("schema", "client_weeks has a value that is not a client and a Monday")
        check_keys(
            dict(zip(("client_id", "monday"), pair, strict=True)), {"client_id": "uuid", "monday": "date"}
        )


CLAIM_ITEM: dict[str, Kind] = {
    "item_id": "uuid",
    "client_reference": str,
    "client_id": "uuid?",
    "cpli_id": "int?",
    "amount": str,
    "worked_out": str,
    "first_on": "date",
    "last_on": "date",
    "admitted_on": "date?",
    "discharged_on": "date?",
    "reason": str,
}
"""`claim_accepted`: each item; the amounts are pounds as text, the days those of the stay that count."""


def _check_claim(body: dict[str, Any]) -> None:
    for item in body["items"]:
        if not isinstance(item, dict):
            raise BadMessage("schema", "items has a value that is not an object")
        check_keys(item, CLAIM_ITEM)


WILL_MATCH: dict[str, Kind] = {
    "unmatched_key": str,
    "duplicates_key": str,
    "matched": int,
    "apart": int,
    "unmatched": list,
    "amount": str,
}
"""`weeks_forecast` and `file_forecast`: what would become of a file's visits (`libs.common.seams.events.WillMatch`)."""

PARTS_OF_REASON: dict[str, Kind] = {"reason": str, "visits": int, "amount": str}


def _check_will_match(body: dict[str, Any]) -> None:
    found = body["will_match"]
    check_keys(found, WILL_MATCH)
    check_rows("will_match.unmatched", found["unmatched"], PARTS_OF_REASON)


def _register_keys(event: str, kinds: dict[str, Kind]) -> None:
    also_check(event, lambda body: check_keys(body, kinds))


for _event, _kinds in KEYS.items():
    _register_keys(_event, _kinds)
also_check("visits_changed", _check_visits)
also_check("actuals_changed", _check_actuals)
also_check("weeks_matched", _check_weeks)
also_check("weeks_forecast", _check_will_match)
also_check("file_forecast", _check_will_match)
also_check("doubts_found", _check_doubts)
also_check("claim_accepted", _check_claim)
also_check("settle_wanted", _check_client_weeks)
