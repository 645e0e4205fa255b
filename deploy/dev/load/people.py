"""People who click through the portal: each signs in, looks at a page for some seconds, and follows one of its links."""

from __future__ import annotations

import random
import re
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlsplit

import requests

from deploy.dev.visitor import Visitor

PAUSE_SECONDS = (2.0, 6.0)
"""Between two clicks; who reads what is shown takes longer, five to ten seconds."""
HOME_AGAIN = 0.15
"""How often somebody goes back to the first page in place of following a link."""
LINK = re.compile(r'<a\b[^>]*\bhref="(/[^"#]*)"')
LEFT_OUT = re.compile(r"\.(csv|pdf)$|^/(static|reset|logout|account|api|healthz|readyz|metrics)")
"""Files to download and what machines ask are no pages; an account’s own settings nobody looks at all day."""

RouteOf = Callable[[str], str | None]
"""The rule of the portal's map that an address belongs to, e.g. /visits/<path:visit_ref>; None for no page."""


@dataclass(frozen=True)
class Look:
    """One page that was looked at."""

    route: str
    seconds: float
    status: int


class Person(threading.Thread):
    """Somebody who is signed in, at work until it is over. What follows is the same for the same seed."""

    def __init__(
        self,
        visitor: Visitor,
        route_of: RouteOf,
        seed: int,
        over: threading.Event,
        pause_seconds: tuple[float, float] = PAUSE_SECONDS,
    ) -> None:
        super().__init__(name=f"person {seed}")
        self.looks: list[Look] = []
        self._visitor, self._route_of, self._over = visitor, route_of, over
        self._chance, self._pause_seconds = random.Random(seed), pause_seconds
        self._page = ""

    def run(self) -> None:
        self._over.wait(self._chance.uniform(0, self._pause_seconds[1]))  # people do not begin all at once
        self._look("/")
        while not self._over.wait(self._chance.uniform(*self._pause_seconds)):
            self._look(self._next())

    def _look(self, address: str) -> None:
        began = time.perf_counter()
        try:
            self._visitor.go(address)
            status, self._page = self._visitor.page.status_code, self._visitor.page.text
        except requests.HTTPError as error:
            status, self._page = 0 if error.response is None else error.response.status_code, ""
        except requests.RequestException:
            status, self._page = 0, ""
        seconds = time.perf_counter() - began
        self.looks.append(Look(self._route_of(urlsplit(address).path) or address, seconds, status))

    def _next(self) -> str:
        """Any link of any kind of page that this one leads to, so that a long list does not draw everybody in."""
        links = defaultdict(list)
        for address in links_of(self._page):
            route = self._route_of(urlsplit(address).path)
            if route is not None:
                links[route].append(address)
        if not links or self._chance.random() < HOME_AGAIN:
            return "/"
        return self._chance.choice(links[self._chance.choice(sorted(links))])


def links_of(page: str) -> Iterator[str]:
    """The addresses of this site that a page links to, but for what is left out."""
    for found in LINK.finditer(page):
        address = unescape(found[1])
        if not LEFT_OUT.search(urlsplit(address).path):
            yield address
