"""Letters go by TLS, or not at all, to a mail server on another machine."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink

from deploy.local.machine.ports import free_port
from libs.common.process.strictness import TRYING_OUT
from services.portal.letters import mail_server
from services.portal.letters.mail_server import MailServer, fault_of_url

SENDER = "caretally@council.example"


@pytest.fixture(scope="module")
def plain_server() -> Iterator[str]:
    """A mail server without TLS on this machine."""
    controller = Controller(Sink(), hostname="127.0.0.1", port=free_port())
    controller.start()
    yield f"smtp://127.0.0.1:{controller.port}"
    controller.stop()


def a_letter() -> EmailMessage:
    letter = EmailMessage()
    letter["To"], letter["Subject"] = "jo@diamond.example", "A letter"
    letter.set_content("Hello")
    return letter


@pytest.mark.parametrize(
    ("is_here", "needs_tls", "is_sent"), [(True, True, True), (False, True, False), (False, False, True)]
)
def test_a_server_elsewhere_that_offers_no_encryption_gets_no_letter(
    is_here: bool, needs_tls: bool, is_sent: bool, plain_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_server, "is_here", lambda host: is_here)
    (failure,) = MailServer(plain_server, SENDER, needs_tls=needs_tls).send([a_letter()])
    assert (failure is None) is is_sent
    if failure is not None:
        assert (failure.reason, failure.is_servers) == (
            "The mail server offers no encryption (STARTTLS).",
            True,
        )


def test_a_password_is_sent_to_no_server_elsewhere_without_encryption(
    plain_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even for trying out."""
    monkeypatch.setattr(mail_server, "is_here", lambda host: False)
    url = plain_server.replace("//", "//jo:a-password@")
    (failure,) = MailServer(url, SENDER, needs_tls=False).send([a_letter()])
    assert failure is not None
    assert "no encryption" in failure.reason


@pytest.mark.parametrize(
    ("url", "is_good"),
    [
        ("smtps://u:p@mail.example", True), ("smtp://mail.example:587", True), ("smtp://127.0.0.1:25", True),
        ("mail.example", False), ("smtp://", False), ("http://mail.example", False), ("smtp+tls://mail.example", False),
        ("smtps://u:for-trying-out@mail.example", False), ("smtps://u:for%2Dtrying%2Dout@mail.example", False),
    ],
)  # fmt: skip
def test_what_names_a_mail_server(url: str, is_good: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(TRYING_OUT, raising=False)
    fault = fault_of_url(url)
    assert (fault is None) is is_good
    assert fault is None or (fault.startswith("SMTP_URL ") and fault.endswith("."))
