"""Is it ready? Asked over the network, as a user of the process would."""

from __future__ import annotations

import json
import socket
import urllib.error
import urllib.request
from urllib.parse import urlsplit

AMQP_GREETING = b"AMQP\x00\x00\x09\x01"


def why_not_ready(url: str, seconds: float = 3) -> str | None:
    """What /readyz gives as reasons; None when it says 200."""
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=seconds):
            return None
    except urllib.error.HTTPError as not_ready:
        with not_ready:
            return _reasons_in(not_ready.read())
    except (OSError, urllib.error.URLError):
        return f"no answer within {seconds:g} s"


def _reasons_in(body: bytes) -> str:
    try:
        reasons = json.loads(body)["reasons"]
        return "; ".join(str(reason) for reason in reasons.values())
    except (ValueError, LookupError, TypeError, AttributeError):
        return "it does not say why"


def why_no_database(url: str) -> str | None:
    """Why the database can't be used; None when it lets us in and has room to write."""
    from libs.common.process.probes import (
        database_answers,
    )  # here: most commands never ask, and start the sooner

    return database_answers(url)()


def why_no_broker(url: str) -> str | None:
    """Why the broker can't be used; None when it takes messages."""
    from libs.common.messaging.probe import takes_messages

    return takes_messages(url)()


def answers_ready(url: str, seconds: float = 3) -> bool:
    """True when /readyz says 200."""
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=seconds) as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError as not_ready:
        not_ready.close()
        return False
    except (OSError, urllib.error.URLError):
        return False


def database_ready(url: str) -> bool:
    import psycopg  # here: most commands never ask, and start the sooner

    try:
        with psycopg.connect(url, connect_timeout=3):
            return True
    except psycopg.OperationalError:
        return False


def broker_ready(url: str, seconds: float = 3) -> bool:
    """True when the broker answers AMQP's greeting."""
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 5672), seconds) as link:
            link.sendall(AMQP_GREETING)
            return link.recv(1) == b"\x01"  # a method frame: Connection.Start
    except OSError:
        return False
