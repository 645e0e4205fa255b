"""The map of the portal's routes, pages and API, walked with an object for every parameter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask

from libs.common.rights import table
from tests.journeys.api_council import DIAMOND

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
UNSAFE = METHODS[1:]
OPEN = {
    "static",
    "branding.council",
    "health.alive",
    "health.ready",
    "home.home",
    "guide.contents",
    "guide.visits_file",
    "guide.visit_types",
    "guide.unmatched",
    "guide.scenarios",
    "guide.calendar",
    "login.password",
    "login.digits",
    "login.app",
    "login.logout",
    "login.ask_for_link",
    "login.by_link",
    "login.ask_for_reset",
    "login.reset",
    "openid.go_there",
    "openid.come_back",
    "api.openapi_document",
}
"""What a stranger may ask. Whatever else there is asks who they are."""


@dataclass(frozen=True)
class Route:
    """One way to ask for one rule of the map, its parameters filled in."""

    endpoint: str
    method: str
    path: str
    parameters: frozenset[str]
    allowed: tuple[str, ...]
    """roles that may, by the table of rights; empty for all, and for the API"""

    @property
    def is_api(self) -> bool:
        return self.path.startswith("/api/")

    @property
    def is_for_providers(self) -> bool:
        return not self.allowed or "home_manager" in self.allowed

    @property
    def is_open(self) -> bool:
        return self.endpoint in OPEN

    def __str__(self) -> str:
        return f"{self.method} {self.path} ({self.endpoint})"


def routes(app: Flask, objects: dict[str, str]) -> Iterator[Route]:
    for rule in app.url_map.iter_rules():
        unknown = rule.arguments - objects.keys()
        if unknown:
            pytest.fail(
                f"{rule.rule} has the parameter {', '.join(unknown)}, which this test does not know: add such an object"
                f" of {DIAMOND} to `objects`."
            )
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: objects[found[1]], rule.rule)
        needs = getattr(app.view_functions[rule.endpoint], "needs", None)
        asks_itself = needs is not None or rule.endpoint in OPEN or rule.rule.startswith("/api/")
        assert asks_itself, f"{rule.rule} does not say who may see it: make its view `signed_in`."
        for method in METHODS:
            if method in (rule.methods or ()):
                yield Route(rule.endpoint, method, path, frozenset(rule.arguments), roles_for(needs or ()))


def roles_for(needs: tuple[str, ...]) -> tuple[str, ...]:
    """The roles that may see a page which needs one of these rights; empty for all."""
    allowed = table.roles_that_may(*needs)
    return () if allowed == table.ROLES else allowed
