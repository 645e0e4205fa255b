"""The broker's own users: one for each service, and one for each council system that hears public events.

A service reads its own queues and no other's, and the portal what the command line did; only payments writes into the
public exchange. The portal alone asks by RPC: services ask each other nothing, so that none can write into the exchange
of questions, and none hears another's. Services may write to queues by the default exchange, since that is how RPC is
answered; a question that comes that way names no method (`libs.common.rpc.signing` checks who asks besides). A council
system reads its own queue and the archive, chooses what its queue is bound to, and can say, declare and empty nothing.

Safe to run again, and at the same time: every step says how things are to be.
"""

from __future__ import annotations

import os
import re
import sys
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from pika.exceptions import AMQPError

from deploy.local.servers.management import Management, ManagementRefused
from deploy.ops.roles import Passwords, amqp_url_of, full_name
from deploy.secrets.folder import passwords_given
from libs.common.errors import ConfigError
from libs.common.messaging.amqp import a_channel
from libs.common.messaging.topology import DEAD_LETTERS_EXCHANGE, PUBLIC, PUBLIC_ARCHIVE, declare
from libs.common.process.given import CA_FILE, given_url, parameters_of, password_of, with_password
from libs.common.process.strictness import require_broker, require_https
from libs.common.rpc.client import NOBODY, PROBE
from libs.common.rpc.wire import RPC_EXCHANGE, rpc_queue

SERVICES = ("ingest", "matching", "payments", "disputes")
PUBLISHER = "payments"
PORTAL = "portal"
FINANCE = "finance"
CONSUMERS_VARIABLE = "CARETALLY_CONSUMERS"

CONSUMER_MESSAGES = 200_000
CONSUMER_BYTES = 200_000_000
"""What is kept for a system that is away. Then the oldest go first: it finds them in the archive. To refuse new
ones instead would stop the events of all others."""


class BrokerNotPrepared(Exception):
    """The broker could not be prepared; str() says why in one sentence."""


@dataclass(frozen=True)
class AmqpUser:
    """A user and what it may do, as RabbitMQ's regular expressions over the names of exchanges and queues."""

    name: str
    configure: str
    write: str
    read: str
    asks: str = "^$"
    """which methods of services it may ask, as ``payments.debts`` is one"""
    answers: str = "^$"
    """which questions it may hear"""

    def permissions(self) -> dict[str, str]:
        return {"configure": self.configure, "write": self.write, "read": self.read}

    def questions(self) -> dict[str, str]:
        """As the broker's permissions by routing key, for the exchange of questions."""
        return {"exchange": RPC_EXCHANGE, "write": self.asks, "read": self.answers}


def consumer_names() -> tuple[str, ...]:
    """The council's systems that hear public events, from CARETALLY_CONSUMERS (names with commas between)."""
    names = tuple(filter(None, os.environ.get(CONSUMERS_VARIABLE, FINANCE).replace(" ", "").split(",")))
    wrong = [
        name for name in names if not re.fullmatch("[a-z][a-z0-9-]*", name) or name in (*SERVICES, PORTAL)
    ]
    if wrong:
        raise BrokerNotPrepared(
            f"{CONSUMERS_VARIABLE} has {wrong[0]!r}: write names of a-z, 0-9 and -, and of no service."
        )
    return names


def users() -> list[AmqpUser]:
    """Every user but the one that makes them."""
    asks_and_buries = _one_of(re.escape(RPC_EXCHANGE), re.escape(DEAD_LETTERS_EXCHANGE))
    asks = _one_of(rf"({'|'.join(SERVICES)})\..+", rf"{NOBODY}\.{PROBE}")
    callers = [AmqpUser(PORTAL, _none(), asks_and_buries, _one_of(rf"{PORTAL}\..*"), asks)]
    return [*map(_service, SERVICES), *callers, *map(_consumer, consumer_names())]


def consumer_queue(name: str) -> str:
    """The queue that a council system reads."""
    return f"{name}.payments.v1"


def user_urls(amqp_url: str, passwords: Passwords) -> dict[str, str]:
    """The URL of every user, by its name."""
    return {user.name: amqp_url_of(amqp_url, user.name, passwords) for user in users()}


def set_password(management: Management, name: str, password: str, tags: str = "") -> None:
    """Have the user, of this full name, with this password. Connections that it has live on."""
    management.ask("PUT", f"users/{quote(name, safe='')}", {"password": password, "tags": tags})


def prepare(amqp_url: str, management: Management, passwords: Passwords) -> None:
    """Make the users, all exchanges and queues, and the queues of the council's systems.

    The URL and the management interface are an administrator's. Raises BrokerNotPrepared.
    """
    vhost = quote(unquote(urlsplit(amqp_url).path.lstrip("/")) or "/", safe="")
    try:
        for user in users():
            set_password(management, full_name(user.name), passwords(user.name))
            name = quote(full_name(user.name), safe="")
            management.ask("PUT", f"permissions/{vhost}/{name}", user.permissions())
            management.ask("PUT", f"topic-permissions/{vhost}/{name}", user.questions())
        with a_channel(amqp_url, "prepares the broker") as channel:
            declare(channel)
            for consumer in consumer_names():
                _declare_consumer(channel, consumer)
    except (AMQPError, ManagementRefused, OSError) as error:
        raise BrokerNotPrepared(f"The broker could not be prepared: {error!r}.") from error


def prepare_within(seconds: float, amqp_url: str, management: Management, passwords: Passwords) -> None:
    """Prepare a broker that may still be starting: its queues are there a while after it answers.

    Raises BrokerNotPrepared when it can't be done in time, at once when the administrator is refused.
    """
    until = time.monotonic() + seconds
    while True:
        try:
            return prepare(amqp_url, management, passwords)
        except BrokerNotPrepared as error:
            if time.monotonic() > until or isinstance(error.__cause__, ManagementRefused):
                raise
            time.sleep(1)


def main(wait_seconds: float = 60) -> None:
    """`broker`, from AMQP_URL, AMQP_MANAGEMENT_URL and CARETALLY_SECRETS. Waits for the broker."""
    amqp_url, management = given_broker()
    passwords = passwords_given()
    try:
        prepare_within(wait_seconds, with_password(amqp_url), management, passwords)
    except BrokerNotPrepared as error:
        print(error, file=sys.stderr)
        raise SystemExit(1) from None
    print("The broker is up to date.")


def given_broker() -> tuple[str, Management]:
    """AMQP_URL and AMQP_MANAGEMENT_URL of the broker's administrator. ConfigError when they can't be used."""
    amqp_url, management_url = given_url("AMQP_URL"), given_url("AMQP_MANAGEMENT_URL")
    for name, url in (("AMQP_URL", amqp_url), ("AMQP_MANAGEMENT_URL", management_url)):
        if not url:
            raise ConfigError(f"{name} is not set: give the address of RabbitMQ for its administrator.")
    require_broker("AMQP_URL", amqp_url)
    require_https("AMQP_MANAGEMENT_URL", management_url)
    return amqp_url, management_of(management_url)


def management_of(url: str) -> Management:
    """The management interface that a URL (http://user:password@host:15672, or https://…) names."""
    parts = urlsplit(url)
    user, password = unquote(parts.username or "guest"), password_of(url) or "guest"
    is_secure = parts.scheme == "https"
    port = parts.port or (15671 if is_secure else 15672)
    authority = parameters_of(url).get(CA_FILE, "")
    return Management(port, user, password, parts.hostname or "127.0.0.1", is_secure, authority)


def _service(name: str) -> AmqpUser:
    everybodys = "|".join((*SERVICES, PORTAL))
    not_said = (RPC_EXCHANGE,) if name == PUBLISHER else (RPC_EXCHANGE, PUBLIC)
    shared = r"caretally\.(events|dead|dead-letters|retry|payments)\..*"
    return AmqpUser(
        name,
        # every process declares everything, so that whoever says a thing first finds its hearer's queue
        configure=_one_of(shared, re.escape(PUBLIC), rf"({everybodys})\..*", RPC_EXCHANGE, rpc_queue(name)),
        write=rf"^(?!({'|'.join(map(re.escape, not_said))})$).*$",
        # to bind a queue takes the right to read the exchange
        read=_one_of(
            r"caretally\.(events|dead|retry)\..*",
            re.escape(PUBLIC),
            rf"{name}\..*",
            RPC_EXCHANGE,
            rpc_queue(name),
        ),
        answers=rf"^{name}\..+$",
    )


def _consumer(name: str) -> AmqpUser:
    own = rf"{re.escape(name)}\..*"
    return AmqpUser(name, _none(), _one_of(own), _one_of(own, re.escape(PUBLIC), re.escape(PUBLIC_ARCHIVE)))


def _declare_consumer(channel: Any, name: str) -> None:
    queue = consumer_queue(name)
    arguments = {
        "x-queue-type": "quorum",
        "x-max-length": CONSUMER_MESSAGES,
        "x-max-length-bytes": CONSUMER_BYTES,
        "x-overflow": "drop-head",
    }
    channel.queue_declare(queue, durable=True, arguments=arguments)
    channel.queue_bind(queue, PUBLIC, "#")


def _one_of(*patterns: str) -> str:
    return f"^({'|'.join(patterns)})$"


def _none() -> str:
    return "^$"
