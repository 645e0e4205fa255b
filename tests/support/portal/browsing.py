"""Somebody at a browser: a real Chromium, which they use by what they read, and pages looked at closely."""

from __future__ import annotations

import logging
import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Error, Locator, Page, Playwright, Response, expect
from werkzeug.serving import make_server

T = TypeVar("T")
WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 320, "height": 640}
SECONDS = 30
"""How long a page may take to show what is waited for, on a busy machine too."""
MOST_STEPS = 60
"""Once around a page: to begin with, the keyboard may stand behind what is looked for."""
AXE = Axe().axe_script
AXE_RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
VIOLATIONS = "rules => axe.run(rules).then(found => found.violations)"
"""Its answer also holds all that is in order, and would take as long again to be brought here."""
ELEMENTS = """() => document.title + " " + [...new Set(Array.from(document.querySelectorAll("*"), element => {
    const texts = Array.from(element.childNodes).filter(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
    const has = Array.from(element.attributes, ({name, value}) => name + (KEPT.includes(name) || !value ? "=" + value : ""));
    return [element.parentElement?.className, element.tagName, ...has, texts.length > 0].join(" ");
}))].sort().join()""".replace("KEPT", repr(["class", "role", "type", "lang", "scope", "autocomplete"]))
"""What kinds of elements a page has: tags, classes and roles, which attributes and whether text, and in what."""
TOO_WIDE = """width => Array.from(document.querySelectorAll("body *"))
    .filter(element => element.getBoundingClientRect().right > width && !element.closest(".portal-scroll"))
    .map(element => element.outerHTML.slice(0, 200))"""
"""The elements that reach beyond the screen, the outermost first."""
_FAULTLESS: set[str] = set()
"""Pages of these kinds of elements, in which axe found nothing."""


class Visitor:
    """Uses one page of a browser of their own, as people do: by labels, links and buttons."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.complaints: list[str] = []
        """of the browser itself: scripts that failed, policies that were broken, files that are missing"""
        self.looked_at: set[str] = set()
        """titles of pages"""
        page.set_default_timeout(SECONDS * 1000)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._hear)
        page.on("response", self._judge)

    def opens(self, path: str) -> None:
        self.page.goto(self.url + path)

    def fills(self, label: str, value: str) -> None:
        self.page.get_by_label(label, exact=True).fill(value)

    def presses(self, words: str) -> None:
        self.page.get_by_role("button", name=words, exact=True).click()

    def follows(self, words: str) -> None:
        self.page.get_by_role("link", name=words, exact=True).first.click()

    def tabs_to(self, element: Locator) -> None:
        """Goes on by keyboard until the element is reached, once around the page at most."""
        for _ in range(MOST_STEPS):
            if element.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        expect(element).to_be_focused()

    def sees(self, words: str) -> None:
        """The words are shown somewhere on the page, now or soon."""
        expect(self.page.get_by_text(words).first).to_be_visible(timeout=SECONDS * 1000)

    def is_at(self, heading: str) -> None:
        """A page of this heading; when it is seen for the first time, it is looked at closely."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading, timeout=SECONDS * 1000)
        if self.page.title() not in self.looked_at:
            self.finds_no_fault()

    def is_told(self, sentence: str, label: str | None = None) -> None:
        """The form is shown again: the sentence stands above it, leads to the field, and stands beside it."""
        expect(self.page).to_have_title(re.compile("^Error: "))
        link = self.page.get_by_role("alert").get_by_role("link", name=sentence, exact=True)
        expect(link).to_be_visible()
        link.click()
        if label is not None:
            field = self.page.get_by_label(label, exact=True)
            expect(field).to_be_focused()
            expect(field).to_have_accessible_description(re.compile(rf"Error:\s+{re.escape(sentence)}"))
        if self.page.title() not in self.looked_at:
            self.finds_no_fault()

    def narrows(self) -> None:
        """Looks at the page on the narrowest screen that it must fit (WCAG 1.4.10)."""
        self.page.set_viewport_size(NARROW)

    def has_in_sight(self, element: Locator) -> None:
        """All of it is on the screen from left to right, without any scrolling."""
        box, size = element.first.bounding_box(), self.page.viewport_size
        assert box is not None
        assert size is not None
        assert box["x"] >= 0, box
        assert box["x"] + box["width"] <= size["width"], (box, size)

    def finds(self) -> list[str]:
        """What axe finds, each as one line: the rule, what it says, and the first element."""
        self.page.evaluate(AXE)
        return [
            f"{each['id']} ({each['impact']}): {each['help']}: {each['nodes'][0]['html']}"
            for each in self.page.evaluate(VIOLATIONS, AXE_RULES)
        ]

    def finds_no_fault(self) -> None:
        """Nothing for axe to find, nothing wider than the narrowest screen, no complaint of the browser.

        axe looks once at pages of one title and the same kinds of elements, whoever comes to them.
        """
        elements = self.undisturbed(lambda: str(self.page.evaluate(ELEMENTS)))
        if elements not in _FAULTLESS:
            found = self.undisturbed(self.finds)
            assert found == [], found
            _FAULTLESS.add(elements)
        self.narrows()
        width = self.undisturbed(lambda: self.page.evaluate("document.documentElement.scrollWidth"))
        assert width <= NARROW["width"], (self.page.url, self.page.evaluate(TOO_WIDE, NARROW["width"]))
        self.page.set_viewport_size(WIDE)
        assert self.complaints == [], self.complaints
        self.looked_at.add(self.page.title())

    def undisturbed(self, look: Callable[[], T]) -> T:
        """What a look finds; a page that shows itself anew in the middle of it is looked at again."""
        for _ in range(MOST_STEPS):
            try:
                return look()
            except Error as error:
                if "context was destroyed" not in error.message:
                    raise
                self.page.wait_for_load_state()
        return look()

    def _hear(self, message: Any) -> None:
        # a page whose status is 4xx is one of ours: `_judge` tells it from a file that is missing
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def _judge(self, response: Response) -> None:
        if response.status >= 400 and response.request.resource_type != "document":
            self.complaints.append(f"{response.status} {response.url}")


@contextmanager
def a_chromium(playwright: Playwright, program: Path) -> Iterator[Browser]:
    """The machine's own browser, unseen. As root it runs without its sandbox, which is not made for root."""
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    browser = playwright.chromium.launch(executable_path=program, args=options)
    try:
        yield browser
    finally:
        browser.close()


@contextmanager
def serve(app: Flask) -> Iterator[str]:
    """The application behind a real server; its URL."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join(SECONDS)
        server.server_close()
