"""Is it ready? Asked over the network, as a user of the process would."""

from __future__ import annotations

import socket
import urllib.error
import urllib.request
from urllib.parse import urlsplit

AMQP_GREETING = b"AMQP\x00\x00\x09\x01"


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
