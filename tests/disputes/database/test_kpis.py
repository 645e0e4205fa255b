"""Disputes in figures, spans and meetings on a real PostgreSQL, for both sides (RULES 16)."""

import datetime as dt
import uuid
from typing import Any

import pytest
from marshmallow import ValidationError

from libs.common.care.organisation_ids import organisation_id_of
from libs.common.errors import Refused
from libs.common.rpc import Caller
from services.disputes.cases import conversations
from services.disputes.cases import steps as cases_steps
from services.disputes.kpis import steps as kpis_steps
from services.disputes.kpis import views as kpis_views
from services.disputes.kpis.schemas import DaysOfProvider, SetSpan
from services.disputes.meetings import steps as meetings_steps
from services.disputes.meetings import views as meetings_views
from tests.disputes.database.test_cases import MANAGER, OFFICER, STRANGER, Do, do
from tests.support.builders.messages import DIAMOND

__all__ = ["do"]

OWN = uuid.UUID(DIAMOND)
OTHER = organisation_id_of("Pearl Carers Ltd")
QUARTER = {"first": dt.date(2022, 10, 1), "last": dt.date(2022, 12, 31)}
SAID: dict[str, Any] = {"subject": "A talk", "words": "Please look", "client_reference": "", "cpli_id": None}
SAID |= {"attachments": ()}


def at(day: str) -> dt.datetime:
    """Nine o'clock in the morning."""
    return dt.datetime.fromisoformat(f"{day}T09:00").replace(tzinfo=dt.UTC)


def a_case(do: Do, kind: str, day: str, who: Caller = OFFICER, **facts: Any) -> uuid.UUID:
    """A dispute or an action that somebody begins with a provider."""
    case_id = uuid.uuid4()
    asked = {"case_id": case_id, "organisation_id": OWN, "subject": "Missing Comment", "words": "Why?"}
    do(cases_steps.open_case, who, kind=kind, now=at(day), **asked | facts)
    return case_id


def says(do: Do, kind: str, case_id: uuid.UUID, who: Caller, day: str, move: str = "") -> None:
    message = {"message_id": uuid.uuid4(), "move": move, "words": "Because", "now": at(day)}
    do(cases_steps.say, who, kind=kind, case_id=case_id, **message)


def figures(do: Do, who: Caller = OFFICER, organisation_id: uuid.UUID | None = OWN) -> Any:
    return do(kpis_views.count_answered, who, organisation_id=organisation_id, **QUARTER)


NONE = {"raised": 0, "answered": 0, "median_days": None, "open": 0}


def test_a_provider_without_cases_has_no_days(do: Do) -> None:
    assert figures(do) == {"dispute": NONE, "action": NONE, "enquiry": NONE}


def test_disputes_of_a_span_are_counted_with_the_days_until_the_provider_answered(do: Do) -> None:
    quick = a_case(do, "dispute", "2022-10-03")
    says(do, "dispute", quick, MANAGER, "2022-10-04", "request_resolution")
    says(do, "dispute", quick, MANAGER, "2022-10-20")  # the first answer counts
    says(do, "dispute", quick, OFFICER, "2022-10-21", "resolve")
    slow = a_case(do, "dispute", "2022-12-31")
    says(do, "dispute", slow, OFFICER, "2023-01-01")  # the council's own words are no answer
    says(do, "dispute", slow, MANAGER, "2023-01-08")
    silent = a_case(do, "dispute", "2022-11-01")
    a_case(do, "dispute", "2022-09-30")
    a_case(do, "dispute", "2023-01-01")
    a_case(do, "dispute", "2022-10-05", organisation_id=OTHER)
    assert figures(do)["dispute"] == {"raised": 3, "answered": 2, "median_days": "4.5", "open": 2}
    assert figures(do, MANAGER, None) == figures(do)
    listed = do(kpis_views.list_raised_cases, MANAGER, organisation_id=None, kind="dispute", **QUARTER)
    assert [(one["case_id"], one["days"], one["is_open"]) for one in listed] == [
        (str(quick), 1, False),
        (str(silent), None, True),
        (str(slow), 8, True),
    ]


def test_actions_are_those_of_the_council_and_enquiries_those_of_the_provider(do: Do) -> None:
    asked = a_case(do, "action", "2022-10-03")
    says(do, "action", asked, MANAGER, "2022-10-05", "assign_to_council")
    a_case(do, "action", "2022-10-04", MANAGER)
    enquiry = uuid.uuid4()
    about = {"about": "missing", "item_id": None, "period_start": None, "week": None, "amount": None}
    do(
        conversations.open_enquiry, MANAGER, case_id=enquiry, organisation_id=None, now=at("2022-10-06"), **SAID, **about
    )  # fmt: skip
    says(do, "enquiry", enquiry, OFFICER, "2022-10-16", "answer")
    found = figures(do)
    assert found["action"] == {"raised": 1, "answered": 1, "median_days": "2.0", "open": 1}
    assert found["enquiry"] == {"raised": 1, "answered": 1, "median_days": "10.0", "open": 1}


def test_a_provider_asks_about_itself_alone_and_the_council_names_one(do: Do) -> None:
    with pytest.raises(Refused, match="not_found"):
        figures(do, STRANGER, OWN)
    with pytest.raises(Refused, match="organisation_wanted"):
        figures(do, OFFICER, None)
    with pytest.raises(Refused, match="not_found"):
        do(meetings_views.list_meetings, STRANGER, organisation_id=OWN, first=None, last=None)
    with pytest.raises(ValidationError):
        DaysOfProvider().load({"first": "2022-10-02", "last": "2022-10-01"})


def test_spans_are_quarters_until_the_council_says_otherwise_and_all_is_kept(do: Do) -> None:
    assert do(find_spans, MANAGER) == {"holds": {"months": 3, "first_month": 1}, "history": []}
    for months, first_month in ((6, 4), (1, 1)):
        do(kpis_steps.set_span, OFFICER, months=months, first_month=first_month, now=at("2022-10-03"))
    found = do(find_spans, MANAGER)
    assert found["holds"] == {"months": 1, "first_month": 1}
    assert [one["months"] for one in found["history"]] == [1, 6]
    with pytest.raises(Refused, match="not_allowed"):
        do(kpis_steps.set_span, MANAGER, months=3, first_month=1, now=at("2022-10-03"))
    for wrong in ({"months": 5, "first_month": 1}, {"months": 3, "first_month": 13}):
        with pytest.raises(ValidationError):
            SetSpan().load(wrong)


def find_spans(session: Any, _: Caller) -> Any:
    return kpis_views.find_spans(session)


def a_meeting(do: Do, who: Caller = OFFICER, **facts: Any) -> Any:
    said = {"meeting_id": uuid.uuid4(), "organisation_id": OWN, "held_on": dt.date(2022, 10, 3)}
    said |= {"people": "Ann and Bob", "notes": "Late visits", "agreed": "", "is_shared": False}
    return do(meetings_steps.keep_meeting, who, now=at("2022-10-04"), **said | facts)


def meetings(do: Do, who: Caller, organisation_id: uuid.UUID | None = OWN, **days: Any) -> list[str]:
    asked = {"organisation_id": organisation_id, "first": None, "last": None} | days
    return [one["meeting_id"] for one in do(meetings_views.list_meetings, who, **asked)]


def test_a_provider_sees_the_meetings_that_are_shared_with_it(do: Do) -> None:
    kept, shared = a_meeting(do), a_meeting(do, is_shared=True, held_on=dt.date(2022, 9, 30))
    assert (kept["shared_at"], shared["shared_by"]) == (None, OFFICER["who"])
    assert meetings(do, OFFICER) == [kept["meeting_id"], shared["meeting_id"]]
    assert meetings(do, OFFICER, **QUARTER) == [kept["meeting_id"]]
    assert meetings(do, MANAGER, None) == [shared["meeting_id"]]
    assert meetings(do, STRANGER, None) == []
    again = do(
        meetings_steps.share_meeting, OFFICER, meeting_id=uuid.UUID(kept["meeting_id"]), now=at("2022-10-05")
    )
    assert again["shared_at"] is not None
    later = do(
        meetings_steps.share_meeting,
        OFFICER | {"who": "another"},
        meeting_id=uuid.UUID(kept["meeting_id"]),
        now=at("2022-10-06"),
    )
    assert later == again
    assert meetings(do, MANAGER) == [kept["meeting_id"], shared["meeting_id"]]


def test_notes_sent_twice_are_kept_once_and_never_changed(do: Do) -> None:
    first = a_meeting(do, meeting_id=OWN)
    assert a_meeting(do, meeting_id=OWN, notes="Others") == first
    assert meetings(do, OFFICER) == [str(OWN)]


def test_the_council_alone_keeps_notes_and_of_days_that_were(do: Do) -> None:
    with pytest.raises(Refused, match="not_allowed"):
        a_meeting(do, MANAGER)
    with pytest.raises(Refused, match="not_allowed"):
        do(meetings_steps.share_meeting, MANAGER, meeting_id=OWN, now=at("2022-10-05"))
    with pytest.raises(Refused, match="not_found"):
        do(meetings_steps.share_meeting, OFFICER, meeting_id=OWN, now=at("2022-10-05"))
    with pytest.raises(Refused, match="not_yet"):
        a_meeting(do, held_on=dt.date(2022, 10, 5))
    a_meeting(do, held_on=dt.date(2022, 10, 4))
    assert len(meetings(do, OFFICER)) == 1
