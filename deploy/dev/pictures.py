"""`python -m deploy.dev.pictures`: takes the pictures of the guides anew, from a demonstration of its own.

Each guide says which it wants: who looks, from which page, by which links (`services/portal/help/tasks.py`). What is
shown follows from the demonstration's own seed; its dates end with the last week that is over.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import shutil
import sys
import time
from pathlib import Path
from typing import Final

import pyotp
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from deploy.dev.commands import command
from deploy.dev.demo.__main__ import BY_ACTUALS, BY_INVOICE, LARGEST, demonstrate
from deploy.dev.demo.logins import Login, past_first_login
from deploy.dev.visitor import Visitor
from deploy.local.home import PROJECT
from deploy.local.servers.install import CHROMIUM, ensure
from services.portal.help.tasks import Picture, every_guide

HOME: Final = PROJECT / "build" / "pictures"
"""Where the demonstration has its data; made anew each time."""
FOLDER: Final = PROJECT / "services" / "portal" / "static" / "guides"
HELPDESK: Final = ("helpdesk@council.example", "helpdesk")
ACCOUNTS: Final = {
    "visits": LARGEST.name,
    "actuals": BY_ACTUALS.name,
    "invoices": BY_INVOICE.name,
    "finance": "The council",
    "commissioning": "The council, commissioning",
    "helpdesk": "The council, helpdesk",
}
"""Whose login each account of a picture is."""
WIDE: Final = {"width": 1280, "height": 900}
HIGHEST: Final = 640
"""Pixels; what is lower on the page is left out."""
COLOURS: Final = 32
MOST_BYTES: Final = 60_000
FIRST: Final = "*"
"""The first link of a page's first table."""
ENDS: Final = """most => {
    const main = document.querySelector("main");
    const top = main.getBoundingClientRect().top;
    const ends = Array.from(main.querySelectorAll("h1, h2, p, li, tr, button, .govuk-form-group, .govuk-summary-list__row"),
        element => element.getBoundingClientRect().bottom - top);
    return Math.max(...ends.filter(end => end <= most));
}"""
"""Where the last row ends that fits."""


def main() -> int:
    argparse.ArgumentParser(prog="python -m deploy.dev.pictures", description=__doc__).parse_args()
    os.environ["CARETALLY_HOME"] = str(HOME)
    command("down")
    shutil.rmtree(HOME, ignore_errors=True)
    try:
        portal_url, found = demonstrate()
        logins = {whose: login for whose, login in found.items() if isinstance(login, Login)}
        logins[ACCOUNTS["helpdesk"]] = past_first_login(portal_url, *HELPDESK, None)
        _take_all(portal_url, logins)
    finally:
        command("down")
    return 0


def _take_all(portal_url: str, logins: dict[str, Login]) -> None:
    with sync_playwright() as playwright:
        options = ["--no-sandbox"] if os.geteuid() == 0 else []  # which is not made for root
        browser = playwright.chromium.launch(executable_path=ensure(CHROMIUM), args=options)
        pages = {name: _signed_in(browser, portal_url, logins[whose]) for name, whose in ACCOUNTS.items()}
        _raise_a_dispute(pages["commissioning"], portal_url)
        wanted = [picture for guide in every_guide().values() for picture in guide.pictures]
        for left in {path.name for path in FOLDER.glob("*.png")} - {picture.file_name for picture in wanted}:
            (FOLDER / left).unlink()
        for picture in wanted:
            _take(pages[picture.account], portal_url, picture)
        browser.close()


def _signed_in(browser: Browser, portal_url: str, login: Login) -> Page:
    """A page of a browser in which somebody is signed in."""
    visitor = Visitor(portal_url)
    visitor.signs_in(login.email, login.password, login.code)
    if login.app_key:
        app = pyotp.TOTP(login.app_key)
        time.sleep(app.interval - time.time() % app.interval)  # each number is good for one sign-in
        visitor.send(action="/login/app", number=app.now())
    context = browser.new_context(viewport=WIDE, locale="en-GB", timezone_id="Europe/London")  # type: ignore[arg-type]
    context.add_cookies(
        [{"name": name, "value": value, "url": portal_url} for name, value in visitor.cookies().items()]
    )
    return context.new_page()


def _raise_a_dispute(page: Page, portal_url: str) -> None:
    """On what the worklist shows first of the provider whose dispute is looked at."""
    page.goto(f"{portal_url}/worklist")
    page.get_by_label("Provider", exact=True).select_option(LARGEST.name)
    page.get_by_role("button", name="View", exact=True).click()
    page.locator("main table input[type=checkbox]").first.check()
    page.get_by_role("button", name="Raise disputes").click()
    for field in page.locator("main textarea").all():
        field.fill("Please look at this visit again, and tell us what happened.")
    page.get_by_role("button", name="Raise disputes").click()
    page.locator(".govuk-notification-banner").first.wait_for()


def _take(page: Page, portal_url: str, picture: Picture) -> None:
    page.goto(portal_url + picture.address)
    for words in picture.links:
        content = page.locator("main")
        by_name = content.get_by_role("link", name=re.compile(f"^{re.escape(words)}"))
        (content.locator("table a") if words == FIRST else by_name).first.click()
        page.wait_for_load_state()
    box = page.locator("main").bounding_box()
    if box is None:
        raise LookupError(f"{page.url} shows nothing")
    box["height"] = page.evaluate(ENDS, HIGHEST) + 10
    _keep(page.screenshot(full_page=True, clip=box), FOLDER / picture.file_name)  # type: ignore[arg-type]


def _keep(png: bytes, target: Path) -> None:
    """Write a picture in few colours, which text and tables do not miss."""
    target.parent.mkdir(exist_ok=True)
    Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(
        target, optimize=True
    )
    size = target.stat().st_size
    print(f"{target.name}: {size:,} bytes")
    if size > MOST_BYTES:
        raise ValueError(f"{target.name} is larger than {MOST_BYTES:,} bytes")


if __name__ == "__main__":
    sys.exit(main())
