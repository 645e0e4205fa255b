"""One letter that can't be sent holds up no other, and is kept with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from deploy.local.machine.ports import free_port
from services.portal.letters import mail
from services.portal.letters.mail_server import MailServer
from tests.support.portal.accounts import Portal

GOOD = ("jo@diamond.example", "ann@pearl.example", "jo@cäre.example")
ODD = ("mary@[care.example", "mö@care.example", "drop@care.example", "never@care.example", "x" * 300)


class Server:
    """A mail server that knows nothing beyond ASCII, refuses one address and hangs up at another."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    async def handle_RCPT(
        self, server: SMTP, session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address.startswith("never@"):
            return "550 no such user"
        if address.startswith("drop@"):
            server.transport.close()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.taken += envelope.rcpt_tos
        return "250 OK"


@contextmanager
def a_server(handler: Server) -> Iterator[MailServer]:
    port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port, enable_SMTPUTF8=False)
    controller.start()
    try:
        yield MailServer(f"smtp://127.0.0.1:{port}", "caretally@council.example")
    finally:
        controller.stop()


def write(portal: Portal, *addresses: str) -> None:
    with portal.parts.sessions.begin() as transaction:
        for address in addresses:
            mail.write(transaction, portal.parts.vault, address, "A subject", "A text", portal.clock())


def send(portal: Portal, server: MailServer | None) -> int:
    return mail.send_due(portal.parts.sessions, portal.parts.vault, server, portal.clock())


@pytest.mark.parametrize("order", [ODD + GOOD, GOOD + ODD])
def test_odd_addresses_hold_up_nobody(portal: Portal, order: tuple[str, ...]) -> None:
    write(portal, *order)
    handler = Server()
    with a_server(handler) as server:
        assert send(portal, server) == len(GOOD)
        assert sorted(handler.taken) == ["ann@pearl.example", "jo@diamond.example", "jo@xn--cre-qla.example"]
        kept = dict(portal.rows("SELECT recipient, reason FROM letters WHERE given_up_at IS NOT NULL"))
        assert kept == {
            "mary@[care.example": "Its address is none that letters can be sent to.",
            "x" * 300: "Its address is none that letters can be sent to.",
            "mö@care.example": "The mail server takes no address with letters beyond A to Z.",
            "never@care.example": "The mail server answered 550: no such user",
        }
        again = dict(portal.rows("SELECT recipient, reason FROM letters WHERE given_up_at IS NULL"))
        assert list(again) == ["drop@care.example"]
        assert "connection to the mail server ended" in again["drop@care.example"]
        write(portal, "late@diamond.example")
        portal.clock.goes_on(hours=1)
        assert send(portal, server) == 1
        assert handler.taken[-1] == "late@diamond.example"


def test_many_that_hang_up_hold_up_nobody_the_next_time(portal: Portal) -> None:
    write(portal, *(f"drop@{number}.example" for number in range(30)))
    handler = Server()
    with a_server(handler) as server:
        while portal.scalar("SELECT count(*) FROM letters WHERE failures = 0"):
            portal.clock.goes_on(minutes=1)
            send(portal, server)
        write(portal, "jo@diamond.example")
        portal.clock.goes_on(hours=1)
        assert send(portal, server) == 1
    assert handler.taken == ["jo@diamond.example"]


def test_a_server_that_is_away_or_missing_counts_against_no_letter(portal: Portal) -> None:
    write(portal, *GOOD)
    assert send(portal, None) == 0
    portal.clock.goes_on(minutes=1)
    assert send(portal, MailServer("smtp://127.0.0.1:9", "caretally@council.example")) == 0
    assert portal.rows("SELECT DISTINCT failures, given_up_at FROM letters") == [(0, None)]
    portal.clock.goes_on(minutes=1)
    with a_server(Server()) as server:
        assert send(portal, server) == len(GOOD)
    assert portal.scalar("SELECT count(*) FROM letters") == 0
