"""Every page and every operation of the API, for every role and kind of token: what happens is what the table says.

The services are away: whoever may is told so, or shown a page; whoever may not is refused before anything is asked.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator

import pytest
from werkzeug.routing import Rule

from libs.common.rights import names as rights
from libs.common.rights import table
from services.portal.accounts.tokens import steps as tokens_steps
from services.portal.api import RATE_LIMIT
from services.portal.api.limits import RateLimit
from tests.journeys.route_map import METHODS, OPEN
from tests.portal.database.test_tokens import DIAMOND, an_account
from tests.support.portal.accounts import Portal, a_provider, csrf_token

VALUES = {"uuid": str(uuid.uuid4()), "int": "1", "visit_ref": "V1", "default": "x"}
NO_ACCESS = "Your account has no access to this page."


def path_of(rule: Rule) -> str:
    """The rule's address, with something for each of its parameters."""
    return re.sub(r"<(?:(\w+)(?:\([^)]*\))?:)?\w+>", lambda found: VALUES.get(found[1] or "", "x"), rule.rule)


def routes(portal: Portal, *, api: bool) -> Iterator[tuple[str, str, str]]:
    """Endpoint, method and address of all that is not open to strangers."""
    for rule in portal.app.url_map.iter_rules():
        if rule.endpoint in OPEN or rule.rule.startswith("/api/") is not api:
            continue
        for method in METHODS:
            if method in (rule.methods or ()):
                yield rule.endpoint, method, path_of(rule)


def test_every_page_and_operation_names_its_rights(portal: Portal) -> None:
    views = portal.app.view_functions
    pages = {endpoint: getattr(views[endpoint], "needs", ()) for endpoint, *_ in routes(portal, api=False)}
    operations = {endpoint: views[endpoint].operation.needs for endpoint, *_ in routes(portal, api=True)}
    without = [endpoint for endpoint, needs in (pages | operations).items() if not needs]
    assert without == [], "make the view `signed_in` with a right, or give its Operation needs"
    assert (len(pages) > 150, len(operations) > 100) == (True, True)
    assert {right for needs in (pages | operations).values() for right in needs} <= set(table.TABLE)


@pytest.mark.parametrize("role", table.ROLES)
def test_a_page_refuses_every_role_that_the_table_does_not_name(portal: Portal, role: str) -> None:
    browser = portal.browser_of(an_account(portal, role))
    token = {"csrf_token": csrf_token(browser.get("/account/password").text)}
    faults, counts = [], {True: 0, False: 0}
    for endpoint, method, path in routes(portal, api=False):
        answer = browser.client.open(path, method=method, data=None if method == "GET" else token)
        is_refused = answer.status_code == 403 and NO_ACCESS in answer.text
        may = table.may(role, *portal.app.view_functions[endpoint].needs)
        counts[may] += 1
        if is_refused is may or answer.status_code in (401, 405):
            faults.append((endpoint, method, answer.status_code))
        answer.close()
    assert faults == []
    assert min(counts.values()) > 3


def a_token(portal: Portal, role: str, *scopes: str, confirmed: bool = True) -> str:
    """A token of somebody in this role, who gives what they can, or these."""
    owner = an_account(portal, role, f"{uuid.uuid4().hex}@example.org")
    whose = a_provider(DIAMOND) if owner.organisation_id else None
    given = set(scopes) or table.scopes_of((role,))
    token = tokens_steps.add(portal.parts, whose, 30, "tests", owner=owner, scopes=given)
    if confirmed and whose is None and table.is_writing(given):
        second = an_account(portal, "approver", f"{uuid.uuid4().hex}@example.org")
        tokens_steps.confirm(portal.parts, tokens_steps.id_of(token), second)
    return token


@pytest.mark.parametrize(
    ("role", "scopes", "is_confirmed"),
    [
        *((role, (), True) for role in table.ROLES if table.scopes_of((role,))),
        ("finance", (), False),
        ("commissioning", (), False),
        ("finance", (rights.READ_VISITS,), True),
        ("finance", (rights.HOLD_PAYMENTS,), True),
        ("home_manager", (rights.SEND_VISITS,), True),
    ],
)
def test_an_operation_refuses_every_token_without_its_scope(
    portal: Portal, role: str, scopes: tuple[str, ...], is_confirmed: bool
) -> None:
    portal.app.config[RATE_LIMIT] = RateLimit(per_minute=1e6, burst=1e6)
    token = a_token(portal, role, *scopes, confirmed=is_confirmed)
    given = frozenset(scopes) or table.scopes_of((role,))
    allowed = given if is_confirmed or role in table.PROVIDER_ROLES else given - table.WRITES
    client, headers = portal.app.test_client(), {"Authorization": f"Bearer {token}"}
    faults, refused = [], 0
    for endpoint, method, path in routes(portal, api=True):
        needs = {*portal.app.view_functions[endpoint].operation.needs}
        answer = client.open(path, method=method, headers=headers)
        code = (answer.json or {}).get("code") if answer.status_code in (403, 404) else None
        is_elsewhere = table.side_of(role) not in table.sides_that_may(*needs)
        expected = "not_found" if is_elsewhere else "not_confirmed" if needs & given else "not_in_scope"
        is_refused = not needs & allowed
        refused += is_refused
        if (code == expected) is not is_refused and not (code == "not_found" and not is_elsewhere):
            faults.append((endpoint, method, answer.status_code, code))
        if not is_refused and code in ("not_in_scope", "not_confirmed"):
            faults.append((endpoint, method, answer.status_code, code))
    assert faults == []
    assert refused > 10
