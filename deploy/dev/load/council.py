"""A large council's year, sent through the real pipeline into a running stack."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from deploy.cli.money.books import await_settled
from deploy.cli.system import System, amqp_url
from deploy.dev.bench.council import MadeCouncil, make_council
from deploy.dev.commands import asked
from deploy.dev.sending import Office

FIRST_MONDAY = dt.date(2022, 10, 3)
"""of what make_council makes, and of a payment period"""
PERIOD_WEEKS = 4
AT_ONCE = 4
SETTLE_SECONDS = 600

Say = Callable[[str], None]


def load_council(folder: Path, clients: int, weeks: int, say: Say) -> list[str]:
    """Import care, send every week's files, finalise each period but the last; the providers' names.

    What an earlier try made, and has not sent yet, is sent: a year takes long, and may be broken off.
    """
    council = _made(folder, clients, weeks)
    asked("care", "import", str(council.care))
    system = System(amqp_url())
    system.wait_for_lists()
    offices = [Office(name, f"office {number}") for number, (name, _) in enumerate(council.carers, 1)]
    for office, (_, carers) in zip(offices, council.carers, strict=True):
        office.sends_carers(carers.read_bytes())
    began = time.monotonic()
    for week in range(weeks):
        monday = FIRST_MONDAY + dt.timedelta(weeks=week)
        is_sent = _send_week(folder, offices, monday)
        if is_sent and (week + 1) % PERIOD_WEEKS == 0:
            await_settled(system, SETTLE_SECONDS)
            say(f"{week + 1} weeks loaded after {time.monotonic() - began:,.0f} s.")
            if week + 1 < weeks:
                start = monday - dt.timedelta(weeks=PERIOD_WEEKS - 1)
                asked("periods", "finalise", start.isoformat())
    await_settled(system, SETTLE_SECONDS)
    system.close()
    for office in offices:
        office.close()
    return [office.organisation for office in offices]


def _made(folder: Path, clients: int, weeks: int) -> MadeCouncil:
    """The council's files; made apart and put in place whole."""
    if not folder.exists():
        unfinished = folder.with_name(f"{folder.name}-unfinished")
        make_council(unfinished, clients, weeks)
        unfinished.rename(folder)
    return MadeCouncil(folder, clients)


def _send_week(folder: Path, offices: list[Office], monday: dt.date) -> bool:
    """Send every provider's file of a week, a few at a time; a file is removed when it was sent.

    False when an earlier try had sent them all.
    """

    def send(office: Office) -> bool:
        file = folder / "visits" / office.organisation.removesuffix(" Ltd") / f"{monday}.csv"
        if not file.exists():
            return False
        office.sends_visits(file.read_bytes(), file.name)
        file.unlink()
        return True

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return any(list(pool.map(send, offices)))
