"""Which addresses letters can be sent to, and what a failed letter means."""

from __future__ import annotations

import smtplib

import pytest

from services.portal.accounts.emails import as_sent, is_email
from services.portal.letters.mail_server import failure_of, is_sender


@pytest.mark.parametrize(
    "address",
    [
        "jo@diamond.example",
        "jo.o'neil+care@council.local",
        "jo@cäre.example",
        "jö@care.example",
        "j@a.b.c.example",
    ],
)
def test_an_address_is_taken(address: str) -> None:
    assert is_email(address)


@pytest.mark.parametrize(
    "address",
    [
        "mary@[care.example",
        "mary@[192.0.2.1]",
        "mary",
        "@care.example",
        "mary@",
        "mary@care",
        "mary@localhost",
        "ma ry@care.example",
        '"mary"@care.example',
        "mary@care..example",
        ".mary@care.example",
        "mary@-care.example",
        "mary@care.example>",
        "Mary <mary@care.example>",
        "mary@care.example, jo@care.example",
        "mary@care.example\n",
        "mary\x00@care.example",
        "mary@care_home.example",
        f"{'m' * 65}@care.example",
        f"mary@{'c' * 250}.example",
        "",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    assert not is_email(address)


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("jo@diamond.example", "jo@diamond.example"),
        ("jo@cäre.example", "jo@xn--cre-qla.example"),
        ("jö@care.example", "jö@care.example"),
    ],
)
def test_an_address_is_written_as_every_server_reads_it(address: str, sent: str) -> None:
    assert as_sent(address) == sent


REFUSED = {"x@y.example": (550, b"no such user")}
LATER = {"x@y.example": (450, b"greylisted\r\ncome again")}


@pytest.mark.parametrize(
    ("error", "reason", "is_final", "is_servers"),
    [
        (smtplib.SMTPRecipientsRefused(REFUSED), "The mail server answered 550: no such user", True, False),
        (smtplib.SMTPRecipientsRefused(LATER), "The mail server answered 450: greylisted", False, False),
        (smtplib.SMTPDataError(554, b"spam"), "The mail server answered 554: spam", True, False),
        (smtplib.SMTPDataError(451, "later"), "The mail server answered 451: later", False, False),
        (smtplib.SMTPSenderRefused(550, b"no", "c@d"), "refuses the sender", False, True),
        (smtplib.SMTPNotSupportedError(), "no address with letters beyond", True, False),
        (smtplib.SMTPException(), "did not take it", False, False),
        (IndexError(), "can't be put into the form", True, False),
        (UnicodeEncodeError("ascii", "ö", 0, 1, "x"), "can't be put into the form", True, False),
    ],
)
def test_what_a_failure_means(error: Exception, reason: str, is_final: bool, is_servers: bool) -> None:
    found = failure_of(error)
    assert reason in found.reason
    assert (found.is_final, found.is_servers) == (is_final, is_servers)
    assert found.reason.isprintable()


@pytest.mark.parametrize(
    ("sender", "is_one"),
    [
        ("caretally@localhost", True),
        ("Caretally <caretally@council.example>", True),
        ("caretally", False),
        ("caretally@", False),
        ("caretally@[council.example", False),
        ("cäretally@council.example", False),
        ("", False),
    ],
)
def test_whom_letters_come_from_is_checked_when_the_portal_starts(sender: str, is_one: bool) -> None:
    assert is_sender(sender) == is_one
