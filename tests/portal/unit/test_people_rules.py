"""The rules of contacts, deadlines and notifications (RULES 12, 14, 15), and what the first page says that waits."""

from __future__ import annotations

import datetime as dt

import pytest

from libs.common.care.weeks import visits_due_on
from services.portal.audit.steps import _things
from services.portal.audit.things import Thing
from services.portal.audit.words import action_in_words, ending_in_words
from services.portal.contacts.rules import account_role, changed, changes, listed_name, may_move, name_of
from services.portal.help.rules import calendar, week_due_after
from services.portal.home.waiting import in_words
from services.portal.letters.rules import is_awake, newly_finalised, reminder_due

MONDAY = dt.date(2022, 10, 3)


def test_what_waits_is_said_in_words_and_nought_is_not() -> None:
    numbers = {"unmatched_visits": 1, "files_to_confirm": 0, "rejected_rows": 1_000}
    names = ("files_to_confirm", "unmatched_visits", "rejected_rows", "payments_to_confirm")
    assert in_words(numbers, names) == ["1 unmatched visit", "1,000 or more rejected rows to correct"]


def test_a_change_request_holds_the_fields_that_differ_and_changes_no_other() -> None:
    known = {"forename": "Jo", "surname": "Hill", "portal_email": "jo@x.example"}
    wanted = changes(known, {**known, "surname": "Hall", "mobile": "07"})
    assert wanted == [("surname", "Hill", "Hall"), ("mobile", "", "07")]
    meanwhile = {**known, "forename": "Joanna"}
    assert changed(meanwhile, wanted) == {**meanwhile, "surname": "Hall", "mobile": "07"}


def test_a_contact_without_a_name_is_known_by_the_portal_e_mail_address() -> None:
    assert name_of({"title": "Ms", "forename": "Tahmina", "surname": "Miah"}) == "Ms Tahmina Miah"
    assert listed_name({"title": "Ms", "forename": "Tahmina", "surname": "Miah"}) == "Miah, Tahmina"
    assert name_of({"portal_email": "jo@x.example"}) == listed_name({"portal_email": "jo@x.example"})


@pytest.mark.parametrize(
    ("roles", "role"),
    [
        ([], None),
        (["accounts_payable"], "accounts_payable"),
        (["accounts_payable", "home_manager"], "home_manager"),
    ],
)
def test_an_account_acts_in_the_first_role_of_its_contact(roles: list[str], role: str | None) -> None:
    assert account_role(roles) == role


def test_an_answered_change_request_stays_answered() -> None:
    assert may_move("pending", "accepted")
    assert may_move("pending", "rejected")
    assert not may_move("accepted", "rejected")
    assert not may_move("rejected", "accepted")


def test_visits_are_due_some_days_after_their_week_ends() -> None:
    assert visits_due_on(MONDAY, 3) == dt.date(2022, 10, 12)
    assert visits_due_on(MONDAY, 0) == dt.date(2022, 10, 9)


@pytest.mark.parametrize("days", [0, 3, 7, 28])
def test_the_week_due_next_is_the_first_that_is_not_over(days: int) -> None:
    for offset in range(40):
        today = MONDAY + dt.timedelta(days=offset)
        monday = week_due_after(today, days)
        assert visits_due_on(monday, days) >= today > visits_due_on(monday - dt.timedelta(days=7), days)


def test_a_financial_year_s_calendar_has_the_periods_that_start_in_it() -> None:
    periods = calendar("2022/23", 3)
    assert [len(period.weeks) for period in periods] == [4] * 13
    assert (periods[0].start, periods[-1].start) == (dt.date(2022, 4, 18), dt.date(2023, 3, 20))
    assert dt.date(2022, 10, 3) in [period.start for period in periods]
    assert periods[0].due_on == periods[0].end + dt.timedelta(days=3)
    for year in ("2022", "2022/24", "22/23", "0000/01", "²022/23"):
        with pytest.raises(ValueError, match="financial year"):
            calendar(year, 3)


def test_one_reminder_comes_the_day_before_the_deadline() -> None:
    days = [dt.date(2022, 10, 10) + dt.timedelta(days=offset) for offset in range(7)]
    assert [reminder_due(day, 3) for day in days] == [None, MONDAY, None, None, None, None, None]


def test_nobody_is_written_to_before_eight_in_london() -> None:
    assert not is_awake(dt.datetime(2022, 7, 1, 6, 59, tzinfo=dt.UTC))
    assert is_awake(dt.datetime(2022, 7, 1, 7, 0, tzinfo=dt.UTC))  # summer time


def test_a_period_is_news_when_it_is_finalised_and_was_not_told() -> None:
    states = {"2022-10-31": "current", "2022-10-03": "finalised", "2022-09-05": "finalised"}
    assert newly_finalised(states, {"2022-09-05"}) == ["2022-10-03"]


def test_the_audit_trail_says_what_an_endpoint_does_even_one_it_has_no_words_for() -> None:
    assert action_in_words("visits_files.send") == "Sent a visits file"
    assert action_in_words("lists.set_pay_rule") == "Lists: set pay rule"
    assert [ending_in_words(status) for status in (200, 303, 409, 503, None)] == [
        "Done",
        "Done",
        "Refused",
        "Failed",
        "Not known",
    ]


def test_the_audit_trail_keeps_no_secret_of_an_address() -> None:
    named = {"secret": "s3cret", "carers_file": "signed", "visit_ref": "V\0" + "1" * 300}
    assert _things(named) == [Thing("visit_ref", "V" + "1" * 199)]
