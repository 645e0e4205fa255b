"""How pages ask services: on behalf of whoever is signed in."""

from __future__ import annotations

from typing import Any, cast

from flask import current_app, g, request

from libs.common.rpc import Caller
from services.portal.accounts import rules as accounts_rules
from services.portal.clients.gateway import Gateway, Question
from services.portal.web import access

READERS = ("provider", "finance", "commissioning", "approver")
"""Who sees visits and payments; the helpdesk sees accounts alone."""
SENDERS = ("provider", "finance", "commissioning")
"""Who sends and changes visits."""
KEEPERS = ("finance", "commissioning")
"""Who changes the council's lists and pay rules."""


def gateway() -> Gateway:
    return cast(Gateway, current_app.extensions["gateway"])


def caller() -> Caller:
    """Of a view that is `signed_in`."""
    return cast(Caller, g.caller)


def ask(service: str, method: str, **payload: Any) -> Any:
    """A service's answer. Raises Refused and ServiceUnavailable, which become pages."""
    return gateway().ask(service, method, caller(), **payload)


def is_council() -> bool:
    return accounts_rules.side_of(access.account().role) == "council"


def organisation_chosen() -> str | None:
    """The provider that the council looks at (`?organisation=NAME`); None for all, and for a provider's own."""
    return request.args.get("organisation", "").strip() or None


def organisations() -> list[str]:
    """The providers that the council may choose from; a provider has no choice."""
    return list(ask("matching", "organisations")) if is_council() else []


def ask_with_organisations(*questions: Question) -> tuple[list[Any], list[str]]:
    """The answers to questions that do not wait for one another, in their order, and what `organisations` says.

    All are asked at once. Raises Refused and ServiceUnavailable, which become pages.
    """
    of_council: list[Question] = [("matching", "organisations", {})] if is_council() else []
    answers = gateway().ask_at_once(caller(), *questions, *of_council)
    return answers[: len(questions)], answers[-1] if of_council else []
