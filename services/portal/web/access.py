"""Who asks for a page, and whether they may."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, cast

from flask import abort, current_app, g

from libs.common.rights import table
from libs.common.rpc import Caller
from services.portal.accounts import rules as accounts_rules
from services.portal.accounts.environment import Parts
from services.portal.accounts.signing_in.signed_in import SignedIn
from services.portal.schema.tables_accounts import Account

_DUTY_PAGES = {"password": "account.password", "code": "account.code", "totp": "account.app"}

View = Callable[..., Any]


class SignInFirst(Exception):
    """The page is for whoever is signed in, and nobody is."""


class DutyFirst(Exception):
    """The holder must do something before anything else, on the page of this endpoint."""

    def __init__(self, endpoint: str) -> None:
        super().__init__(endpoint)
        self.endpoint = endpoint


def the_parts() -> Parts:
    return cast(Parts, current_app.extensions["accounts"])


def account() -> Account:
    """Of a view that is `signed_in`."""
    return cast(Account, g.account)


def caller() -> Caller:
    """Of a view that is `signed_in`."""
    return cast(Caller, g.caller)


def who() -> SignedIn:
    """Of a view that is `signed_in`."""
    return cast(SignedIn, g.who)


def signed_in(*needs: str, duty: str | None = None) -> Callable[[View], View]:
    """A view for whoever is signed in and has one of the rights that it `needs` (RULES 14: the one table).

    duty: that of this page. Whoever has another one before (first login: password, code) is sent there.
    The view has `needs`, for whoever looks at the whole map of routes. ValueError for a view that names no right.
    """
    if not needs or not table.TABLE.keys() >= set(needs):
        raise ValueError(f"a page must name rights of the table, not {needs}")

    def wrapped(view: View) -> View:
        @functools.wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            if g.account is None:
                raise SignInFirst
            due = duty_of(account())
            if due is not None and due != duty:
                raise DutyFirst(_DUTY_PAGES[due])
            if not may(*needs):
                abort(403, "Your account has no access to this page.")
            return view(*args, **kwargs)

        checked.needs = needs  # type: ignore[attr-defined]
        return checked

    return wrapped


def may(*needed: str) -> bool:
    """Whether who is signed in has one of these rights."""
    return table.may(account().role, *needed)


def may_open(role: str, endpoint: str) -> bool:
    """Whether somebody in this role may see the page of an endpoint; all may, where it asks for nobody."""
    needs = needs_of(endpoint)
    return not needs or table.may(role, *needs)


def needs_of(endpoint: str) -> tuple[str, ...]:
    """The rights of which a page's view needs one; none of a view that asks for nobody."""
    return needs_of_view(current_app.view_functions[endpoint])


def needs_of_view(view: View) -> tuple[str, ...]:
    """The rights of which a view needs one; none of a view that asks for nobody."""
    return tuple(getattr(view, "needs", ()))


def duty_of(account: Account) -> str | None:
    """What the holder who is signed in must do before anything else."""
    return accounts_rules.next_duty(
        account.must_change_password,
        account.code is not None,
        account.totp is not None,
        is_app_required=who().is_app_required,
    )
