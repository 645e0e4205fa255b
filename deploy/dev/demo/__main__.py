"""The demonstration: the stack comes up, a provider signs in and sends the example week, two months of a council
follow, the portal stays up."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer

from deploy.dev.commands import asked, command
from deploy.dev.demo.care import PROVIDERS
from deploy.dev.demo.logins import FirstLogin, Login, before_first_login, past_first_login
from deploy.dev.demo.months import live_two_months
from deploy.dev.visitor import Visitor
from deploy.local import control

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "example-week"
SETTLE_SECONDS = 60
LOOK_AGAIN_SECONDS = 0.5
OFFICE = ("office@diamond.example", "home_manager")
FINANCE = ("finance@council.example", "finance")
APPROVER = ("approver@council.example", "approver")
LARGEST = PROVIDERS[0]


def main() -> int:
    """The exit status: that of the first command that fails."""
    print("Bringing Caretally up …", flush=True)
    try:
        command("up", "--detach")
        portal_url = control.status()["urls"]["portal"]
        logins = _example_week(portal_url)
        print("Two months of a council follow …", flush=True)
        print(live_two_months(asked))
        largest = past_first_login(portal_url, LARGEST.office, "home_manager", LARGEST.name)
        logins |= {
            LARGEST.name: largest,
            "The council, to approve payments": before_first_login(*APPROVER, None),
        }
    except subprocess.CalledProcessError as failed:
        return int(failed.returncode)
    except typer.Exit as failed:
        return failed.exit_code
    _print_logins(portal_url, logins)
    return 0


def _example_week(portal_url: str) -> dict[str, Login | FirstLogin]:
    """The provider of the example sends its week and is paid; who can sign in now."""
    organisation = _organisation()
    care = asked("care", "import", str(EXAMPLE / "care.csv"))
    print(f"Commissioned care: {_counts(care['counts'])}.")
    for file in sorted(EXAMPLE.glob("carers/*.csv")):
        asked("carers", "import", str(file), "--organisation", organisation)
    council = past_first_login(portal_url, *FINANCE, None)
    provider = past_first_login(portal_url, *OFFICE, organisation)
    _send_visits(portal_url, provider)
    _print_books(asked("books", "--wait", str(SETTLE_SECONDS)))
    return {organisation: provider, "The council": council}


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
    print(f"Charged to clients: £{books['total_charges']}", flush=True)


def _print_logins(portal_url: str, logins: dict[str, Login | FirstLogin]) -> None:
    print(f"\nThe portal: {portal_url}   (`make stop` ends everything)")
    for whose, login in logins.items():
        print(f"  {whose}: {login}")


def _organisation() -> str:
    """The provider of the example: the one that its care names most."""
    with (EXAMPLE / "care.csv").open(encoding="utf-8-sig", newline="") as file:
        return Counter(row["OrganisationName"] for row in csv.DictReader(file)).most_common(1)[0][0]


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in counts.items() if number)


if __name__ == "__main__":
    sys.exit(main())
