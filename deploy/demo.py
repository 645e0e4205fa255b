"""The demonstration: the stack comes up, a provider signs in and sends the example week, the portal stays up."""

from __future__ import annotations

import csv
import json
import random
import re
import secrets
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.local import control
from deploy.visitor import Visitor
from services.portal.rules import code_fault

EXAMPLE = Path(__file__).resolve().parent / "examples" / "example-week"
SETTLE_SECONDS = 60
LOOK_AGAIN_SECONDS = 0.5
PROVIDER = ("office@diamond.example", "home_manager")
COUNCIL = ("finance@council.example", "finance")

_SYSTEM = random.SystemRandom()


@dataclass(frozen=True)
class Login:
    """What somebody signs in with."""

    email: str
    password: str
    code: str


def main() -> int:
    """The exit status: that of the first command that fails."""
    print("Bringing Caretally up …", flush=True)
    try:
        _command("up", "--detach")
        organisation = _organisation()
        care = _asked("care", "import", str(EXAMPLE / "care.csv"))
        print(f"Commissioned care: {_counts(care['counts'])}.")
        for file in sorted(EXAMPLE.glob("carers/*.csv")):
            _asked("carers", "import", str(file), "--organisation", organisation)
        portal_url = control.status()["urls"]["portal"]
        council = _first_login(portal_url, *COUNCIL, None)
        provider = _first_login(portal_url, *PROVIDER, organisation)
        _send_visits(portal_url, provider)
        _print_books(_asked("books", "--wait", str(SETTLE_SECONDS)))
    except subprocess.CalledProcessError as failed:
        return int(failed.returncode)
    _print_logins(portal_url, {organisation: provider, "The council": council})
    return 0


def _first_login(portal_url: str, email: str, role: str, organisation: str | None) -> Login:
    """An account past its first login; at a second demonstration, with a new password by a one-time link."""
    login = Login(email, _password(), _code())
    visitor = Visitor(portal_url)
    known = _asked("user", "list")
    if any(account["email"] == email for account in known):
        link = _asked("user", "reset", "--email", email)["link"]
        visitor.uses_link(link, email, login.password, login.code)
    else:
        whose = ["--organisation", organisation] if organisation else []
        made = _asked("user", "add", "--email", email, "--role", role, *whose)
        visitor.first_login(email, made["password"], login.password, login.code)
    return login


def _send_visits(portal_url: str, provider: Login) -> None:
    """Sign in, send each file by the portal's own form, look at its check, update the system."""
    visitor = Visitor(portal_url)
    visitor.signs_in(provider.email, provider.password, provider.code)
    print(f"Signed in as {provider.email}, with two digits of the security code.")
    for file in sorted(EXAMPLE.glob("visits/*/*.csv")):
        visitor.go("/visits-files")
        visitor.send(action="/visits-files", file=file)
        _wait(visitor, lambda page: "being checked" not in page and "being worked out" not in page)
        if "already imported" in visitor.page.text:  # the second demonstration on the same data
            print(f"{file.name} was imported before.")
            continue
        print(f"Checked {file.name}: {_numbers(visitor.page.text)}.")
        visitor.send(action="/confirm")
        _wait(visitor, lambda page: "has been matched and priced" in page)
        print("Updated: every visit has been matched and priced.")


def _wait(visitor: Visitor, is_so: Callable[[str], bool]) -> None:
    until = int(SETTLE_SECONDS / LOOK_AGAIN_SECONDS)
    visitor.waits_until(is_so, lambda: time.sleep(LOOK_AGAIN_SECONDS), until)


def _numbers(page: str) -> str:
    """The numbers of a check, as the page shows them."""
    found = re.findall(r"Number of ([a-z ]+?)\s*</dt>\s*<dd[^>]*>\s*([\d,]+)", page)
    return ", ".join(f"{number} {words}" for words, number in found if number != "0")


def _print_books(books: dict[str, Any]) -> None:
    print(f"Matched: {books['matched']} visits; unmatched: {sum(books['unmatched'].values())}.")
    for organisation, amount in books["payable"].items():
        print(f"Paid to {organisation}: £{amount}")
    print(f"Charged to clients: £{books['total_charges']}")


def _print_logins(portal_url: str, logins: dict[str, Login]) -> None:
    print(f"\nThe portal: {portal_url}   (`make stop` ends everything)")
    for whose, login in logins.items():
        print(f"  {whose}: {login.email}, password {login.password}, security code {login.code}")


def _password() -> str:
    """Long enough by any count, with upper case, lower case and a digit."""
    return f"{_SYSTEM.choice('ABCDEFGHJKLMNPQRSTUVWXYZ')}{secrets.token_hex(6)}{_SYSTEM.randrange(10)}x"


def _code() -> str:
    """Six digits that the portal takes."""
    while True:
        code = f"{_SYSTEM.randrange(10**6):06}"
        if code_fault(code) is None:
            return code


def _organisation() -> str:
    """The provider of the example: the one that its care names most."""
    with (EXAMPLE / "care.csv").open(encoding="utf-8-sig", newline="") as file:
        return Counter(row["OrganisationName"] for row in csv.DictReader(file)).most_common(1)[0][0]


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in counts.items() if number)


def _command(*arguments: str) -> str:
    """Standard output of `caretally ...`; errors go to the terminal. CalledProcessError when it fails."""
    command = [sys.executable, "-m", "deploy.cli", *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def _asked(*arguments: str) -> Any:
    return json.loads(_command(*arguments, "--json"))


if __name__ == "__main__":
    sys.exit(main())
