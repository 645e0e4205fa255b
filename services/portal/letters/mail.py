"""E-mail to holders of accounts: written in the transaction that gave the reason, sent afterwards by SMTP.

Sending takes as long as a mail server likes: done at once, it would tell by the time of an answer which address has
an account; and a server that is away would lose the letter.
"""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session as Transaction

from libs.common.process import logs
from libs.common.process.database import Sessions
from services.portal.accounts.emails import as_sent
from services.portal.accounts.vault import Sealed, Vault, VaultError
from services.portal.letters.mail_server import Failure, MailServer, failure_of
from services.portal.schema.tables_letters import Letter

_log = logs.log(__name__)

GIVEN_UP_AFTER = dt.timedelta(hours=24)
FIRST_PAUSE = dt.timedelta(seconds=10)
LONGEST_PAUSE = dt.timedelta(minutes=30)
UNSENT_KEPT = dt.timedelta(days=90)
"""How long is said which letters could not be sent, and why."""
NO_SERVER: Final = Failure("No mail server is configured (SMTP_URL).", is_servers=True)


def write(
    transaction: Transaction,
    vault: Vault,
    recipient: str | None,
    subject_line: str,
    text: str,
    now: dt.datetime,
) -> None:
    """Have a letter sent when the transaction commits; to nobody when `recipient` is None, with the same work."""
    letter_id = uuid.uuid4()
    sealed = vault.seal(text, _belongs_to(letter_id))
    transaction.add(
        Letter(
            letter_id=letter_id,
            recipient=recipient,
            subject_line=subject_line,
            text=sealed.content,
            text_key=sealed.key_version,
            failures=0,
            written_at=now,
            due_at=now,
        )
    )


def send_due(
    sessions: Sessions, vault: Vault, server: MailServer | None, now: dt.datetime, most: int = 20
) -> int:
    """Send letters that are due; how many were sent. What fails is tried again for a day, then kept with the reason.

    The rows stay locked meanwhile, so that no other process sends them too. Those that failed before come last.
    """
    with sessions.begin() as transaction:
        query = (
            select(Letter)
            .where(Letter.due_at <= now, Letter.given_up_at.is_(None))
            .order_by(Letter.failures, Letter.due_at)
            .limit(most)
        )
        due = list(transaction.scalars(query.with_for_update(skip_locked=True)))
        outcomes = _send(vault, server, due)
        for letter, failure in zip(due, outcomes, strict=True):
            if failure is None:
                transaction.delete(letter)
            else:
                _put_off(letter, failure, now)
        forget_unsent(transaction, now)
    return sum(
        failure is None and letter.recipient is not None
        for letter, failure in zip(due, outcomes, strict=True)
    )


def find_unsent(transaction: Transaction, most: int = 100) -> Sequence[Letter]:
    """Letters that could not be sent, the newest first: those given up, and those that failed and are tried again."""
    query = select(Letter).where(Letter.reason.is_not(None), Letter.recipient.is_not(None))
    return transaction.scalars(query.order_by(Letter.written_at.desc()).limit(most)).all()


def forget_unsent(transaction: Transaction, now: dt.datetime) -> None:
    """Throw away what was given up long ago."""
    transaction.execute(delete(Letter).where(Letter.given_up_at < now - UNSENT_KEPT))


def _send(vault: Vault, server: MailServer | None, letters: Sequence[Letter]) -> list[Failure | None]:
    """What became of each. Those to nobody count as sent: the work was the same."""
    outcomes: dict[uuid.UUID, Failure | None] = {}
    messages: dict[uuid.UUID, EmailMessage] = {}
    for letter in letters:
        if letter.recipient is None:
            outcomes[letter.letter_id] = None
        elif server is None:
            outcomes[letter.letter_id] = NO_SERVER
        else:
            made = _message(vault, letter, letter.recipient)
            if isinstance(made, Failure):
                outcomes[letter.letter_id] = made
            else:
                messages[letter.letter_id] = made
    if server is not None and messages:
        outcomes |= zip(messages, server.send(list(messages.values())), strict=True)
    return [outcomes[letter.letter_id] for letter in letters]


def _message(vault: Vault, letter: Letter, recipient: str) -> EmailMessage | Failure:
    """The letter as it is sent, or why it can't be."""
    message = EmailMessage()
    try:
        message.set_content(vault.open(Sealed(letter.text, letter.text_key), _belongs_to(letter.letter_id)))
        message["To"] = as_sent(recipient)
        message["Subject"] = letter.subject_line
        message["Date"] = letter.written_at
        message["Message-ID"] = f"<{letter.letter_id}@caretally>"
    except VaultError:
        _log.error("letter_lost", letter_id=str(letter.letter_id))
        return Failure("Its text can't be decrypted: the key is missing.", is_final=True)
    except Exception as error:  # noqa: BLE001 (the edge of a letter)
        return Failure(
            "Its address is none that letters can be sent to."
            if isinstance(error, ValueError)
            else failure_of(error).reason,
            is_final=True,
        )
    return message


def _put_off(letter: Letter, failure: Failure, now: dt.datetime) -> None:
    """Try it again later, or give it up; what it said is forgotten then: it may hold a link."""
    letter.reason = failure.reason
    if failure.is_final or now - letter.written_at > GIVEN_UP_AFTER:
        _log.warning("letter_given_up", letter_id=str(letter.letter_id), failures=letter.failures + 1)
        letter.given_up_at, letter.text = now, b""
        return
    letter.failures += 0 if failure.is_servers else 1
    letter.due_at = now + min(FIRST_PAUSE * 2 ** min(max(letter.failures - 1, 0), 10), LONGEST_PAUSE)


def _belongs_to(letter_id: uuid.UUID) -> str:
    return f"letter|{letter_id}"


class Postman:
    """Sends what is due, as long as the process lives. `run` is for a thread that is kept."""

    def __init__(
        self, sessions: Sessions, vault: Vault, server: MailServer | None, clock: Callable[[], dt.datetime]
    ) -> None:
        self._sessions, self._vault, self._server, self._clock = sessions, vault, server, clock

    def run(self, stop: threading.Event) -> None:
        while not stop.wait(1):
            try:
                while send_due(self._sessions, self._vault, self._server, self._clock()):
                    if stop.is_set():
                        return
            except SQLAlchemyError as error:  # the database comes back, and the letters are in it
                _log.warning("letters_wait", reason=type(error).__name__)
