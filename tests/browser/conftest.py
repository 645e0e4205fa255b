"""Browsers for tests, and the portal of accounts to look at. Others have their own portal: see `visitors`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from deploy.local.servers.install import CHROMIUM, Program
from tests.support.portal.accounts import Portal
from tests.support.portal.browsing import WIDE, Visitor, a_chromium, serve

Visitors = Callable[..., Visitor]


@pytest.fixture(scope="package")
def chromium(installed: Callable[[Program], Path]) -> Iterator[Browser]:
    program = installed(CHROMIUM)
    with sync_playwright() as playwright, a_chromium(playwright, program) as browser:
        yield browser


@pytest.fixture
def visitors(chromium: Browser) -> Iterator[Visitors]:
    """Call it with a portal's URL for a visitor in a browser of their own; `javascript=False` for one without."""
    contexts = []

    def visitor(url: str, javascript: bool = True) -> Visitor:
        contexts.append(chromium.new_context(viewport=WIDE, java_script_enabled=javascript))
        return Visitor(contexts[-1].new_page(), url)

    yield visitor
    for context in contexts:
        context.close()


@pytest.fixture
def site(portal: Portal) -> Iterator[str]:
    """The URL of the portal of `portal`, on its database and by its clock; no service is asked."""
    with serve(portal.app) as url:
        yield url


@pytest.fixture
def visitor(visitors: Visitors, site: str) -> Visitor:
    """Somebody who has not signed in."""
    return visitors(site)
