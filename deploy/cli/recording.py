"""What a command does is recorded in the portal's audit trail: before anything is done, and how it ended (DESIGN 4.1).

It goes by the broker, where it waits while no portal is up; commands that reach the portal's own database write it there.
"""

from __future__ import annotations

import os
import pwd
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from deploy.cli.output import Failed, fail, note
from deploy.cli.system import CALLER, amqp_url, home_signer
from libs.common.care.clock import now
from libs.common.errors import Refused
from libs.common.seams.commands import CommandBegun, CommandEnded

Keep = Callable[[CommandBegun | CommandEnded], object]
"""Takes what is to be recorded; returns when it is safe."""
Thing = tuple[str, str]
"""A kind and a value, as addresses of the portal name things: ``("start", "2022-10-03")``."""

DONE, REFUSED, BROKE = 200, 409, 500
"""How commands end, as answers of the portal do."""


@dataclass
class Doing:
    """What a command tells of what it does; `amount` in pounds, `organisation` by name."""

    amount: str | None = None
    organisation: str | None = None
    contract: str | None = None
    outcome: str | None = None
    about: list[Thing] = field(default_factory=list)


@contextmanager
def recorded(
    action: str, *about: Thing, organisation: str | None = None, keep: Keep | None = None
) -> Iterator[Doing]:
    """Record that this is done, and how it ended: refused where it fails with a sentence.

    action: as `services/portal/audit/words.py` has words for it. What can't be recorded is not done.
    """
    keep = keep or _say
    action_id = str(uuid.uuid4())
    begun: CommandBegun = {
        "part": "begun",
        "action_id": action_id,
        "at": now().isoformat(),
        "who": operator(),
        "action": action,
        "about": list(about),
    }
    keep(begun)
    doing = Doing(organisation=organisation)
    try:
        yield doing
    except Failed as failed:
        _end(keep, action_id, doing, failed.status, failed.sentence)
        raise
    except Refused as refused:
        _end(keep, action_id, doing, REFUSED, refused.message)
        raise
    except Exception:
        _end(keep, action_id, doing, BROKE, None)
        raise
    _end(keep, action_id, doing, DONE, doing.outcome)


def operator() -> str:
    """Who is at the command line, as this machine knows them."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container's number without a name
        name = str(os.getuid())
    return f"command line ({os.environ.get('SUDO_USER') or name})"


def _end(keep: Keep, action_id: str, doing: Doing, status: int, outcome: str | None) -> None:
    ended: CommandEnded = {
        "part": "ended",
        "action_id": action_id,
        "at": now().isoformat(),
        "status": status,
        "about": doing.about,
        "amount": doing.amount,
        "organisation": doing.organisation,
        "contract": doing.contract,
        "outcome": outcome,
    }
    try:
        keep(ended)
    except Failed:
        note("The audit trail could not be told how this ended.")


def _say(said: CommandBegun | CommandEnded) -> None:
    from pika.exceptions import AMQPError, ConnectionBlockedTimeout  # here: few commands need what it loads

    from libs.common.messaging.commands import say_command
    from libs.common.rpc.signing import own_signer

    try:
        signer = own_signer() or home_signer(CALLER)
        say_command(amqp_url(), said, signer.headers if signer else None)
    except ConnectionBlockedTimeout:
        fail(
            "The broker takes no messages, as it is short of memory or disk: so nothing was begun, since it could not"
            " be recorded in the audit trail.",
            status=503,
        )
    except (AMQPError, OSError):
        fail("The broker can't be reached, so it could not be recorded in the audit trail.", status=503)
