"""`python -m deploy.dev.demo`: the stack comes up, a provider signs in and sends the guide's example week, two months
of a council up to last Sunday follow, the portal stays up. `make stop` ends it all."""

from __future__ import annotations

import argparse
import datetime as dt
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import typer

from deploy.cli.system import System, amqp_url
from deploy.dev.commands import asked, command
from deploy.dev.demo import example
from deploy.dev.demo.dates import Calendar, calendar_on, calendar_with_example
from deploy.dev.demo.logins import FirstLogin, Login, before_first_login, past_first_login
from deploy.dev.demo.months import live_two_months
from deploy.dev.demo.providers import providers_by
from deploy.dev.visitor import Visitor
from deploy.local import control
from libs.common.care.clock import london_day, now

SETTLE_SECONDS = 60
LOOK_AGAIN_SECONDS = 0.5
OFFICE = ("office@diamond.example", "home_manager")
FINANCE = ("finance@council.example", "finance")
COMMISSIONING = ("commissioning@council.example", "commissioning")
APPROVER = ("approver@council.example", "approver")
LARGEST, BY_ACTUALS, BY_INVOICE = (providers_by(method)[0] for method in ("Visits", "Actuals", "Invoice"))
UNDER_WAY = ("being checked", "being worked out", "being updated", "are being matched and priced")
"""What pages of a file say while there is something to wait for."""


def main() -> int:
    """The exit status: that of the first command that fails."""
    argparse.ArgumentParser(prog="python -m deploy.dev.demo", description=__doc__).parse_args()
    try:
        portal_url, logins = demonstrate()
    except subprocess.CalledProcessError as failed:
        return int(failed.returncode)
    except typer.Exit as failed:
        return failed.exit_code
    _print_logins(portal_url, logins)
    return 0


def demonstrate() -> tuple[str, dict[str, Login | FirstLogin]]:
    """Bring all of it about; the portal's URL, and who can sign in. CalledProcessError and typer.Exit: it failed."""
    print("Bringing Caretally up …", flush=True)
    command("up", "--detach")
    portal_url = control.status()["urls"]["portal"]
    calendar = _calendar()
    logins = _example_week(portal_url, calendar)
    print("Two months of a council follow …", flush=True)
    print(live_two_months(asked, calendar))
    for one in (LARGEST, BY_ACTUALS, BY_INVOICE):
        logins[one.name] = past_first_login(portal_url, one.office, "home_manager", one.name)
    logins |= {
        "The council, commissioning": past_first_login(portal_url, *COMMISSIONING, None),
        "The council, to approve payments": before_first_login(*APPROVER, None),
    }
    return portal_url, logins


def _calendar() -> Calendar:
    """By the clock; a second demonstration on the same data stays where the first began."""
    cpli_id, begins_on = example.first_cpli()
    system = System(amqp_url())
    known = system.ask_once("matching", "line_item", cpli_id=cpli_id)
    system.close()
    if known is None:
        return calendar_on(london_day(now()))
    return calendar_with_example(example.MONDAY + (dt.date.fromisoformat(known["start_on"]) - begins_on))


def _example_week(portal_url: str, calendar: Calendar) -> dict[str, Login | FirstLogin]:
    """The provider of the example sends its week and is paid; who can sign in now."""
    organisation = example.organisation()
    with tempfile.TemporaryDirectory() as folder:
        care, carers, visits = example.write_example(Path(folder), calendar.example_monday)
        counts = asked("care", "import", str(care))["counts"]
        print(f"Commissioned care: {_counts(counts)}.")
        for file in carers:
            asked("carers", "import", str(file), "--organisation", organisation)
        council = past_first_login(portal_url, *FINANCE, None)
        provider = past_first_login(portal_url, *OFFICE, organisation)
        _send_visits(portal_url, provider, visits)
    _print_books(asked("books", "--wait", str(SETTLE_SECONDS)))
    return {organisation: provider, "The council": council}


def _send_visits(portal_url: str, provider: Login, files: list[Path]) -> None:
    """Sign in, send each file by the portal's own form, look at its check, update the system."""
    visitor = Visitor(portal_url)
    visitor.signs_in(provider.email, provider.password, provider.code)
    print(f"Signed in as {provider.email}, with two digits of the security code.")
    for file in files:
        visitor.go("/visits-files")
        visitor.send(action="/visits-files", file=file)
        _wait(visitor)
        if "already imported" in visitor.page.text:  # the second demonstration on the same data
            print(f"{file.name} was imported before.")
            continue
        print(f"Checked {file.name}: {_numbers(visitor.page.text)}.")
        visitor.send(action="/confirm")
        _wait(visitor)
        print("Updated.")


def _wait(visitor: Visitor) -> None:
    """Until the file's page says no more that something is under way."""
    until = int(SETTLE_SECONDS / LOOK_AGAIN_SECONDS)
    visitor.waits_until(_is_over, lambda: time.sleep(LOOK_AGAIN_SECONDS), until)


def _is_over(page: str) -> bool:
    return not any(words in page for words in UNDER_WAY)


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
    print("Sign-in asks the council's people for the number of their authenticator app. Without one at hand:")
    print("  .venv/bin/python -m deploy.dev.demo.app_number KEY")


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in counts.items() if number)


if __name__ == "__main__":
    sys.exit(main())
