"""The words of the letters to holders. None holds a password, a code or a digit."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session as Transaction

from libs.common.care.clock import LONDON
from services.portal.accounts.environment import Parts
from services.portal.letters import mail
from services.portal.schema.tables_accounts import Account

NOT_YOU = "If this was not you, tell the council's helpdesk at once."
CHANGE_IT = (
    "\n\nWhoever tried gave your right password, and ten wrong answers after it. From there only such a link leads in "
    "now. Change your password."
)
CHANGES = {
    "password": "The password of your Caretally account was changed.",
    "code": "The security code of your Caretally account was changed.",
    "email": "The e-mail address of your Caretally account was changed. You sign in with the new one from now on.",
    "openid": "Your Caretally account was connected to your account of the council: you can sign in by either from now on.",
    "role": "The role of your Caretally account was changed. What you may do there goes by the new one from now on.",
    "totp_added": "An authenticator app was added to your Caretally account.",
    "totp_removed": "The authenticator app was removed from your Caretally account.",
}


def tell_of_lock(
    transaction: Transaction,
    parts: Parts,
    account: Account | None,
    until: dt.datetime,
    now: dt.datetime,
    *,
    is_password_known: bool = False,
) -> None:
    """Sign-in is locked. Where there is no account, a letter to nobody is written: the same work.

    is_password_known: ten answers to the second step were wrong, after the right password.
    """
    text = (
        "Five attempts in a row to sign in to your Caretally account failed. Where they came from, sign-in is locked "
        f"until {in_words(until)}. Browsers in which you signed in before are not affected by attempts made elsewhere. "
        f"Elsewhere you can have a link sent to this address, which leads in meanwhile: {parts.public_url}/login/link"
        f"{CHANGE_IT if is_password_known else ''}\n\n{NOT_YOU}\n"
    )
    mail.write(
        transaction,
        parts.vault,
        account.email if account else None,
        "Sign-in to Caretally is locked",
        text,
        now,
    )


def tell_of_change(
    transaction: Transaction, parts: Parts, account: Account, what: str, now: dt.datetime
) -> None:
    """what: one of CHANGES."""
    text = f"{CHANGES[what]}\n\n{NOT_YOU}\n"
    mail.write(transaction, parts.vault, account.email, "Your Caretally account was changed", text, now)


def send_link(
    transaction: Transaction,
    parts: Parts,
    account: Account,
    link: str,
    over_at: dt.datetime,
    now: dt.datetime,
) -> None:
    text = (
        "The helpdesk made a link with which you can set a new password for Caretally. It works once, until "
        f"{in_words(over_at)}:\n\n{link}\n\nIf you did not ask for it, tell the council's helpdesk.\n"
    )
    mail.write(transaction, parts.vault, account.email, "Set a new password for Caretally", text, now)


def tell_of_device(
    transaction: Transaction, parts: Parts, account: Account, device: str, now: dt.datetime
) -> None:
    """Somebody signed in with a browser that the account was not used in before."""
    text = (
        f"Your Caretally account was used with a new device on {in_words(now)}: {device or 'a browser'}. "
        f"You see where you are signed in, and can end it there, at {parts.public_url}/account/sessions\n\n{NOT_YOU}\n"
    )
    mail.write(transaction, parts.vault, account.email, "A new device signed in to Caretally", text, now)


def send_sign_in_link(
    transaction: Transaction,
    parts: Parts,
    account: Account | None,
    link: str,
    over_at: dt.datetime,
    now: dt.datetime,
) -> None:
    """Where there is no account, to nobody: the same work."""
    text = (
        "With this link and your password you sign in to Caretally. It works once, until "
        f"{in_words(over_at)}:\n\n{link}\n\nIf you did not ask for it, there is nothing to do: without your password "
        "it lets nobody in.\n"
    )
    mail.write(
        transaction, parts.vault, account.email if account else None, "Sign in to Caretally", text, now
    )


def welcome(
    transaction: Transaction,
    parts: Parts,
    account: Account,
    link: str,
    over_at: dt.datetime,
    now: dt.datetime,
) -> None:
    """To the holder of an account that is new, or can be used again."""
    text = (
        f"You have an account of Caretally now, for {account.organisation or 'the council'}. Set your password with "
        f"this link. It works once, until {in_words(over_at)}:\n\n{link}\n\nYou sign in with this e-mail address, and "
        "set a security code the first time. When the link is over, ask the council's helpdesk for another one.\n"
    )
    mail.write(transaction, parts.vault, account.email, "Your Caretally account", text, now)


def in_words(moment: dt.datetime) -> str:
    """As the council's clock shows it: 3 October 2022, 14:05."""
    local = moment.astimezone(LONDON)
    return f"{local.day} {local:%B %Y, %H:%M}"
