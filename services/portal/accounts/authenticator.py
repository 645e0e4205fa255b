"""Authenticator apps (TOTP): offered to all, required of the roles that the council's data name (RULES 14)."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Final

import pyotp
import segno
from sqlalchemy.orm import Session as Transaction

from libs.common.errors import Refused
from libs.common.rights.table import ROLES
from services.portal.accounts import steps, store
from services.portal.accounts.environment import Parts
from services.portal.accounts.signing_in import store as signing_in_store
from services.portal.accounts.signing_in.sessions import end_elsewhere
from services.portal.accounts.signing_in.signed_in import SignedIn
from services.portal.accounts.signing_in.steps import right_step, totp_of
from services.portal.accounts.vault import Sealed
from services.portal.letters import words as letters_words
from services.portal.schema.tables_accounts import Account, Session

_NUMBER_WRONG: Final = (
    "number_wrong",
    "The number is not right. Enter the one the app shows now",
    {"field": "number"},
)


@dataclass(frozen=True)
class Offered:
    """A new key for an app: as text, and as the address that its QR code says."""

    key: str
    address: str

    def qr_svg(self) -> bytes:
        """The QR code as a picture."""
        out = io.BytesIO()
        segno.make(self.address).save(out, kind="svg", scale=5, dark="#0b0c0c", light="#fff", xmldecl=True)
        return out.getvalue()


def offered(parts: Parts, who: SignedIn) -> Offered:
    """The key that this session is setting up, a new one at first. It counts when a number has shown that the app
    has it."""
    with parts.sessions.begin() as transaction:
        session, account = _found(transaction, who)
        if session.totp is None:
            # 160 bits, as RFC 4226 wants; base32 has 5 a character
            key = "".join(parts.chance.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") for _ in range(32))
            sealed = parts.vault.seal(key, f"new totp|{account.account_id.hex}")
            session.totp, session.totp_key = sealed.content, sealed.key_version
        key = _offered_key(parts, session)
        return Offered(key, pyotp.TOTP(key).provisioning_uri(name=account.email, issuer_name="Caretally"))


def confirm(parts: Parts, who: SignedIn, present: str, number: str) -> None:
    """From now on sign-in asks for the app's number. Asks for the present password: an app that is there is
    replaced."""
    now = parts.clock()
    steps.judge_password(parts, who, present)
    with parts.sessions.begin() as transaction:
        session, account = _found(transaction, who)
        if session.totp is None:
            raise Refused("app_not_offered", "Start again: the key is no longer valid.")
        steps.put_totp(parts, account, _offered_key(parts, session))
        step = right_step(parts, account.account_id.hex, totp_of(account), number, now)
        if step is None:
            raise Refused(*_NUMBER_WRONG)  # and nothing of this transaction stays
        account.totp_step = step
        session.totp = session.totp_key = None
        end_elsewhere(transaction, account, who)
        letters_words.tell_of_change(transaction, parts, account, "totp_added", now)


def remove(parts: Parts, who: SignedIn, present: str) -> None:
    """Asks for the present password. Whose role needs an app can't."""
    steps.judge_password(parts, who, present)
    with parts.sessions.begin() as transaction:
        _, account = _found(transaction, who)
        if signing_in_store.is_app_required(transaction, account.role):
            raise Refused("app_required", "People in your role must keep an authenticator app.")
        account.totp = account.totp_key = None
        end_elsewhere(transaction, account, who)
        letters_words.tell_of_change(transaction, parts, account, "totp_removed", parts.clock())


def set_required(parts: Parts, role: str, is_required: bool, who: str) -> None:
    """From now on people of this role must have an app, or need none; whoever is signed in is asked for it at once."""
    if role not in ROLES:
        raise Refused("role_unknown", f"There is no role “{role}”: give one of {', '.join(ROLES)}.")
    with parts.sessions.begin() as transaction:
        signing_in_store.require_app(transaction, role, is_required, who, parts.clock())


def required_of(parts: Parts) -> dict[str, bool]:
    """Of each role, whether its people must have an app."""
    with parts.sessions.begin() as transaction:
        return {role: signing_in_store.is_app_required(transaction, role) for role in ROLES}


def _found(transaction: Transaction, who: SignedIn) -> tuple[Session, Account]:
    found = store.session_and_account(transaction, who.session_id)
    if found is None:
        raise Refused("session_over", "You were signed out. Sign in again.")
    return found


def _offered_key(parts: Parts, session: Session) -> str:
    assert session.totp is not None  # the caller looked  # noqa: S101
    return parts.vault.open(Sealed(session.totp, session.totp_key or 0), f"new totp|{session.account_id.hex}")


__all__ = ["Offered", "confirm", "offered", "remove", "required_of", "set_required"]
