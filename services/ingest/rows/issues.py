"""The data-quality issues of RULES 3: a row that has one is stored, and goes on to matching and payment all the same."""

import datetime as dt

from libs.common.files.values import is_nhs_number
from services.ingest.rows.facts import LevelFact, ServiceFact, Visit
from services.ingest.rows.names import Service
from services.ingest.rows.stored import time_text
from services.ingest.rows.words import Problem, problem

_AN_HOUR = 3600
_TWELVE_HOURS = 12 * 3600
_A_DAY = 24 * 3600
_TYPES_WITH_COMMENT = frozenset(("E", "U", "C", "C24"))
_ONE_DAY = dt.timedelta(days=1)


def issues_of(visit: Visit, level: LevelFact | None, service: Service) -> list[Problem]:
    """All issues of a visit, in RULES' order; none for most, so each is tested before its sentence is made."""
    issues = []
    planned_seconds = duration_seconds(visit.planned_entry, visit.planned_exit)
    if not visit.comments and visit.visit_type in _TYPES_WITH_COMMENT:
        issues.append(problem("missing_comment", "Comments", type=visit.visit_type))
    issues += _delivered_issues(visit, planned_seconds, service)
    if level is not None and not level.requires_visits:
        issues.append(problem("visits_not_required", "ServiceLevel", level.name))
    if visit.nhs_number and not is_nhs_number(visit.nhs_number):
        issues.append(problem("nhs_number_check", "NHSNumber", visit.nhs_number))
    if planned_seconds > _TWELVE_HOURS:
        issues.append(_over_twelve_hours("Planned", planned_seconds, visit.planned_exit))
    return issues


def _delivered_issues(visit: Visit, planned_seconds: int, service: Service) -> list[Problem]:
    """The issues that only a delivered visit can have, which has all three delivered values."""
    if visit.delivered_on is None or visit.delivered_entry is None or visit.delivered_exit is None:
        return []
    issues = []
    seconds = duration_seconds(visit.delivered_entry, visit.delivered_exit)
    over_seconds = seconds - planned_seconds
    if visit.visit_type == "E":
        if over_seconds < _AN_HOUR and not visit.comments:
            issues.append(problem("exceptional_under_an_hour", "Comments", over=_over(over_seconds)))
    elif over_seconds >= _AN_HOUR:
        text = time_text(visit.delivered_exit)
        issues.append(problem("long_visit", "DeliveredExitTime", text, over=_over(over_seconds)))
    if visit.visit_type == service.wrong_type and service.fact is not None:
        issues.append(_wrong_delivered_type(visit.visit_type, service.fact))
    if visit.delivered_on != visit.planned_on and abs(visit.delivered_on - visit.planned_on) > _ONE_DAY:
        issues.append(
            problem(
                "unplanned_date", "DeliveredVisitDate", delivered=visit.delivered_on, planned=visit.planned_on
            )
        )
    if seconds > _TWELVE_HOURS >= planned_seconds:
        issues.append(_over_twelve_hours("Delivered", seconds, visit.delivered_exit))
    return issues


def _over_twelve_hours(kind: str, seconds: int, exit_: int) -> Problem:
    """Said once of a visit: entry and exit swapped read as most of a day."""
    hours = f"{seconds // 3600} hours {seconds // 60 % 60} minutes".removesuffix(" 0 minutes")
    return problem("over_twelve_hours", f"{kind}ExitTime", time_text(exit_), kind=kind.lower(), hours=hours)


def duration_seconds(entry: int, exit_: int) -> int:
    """RULES 3: an exit before the entry is a visit past midnight, which ends the next day."""
    return exit_ - entry if exit_ > entry else exit_ - entry + _A_DAY


def _wrong_delivered_type(visit_type: str, service: ServiceFact) -> Problem:
    return problem(
        "wrong_delivered_type",
        "VisitType",
        visit_type,
        service=service.name,
        contract=service.contract or "unknown",
        wanted="DHF" if visit_type == "DHS" else "DHS",
    )


def _over(seconds: int) -> str:
    if seconds == 0:
        return "no longer"
    minutes, rest = divmod(abs(seconds), 60)
    amount = (
        f"{minutes} minutes"
        if not rest
        else f"{minutes} minutes {rest} seconds"
        if minutes
        else f"{rest} seconds"
    )
    return f"{amount} {'longer' if seconds > 0 else 'less'}"
