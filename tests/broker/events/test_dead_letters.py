"""Dead letters: looked at without change, and sent back to the hearer that failed."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from libs.common.dead_letters import CannotReplay, NoSuchDeadLetter, list_dead_letters, replay, show
from libs.common.messages import BadMessage, Message
from libs.common.topology import DEAD_LETTERS_QUEUE
from tests.broker.events.stage import REMATCH, Stage, note, wait_heard
from tests.waiting import wait_until


def _refuse(session: Session, message: Message) -> None:
    raise BadMessage("schema", "not today")


def _bury(stage: Stage, *numbers: int) -> list[str]:
    ids = [stage.publish_rematch(number) for number in numbers]
    with stage.running(stage.consumer(_refuse).run):
        wait_until(lambda: len(stage.dead_letters()) == len(ids))
    return ids


def test_looking_at_dead_letters_changes_nothing(stage: Stage) -> None:
    (first, second) = _bury(stage, 1, 2)
    for _ in range(3):
        found = list_dead_letters(stage.amqp_url)
        assert [letter.id for letter in found] == [first, second]
    assert found[0].summary() == {
        "id": first,
        "event": "rematch_wanted",
        "cause_id": found[0].cause_id,
        "queue": REMATCH,
        "reason": "schema: not today",
        "attempts": 1,
        "died_at": found[0].died_at,
        "bytes": len(found[0].body),
    }
    assert found[0].cause_id
    assert found[0].died_at
    assert [letter.body for letter in show(stage.amqp_url, second)] == [found[1].body]


def test_a_replayed_dead_letter_is_handled_and_the_others_stay(stage: Stage) -> None:
    first, second = _bury(stage, 1, 2)
    assert replay(stage.amqp_url, first) == 1
    with stage.running(stage.consumer(note).run):
        wait_heard(stage, [1])
    assert [letter.id for letter in stage.dead_letters()] == [second]


def test_all_dead_letters_are_replayed_with_their_attempts_forgotten(stage: Stage) -> None:
    _bury(stage, 1, 2)
    assert replay(stage.amqp_url) == 2
    with stage.running(stage.consumer(_refuse).run):
        found = wait_until(lambda: stage.dead_letters()[1:])
    assert found[0].attempts == 1
    assert replay(stage.amqp_url) == 2
    with stage.running(stage.consumer(note).run):
        wait_heard(stage, [1, 2])
    assert stage.dead_letters() == []


def test_an_unknown_dead_letter_is_said_to_be_unknown(stage: Stage) -> None:
    with pytest.raises(NoSuchDeadLetter):
        show(stage.amqp_url, "seven")
    with pytest.raises(NoSuchDeadLetter):
        replay(stage.amqp_url, "seven")


def test_a_dead_letter_from_nowhere_stays(stage: Stage) -> None:
    stage.publish(DEAD_LETTERS_QUEUE, b"?")
    (letter,) = stage.dead_letters()
    assert (letter.queue, letter.reason, letter.attempts) == ("", "unknown", 0)
    with pytest.raises(CannotReplay):
        replay(stage.amqp_url, letter.id)
    assert stage.dead_letters() == [letter]
