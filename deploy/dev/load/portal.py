"""The portal of the stack that is loaded: accounts for people who click, and its map."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle

from werkzeug.exceptions import HTTPException

from deploy.cli.system import System, amqp_url
from deploy.dev.visitor import Visitor
from deploy.local.home import read_notes, stack_home
from deploy.local.plan import portal_secrets
from services.portal.accounts import steps as accounts_steps
from services.portal.accounts.environment import Parts, from_environment
from services.portal.app import create_app
from services.portal.clients.gateway import Gateway
from services.portal.web.names.organisations import Organisation

PASSWORD, CODE = "Load7Kettle-mill", "482913"
COUNCIL_SHARE = 5
"""Every fifth is of the council."""


@contextmanager
def portal_parts() -> Iterator[Parts]:
    """The parts of the running stack's portal."""
    notes = read_notes(stack_home())
    assert notes is not None, "the stack is up"
    os.environ.update(DATABASE_URL=notes.role_urls["portal_rpc"], PORTAL_URL=notes.portal_url)
    os.environ.update(portal_secrets(stack_home()))
    parts = from_environment()
    try:
        yield parts
    finally:
        parts.close()


def signed_in(parts: Parts, portal_url: str, organisations: Sequence[str], people: int) -> list[Visitor]:
    """So many people past their first login: home managers of the providers in turn, and finance officers."""
    system = System(amqp_url())
    ids = [
        system.ask("matching", "find_organisation", name=name)["organisation_id"] for name in organisations
    ]
    system.close()
    providers = map(Organisation, map(uuid.UUID, ids), organisations)
    return [
        _signed_in(parts, portal_url, number, None if number % COUNCIL_SHARE == 0 else provider)
        for number, provider in zip(range(people), cycle(providers), strict=False)
    ]


def _signed_in(parts: Parts, portal_url: str, number: int, organisation: Organisation | None) -> Visitor:
    email = f"{os.urandom(4).hex()}-{number}@load.example"
    role = "home_manager" if organisation else "finance"
    initial = accounts_steps.add(parts, email, role, organisation)
    visitor = Visitor(portal_url)
    visitor.first_login(email, initial, PASSWORD, CODE)
    if organisation is None:  # the council's people must have an app
        visitor.adds_app(PASSWORD)
    return visitor


def route_finder(parts: Parts, broker_url: str) -> Callable[[str], str | None]:
    """Tells of a path which rule of the portal's map it belongs to; None when it is no page."""
    gateway = Gateway(broker_url)
    places = create_app(gateway, parts).url_map.bind("")
    gateway.close()

    def route_of(path: str) -> str | None:
        try:
            return str(places.match(path, method="GET", return_rule=True)[0].rule)
        except HTTPException:
            return None

    return route_of
