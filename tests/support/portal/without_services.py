"""The portal's pages as somebody signed in is shown them, with services whose answers a test gives."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from flask import g

from libs.common.care.organisation_ids import organisation_id_of
from libs.common.errors import ServiceUnavailable
from libs.common.rights import table
from services.portal.accounts.signing_in.signed_in import SignedIn
from services.portal.app import create_app
from services.portal.clients.gateway import Presence
from services.portal.schema.tables_accounts import Account
from tests.support.portal.accounts import nowhere, sharing_templates


class GivenAnswers:
    """A gateway whose answers are given by (service, method); what is not given is not answered."""

    def __init__(self, answers: Mapping[tuple[str, str], Any]) -> None:
        self.answers = answers

    def ask(self, service: str, method: str, caller: Any, **payload: Any) -> Any:
        if (service, method) not in self.answers:
            raise ServiceUnavailable(f"{service} does not answer.")
        answer = self.answers[service, method]
        return answer(**payload) if callable(answer) else answer

    ask_quickly = ask

    def both(self, *questions: Callable[[], Any]) -> Any:
        return tuple(question() for question in questions)

    all_three = all_four = both

    def answers_by_now(self, questions: Mapping[str, Callable[[], Any]], **_: Any) -> dict[str, Any]:
        found = {}
        for name, question in questions.items():
            try:
                found[name] = question()
            except ServiceUnavailable:
                continue
        return found

    def presences(self) -> list[Presence]:
        return []

    def check(self) -> str | None:
        return None


def page_of(
    endpoint: str,
    answers: Mapping[tuple[str, str], Any],
    *,
    role: str = "finance",
    organisation: str | None = None,
    query: str = "",
    **named: Any,
) -> str:
    """The HTML that a view answers to a GET."""
    gateway: Any = GivenAnswers(answers)
    app = sharing_templates(create_app(gateway, nowhere()))
    organisation_id = organisation and organisation_id_of(organisation)
    with app.test_request_context(f"/?{query}"):
        g.account = Account(
            account_id=uuid.uuid4(),
            role=role,
            organisation=organisation,
            organisation_id=organisation_id,
            must_change_password=False,
            code=b"1",
            totp=b"1",
        )
        g.who = SignedIn(g.account.account_id, "session", "counter", is_app_required=True)
        side = table.side_of(role)
        g.caller = {"who": "somebody", "role": side, "organisation": organisation_id and str(organisation_id)}
        return str(app.view_functions[endpoint](**named))
