"""What the command line did waits in a durable queue until the portal's audit trail hears it, however long that is."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any, cast

import pika
from pika.exceptions import ChannelClosedByBroker, UnroutableError

from libs.common.messaging.amqp import COMMAND_SECONDS, a_channel
from libs.common.messaging.messages import BadMessage, Kind, check_keys
from libs.common.messaging.topology import COMMANDS_QUEUE, EVENTS, declare, parts_of, routing_key
from libs.common.seams.commands import CommandBegun, CommandEnded, Forged

_, EVENT, LANE = parts_of(COMMANDS_QUEUE)
SAID = f"portal.{EVENT}"
"""As what the command line signs it."""
_KEYS: dict[str, dict[str, Kind]] = {
    "begun": {"action_id": "uuid", "at": str, "who": str, "action": str, "about": list},
    "ended": {
        "action_id": "uuid",
        "at": str,
        "status": int,
        "about": list,
        "amount": "str?",
        "organisation": "str?",
        "contract": "str?",
        "outcome": "str?",
    },
    "forged": {
        "action_id": "uuid",
        "at": str,
        "service": str,
        "method": str,
        "user": "str?",
        "signed_by": "str?",
        "why": str,
    },
}


Signs = Callable[[str, str, bytes], dict[str, Any]]
"""Gives the headers by which others can check who says it, of what is said, its id, and its body."""


def say_command(amqp_url: str, said: CommandBegun | CommandEnded, signs: Signs | None = None) -> None:
    """Put it into the queue, and return when the broker has it. Raises pika's AMQPError, and OSError."""
    body, message_id = json.dumps(said, ensure_ascii=False).encode(), str(uuid.uuid4())
    properties = pika.BasicProperties(
        content_type="application/json",
        type=EVENT,
        message_id=message_id,
        headers={"cause_id": said["action_id"], **(signs(SAID, message_id, body) if signs else {})},
        delivery_mode=pika.DeliveryMode.Persistent,
    )
    try:
        _publish(amqp_url, body, properties, declares=False)
    except (UnroutableError, ChannelClosedByBroker):  # where no process of this version was ever started
        _publish(amqp_url, body, properties, declares=True)


def _publish(amqp_url: str, body: bytes, properties: pika.BasicProperties, *, declares: bool) -> None:
    with a_channel(amqp_url, "the command line", COMMAND_SECONDS) as channel:
        if declares:
            declare(channel)
        channel.confirm_delivery()
        channel.basic_publish(EVENTS, routing_key(EVENT, LANE), body, properties, mandatory=True)


def read_command(body: bytes) -> CommandBegun | CommandEnded | Forged:
    """What was said. Raises BadMessage for what is not of this form."""
    try:
        said: Any = json.loads(body)
        keys = _KEYS[said["part"]]
    except (ValueError, LookupError, TypeError) as error:
        raise BadMessage("schema", "it is nothing that is said here") from error
    check_keys(said, keys)
    if not all(isinstance(one, list) and list(map(type, one)) == [str, str] for one in said.get("about", ())):
        raise BadMessage("schema", "about is not a list of kinds and values")
    return cast(CommandBegun | CommandEnded | Forged, said)
