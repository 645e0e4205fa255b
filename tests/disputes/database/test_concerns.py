"""Concerns and breach notices on a real PostgreSQL: moves, races, who sees what, figures (RULES 16)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy.exc
from marshmallow import ValidationError
from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.care.clock import london_day
from libs.common.errors import Refused
from libs.common.process import database
from libs.common.rpc import SYSTEM, Caller
from services.disputes.concerns import figures, lists, notices, steps, views
from services.disputes.concerns.schemas import MoveConcern
from tests.support.builders.messages import DIAMOND, PEARL
from tests.support.council.council import Council

NOW = dt.datetime(2022, 10, 3, 9, tzinfo=dt.UTC)
DUE = dt.date(2022, 10, 10)
LATER = dt.datetime(2022, 10, 11, 9, tzinfo=dt.UTC)


def of_council(role: str) -> Caller:
    return {"who": role, "role": "council", "organisation": None, "staff": role}


OFFICER, FINANCE, HELPDESK, APPROVER = map(of_council, ("commissioning", "finance", "helpdesk", "approver"))
TOKEN: Caller = {"who": "token 1", "role": "council", "organisation": None}
MANAGER: Caller = {"who": "manager", "role": "provider", "organisation": DIAMOND}
STRANGER: Caller = {"who": "stranger", "role": "provider", "organisation": PEARL}
A_FILE = {
    "name": "log.pdf",
    "content_type": "application/pdf",
    "size_bytes": 10,
    "sha256": "0" * 64,
    "object_key": "attachments/1",
}
A_VISIT = {
    "visit_ref": "V1",
    "planned_on": "2022-10-01",
    "planned_entry": "09:00",
    "planned_exit": "09:30",
    "delivered_on": "",
    "delivered_entry": "",
    "delivered_exit": "",
}
DAY = dt.timedelta(days=1)
EVERYTHING = {"kind": None, "organisation_id": None, "group_id": None}

Do = Callable[..., Any]


@pytest.fixture
def do(idle_council: Council) -> Iterator[Do]:
    """Call it with a function, who asks, and what is asked: as the RPC process would, under its policies."""
    engine = database.engine(idle_council.schemas.url_of("disputes_rpc"), "disputes")
    sessions = database.sessions(engine)

    def run_step(step: Callable[..., Any], caller: Caller, **asked: Any) -> Any:
        with database.transaction(sessions, caller) as session:
            return step(session, caller, **asked)

    yield run_step
    engine.dispose()


def raised(do: Do, caller: Caller = OFFICER, **facts: Any) -> uuid.UUID:
    """A concern about Diamond; its id."""
    concern_id = facts.pop("concern_id", None) or uuid.uuid4()
    asked: dict[str, Any] = {"kind": "Late", "source": "family", "words": "An hour late again.", "now": NOW}
    asked |= {"organisation_id": uuid.UUID(DIAMOND), "client_reference": "A123456", "cpli_id": 1}
    asked |= {"visits": ["V1"], "about_kind": "", "about_id": "", "happened_on": None, "attachments": []}
    do(steps.raise_concern, caller, concern_id=concern_id, **asked | facts)
    return concern_id


def move(do: Do, concern_id: uuid.UUID, name: str, words: str = "So it is.", **facts: Any) -> Any:
    """Make a move from the version of now, unless another is named."""
    asked: dict[str, Any] = {"step_id": uuid.uuid4(), "referred_to": "", "ended_in": "", "to_provider": ""}
    asked |= {"attachments": [], "now": NOW, "version": look_at(do, concern_id)["version"]} | facts
    return do(steps.move_concern, OFFICER, concern_id=concern_id, move=name, words=words, **asked)


def send(do: Do, concern_id: uuid.UUID, **facts: Any) -> uuid.UUID:
    """Send a breach notice; its id."""
    notice_id = uuid.uuid4()
    asked = {"version": look_at(do, concern_id)["version"], "words": "Put it right.", "due_on": DUE} | facts
    do(
        notices.send_notice,
        OFFICER,
        concern_id=concern_id,
        notice_id=notice_id,
        visits=[A_VISIT],
        now=NOW,
        **asked,
    )
    return notice_id


def answer(do: Do, notice_id: uuid.UUID, caller: Caller = MANAGER, **facts: Any) -> Any:
    asked: dict[str, Any] = {"answer_id": uuid.uuid4(), "words": "We have.", "attachments": [], "now": NOW}
    return do(notices.answer_notice, caller, notice_id=notice_id, **asked | facts)


def look_at(do: Do, concern_id: uuid.UUID, caller: Caller = OFFICER, now: dt.datetime = NOW) -> Any:
    return do(views.find_concern, caller, concern_id=concern_id, now=now)


def listed(do: Do, caller: Caller = OFFICER, **facts: Any) -> list[Any]:
    asked = EVERYTHING | {
        "states": [],
        "first": None,
        "last": None,
        "clients": None,
        "after": None,
        "limit": 10,
    }
    return list(do(views.list_concerns, caller, **asked | facts))


def notified(do: Do, concern_id: uuid.UUID | None = None) -> tuple[uuid.UUID, uuid.UUID]:
    """A concern with a breach notice that waits."""
    found = concern_id or raised(do)
    move(do, found, "investigate", "")
    return found, send(do, found)


def test_a_concern_goes_from_received_to_closed_with_all_that_was_done(do: Do) -> None:
    concern_id = raised(do, attachments=[A_FILE | {"attachment_id": uuid.uuid4()}])
    move(do, concern_id, "investigate", "")
    move(do, concern_id, "", "Rang the family.", version=None)
    move(do, concern_id, "refer", "At risk.", referred_to="safeguarding")
    assert move(do, concern_id, "close", "", ended_in="personal_budget")["state"] == "Closed"
    found = look_at(do, concern_id)
    assert [(one["move"], one["state"], one["done_by"]) for one in found["steps"]] == [
        ("", "Received", "commissioning"),
        ("investigate", "Investigating", "commissioning"),
        ("", "Investigating", "commissioning"),
        ("refer", "Referred", "commissioning"),
        ("close", "Closed", "commissioning"),
    ]
    assert (found["referred_to"], found["ended_in"]) == ("safeguarding", "personal_budget")
    assert (found["version"], found["allowed"], found["is_open"]) == (5, [], False)
    assert [one["name"] for one in found["files"]] == ["log.pdf"]
    with pytest.raises(Refused, match="wrong_state"):
        move(do, concern_id, "", "One word more.")


def test_what_is_sent_twice_is_done_once(do: Do) -> None:
    concern_id, step_id = raised(do), uuid.uuid4()
    assert raised(do, concern_id=concern_id, words="Again") == concern_id
    first = move(do, concern_id, "investigate", "", step_id=step_id, version=1)
    assert move(do, concern_id, "investigate", "", step_id=step_id, version=1) == first
    assert [one["words"] for one in look_at(do, concern_id)["steps"]] == ["An hour late again.", ""]


def test_of_two_people_who_move_one_concern_at_once_one_is_refused(do: Do) -> None:
    concern_id = raised(do)
    move(do, concern_id, "investigate", "")

    def decide(name: str) -> str:
        try:
            return str(move(do, concern_id, name, version=2)["state"])
        except Refused as refused:
            return refused.code

    with ThreadPoolExecutor(4) as people:
        ends = list(people.map(decide, ("remedy", "find_unfounded", "remedy", "find_unfounded")))
    assert sorted(ends)[1:] == ["changed_since"] * 3
    assert ends.count("changed_since") == 3
    assert len(look_at(do, concern_id)["steps"]) == 3


def test_a_move_from_a_state_of_the_past_is_refused(do: Do) -> None:
    concern_id = raised(do)
    move(do, concern_id, "investigate", "")
    move(do, concern_id, "", "A colleague wrote.")
    for version in (1, 2, None):
        with pytest.raises(Refused, match="changed_since"):
            move(do, concern_id, "remedy", version=version)
    with pytest.raises(Refused, match="wrong_state"):
        move(do, concern_id, "close")
    with pytest.raises(ValidationError):
        MoveConcern().load({"concern_id": str(concern_id), "step_id": str(concern_id), "move": "send_notice"})


def test_a_breach_notice_is_answered_late_and_accepted(do: Do) -> None:
    concern_id, notice_id = notified(do)
    found = do(views.find_notice, MANAGER, notice_id=notice_id, now=NOW)
    assert (found["state"], found["due_on"], found["may_answer"]) == ("Sent", "2022-10-10", True)
    assert (found["concern_id"], found["visits"], found["is_overdue"]) == (None, [A_VISIT], False)
    assert do(views.find_notice, MANAGER, notice_id=notice_id, now=LATER)["is_overdue"]
    with pytest.raises(Refused, match="wrong_state"):
        move(do, concern_id, "accept_answer", "")  # of what?
    stale = look_at(do, concern_id)["version"]
    file = A_FILE | {"attachment_id": uuid.uuid4()}
    assert answer(do, notice_id, now=LATER, attachments=[file])["is_late"] is True
    with pytest.raises(Refused, match="changed_since"):
        move(do, concern_id, "investigate_further", version=stale)  # it was answered meanwhile
    assert move(do, concern_id, "accept_answer", "", to_provider="Thank you.")["state"] == "Remedied"
    found = do(views.find_notice, MANAGER, notice_id=notice_id, now=LATER)
    assert (found["state"], found["council_words"], found["may_answer"]) == (
        "Accepted",
        "Thank you.",
        False,
    )
    assert [(one["words"], one["is_late"]) for one in found["answers"]] == [("We have.", True)]
    assert [one["of_id"] for one in found["files"]] == [found["answers"][0]["answer_id"]]
    assert [one["move"] for one in look_at(do, concern_id)["steps"]][-2:] == [
        "provider_answered",
        "accept_answer",
    ]
    with pytest.raises(Refused, match="wrong_state"):
        answer(do, notice_id)


def test_the_council_goes_on_and_sends_another_notice(do: Do) -> None:
    concern_id, first = notified(do)
    answer_id = uuid.uuid4()
    for _ in range(2):
        assert answer(do, first, answer_id=answer_id)["is_late"] is False
    answer(do, first, words="And this.")
    move(do, concern_id, "investigate_further", "Not enough.")
    assert do(views.find_notice, MANAGER, notice_id=first, now=NOW)["state"] == "Over"
    second = send(do, concern_id)
    move(do, concern_id, "close", "", ended_in="new_provider")
    found = look_at(do, concern_id)
    assert [(one["notice_id"], one["state"]) for one in found["notices"]] == [
        (str(second), "Over"),
        (str(first), "Over"),
    ]
    assert len(found["notices"][1]["answers"]) == 2


@pytest.mark.parametrize("due_on", ["2022-10-03", "2022-10-02", "2024-01-01"])
def test_a_notice_with_a_deadline_that_is_none_is_not_sent(do: Do, due_on: str) -> None:
    concern_id = raised(do)
    move(do, concern_id, "investigate", "")
    with pytest.raises(Refused, match="invalid"):
        send(do, concern_id, due_on=dt.date.fromisoformat(due_on))
    assert look_at(do, concern_id)["notices"] == []


@pytest.mark.parametrize("caller", [FINANCE, APPROVER, HELPDESK, TOKEN], ids=lambda one: str(one["who"]))
def test_colleagues_raise_a_concern_and_get_its_number_alone(do: Do, caller: Caller) -> None:
    concern_id = raised(do, caller)
    number = look_at(do, concern_id)["number"]
    asked: dict[str, Any] = {"kind": "Late", "source": "finance", "words": "Twice", "now": NOW}
    asked |= {"organisation_id": uuid.UUID(DIAMOND), "client_reference": "", "cpli_id": None}
    asked |= {"visits": [], "about_kind": "", "about_id": "", "happened_on": None, "attachments": []}
    answered = do(steps.raise_concern, caller, concern_id=concern_id, **asked)
    assert answered == {"concern_id": str(concern_id), "number": number}
    _, notice_id = notified(do, concern_id)
    span = {"first": dt.date(2022, 10, 1), "last": dt.date(2022, 10, 31)}
    for look in (
        lambda: look_at(do, concern_id, caller),
        lambda: listed(do, caller),
        lambda: do(figures.count_concerns, caller, **EVERYTHING, first=None, last=None),
        lambda: do(figures.list_trends, caller, **EVERYTHING, **span),
        lambda: do(lists.list_groups, caller),
        lambda: do(lists.add_kind, caller, name="Mine", now=NOW),
        lambda: do(
            views.list_notices,
            caller,
            organisation_id=None,
            state=None,
            first=None,
            last=None,
            after=None,
            limit=9,
            now=NOW,
        ),
    ):
        with pytest.raises(Refused, match="not_allowed"):
            look()
    with pytest.raises(Refused, match="not_found"):
        do(views.find_notice, caller, notice_id=notice_id, now=NOW)
    assert do(figures.concern_figures, caller, organisation=None, **span) == {
        "concerns": None,
        "breach_notices": None,
    }
    assert rows_seen(do, caller) == {}


def rows_seen(do: Do, caller: Caller) -> dict[str, int]:
    """How many rows of each table the database itself shows; without those that show none."""

    def count(session: Session, _: Caller) -> dict[str, int]:
        tables = ("concerns", "concern_steps", "concern_files", "concern_groups")
        tables += ("breach_notices", "breach_answers", "breach_files")
        found = {
            table: session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() for table in tables
        }
        return {table: number for table, number in found.items() if number}

    return dict(do(count, caller))


def test_a_provider_sees_what_was_sent_to_it_and_nothing_else(do: Do) -> None:
    evidence, sent = uuid.uuid4(), uuid.uuid4()
    concern_id = raised(do, attachments=[A_FILE | {"attachment_id": evidence}])
    _, notice_id = notified(do, concern_id)
    answer(do, notice_id, attachments=[A_FILE | {"attachment_id": sent}])
    do(
        lists.save_group,
        OFFICER,
        group_id=uuid.uuid4(),
        name="All",
        organisation_ids=[uuid.UUID(DIAMOND)],
        now=NOW,
    )
    assert rows_seen(do, MANAGER) == {"breach_notices": 1, "breach_answers": 1, "breach_files": 1}
    assert rows_seen(do, STRANGER) == {}
    assert set(rows_seen(do, OFFICER)) == set(rows_seen(do, SYSTEM)) > set(rows_seen(do, MANAGER))
    assert do(views.find_file, MANAGER, concern_file_id=sent)["name"] == "log.pdf"
    for caller, step, asked in (
        (MANAGER, views.find_file, {"concern_file_id": evidence}),
        (STRANGER, views.find_file, {"concern_file_id": sent}),
        (STRANGER, views.find_notice, {"notice_id": notice_id, "now": NOW}),
        (MANAGER, views.find_concern, {"concern_id": concern_id, "now": NOW}),
        (MANAGER, lists.list_kinds, {}),
    ):
        with pytest.raises(Refused, match="not_found"):
            do(step, caller, **asked)
    with pytest.raises(Refused, match="not_found"):
        answer(do, notice_id, STRANGER)
    with pytest.raises(Refused, match="not_allowed"):
        answer(do, notice_id, OFFICER)
    with pytest.raises(Refused, match="not_allowed"):
        raised(do, MANAGER)
    page = {"organisation_id": None, "state": None, "first": None, "last": None, "after": None}
    page |= {"limit": 9, "now": NOW}
    assert [one["notice_id"] for one in do(views.list_notices, MANAGER, **page)] == [str(notice_id)]
    assert do(views.list_notices, STRANGER, **page) == []
    sent_on = london_day(NOW)
    assert do(views.list_notices, MANAGER, **page | {"first": sent_on, "last": sent_on})
    assert not do(views.list_notices, MANAGER, **page | {"first": sent_on + DAY})
    assert not do(views.list_notices, MANAGER, **page | {"last": sent_on - DAY})


def test_nobody_changes_history(do: Do) -> None:
    concern_id = raised(do)

    def rewrite(session: Session, _: Caller) -> None:
        session.execute(text("UPDATE concern_steps SET words = 'Nothing happened.'"))

    with pytest.raises(sqlalchemy.exc.ProgrammingError, match="permission denied"):
        do(rewrite, OFFICER)
    assert look_at(do, concern_id)["steps"][0]["words"] == "An hour late again."


def test_lists_are_limited_and_go_on(do: Do) -> None:
    first = raised(do)
    second = raised(do, kind="Missed", organisation_id=uuid.UUID(PEARL), now=NOW + dt.timedelta(days=40))
    third = raised(do, client_reference="B1", now=NOW + dt.timedelta(minutes=1))
    group_id = uuid.uuid4()
    do(
        lists.save_group,
        OFFICER,
        group_id=group_id,
        name="North",
        organisation_ids=[uuid.UUID(PEARL)],
        now=NOW,
    )

    def ids(**facts: Any) -> list[str]:
        return [one["concern_id"] for one in listed(do, **facts)]

    assert ids() == [str(second), str(third), str(first)]
    assert ids(kind="Missed") == ids(group_id=group_id) == [str(second)]
    received_on = london_day(NOW)
    assert ids(first=received_on, last=received_on) == [str(third), str(first)]
    assert ids(first=received_on + DAY) == [str(second)]
    assert ids(last=received_on - DAY) == []
    assert ids(clients=["B1", "b"]) == [str(third)]
    assert ids(organisation_id=uuid.UUID(PEARL)) == [str(second)]
    page = listed(do, limit=2)
    after = (dt.datetime.fromisoformat(page[-1]["raised_at"]), uuid.UUID(page[-1]["concern_id"]))
    assert ids(after=after) == [str(first)]
    move(do, first, "investigate", "")
    assert ids(states=["Investigating"]) == [str(first)]
    counts = do(figures.count_concerns, OFFICER, **EVERYTHING | {"kind": "Late"}, first=None, last=None)
    assert {state: number for state, number in counts.items() if number} == {
        "Received": 1,
        "Investigating": 1,
    }
    with pytest.raises(Refused, match="not_found"):
        listed(do, group_id=uuid.uuid4())


def test_figures_and_trends_count_by_the_council_s_days(do: Do) -> None:
    late_at_night = dt.datetime(2022, 9, 30, 23, 30, tzinfo=dt.UTC)  # 1 October in London
    raised(do, now=late_at_night)
    _, notice_id = notified(do)
    raised(do, kind="Missed", organisation_id=uuid.UUID(PEARL), now=NOW + dt.timedelta(days=40))
    october = {"first": dt.date(2022, 10, 1), "last": dt.date(2022, 10, 31)}
    of_diamond = october | {"organisation": uuid.UUID(DIAMOND)}
    assert do(figures.concern_figures, OFFICER, **of_diamond) == {"concerns": 2, "breach_notices": 1}
    assert do(figures.concern_figures, SYSTEM, **october | {"organisation": None})["concerns"] == 2
    assert do(figures.concern_figures, MANAGER, **of_diamond) == {"concerns": None, "breach_notices": 1}
    assert do(figures.concern_figures, STRANGER, **of_diamond) == {"concerns": None, "breach_notices": 0}
    span = {"first": dt.date(2022, 10, 15), "last": dt.date(2022, 11, 2)}
    assert do(figures.list_trends, OFFICER, **EVERYTHING, **span) == [
        {
            "month": "2022-10-01",
            "organisation_id": DIAMOND,
            "kind": "Late",
            "concerns": 2,
            "breach_notices": 1,
        },
        {
            "month": "2022-11-01",
            "organisation_id": PEARL,
            "kind": "Missed",
            "concerns": 1,
            "breach_notices": 0,
        },
    ]
    with pytest.raises(Refused, match="invalid"):
        do(figures.list_trends, OFFICER, **EVERYTHING | span | {"last": dt.date(2027, 1, 1)})
    assert do(figures.count_waiting, MANAGER) == {"breach_notices_to_answer": 1}
    answer(do, notice_id)
    assert do(figures.count_waiting, OFFICER) == {"concerns_received": 2, "breach_notices_answered": 1}
    assert do(figures.count_waiting, FINANCE) == {}


def test_kinds_are_added_retired_and_offered_again(do: Do) -> None:
    names = [one["name"] for one in do(lists.list_kinds, FINANCE)]
    assert names == ["Communication", "Conduct", "Late", "Missed", "Short", "Other"]
    do(lists.add_kind, OFFICER, name="No  gloves", now=NOW)
    do(lists.retire_kind, OFFICER, name="LATE", now=NOW)
    found = {one["name"]: one for one in do(lists.list_kinds, OFFICER)}
    assert (found["No gloves"]["is_retired"], found["Late"]["retired_by"]) == (False, "commissioning")
    for kind in ("Late", "Weather"):
        with pytest.raises(Refused, match="unknown_kind"):
            raised(do, kind=kind)
    do(lists.add_kind, OFFICER, name="late", now=NOW)
    assert listed(do) == []
    raised(do, kind="late")
    assert [one["kind"] for one in listed(do)] == ["Late"]
    with pytest.raises(Refused, match="not_found"):
        do(lists.retire_kind, OFFICER, name="Weather", now=NOW)


def test_groups_are_saved_and_removed(do: Do) -> None:
    group_id = uuid.uuid4()
    asked: dict[str, Any] = {"organisation_ids": [uuid.UUID(PEARL)] * 2, "now": NOW}
    do(lists.save_group, OFFICER, group_id=group_id, name="North", **asked)
    with pytest.raises(Refused, match="name_taken"):
        do(lists.save_group, OFFICER, group_id=uuid.uuid4(), name="north", **asked)
    (found,) = do(lists.save_group, OFFICER, group_id=group_id, name="North side", **asked)
    assert (found["name"], found["organisation_ids"]) == ("North side", [PEARL])
    do(lists.remove_group, OFFICER, group_id=group_id)
    assert do(lists.list_groups, OFFICER) == []
    with pytest.raises(Refused, match="not_found"):
        do(lists.remove_group, OFFICER, group_id=group_id)
