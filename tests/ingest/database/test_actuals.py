"""Weeks of actuals in ingest: generated, saved, deleted, refused; files of them (RULES 13)."""

from __future__ import annotations

import datetime as dt
import json
import random
import uuid
from typing import Any

import pytest
from sqlalchemy import text

from libs.common.care.actuals import ActualLine
from libs.common.errors import Refused
from libs.common.rpc import Caller
from services.ingest.actuals import calendar, extra_rules_steps, file_steps, file_views, steps, views
from services.ingest.actuals.packages import keep_packages
from tests.support.builders.actual_files import an_actual_row, an_actuals_file
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.council.council import Council
from tests.support.council.delivery import Delivery

DIAMOND, PEARL = "Diamond Home Care Ltd", "Pearl Care Ltd"
OFFICER: Caller = {"who": "an officer", "role": "council", "organisation": None}
MONDAY = dt.date(2022, 10, 3)
TUESDAY, SUNDAY = MONDAY + dt.timedelta(days=1), MONDAY + dt.timedelta(days=6)
NOW = dt.datetime(2022, 10, 9, 12, tzinfo=dt.UTC)
HOUR = 3600
DAILY = "; ".join(f"{day} 09:00-10:00" for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))


def by_actuals(cpli_id: int = 1, **cells: str) -> dict[str, str]:
    return a_care_row(
        cpli_id, **({"UnitCost": "23.226", "PaymentMethod": "Actuals", "Timetable": DAILY} | cells)
    )


def cared(council: Council, *rows: dict[str, str]) -> Council:
    """The council when this care has arrived everywhere."""
    delivery = Delivery(council, random.Random(0))
    delivery.import_care(a_care_file(*rows))
    delivery.deliver_all()
    return council


def save(
    council: Council, lines: list[ActualLine], *, cpli_id: int = 1, version: int = 0, now: dt.datetime = NOW
) -> Any:
    with council.sessions["ingest"].begin() as session:
        facts = {"cpli_id": cpli_id, "monday": MONDAY, "lines": lines, "version": version}
        return steps.save_week(session, OFFICER, now, **facts)


def refusal(council: Council, lines: list[ActualLine], **facts: Any) -> str:
    with pytest.raises(Refused) as refused:
        save(council, lines, **facts)
    return refused.value.code


def generate(council: Council, monday: dt.date = MONDAY) -> Any:
    with council.sessions["ingest"].begin() as session:
        return steps.generate_week(session, OFFICER, monday=monday, organisation=DIAMOND)


def said(council: Council) -> list[Any]:
    """The weeks of ``actuals_changed`` that wait in the outbox."""
    with council.sessions["ingest"].begin() as session:
        bodies = session.scalars(text("DELETE FROM outbox WHERE event = 'actuals_changed' RETURNING body"))
        return [week for body in bodies for week in json.loads(body)["weeks"]]


def an_hour(day: dt.date, delivered: int = HOUR, frustrated: int = 0, **facts: Any) -> ActualLine:
    return ActualLine(day, day, delivered, frustrated, **facts)


def test_generating_makes_what_is_planned_and_keeps_what_is_there(idle_council: Council) -> None:
    council = cared(idle_council, by_actuals(), by_actuals(2, SSRef="A200"), a_care_row(3, SSRef="A300"))
    found = generate(council)
    assert (found["generated"], found["kept"], found["total_cost"]) == (2, 0, "325.16")
    assert [(one["cpli_id"], one["state"], one["cost"]) for one in found["actuals"]] == [
        (1, "generated", "162.58"),
        (2, "generated", "162.58"),
    ]
    assert found["actuals"][0]["planned_seconds"] == found["actuals"][0]["delivered_seconds"] == 7 * HOUR
    again = generate(council)
    assert (again["generated"], again["kept"]) == (0, 2)
    assert said(council) == []


def test_part_by_part_a_week_is_the_same_as_at_once(idle_council: Council) -> None:
    """Also what is saved of care that is paid otherwise now, and nothing of care that never ran in the week."""
    later = by_actuals(3, SSRef="A300", StartDate="10/10/2022")
    council = cared(idle_council, by_actuals(2, SSRef="A200"), by_actuals(), later)
    save(council, [an_hour(MONDAY)])
    cared(council, by_actuals(PaymentMethod="Invoice"))
    with council.sessions["ingest"].begin() as session:
        whole = views.find_week(session, OFFICER, monday=MONDAY, organisation=None)["actuals"]
        cpli_ids = views.list_cplis(session, OFFICER, monday=MONDAY, organisation=None)
        parts = [views.find_actuals(session, monday=MONDAY, cpli_ids=[one]) for one in cpli_ids]
        another: Caller = {**OFFICER, "organisation": str(uuid.uuid4())}
        assert views.list_cplis(session, another, monday=MONDAY, organisation=None) == []
    assert [one["cpli_id"] for one in whole] == [2, 1]
    assert [one for part in parts for one in part] == whole


def test_nothing_runs_in_a_week_before_the_care(idle_council: Council) -> None:
    council = cared(idle_council, by_actuals(StartDate="10/10/2022"))
    assert generate(council)["actuals"] == []
    assert refusal(council, [an_hour(MONDAY)]) == "no_hours"


def test_a_suspended_client_is_named_with_the_days(idle_council: Council) -> None:
    council = cared(idle_council, by_actuals(Suspensions="03/10/2022-03/10/2022 hospital"))
    found = generate(council)
    assert found["actuals"][0]["planned_seconds"] == 6 * HOUR
    assert found["suspended"][0]["days"] == [("2022-10-03", "2022-10-03")]
    whole = cared(idle_council, by_actuals(Suspensions="01/10/2022-31/10/2022 hospital"))
    assert refusal(whole, [an_hour(TUESDAY)], version=found["actuals"][0]["version"]) == "no_hours"


def test_saving_submits_and_every_save_is_a_version(idle_council: Council) -> None:
    council = cared(idle_council, by_actuals())
    first = save(council, [an_hour(MONDAY, 0, HOUR, comment=" Not at home ")])
    assert (first["state"], first["cost"], first["changed_by"]) == ("submitted", "162.59", "an officer")
    assert first["lines"][0]["comment"] == "Not at home"
    assert [[*week[:2], week[3][0]] for week in said(council)] == [
        [1, "2022-10-03", ["2022-10-03", "2022-10-03", 0, HOUR, None]]
    ]
    second = save(council, [an_hour(MONDAY, 0)], version=first["version"])
    assert (second["cost"], second["delivered_seconds"]) == ("139.36", 6 * HOUR)
    assert [version["version"] for version in second["versions"]] == [first["version"]]
    assert second["versions"][0]["frustrated_seconds"] == HOUR


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([an_hour(MONDAY, 2 * HOUR)], "rejected"),
        ([an_hour(MONDAY, 25 * HOUR)], "rejected"),
        ([an_hour(SUNDAY + dt.timedelta(days=1))], "rejected"),
        ([an_hour(MONDAY), an_hour(MONDAY)], "rejected"),
    ],
)
def test_what_cannot_be_saved(idle_council: Council, lines: list[ActualLine], code: str) -> None:
    assert refusal(cared(idle_council, by_actuals()), lines) == code


def test_a_week_is_saved_from_its_last_planned_day_in_london(idle_council: Council) -> None:
    council = cared(idle_council, by_actuals())
    saturday_night = dt.datetime(2022, 10, 8, 22, 59, tzinfo=dt.UTC)  # a minute to midnight in London
    assert refusal(council, [an_hour(MONDAY)], now=saturday_night) == "too_early"
    assert save(council, [], now=saturday_night + dt.timedelta(minutes=1))["state"] == "submitted"


def test_a_save_on_an_older_version_is_refused(idle_council: Council) -> None:
    council = cared(idle_council, by_actuals())
    generated = generate(council)["actuals"][0]["version"]
    assert refusal(council, [an_hour(MONDAY)], version=0) == "version_differs"
    save(council, [an_hour(MONDAY)], version=generated)
    assert refusal(council, [an_hour(MONDAY)], version=generated) == "version_differs"


def test_care_that_is_paid_otherwise_takes_no_actuals(idle_council: Council) -> None:
    council = cared(idle_council, by_actuals(), a_care_row(2))
    assert refusal(council, [an_hour(MONDAY)], cpli_id=2) == "not_found"
    cared(council, by_actuals(PaymentMethod="Visits"))
    assert refusal(council, [an_hour(MONDAY)]) == "not_by_actuals"
    cared(council, by_actuals(Authorised="N"))
    assert refusal(council, [an_hour(MONDAY)]) == "no_hours"


def test_deleting_removing_and_frustrating_are_a_press_each(idle_council: Council) -> None:
    council = cared(idle_council, by_actuals())
    week: dict[str, Any] = {"cpli_id": 1, "monday": MONDAY}
    with council.sessions["ingest"].begin() as session:
        found = steps.mark_frustrated(
            session, OFFICER, NOW, **week, version=0, first_on=MONDAY, comment="Nobody at home"
        )
    assert (found["delivered_seconds"], found["frustrated_seconds"]) == (6 * HOUR, HOUR)
    assert found["lines"][0]["comment"] == "Nobody at home"
    with council.sessions["ingest"].begin() as session:
        found = steps.remove_hours(
            session, OFFICER, NOW, **week, version=found["version"], first_on=TUESDAY, comment=None
        )
    assert (found["delivered_seconds"], found["frustrated_seconds"]) == (5 * HOUR, HOUR)
    with council.sessions["ingest"].begin() as session:
        found = steps.delete_week(
            session, OFFICER, NOW, **week, version=found["version"], reason="Entered twice"
        )
    assert (found["state"], found["cost"], found["reason"]) == ("submitted", "0.00", "Entered twice")
    assert len(found["versions"]) == 2


def test_what_a_contract_asks_holds_from_its_date(idle_council: Council) -> None:
    council = cared(idle_council, by_actuals())
    asked: dict[str, Any] = {
        "contract": "dapl", "unit_minutes": 15, "wants_comment": True, "wants_visits": False,
        "tolerance_percent": 0, "confirm_weekday": 1, "confirm_hour": 12,
    }  # fmt: skip
    with council.sessions["ingest"].begin() as session:
        extra_rules_steps.set_extra_rules(session, OFFICER, effective_from=TUESDAY, **asked)
    assert save(council, [an_hour(MONDAY, 61)])["state"] == "submitted"
    with council.sessions["ingest"].begin() as session:
        extra_rules_steps.set_extra_rules(session, OFFICER, effective_from=MONDAY, **asked)
    with pytest.raises(Refused) as refused:
        save(council, [an_hour(MONDAY, 120)], version=views_version(council))
    assert [one["code"] for one in refused.value.details["errors"]] == ["not_in_units", "comment_missing"]  # type: ignore[index]
    provider: Caller = {"who": "a provider", "role": "provider", "organisation": str(uuid.uuid4())}
    with council.sessions["ingest"].begin() as session, pytest.raises(Refused, match="not_allowed"):
        extra_rules_steps.set_extra_rules(session, provider, effective_from=MONDAY, **asked)


def views_version(council: Council) -> int:
    with council.sessions["ingest"].begin() as session:
        return views.find_actual(session, cpli_id=1, monday=MONDAY)["version"]


def test_weeks_that_a_contract_wants_confirmed_are_listed_until_they_are_saved(idle_council: Council) -> None:
    council = cared(idle_council, by_actuals(StartDate="26/09/2022"))
    asked: dict[str, Any] = {
        "unit_minutes": None, "wants_comment": False, "wants_visits": False, "tolerance_percent": 0,
        "confirm_weekday": 0, "confirm_hour": 9,
    }  # fmt: skip

    def unconfirmed(hours: int) -> list[tuple[str, bool]]:
        with council.sessions["ingest"].begin() as session:
            found = calendar.list_unconfirmed(session, OFFICER, NOW, organisation=None, within_hours=hours)
        return [(one["week"], one["is_overdue"]) for one in found]

    assert unconfirmed(24) == []
    with council.sessions["ingest"].begin() as session:
        extra_rules_steps.set_extra_rules(session, OFFICER, contract="DAPL", effective_from=MONDAY, **asked)
    assert (unconfirmed(0), unconfirmed(24)) == ([], [("2022-10-03", False)])
    save(council, [])
    assert unconfirmed(24) == []


def test_the_calendar_says_what_is_generated_and_submitted(idle_council: Council) -> None:
    council = cared(idle_council, by_actuals(), by_actuals(2, SSRef="A200"))
    first = generate(council)["actuals"][0]["version"]
    generate(council, MONDAY + dt.timedelta(days=7))

    def states(*marks: tuple[int, dt.date, str]) -> list[tuple[str, str]]:
        said = [{"cpli_id": cpli_id, "monday": monday, "state": state} for cpli_id, monday, state in marks]
        with council.sessions["ingest"].begin() as session:
            span = {"first": MONDAY, "last": MONDAY + dt.timedelta(days=28)}
            found = calendar.list_calendar(session, OFFICER, organisation=DIAMOND, **span, marks=said)
        return [(one["week"], one["state"]) for one in found]

    save(council, [], version=first)
    assert states() == [("2022-10-03", "generated"), ("2022-10-10", "generated")]
    with council.sessions["ingest"].begin() as session:
        version = views.find_actual(session, cpli_id=2, monday=MONDAY)["version"]
    save(council, [], cpli_id=2, version=version)
    assert states() == [("2022-10-03", "submitted"), ("2022-10-10", "generated")]
    later = MONDAY + dt.timedelta(days=14)
    assert states((1, MONDAY, "disputed"), (1, MONDAY, "invoiced"), (1, later, "invoiced")) == [
        ("2022-10-03", "disputed"),
        ("2022-10-10", "generated"),
        ("2022-10-17", "invoiced"),
    ]
    of_other_care = (99, MONDAY, "disputed")
    assert states(of_other_care) == states()


def test_a_cpli_that_moves_takes_its_actuals_along(idle_council: Council) -> None:
    council = cared(idle_council, by_actuals())
    save(council, [])
    cared(council, by_actuals(OrganisationName=PEARL, ServiceName="Pearl Care - DAPL Vale"))
    with council.sessions["ingest"].begin() as session:
        find = views.find_week
        ours, theirs = (
            find(session, OFFICER, monday=MONDAY, organisation=name)["actuals"] for name in (DIAMOND, PEARL)
        )
    assert (ours, [one["state"] for one in theirs]) == ([], ["submitted"])


def test_an_older_state_of_care_changes_nothing(idle_council: Council) -> None:
    council = cared(idle_council, by_actuals())
    with council.sessions["ingest"].begin() as session:
        said = dict(session.execute(text("SELECT * FROM actual_packages")).mappings().one())
        older = said | {"version": said["version"] - 1, "authorised": False, "end_on": None}
        keep_packages(session, [{**older, "start_on": "2022-08-01"}])  # type: ignore[typeddict-item]
    assert generate(council)["generated"] == 1


# Files


def check(council: Council, content: str, organisation: str = DIAMOND) -> Any:
    """Send a file and have it checked; its document."""
    file_id, key = council.upload("actuals-files", content)
    with council.sessions["ingest"].begin() as session:
        facts = {"file_id": file_id, "organisation": organisation, "file_name": "a.csv", "object_key": key}
        file_steps.send_file(session, OFFICER, **facts, confirms_itself=False)
    Delivery(council, random.Random(0)).deliver_all()
    return document(council, str(file_id))


def confirm(council: Council, file_id: str, **facts: Any) -> Any:
    with council.sessions["ingest"].begin() as session:
        wanted = {"check_version": None, "accepts_changes": False} | facts
        file_steps.confirm_file(session, OFFICER, file_id=uuid.UUID(file_id), **wanted)
    Delivery(council, random.Random(0)).deliver_all()
    return document(council, file_id)


def document(council: Council, file_id: str) -> Any:
    with council.sessions["ingest"].begin() as session:
        return file_views.show_file(session, file_id=uuid.UUID(file_id))


def errors(council: Council, file_id: str) -> list[tuple[int, str, str, str]]:
    with council.sessions["ingest"].begin() as session:
        found = file_views.list_errors(session, file_id=uuid.UUID(file_id), after=-1, limit=5000)
    return [(one["row"], one["ref"], one["column"], one["code"]) for one in found]


def test_a_file_is_checked_then_saved_all_at_once(idle_council: Council) -> None:
    council = cared(idle_council, by_actuals(), by_actuals(2, SSRef="A200"))
    save(council, [], cpli_id=2)
    file = check(
        council,
        an_actuals_file(
            an_actual_row(1, Delivered="0:15", Frustrated="0:45"),
            an_actual_row(1, Day="Tue", Delivered="0:00"),
            an_actual_row(2),
            an_actual_row(1, Week="2022-10-10", Delivered="9:00"),
            an_actual_row(7),
        ),
    )
    assert file["state"] == "checked"
    assert list(file["counts"].values()) == [4, 1, 0, 1, 0, 2, 0]
    assert file["forecast"] == {"payable": "139.36", "matched": 2, "unmatched": {}}
    assert errors(council, file["id"]) == [
        (5, "1/2022-10-10", "Delivered", "more_than_planned"),
        (6, "7/2022-10-03", "CpliId", "not_yours"),
    ]
    assert confirm(council, file["id"])["state"] == "applied"
    with council.sessions["ingest"].begin() as session:
        found = views.find_actual(session, cpli_id=1, monday=MONDAY)
    assert (found["state"], found["cost"]) == ("submitted", "139.36")
    assert council.books()["total_payable"] == "301.94"
    assert council.differences() == []
    again = check(council, an_actuals_file(an_actual_row(1, Delivered="0:15", Frustrated="0:45")))
    assert list(again["counts"].values()) == [1, 0, 0, 1, 0, 0, 0]


def test_another_provider_s_care_is_not_yours(idle_council: Council) -> None:
    pearl = by_actuals(2, OrganisationName=PEARL, ServiceName="Pearl Care - DAPL Vale")
    council = cared(idle_council, by_actuals(), pearl)
    file = check(council, an_actuals_file(an_actual_row(1)), PEARL)
    assert errors(council, file["id"]) == [(2, "1/2022-10-03", "CpliId", "not_yours")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "empty_file"),
        ("CpliId,Week\n1,2022-10-03\n", "missing_heading"),
        (an_actuals_file(), "no_rows"),
        ("%PDF-1.4 something", "not_csv"),
    ],
)
def test_a_whole_file_is_refused(idle_council: Council, content: str, code: str) -> None:
    file = check(cared(idle_council, by_actuals()), content)
    assert file["state"] == "refused"
    assert file["refusal"]["code"] == code or code == "not_csv"


def test_a_file_that_would_do_something_else_now_is_looked_at_again(idle_council: Council) -> None:
    council = cared(idle_council, by_actuals())
    file = check(council, an_actuals_file(an_actual_row(1, Delivered="0:30")))
    save(council, [an_hour(MONDAY, 1800)])
    again = confirm(council, file["id"])
    assert (again["state"], list(again["counts"].values())) == ("checked", [1, 0, 0, 1, 0, 0, 0])
    assert confirm(council, file["id"], accepts_changes=True)["state"] == "applied"


def test_a_file_of_ten_thousand_lines_is_checked(idle_council: Council) -> None:
    count = 1430
    council = cared(idle_council, *(by_actuals(i, SSRef=f"A{i}") for i in range(1, count + 1)))
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    rows = [an_actual_row(i, Day=day) for i in range(1, count + 1) for day in days]
    file_id, key = council.upload("actuals-files", an_actuals_file(*rows))
    with council.sessions["ingest"].begin() as session:
        facts = {"file_id": file_id, "organisation": DIAMOND, "file_name": "a.csv", "object_key": key}
        file_steps.send_file(session, OFFICER, **facts, confirms_itself=False)
    delivery = Delivery(council, random.Random(0))
    delivery.deliver_all()
    assert document(council, str(file_id))["counts"]["new"] == count
