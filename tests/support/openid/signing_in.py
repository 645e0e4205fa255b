"""Somebody who signs in at the provider of tests, over real HTTP."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import requests
from werkzeug.test import TestResponse

from services.portal.accounts.openid.issuer import Issuer, Settings
from tests.support.openid.provider import CLIENT_ID, CLIENT_SECRET
from tests.support.portal.accounts import Browser, Portal

SECONDS = 30


@contextmanager
def a_running_provider() -> Iterator[str]:
    """Its address; a process of its own, which ends with the test run."""
    program = [sys.executable, "-W", "ignore", "-m", "tests.support.openid.provider"]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.terminate()
            process.wait(SECONDS)


@contextmanager
def known_to(portal: Portal, url: str, public_url: str | None = None, **more: Any) -> Iterator[Portal]:
    """The portal, which lets the council's people sign in there. public_url: where it is itself."""
    settings = Settings(url, CLIENT_ID, lambda: CLIENT_SECRET, **more)
    before = portal.parts
    portal.parts = replace(before, issuer=Issuer(settings), public_url=public_url or before.public_url)
    portal.app.extensions["accounts"] = portal.parts
    try:
        yield portal
    finally:
        portal.parts = replace(portal.parts, issuer=None, public_url=before.public_url)
        portal.app.extensions["accounts"] = portal.parts


def goes_there(browser: Browser, begin: str = "/login/openid", **person: Any) -> str:
    """From the portal's page to the provider, where somebody says who they are; the way back, as the browser is sent."""
    asked = browser.get(begin).location
    assert requests.get(asked, timeout=SECONDS).status_code == 200
    sent = requests.post(asked, {"person": json.dumps(person)}, timeout=SECONDS, allow_redirects=False)
    assert sent.status_code == 302, sent.text
    parts = urlsplit(sent.headers["Location"])
    return f"{parts.path}?{parts.query}"


def signs_in_there(browser: Browser, **person: Any) -> TestResponse:
    """There and back."""
    return browser.get(goes_there(browser, **person))
