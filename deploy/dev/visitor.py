"""Somebody with a browser, for the demonstration and for trying out: fills the portal's forms in over HTTP."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin

import pyotp
import requests

SECONDS = 30


class Form:
    """A form of a page: where it goes, and what its fields hold."""

    def __init__(self, action: str) -> None:
        self.action = action
        self.fields: dict[str, str] = {}


class Visitor:
    """One browser with its cookies."""

    def __init__(self, portal_url: str) -> None:
        self._session = requests.Session()
        self.page = self._session.get(portal_url, timeout=SECONDS)

    def cookies(self) -> dict[str, str]:
        """What the portal knows this browser by."""
        return {str(cookie.name): str(cookie.value) for cookie in self._session.cookies}

    def go(self, path: str) -> None:
        """Look at another page."""
        self._show(self._session.get(urljoin(self.page.url, path), timeout=SECONDS))

    def look_again(self) -> None:
        """The same page as it is now."""
        self.go(self.page.url)

    def send(self, *, action: str = "", file: Path | None = None, **fields: str) -> None:
        """Fill in and send the page's form whose address ends with `action`. LookupError when there is none."""
        form = self._form(action)
        files = {"file": (file.name, file.read_bytes(), "text/csv")} if file else None
        data: Mapping[str, str] = form.fields | fields
        address = urljoin(self.page.url, form.action)
        self._show(self._session.post(address, data=data, files=files, timeout=SECONDS))

    def signs_in(self, email: str, password: str, code: str) -> None:
        """Password, then the two digits that are asked for."""
        self.go("/login")
        self.send(action="/login", email=email, password=password)
        first, second = (int(place) for place in re.findall(r"(\d)(?:st|nd|rd|th) digit", self.page.text)[:2])
        self.send(action="/login/digits", first=code[first - 1], second=code[second - 1])

    def first_login(self, email: str, initial: str, password: str, code: str) -> None:
        """Change the initial password, then set the six digits."""
        self.go("/login")
        self.send(action="/login", email=email, password=initial)
        self.send(action="/account/password", new=password, again=password)
        self.send(action="/account/code", new=code, again=code)

    def uses_link(self, link: str, email: str, password: str, code: str) -> None:
        """Set a new password by a one-time link, sign in with it, set the six digits."""
        self.go(link)
        self.send(action=link, new=password, again=password)
        self.go("/login")
        self.send(action="/login", email=email, password=password)
        self.send(action="/account/code", new=code, again=code)

    def adds_app(self, password: str) -> str:
        """Set an authenticator app up; its key."""
        self.go("/account/app")
        found = re.search(r"<code>([A-Z2-7]{32})</code>", self.page.text)
        if found is None:
            raise LookupError(f"{self.page.url} shows no key for an authenticator app")
        self.send(action="/account/app", present=password, number=pyotp.TOTP(found[1]).now())
        return found[1]

    def waits_until(self, is_so: Callable[[str], bool], wait: Callable[[], None], times: int) -> None:
        """Look at the page again until it is so. TimeoutError after so many times."""
        for _ in range(times):
            if is_so(self.page.text):
                return
            wait()
            self.look_again()
        raise TimeoutError(f"{self.page.url} did not come to an end")

    def _show(self, page: requests.Response) -> None:
        page.raise_for_status()
        self.page = page

    def _form(self, action: str) -> Form:
        reader = _Forms()
        reader.feed(self.page.text)
        here = self.page.url
        found = next((form for form in reader.forms if urljoin(here, form.action).endswith(action)), None)
        if found is None:
            raise LookupError(f"{here} has no form for {action}")
        return found


class _Forms(HTMLParser):
    """Reads the forms that are sent by POST, with the values that their fields have."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._form: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(given.get("action", "")) if given.get("method") == "post" else None
            if self._form:
                self.forms.append(self._form)
        elif (
            tag == "input"
            and self._form
            and given.get("type") not in ("file", "checkbox")
            and "name" in given
        ):
            self._form.fields[given["name"]] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
