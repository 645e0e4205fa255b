"""Signing in by the council's own OpenID provider (RULES 14; docs/decisions/0050-council-accounts.md).

It opens accounts that there are, of the council alone, by a verified e-mail address; it makes none. What the provider
calls the person is kept at the first time, and must be the same from then on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sqlalchemy.orm import Session as Transaction

from libs.common.errors import Refused
from libs.common.process import logs
from services.portal.accounts import rules as accounts_rules
from services.portal.accounts import store
from services.portal.accounts.environment import Parts
from services.portal.accounts.openid import rules
from services.portal.accounts.openid.issuer import NOT_ITS_ANSWER, Issuer
from services.portal.accounts.openid.rules import Person
from services.portal.accounts.openid.store import account_of_openid
from services.portal.accounts.signing_in import known_browsers
from services.portal.accounts.signing_in.signed_in import Origin
from services.portal.accounts.signing_in.steps import Answer, open_or_ask_app
from services.portal.evidence import sign_ins
from services.portal.schema.tables_accounts import Account

_log = logs.log(__name__)
STEP: Final = "openid"
"""In evidence: which way was taken."""
NO_ACCOUNT: Final = (
    "no_account",
    "There is no account of the council here for the e-mail address of your sign-in there. Ask the helpdesk for one.",
)
ANOTHER: Final = (
    "another_person",
    "The account here is connected to another sign-in there. Tell the helpdesk at once.",
)
NO_SECOND_STEP: Final = (
    "no_second_step",
    "Your sign-in there took no second step, and you have no authenticator app here yet. Sign in with e-mail address"
    " and password, and add one in your account.",
)


def issuer_of(parts: Parts) -> Issuer:
    """Refused `not_found` where the council has set none."""
    if parts.issuer is None:
        raise Refused("not_found", "Signing in by another account is not set up here.")
    return parts.issuer


def back_to(parts: Parts) -> str:
    """Where the provider sends browsers back to: it must know this very address."""
    return f"{parts.public_url}/login/openid/back"


def address(parts: Parts, secret: str) -> str:
    """Where a browser is sent that keeps this secret. Raises ServiceUnavailable where the provider is away."""
    return issuer_of(parts).address(back_to(parts), **rules.asking_of(secret)._asdict())


def come_back(
    parts: Parts,
    secret: str,
    state: str,
    code: str,
    *,
    browser_of: Callable[[str], str | None],
    origin: Origin,
) -> Answer:
    """The session, or the question for our own app's number.

    secret, state: what the browser kept, and what the provider sent back. browser_of: what the browser kept from an
    earlier sign-in of an address, by its subject. Refused with a sentence for whoever may not come in; raises
    ServiceUnavailable where the provider is away.
    """
    asking, now = rules.asking_of(secret), parts.clock()
    if not code or not rules.is_same(asking.state, state):
        raise Refused(*NOT_ITS_ANSWER)
    issuer = issuer_of(parts)
    claims = issuer.claims(back_to(parts), code, now, nonce=asking.nonce, verifier=asking.verifier)
    person = rules.person_of(claims, issuer.settings.acr)
    subject = accounts_rules.subject_of(person.email)
    try:
        with parts.sessions.begin() as transaction:
            account = _account_of(transaction, person, subject)
            counter = known_browsers.counter_of(transaction, subject, browser_of(subject), now)
            is_asked = _is_app_asked(account, person)
            return open_or_ask_app(
                transaction, parts, account, counter, origin, now, openid=person.openid, is_app_asked=is_asked
            )
    except Refused as refused:
        with parts.sessions.begin() as transaction:
            found = store.account_of(transaction, subject)
            sign_ins.tell_wrong(transaction, subject, found, STEP, is_locked=False)
        _log.info("sign_in_failed", account_id=str(found and found.account_id), step=STEP, code=refused.code)
        raise


def _account_of(transaction: Transaction, person: Person, subject: str) -> Account:
    """The account of the council that is the person's. Refused `no_account`, `another_person`."""
    account = store.account_of(transaction, subject)
    if account is None or account.organisation_id is not None or account.disabled_at is not None:
        raise Refused(*NO_ACCOUNT)
    known = account_of_openid(transaction, person.openid)
    is_same = account.openid is None or account.openid == person.openid
    if not is_same or (known is not None and known.account_id != account.account_id):
        raise Refused(*ANOTHER)
    return account


def _is_app_asked(account: Account, person: Person) -> bool:
    if not person.second_step and account.totp is None:
        raise Refused(*NO_SECOND_STEP)
    return rules.is_app_asked(
        has_app=account.totp is not None,
        is_connected=account.openid is not None,
        second_step=person.second_step,
    )
