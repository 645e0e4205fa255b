"""Cases of the council and a provider, on a real PostgreSQL: nothing said is lost, and nobody else sees it."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from libs.common.errors import Refused
from libs.common.process import database
from libs.common.rpc import Caller
from services.disputes.cases import steps as cases_steps
from services.disputes.cases import views as cases_views
from tests.support.builders.messages import DIAMOND, PEARL
from tests.support.council.council import Council

NOW = dt.datetime(2022, 10, 12, 9, tzinfo=dt.UTC)
OFFICER: Caller = {"who": "officer", "role": "council", "organisation": None}
MANAGER: Caller = {"who": "manager", "role": "provider", "organisation": DIAMOND}
STRANGER: Caller = {"who": "stranger", "role": "provider", "organisation": PEARL}
AN_ATTACHMENT = {
    "name": "letter.pdf",
    "content_type": "application/pdf",
    "size_bytes": 10,
    "sha256": "0" * 64,
    "object_key": "attachments/1",
}

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


def a_case(do: Do, caller: Caller = OFFICER, kind: str = "dispute", **facts: Any) -> uuid.UUID:
    case_id = uuid.uuid4()
    asked = {"organisation_id": uuid.UUID(DIAMOND), "subject": "Missing Comment", "words": "Why?", "now": NOW}
    assert do(cases_steps.open_case, caller, kind=kind, case_id=case_id, **asked | facts)
    return case_id


def say(do: Do, caller: Caller, case_id: uuid.UUID, words: str, move: str = "", **facts: Any) -> Any:
    asked = {"kind": "dispute", "message_id": uuid.uuid4(), "now": NOW} | facts
    return do(cases_steps.say, caller, case_id=case_id, words=words, move=move, **asked)


def look_at(do: Do, caller: Caller, case_id: uuid.UUID, kind: str = "dispute") -> Any:
    return do(cases_views.find_case, caller, kind=kind, case_id=case_id, now=NOW)


def test_a_case_goes_to_and_fro_until_it_is_over(do: Do) -> None:
    case_id = a_case(do)
    found = look_at(do, MANAGER, case_id)
    assert (found["state"], found["turn"]) == ("In Dispute", "provider")
    assert dt.datetime.fromisoformat(found["due_at"]) == dt.datetime(2022, 10, 19, 23, tzinfo=dt.UTC)
    assert found["allowed"] == ["request_resolution"]
    assert say(do, MANAGER, case_id, "She had a fall.", "request_resolution")["is_moved"]
    assert say(do, OFFICER, case_id, "When?", "ask_again")["state"] == "In Dispute"
    assert say(do, MANAGER, case_id, "At noon.", "request_resolution")["is_moved"]
    assert say(do, OFFICER, case_id, "Thank you.", "resolve")["state"] == "Resolved"
    found = look_at(do, OFFICER, case_id)
    assert [one["words"] for one in found["messages"]] == [
        "Why?", "She had a fall.", "When?", "At noon.", "Thank you.",
    ]  # fmt: skip
    assert (found["turn"], found["due_at"], found["allowed"]) == ("", None, [])


def test_a_form_sent_twice_says_it_once(do: Do) -> None:
    case_id, message_id = a_case(do), uuid.uuid4()
    for _ in range(2):
        say(do, MANAGER, case_id, "Once.", "request_resolution", message_id=message_id)
    asked = {"organisation_id": uuid.UUID(DIAMOND), "subject": "x", "words": "Again?", "now": NOW}
    assert not do(cases_steps.open_case, OFFICER, kind="dispute", case_id=case_id, **asked)
    assert [one["words"] for one in look_at(do, OFFICER, case_id)["messages"]] == ["Why?", "Once."]


def test_two_people_who_answer_at_once_are_both_heard(do: Do) -> None:
    case_id = a_case(do)
    with ThreadPoolExecutor(8) as people:
        answers = list(
            people.map(lambda n: say(do, MANAGER, case_id, f"Answer {n}", "request_resolution"), range(8))
        )
    assert [answer["is_moved"] for answer in answers].count(True) == 1
    found = look_at(do, OFFICER, case_id)
    assert {one["words"] for one in found["messages"][1:]} == {f"Answer {n}" for n in range(8)}
    assert [one["move"] for one in found["messages"]].count("request_resolution") == 1
    assert found["state"] == "Resolution Requested"


def test_what_is_said_after_the_end_is_kept_and_changes_nothing(do: Do) -> None:
    case_id = a_case(do)
    say(do, OFFICER, case_id, "A mistake of ours.", "take_back")
    words, message_id = "We have resubmitted it.", uuid.uuid4()
    for _ in range(2):
        answer = say(do, MANAGER, case_id, words, "request_resolution", message_id=message_id)
        assert answer == {"state": "Resolved", "is_moved": False}
    assert [one["words"] for one in look_at(do, MANAGER, case_id)["messages"]][1:] == [
        "A mistake of ours.",
        words,
    ]


def test_nobody_outside_sees_or_says_anything(do: Do) -> None:
    facts = AN_ATTACHMENT | {"attachment_id": uuid.uuid4()}
    case_id = a_case(do, attachments=[facts])
    for step in (
        lambda: look_at(do, STRANGER, case_id),
        lambda: say(do, STRANGER, case_id, "Let me in."),
        lambda: do(cases_views.find_attachment, STRANGER, attachment_id=facts["attachment_id"]),
    ):
        with pytest.raises(Refused, match="not_found"):
            step()
    wanted = {"organisation_id": None, "states": [], "turn": None, "client": None, "cpli_id": None}
    wanted |= {"first_on": None, "last_on": None, "order": "newest", "after": None, "limit": 10}
    assert do(cases_views.list_cases, STRANGER, kind="dispute", now=NOW, **wanted) == []
    (listed,) = do(cases_views.list_cases, MANAGER, kind="dispute", now=NOW, **wanted)
    assert (listed["case_id"], listed["council_words"], listed["provider_words"]) == (
        str(case_id),
        "Why?",
        None,
    )


@pytest.mark.parametrize("move", ["", "cancel"])
def test_a_claim_that_was_not_submitted_is_the_providers_own(do: Do, move: str) -> None:
    facts = AN_ATTACHMENT | {"attachment_id": uuid.uuid4()}
    case_id = a_case(do, MANAGER, "claim", attachments=[facts])
    say(do, MANAGER, case_id, "Not yet.", move, kind="claim")
    attached = {"attachment_id": facts["attachment_id"]}
    for step in (
        lambda: look_at(do, OFFICER, case_id, "claim"),
        lambda: say(do, OFFICER, case_id, "What is this?", kind="claim"),
        lambda: do(cases_views.find_attachment, OFFICER, **attached),
    ):
        with pytest.raises(Refused, match="not_found"):
            step()
    wanted = {"organisation_id": None, "states": [], "turn": None, "client": None, "cpli_id": None}
    wanted |= {"first_on": None, "last_on": None, "order": "newest", "after": None, "limit": 10}
    for is_over in (False, True):
        assert do(cases_views.list_cases, OFFICER, kind="claim", now=NOW, is_over=is_over, **wanted) == []
    assert do(cases_views.find_known_cases, OFFICER, kind="claim", case_ids=[case_id]) == []
    assert do(cases_views.count_cases, OFFICER)["claim"] == {"open": 0, "awaiting": 0}
    assert do(cases_views.find_known_cases, MANAGER, kind="claim", case_ids=[case_id]) == [str(case_id)]
    assert do(cases_views.find_attachment, MANAGER, **attached)["name"] == "letter.pdf"
    assert len(look_at(do, MANAGER, case_id, "claim")["messages"]) == 2


def test_a_side_does_not_make_the_moves_of_the_other(do: Do) -> None:
    case_id = a_case(do)
    with pytest.raises(Refused, match="not_allowed"):
        say(do, MANAGER, case_id, "Done.", "resolve")
    with pytest.raises(Refused, match="not_allowed"):
        a_case(do, MANAGER)
    with pytest.raises(Refused, match="not_allowed"):
        a_case(do, STRANGER, "action")


def test_what_awaits_a_side_is_counted(do: Do) -> None:
    a_case(do)
    a_case(do, MANAGER, "action")
    say(do, MANAGER, a_case(do), "Resubmitted.", "request_resolution")
    assert do(cases_views.count_cases, MANAGER)["dispute"] == {"open": 2, "awaiting": 1}
    assert do(cases_views.count_waiting, OFFICER)["actions_awaiting"] == 1
    assert do(cases_views.count_waiting, STRANGER)["disputes_awaiting"] == 0
