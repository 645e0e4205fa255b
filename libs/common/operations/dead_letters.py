"""Looking at the dead letters, sending them back to where they failed, and discarding them.

Reading takes messages without acknowledging them and gives them back at the end, so nothing changes.
Meanwhile others don't see them: a replay beside a listing may find fewer. The queue doesn't keep
their order when they are given back, so lists are sorted by the time of death.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pika
from pika.adapters.blocking_connection import BlockingChannel

from libs.common.messaging.amqp import COMMAND_SECONDS, a_channel
from libs.common.messaging.topology import DEAD_LETTERS_QUEUE, DELIVERY_LIMIT, declare

MOST_LISTED = 10_000


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message nobody could handle.

    ``id`` is its message id, or a hash of the body where it has none. One message that failed with
    two hearers is two dead letters of one id. ``cause_id``, ``event`` and ``died_at`` may be "".
    """

    id: str
    event: str
    cause_id: str
    queue: str
    reason: str
    attempts: int
    died_at: str
    body: bytes

    def summary(self) -> dict[str, Any]:
        """All but the body, as JSON can say it."""
        names = ("id", "event", "cause_id", "queue", "reason", "attempts", "died_at")
        return {**{name: getattr(self, name) for name in names}, "bytes": len(self.body)}


Tell = Callable[[DeadLetter], object]
IsGone = Callable[[DeadLetter], bool]
"""Whether it was decided meanwhile that this letter need never be handled: then it is taken off."""


def never(letter: DeadLetter) -> bool:
    """For who knows of no decisions."""
    return False


class NoSuchDeadLetter(Exception):
    """There is no dead letter of that id."""


class CannotReplay(Exception):
    """A dead letter that doesn't say which queue it came from."""


def list_dead_letters(amqp_url: str, is_gone: IsGone = never) -> list[DeadLetter]:
    """The dead letters, oldest first, at most `MOST_LISTED`; what was discarded is taken off. Raises pika's AMQPError."""
    with a_channel(amqp_url, "dead letters list", COMMAND_SECONDS) as channel:
        declare(channel)
        found = (letter for _, _, letter in _read(channel, is_gone))
        return sorted(found, key=lambda letter: letter.died_at)


def show(amqp_url: str, letter_id: str, is_gone: IsGone = never) -> list[DeadLetter]:
    """The dead letters of that id, with their bodies. Raises `NoSuchDeadLetter`."""
    found = [letter for letter in list_dead_letters(amqp_url, is_gone) if letter.id == letter_id]
    if not found:
        raise NoSuchDeadLetter(f"there is no dead letter {letter_id}")
    return found


def replay(
    amqp_url: str,
    letter_id: str | None = None,
    tell: Tell = lambda _: None,
    is_gone: IsGone = never,
) -> int:
    """Sends the dead letters of that id, or all, back to their queues; returns how many.

    ``tell`` is called with each before it goes. Each is published, confirmed, and only then taken off: a failure in
    between leaves it in both, and its hearer notices. Raises `NoSuchDeadLetter`, `CannotReplay`, and pika's AMQPError (an
    UnroutableError when the queue is no more).
    """
    replayed = 0
    with a_channel(amqp_url, "dead letters replay", COMMAND_SECONDS) as channel:
        declare(channel)
        outgoing = channel.connection.channel()
        outgoing.confirm_delivery()
        # All are taken before the first is sent: one that fails again at once would be met, and sent, for ever.
        for tag, properties, letter in list(_read(channel, is_gone)):
            if letter_id in (None, letter.id):
                tell(letter)
                _send_back(outgoing, properties, letter)
                channel.basic_ack(tag)
                replayed += 1
    if letter_id is not None and not replayed:
        raise NoSuchDeadLetter(f"there is no dead letter {letter_id}")
    return replayed


def discard(amqp_url: str, letter_id: str, keep: Tell, is_gone: IsGone = never) -> int:
    """Takes the dead letters of that id away for good; returns how many. ``keep`` notes each before. Raises
    `NoSuchDeadLetter` and pika's AMQPError."""
    discarded = 0
    with a_channel(amqp_url, "dead letters discard", COMMAND_SECONDS) as channel:
        declare(channel)
        for tag, _, letter in list(_read(channel, is_gone)):
            if letter.id == letter_id:
                keep(letter)
                channel.basic_ack(tag)
                discarded += 1
    if not discarded:
        raise NoSuchDeadLetter(f"there is no dead letter {letter_id}")
    return discarded


def _read(
    channel: BlockingChannel, is_gone: IsGone = never
) -> Iterator[tuple[int, pika.BasicProperties, DeadLetter]]:
    for _ in range(MOST_LISTED):
        method, properties, body = channel.basic_get(DEAD_LETTERS_QUEUE)
        if method is None:
            return
        letter = letter_of(properties, body)
        if is_gone(letter):
            channel.basic_ack(method.delivery_tag)
            continue
        yield method.delivery_tag, properties, letter


def letter_of(properties: pika.BasicProperties, body: bytes) -> DeadLetter:
    """A dead letter from what the broker gives."""
    headers = properties.headers or {}
    # The broker itself buries a message whose deliveries are used up, and says so in its own headers.
    by_broker = headers.get("x-first-death-reason", "")
    reason = str(headers.get("reason") or "")
    attempts = int(headers.get("attempts") or 0)
    if by_broker == "delivery_limit":
        reason = f"delivery_limit: its process ended {DELIVERY_LIMIT} times while it held the message"
        attempts += DELIVERY_LIMIT
    return DeadLetter(
        id=properties.message_id or hashlib.sha256(body).hexdigest()[:32],
        event=properties.type or "",
        cause_id=str(headers.get("cause_id") or ""),
        queue=str(headers.get("queue") or headers.get("x-first-death-queue") or ""),
        reason=reason or by_broker or "unknown",
        attempts=attempts,
        died_at=str(headers.get("died_at") or _death_time(headers)),
        body=body,
    )


def _death_time(headers: dict[str, Any]) -> str:
    deaths = headers.get("x-death") or [{}]
    found = deaths[0].get("time")
    return found.isoformat(timespec="seconds") + "+00:00" if found else ""


_ABOUT_THE_DEATH = frozenset({"attempts", "held_up", "reason", "queue", "died_at"})


def _send_back(outgoing: Any, properties: pika.BasicProperties, letter: DeadLetter) -> None:
    if not letter.queue:
        raise CannotReplay(f"dead letter {letter.id} doesn't say which queue it came from")
    kept = {
        key: value
        for key, value in (properties.headers or {}).items()
        if not key.startswith("x-") and key not in _ABOUT_THE_DEATH
    }
    again = pika.BasicProperties(
        content_type=properties.content_type,
        content_encoding=properties.content_encoding,
        message_id=properties.message_id,
        type=properties.type,
        headers=kept,
        delivery_mode=pika.DeliveryMode.Persistent,
    )
    outgoing.basic_publish("", letter.queue, letter.body, again, mandatory=True)
