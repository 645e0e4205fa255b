"""Two months of a council, sent to the services as its systems and its providers' offices would have sent them."""

from __future__ import annotations

import csv
import io
import random
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from deploy.cli.money.books import await_settled
from deploy.cli.system import System, amqp_url
from deploy.dev.demo.actuals import enter_weeks
from deploy.dev.demo.care import Package, packages, written
from deploy.dev.demo.dates import WEEKS, Calendar
from deploy.dev.demo.invoices import invoice_periods
from deploy.dev.demo.monitoring import Monitoring
from deploy.dev.demo.providers import PROVIDERS, Provider, providers_by
from deploy.dev.demo.visits import Row, as_csv, corrected, weeks_of
from deploy.dev.sending import Office
from libs.common.care.clock import london_day, now
from libs.common.files.care_headings import HEADINGS

SEED = 2022
SETTLE_SECONDS = 120
RISES_AFTER = 2
"""Weeks after the first, in a finalised period: what a dearer hour changes there becomes adjustments."""
RISEN = {"Contract": "APL", "UnitCost": "21.90"}
LATE_VISITS = 12

Weeks = list[list[Row]]
"""The rows of each week's visits file."""

Asked = Callable[..., Any]
"""The document that a `caretally` command answers."""


def live_two_months(asked: Asked, calendar: Calendar) -> str:
    """Have all of it, and say in a line what there is now; it is not made twice."""
    chance = random.Random(SEED)
    care = packages(chance, calendar)
    counts = asked_to_import(asked, [row for package in care for row in package.rows])
    if not counts["new"]:
        return "The council has its two months already."
    system = System(amqp_url())
    system.wait_for_lists()
    weeks: dict[Office, Weeks] = {}
    for provider in providers_by("Visits"):
        office = Office(provider.name, provider.office)
        office.sends_carers(carers_file(provider))
        weeks[office] = list(weeks_of(provider, care, calendar, chance))
    by_actuals = [Office(provider.name, provider.office) for provider in providers_by("Actuals")]
    *entered, _ = calendar.mondays  # the last week is theirs to enter
    in_finished = sum(monday < calendar.open_from for monday in calendar.mondays)
    send_weeks(weeks, range(in_finished))
    actuals = enter_weeks(by_actuals, entered[:in_finished], chance)
    await_settled(system, SETTLE_SECONDS)
    invoices = invoice_periods(asked, calendar.finished_periods)
    await_settled(system, SETTLE_SECONDS)
    for start in calendar.finished_periods:
        asked("periods", "finalise", start.isoformat())
    send_weeks(weeks, range(in_finished, WEEKS))
    actuals += enter_weeks(by_actuals, entered[in_finished:], chance)
    for office, (_, _, third, *_) in list(weeks.items())[:2]:
        office.sends_visits(as_csv(corrected(third, chance, LATE_VISITS)), "late corrections.csv")
    asked_to_import(asked, changed_later(care, calendar))
    await_settled(system, SETTLE_SECONDS)
    system.ask("disputes", "look_at_week", monday=calendar.mondays[-1].isoformat())
    await_settled(system, SETTLE_SECONDS)
    monitoring = Monitoring(calendar)
    watched = monitoring.happens(london_day(now()))
    monitoring.close()
    system.close()
    for office in (*weeks, *by_actuals):
        office.close()
    visits = sum(len(rows) for sent in weeks.values() for rows in sent)
    return (
        f"Two months of {len(care)} clients with {len(PROVIDERS)} providers: {visits:,} visits, {actuals:,} weeks of"
        f" actuals, {invoices} {'invoice' if invoices == 1 else 'invoices'},"
        f" {calendar.first_monday} to {calendar.last_day}. {watched}"
    )


def carers_file(provider: Provider) -> bytes:
    """A provider's carers, whom nobody needs to know by name."""
    rows = "".join(f"{carer},Carer,{carer}\n" for carer in provider.carers)
    return f"CarerRef,Forename,Surname\n{rows}".encode()


def send_weeks(weeks: dict[Office, Weeks], numbers: Iterable[int]) -> None:
    """Every provider's files of these weeks, those of a week at once."""
    with ThreadPoolExecutor(len(weeks)) as pool:
        for number in numbers:
            sent = [
                pool.submit(office.sends_visits, as_csv(rows[number]), f"visits week {number + 1}.csv")
                for office, rows in weeks.items()
            ]
            for each in sent:
                each.result()


def changed_later(care: Iterable[Package], calendar: Calendar) -> list[Row]:
    """What the council changes afterwards: a dearer hour on one contract, and what was not authorised is."""
    risen = {"EffectiveFrom": written(calendar.day(RISES_AFTER, 0)), "UnitCost": RISEN["UnitCost"]}
    rows = [row for package in care for row in package.rows]
    dearer = [row | risen for row in rows if row["Contract"] == RISEN["Contract"]]
    return dearer + [row | {"Authorised": "Y"} for row in rows if row["Authorised"] == "N"][:1]


def asked_to_import(asked: Asked, rows: list[Row]) -> dict[str, int]:
    """Import these rows of care; the counts."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "care.csv"
        file.write_bytes(as_care_file(rows))
        counts: dict[str, int] = asked("care", "import", str(file))["counts"]
    return counts


def as_care_file(rows: list[Row]) -> bytes:
    """A file of commissioned care."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, HEADINGS)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
