"""Doubts in words: what each kind says, what it is seen by, and what a provider is asked (RULES 9)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from libs.common.casework.doubts import DISMISSED, GONE, PROPOSED, RAISED, SAMPLED
from libs.common.seams.disputes.doubts import Doubt, DoubtGroup
from libs.common.seams.disputes.evidence import Evidence
from services.portal.web.formats import counted, day, hours, pounds
from services.portal.web.words import CIRCUMSTANCES

KINDS: Final = {
    "missing_comment": "Missing comment",
    "far_from_plan": "Nowhere near the planned time",
    "carer_overlap": "One carer in two places",
    "hospital_visit": "Delivered beside a hospital visit",
    "in_hospital": "Delivered while in hospital",
    "in_respite": "Delivered while in respite care",
    "deceased": "Delivered after the client died",
    "gone_private": "Delivered after going private",
    "continuing_health_care": "Delivered under continuing health care",
    "away": "Delivered while the client was away",
    "after_end": "After the package ended",
    "visits_not_required": "Data not required",
    "invoice_case": "Invoice case",
    "more_carers": "More carers than planned",
    "extra_visit": "Extra visit on no timetable slot",
    "planned_week": "Planned week unequal to the hours",
    "actual_differs": "Actuals differ from plan",
    SAMPLED: "Picked for review",
}

GROUPED: Final = {"carer_overlap": "overlap", "missing_comment": "missing comment"}
"""What one doubt of a group is called, where it has a name of its own."""

STATES: Final = {
    PROPOSED: "Proposed",
    DISMISSED: "Dismissed",
    RAISED: "Raised",
    GONE: "Gone from the data",
}

ASKED: Final = {
    "Missing Comment": "A visit of this type needs a comment. Please add what happened and send the visit again.",
    "Client In Hospital": "The visit is said to be delivered while the client was in hospital. Please check the date"
    " and the visit type, and correct or delete the visit.",
    "Client In Respite Care": "The visit is said to be delivered while the client was in respite care. Please check"
    " the date, and correct or delete the visit.",
    "Client Deceased": "We are told that the client died before this visit. Please check it, and correct or delete it.",
    "Client Has Gone Private": "We are told that the client has gone private. Please check the visit, and delete it"
    " if it is not the council’s to pay.",
    "Ceased Care Package": "The visit is after the end of the care package. Please check the date, and delete the"
    " visit if it was sent in error.",
    "Reablement / Other Case": "Visits data is not required for this care. Please delete the visit.",
    "Invoice Case": "This care is not paid from visits. Please delete the visit, and invoice for the care.",
    "Incorrect Data": "The data of this visit or week does not seem right. Please check planned and delivered times"
    " and the carer, and correct what is wrong or say how it came about.",
}
"""What a provider is asked, for each type of dispute, unless somebody changes it."""


class ChosenDoubt(Doubt):
    """A doubt that is about to be raised or dismissed, with its provider's name."""

    organisation: str


TICK_SOME: Final = "Tick one or more in the list first"

WAYS: Final = {
    "random": "Some at random",
    "largest_time": "The largest differences in time",
    "largest_cost": "The largest differences in cost",
}


def clock_text(seconds: int | None) -> str:
    """9:05 on the clock of its day, from seconds since midnight."""
    if seconds is None:
        return ""
    minutes = seconds % 86_400 // 60
    return f"{minutes // 60:02}:{minutes % 60:02}"


def times_text(span: list[int] | None) -> str:
    """09:00 to 09:30"""
    return f"{clock_text(span[0])} to {clock_text(span[1])}" if span and span[0] is not None else ""


def evidence_in_words(kind: str, seen: Evidence) -> list[str]:
    """What a doubt is seen by: a few short sentences, of what there is of it for whoever reads them."""
    say = _BY_KIND.get(kind, _circumstance if "circumstance" in seen else _planned)
    return [sentence for sentence in say(seen) if sentence]


def counted_in_words(kind: str, number: int, days: int) -> str:
    """57 overlaps on 5 days"""
    return f"{counted(number, GROUPED.get(kind, 'doubt'))} on {counted(days, 'day')}"


def chosen_in_words(rows: Sequence[ChosenDoubt]) -> str:
    """Doubts of one group: One carer in two places, carer C1 of Diamond Home Care Ltd: 57 overlaps on 5 days."""
    first = rows[0]
    carer = first["evidence"].get("carer_ref")
    whose = f"carer {carer}" if carer else f"client {first['client_reference']}"
    number = counted_in_words(first["kind"], len(rows), len({row["first_on"] for row in rows}))
    return f"{KINDS[first['kind']]}, {whose} of {first['organisation']}: {number}"


def group_in_words(group: DoubtGroup) -> list[str]:
    """What all doubts of a group come to: 57 overlaps on 5 days, with 9 clients, 12 h 30 min at the same time."""
    found = [counted_in_words(group["kind"], group["number"], group["days"])]
    if group["carer_ref"] is not None and group["clients"] > 1:
        found.append(f"With {group['clients']:,} clients")
    if group["overlap_seconds"]:
        found.append(f"{hours(group['overlap_seconds'])} at the same time, taken together")
    return found


def _planned(seen: Evidence) -> list[str]:
    return [f"Planned {times_text(seen.get('planned'))}"] if seen.get("planned") else []


def _missing_comment(seen: Evidence) -> list[str]:
    return [f"Type {seen['visit_type']}, without a comment", *_planned(seen)]


def _far_from_plan(seen: Evidence) -> list[str]:
    return [
        *_planned(seen),
        f"Delivered {day(seen['delivered_on'])}, {times_text(seen['delivered'])}, without a comment",
    ]


def _carer_overlap(seen: Evidence) -> list[str]:
    own = f"{seen['visit_ref']} delivered {times_text(seen['delivered'])}"
    seconds = hours(seen["overlap_seconds"])
    if "other_ref" not in seen:
        return [own, f"Its carer, {seen['carer_ref']}, was elsewhere for {seconds} of it"]
    whose = f" of {seen['other_organisation']}" if seen.get("is_across") else ""
    return [
        own,
        f"The same carer: {seen['other_ref']}{whose}, {day(seen['other_on'])}, {times_text(seen['other_delivered'])}",
        f"{seconds} at the same time",
    ]


def _hospital_visit(seen: Evidence) -> list[str]:
    if "hospital_days" not in seen:
        return [*_planned(seen), "Hospital visits on this day, or on the days before and after"]
    days = " and ".join(day(one) for one in seen["hospital_days"])
    whose = ", of another provider" if seen["is_elsewhere"] else ""
    return [*_planned(seen), f"Hospital visits on {days}{whose}"]


def _circumstance(seen: Evidence) -> list[str]:
    until = f" to {day(seen['to_on'])}" if seen["to_on"] else ", no end known"
    return [*_planned(seen), f"{CIRCUMSTANCES[seen['circumstance']]}: {day(seen['from_on'])}{until}"]


def _after_end(seen: Evidence) -> list[str]:
    return [*_planned(seen), f"The package ended on {day(seen['ended_on'])}" if "ended_on" in seen else ""]


def _more_carers(seen: Evidence) -> list[str]:
    return [f"{seen['carers']} carers at {clock_text(seen['at'])}, where {seen['wanted']} planned"]


def _planned_week(seen: Evidence) -> list[str]:
    planned, wanted = hours(seen["planned_seconds"]), hours(seen["commissioned_seconds"])
    return [f"Planned {planned}, commissioned {wanted}"]


def _actual_differs(seen: Evidence) -> list[str]:
    said = [f"Planned {hours(seen['planned_seconds'])}, delivered {hours(seen['delivered_seconds'])}"]
    if frustrated := seen.get("frustrated_seconds"):
        said.append(f"Frustrated {hours(frustrated)}")
    return [*said, "More than planned"] if seen.get("is_more_than_planned") else said


def _sampled(seen: Evidence) -> list[str]:
    return [
        f"Planned {hours(seen['planned_seconds'])}, {pounds(seen['planned_cost'])}",
        f"Delivered {hours(seen['delivered_seconds'])}, {pounds(seen['delivered_cost'])}",
    ]


_BY_KIND: Final[dict[str, Callable[[Evidence], list[str]]]] = {
    "missing_comment": _missing_comment,
    "far_from_plan": _far_from_plan,
    "carer_overlap": _carer_overlap,
    "hospital_visit": _hospital_visit,
    "after_end": _after_end,
    "more_carers": _more_carers,
    "planned_week": _planned_week,
    "actual_differs": _actual_differs,
    SAMPLED: _sampled,
}
