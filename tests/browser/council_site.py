"""A council's portal with all services behind it, for people with browsers."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import expect

from services.portal.app import create_app
from tests.browser.test_signing_in import gives_number
from tests.journeys.api_council import ApiCouncil
from tests.support.portal.accounts import CODE, PASSWORD, an_account, sharing_templates
from tests.support.portal.browsing import Visitor, serve

SETTLE_SECONDS = 60
NUMBERS = {
    "read": "Number of records read",
    "new": "Number of new records",
    "updated": "Number of updated records",
    "unchanged": "Number of unchanged records",
    "deleted": "Number of deleted records",
    "rejected": "Number of rejected records",
    "issues": "Number of data quality issues",
}


@dataclass(frozen=True)
class CouncilSite:
    """The services, and the URL of their portal."""

    council: ApiCouncil
    url: str

    def signs_in(self, visitor: Visitor, role: str, organisation: str | None = None) -> str:
        """A new account past its first login signs in; its address."""
        email = f"{uuid.uuid4().hex[:12]}@example.org"
        an_account(self.council.parts, email, role, organisation)
        gives_details(visitor, email)
        return email


def gives_details(visitor: Visitor, email: str, *, opens: bool = True) -> None:
    """Password, two digits, and the number of the app of who has one; on the page that is shown, unless it opens that of sign-in first."""
    if opens:
        visitor.opens("/login")
    visitor.fills("E-mail address", email)
    visitor.fills("Password", PASSWORD)
    visitor.presses("Continue")
    labels = visitor.page.get_by_text(re.compile(r"^\s*\d(st|nd|rd|th) digit\s*$"))
    expect(labels).to_have_count(2)
    for label in [text.strip() for text in labels.all_text_contents()]:
        visitor.fills(label, CODE[int(label[0]) - 1])
    visitor.presses("Sign in")
    gives_number(visitor, email)
    expect(visitor.page.get_by_role("button", name="Sign out")).to_be_visible()


@contextmanager
def a_site(council: ApiCouncil) -> Iterator[CouncilSite]:
    """A portal of this council."""
    # over plain HTTP a browser sends no Secure cookies
    parts = dataclasses.replace(council.parts, is_insecure=True)
    app = sharing_templates(create_app(council.app.extensions["gateway"], parts))
    with serve(app) as url:
        yield CouncilSite(council, url)


@pytest.fixture(scope="module")
def council_site(api_council: ApiCouncil) -> Iterator[CouncilSite]:
    """One for a module of tests; each begins with `emptied`."""
    api_council.start_anew()
    with a_site(api_council) as site:
        yield site


@pytest.fixture
def emptied(council_site: CouncilSite) -> CouncilSite:
    """The site without care and visits."""
    council_site.council.empty()
    return council_site


def sends(visitor: Visitor, file: Path | tuple[str, str | bytes], provider: str | None = None) -> None:
    """Choose a file, and for the council its provider, and have it checked."""
    visitor.opens("/visits-files")
    if provider is not None:
        visitor.page.get_by_label("Provider", exact=True).select_option(provider)
    field = visitor.page.locator("input[type=file]")
    if isinstance(file, Path):
        field.set_input_files(file)
    else:
        name, content = file
        content = content.encode() if isinstance(content, str) else content
        field.set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
    visitor.presses("Check the file")


def read_numbers(visitor: Visitor) -> dict[str, int]:
    """The numbers of the check that is shown."""
    shown = visitor.page.locator("dl.portal-numbers div")
    found = {}
    for name, words in NUMBERS.items():
        value = shown.filter(has_text=words).locator("dd").text_content()
        found[name] = int((value or "").strip().replace(",", ""))
    return found


def updates(visitor: Visitor) -> None:
    """Press the button of a check, and wait until all of it is paid."""
    visitor.page.get_by_role("button", name=re.compile(r"^\s*Update [\d,]+ visits?\s*$")).click()
    expect(visitor.page.get_by_text("All steps of matching and payment are done.")).to_be_visible(
        timeout=SETTLE_SECONDS * 1000
    )


def rows_of(content: str) -> list[dict[str, str]]:
    """The rows of a CSV file, with or without a byte-order mark."""
    return list(csv.DictReader(io.StringIO(content.removeprefix("\ufeff"), newline="")))
