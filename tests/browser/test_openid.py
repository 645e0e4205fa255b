"""Signing in by the council's own OpenID provider, a process of its own, with a browser (RULES 14)."""

from __future__ import annotations

import datetime as dt
import json

from playwright.sync_api import expect

from tests.support.openid.signing_in import a_running_provider, known_to
from tests.support.portal.accounts import Portal, app_number
from tests.support.portal.browsing import Visitor

ANN = "ann@council.example"


def test_somebody_of_the_council_signs_in_there_and_gives_the_number_of_the_app_here(
    portal: Portal, site: str, visitor: Visitor
) -> None:
    portal.clock.now = dt.datetime.now(dt.UTC)
    with a_running_provider() as provider, known_to(portal, provider, site):
        portal.a_holder(ANN, "approver")
        for email in ("nobody@council.example", ANN):
            visitor.opens("/council-accounts")
            visitor.is_at("Sign in")
            visitor.follows("For the council’s people: sign in with your council account")
            visitor.sees("The council’s own sign-in")
            person = {"sub": email, "email": email, "email_verified": True, "amr": ["mfa"]}
            visitor.fills("Who you are", json.dumps(person))
            visitor.presses("Go on")
            if email != ANN:
                visitor.is_at("You are not signed in")
                visitor.sees("There is no account of the council here")
                visitor.follows("Back to signing in")
        visitor.is_at("Your authenticator app")
        visitor.fills("Six-digit number of your authenticator app", app_number(ANN))
        visitor.presses("Sign in")
        visitor.is_at("Council accounts")
        expect(visitor.page.get_by_role("row").filter(has_text=ANN)).to_contain_text(
            "connected to the council’s"
        )
