"""Accounts for whoever looks at the demonstration: past their first login, or ready for it."""

from __future__ import annotations

import random
import secrets
from dataclasses import dataclass

import pyotp

from deploy.dev.commands import asked
from deploy.dev.visitor import Visitor
from services.portal.accounts.rules import code_fault

_SYSTEM = random.SystemRandom()


@dataclass(frozen=True)
class Login:
    """What somebody signs in with."""

    email: str
    password: str
    code: str
    app_key: str | None = None
    """of the authenticator app, where the role must have one"""

    def __str__(self) -> str:
        given = f"{self.email}, password {self.password}, security code {self.code}"
        if self.app_key is None:
            return given
        address = pyotp.TOTP(self.app_key).provisioning_uri(name=self.email, issuer_name="Caretally")
        return f"{given}, authenticator app {self.app_key}\n      {address}"


@dataclass(frozen=True)
class FirstLogin:
    """What somebody signs in with for the first time, to choose the rest themselves."""

    email: str
    password: str | None
    link: str | None

    def __str__(self) -> str:
        given = f"first password {self.password}" if self.password else f"set a password at {self.link}"
        return f"{self.email}, {given}; then choose six digits, and add an authenticator app by the key that is shown"


def past_first_login(portal_url: str, email: str, role: str, organisation: str | None) -> Login:
    """An account past its first login; at a second demonstration, with a new password by a one-time link."""
    password, code = _password(), _code()
    visitor = Visitor(portal_url)
    made = before_first_login(email, role, organisation)
    if made.link:
        visitor.uses_link(made.link, email, password, code)
    elif made.password:
        visitor.first_login(email, made.password, password, code)
    must_have_app = asked("user", "require-app")[role]
    return Login(email, password, code, visitor.adds_app(password) if must_have_app else None)


def before_first_login(email: str, role: str, organisation: str | None) -> FirstLogin:
    """An account as the helpdesk makes it; a known one with a one-time link, and without its authenticator app."""
    if any(account["email"] == email for account in asked("user", "list")):
        return FirstLogin(email, None, asked("user", "reset", "--email", email, "--remove-app")["link"])
    whose = ["--organisation", organisation] if organisation else []
    made = asked("user", "add", "--email", email, "--role", role, *whose)
    return FirstLogin(email, made["password"], None)


def _password() -> str:
    """Long enough by any count, with upper case, lower case and a digit."""
    return f"{_SYSTEM.choice('ABCDEFGHJKLMNPQRSTUVWXYZ')}{secrets.token_hex(6)}{_SYSTEM.randrange(10)}x"


def _code() -> str:
    """Six digits that the portal takes."""
    while True:
        code = f"{_SYSTEM.randrange(10**6):06}"
        if code_fault(code) is None:
            return code
