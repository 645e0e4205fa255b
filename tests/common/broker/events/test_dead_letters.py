"""Dead letters: looked at without change, and sent back to the hearer that failed."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from libs.common.messaging.messages import BadMessage, Message
from libs.common.messaging.topology import DEAD_LETTERS_QUEUE
from libs.common.operations.buried import count_buried, forget_heard_after_all
from libs.common.operations.dead_letters import (
    CannotReplay,
    DeadLetter,
    NoSuchDeadLetter,
    discard,
    list_dead_letters,
    replay,
    show,
)
from libs.common.operations.letters import LetterConsumer
from tests.common.broker.events.stage import REMATCH, Stage, note, wait_heard
from tests.support.run.waiting import wait_until


def _refuse(session: Session, message: Message) -> None:
    raise BadMessage("schema", "not today")


def _bury(stage: Stage, *numbers: int) -> list[str]:
    ids = [stage.publish_rematch(number) for number in numbers]
    with stage.run_together(stage.consumer(_refuse).run):
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
    with stage.run_together(stage.consumer(note).run):
        wait_heard(stage, [1])
    assert [letter.id for letter in stage.dead_letters()] == [second]


def test_all_dead_letters_are_replayed_with_their_attempts_forgotten(stage: Stage) -> None:
    _bury(stage, 1, 2)
    assert replay(stage.amqp_url) == 2
    with stage.run_together(stage.consumer(_refuse).run):
        found = wait_until(lambda: stage.dead_letters()[1:])
    assert found[0].attempts == 1
    assert replay(stage.amqp_url) == 2
    with stage.run_together(stage.consumer(note).run):
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


def _count_buried(stage: Stage, service: str = "matching") -> dict[str, tuple[int, int]]:
    with stage.sessions(service)() as session:
        return count_buried(session)


def _letters(stage: Stage, service: str, heard: list[DeadLetter]) -> LetterConsumer:
    """Hears of dead letters for a service."""
    return LetterConsumer(
        service, lambda _, letter: heard.append(letter), stage.sessions(service), stage.amqp_url
    )


def test_every_service_hears_of_a_dead_letter_and_its_own_counts_it(stage: Stage) -> None:
    (died,) = _bury(stage, 1)
    heard: dict[str, list[DeadLetter]] = {"matching": [], "ingest": []}
    runs = [_letters(stage, service, of).run for service, of in heard.items()]
    with stage.run_together(*runs):
        wait_until(lambda: all(heard.values()))
    assert [letter.id for letter in heard["ingest"]] == [died]
    assert heard["ingest"] == heard["matching"]
    assert _count_buried(stage) == {"rematch_wanted": (1, 1)}
    assert _count_buried(stage, "ingest") == {}


def test_a_message_that_the_broker_itself_buries_is_heard_of_too(stage: Stage) -> None:
    died = stage.publish_rematch(1)
    with stage.channel() as channel:
        method, _, _ = channel.basic_get(REMATCH)
        assert method is not None
        channel.basic_reject(method.delivery_tag, requeue=False)
    heard: list[DeadLetter] = []
    with stage.run_together(_letters(stage, "matching", heard).run):
        wait_until(lambda: heard)
    assert (heard[0].id, heard[0].queue) == (died, REMATCH)
    assert _count_buried(stage) == {"rematch_wanted": (1, 1)}


def test_a_buried_message_that_is_heard_after_all_counts_no_longer(stage: Stage) -> None:
    _bury(stage, 1)
    heard: list[DeadLetter] = []
    with stage.run_together(_letters(stage, "matching", heard).run):
        wait_until(lambda: heard)
    replay(stage.amqp_url)
    with stage.run_together(stage.consumer(note).run):
        wait_heard(stage, [1])
    assert _count_buried(stage) == {}
    with stage.sessions("matching")() as session, session.begin():
        assert forget_heard_after_all(session) == 1


def test_hearing_of_a_letter_that_nobody_can_note_stops_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("libs.common.operations.letters.PAUSE_SECONDS", 0.01)
    first, second = _bury(stage, 1, 2)
    heard: list[str] = []

    def fail_once(session: Session, letter: DeadLetter) -> None:
        if letter.id == first:
            raise ValueError("a bug")
        heard.append(letter.id)

    consumer = LetterConsumer("matching", fail_once, stage.sessions("matching"), stage.amqp_url)
    with stage.run_together(consumer.run):
        wait_until(lambda: heard)
    assert heard == [second]
    assert sorted(letter.id for letter in stage.dead_letters()) == sorted([first, second])
    assert _count_buried(stage) == {"rematch_wanted": (1, 1)}


def test_a_discarded_letter_is_kept_by_whoever_should_have_heard_it(stage: Stage) -> None:
    first, second = _bury(stage, 1, 2)
    kept: list[str] = []
    assert discard(stage.amqp_url, first, lambda letter: kept.append(letter.id)) == 1
    assert kept == [first]
    assert [letter.id for letter in stage.dead_letters()] == [second]
    with pytest.raises(NoSuchDeadLetter):
        discard(stage.amqp_url, first, lambda letter: kept.append(letter.id))
