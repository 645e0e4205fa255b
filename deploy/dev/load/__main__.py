"""`python -m deploy.dev.load`: a year of a large council in a stack of its own, and people who click through its pages."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import ceil
from pathlib import Path

from deploy.cli.system import amqp_url, reader_url
from deploy.dev.bench.measure import cpu_of, difference
from deploy.dev.commands import command
from deploy.dev.load.council import load_council
from deploy.dev.load.people import PAUSE_SECONDS, Look, Person
from deploy.dev.load.portal import portal_parts, route_finder, signed_in
from deploy.local.control import status
from deploy.local.machine.ports import free_port
from libs.common.process.database import connect

GOAL_MS = 300
GIVEN = ("AMQP_URL", "DATABASE_URL", "DATABASE_READER_URL", "CARETALLY_OBJECTS", "CARETALLY_SECRETS")
"""What would lead to another stack than our own."""

Spent = dict[str, float]
"""Processor seconds by process; `bench` is this one."""


def main() -> None:
    """Load, click, print."""
    options = _options()
    with _own_stack(options.home) as home:
        organisations = _loaded(home, options)
        looks, spent = _clicked(organisations, options)
    print(table(looks))
    print(f"\n{spent_by_page(spent, len(looks))}")


@contextmanager
def _own_stack(kept: Path | None) -> Iterator[Path]:
    """A stack that is up until the block ends. Nothing of it is left, but for a home that is to be kept."""
    home = (kept or Path(tempfile.mkdtemp(prefix="caretally-load-"))).resolve()
    home.mkdir(exist_ok=True)
    home.chmod(0o711)  # PostgreSQL's unprivileged user passes through
    for name in GIVEN:
        os.environ.pop(name, None)
    os.environ["CARETALLY_HOME"] = str(home)
    try:
        _say("Bringing a stack of its own up …")
        command("up", "--detach", "--port", str(free_port()))
        yield home
    finally:
        command("down")
        if kept is None:
            shutil.rmtree(home)


def _loaded(home: Path, options: argparse.Namespace) -> list[str]:
    """The names of the council's providers; a kept home is loaded once."""
    note = home / "loaded.json"
    if not note.exists():
        _say(f"Loading {options.weeks} weeks of {options.clients:,} clients …")
        note.write_text(json.dumps(load_council(home / "made", options.clients, options.weeks, _say)))
    _say(f"{_visits_held():,} visits are in the books.")
    found: list[str] = json.loads(note.read_text())
    return found


def _visits_held() -> int:
    """How many visits were tried to match."""
    with connect(reader_url()) as connection:
        row = connection.execute("SELECT count(*) FROM matching.visits WHERE NOT deleted").fetchone()
    return int(row[0]) if row else 0


def _clicked(organisations: Sequence[str], options: argparse.Namespace) -> tuple[list[Look], Spent]:
    """What so many people looked at in so many seconds, and the processor seconds of each process."""
    people, seconds, pause = options.people, options.seconds, tuple(options.pause)
    over = threading.Event()
    with portal_parts() as parts:
        route_of = route_finder(parts, amqp_url())
        _say(f"{people} people sign in …")
        visitors = signed_in(parts, status()["urls"]["portal"], organisations, people)
    persons = [Person(visitor, route_of, seed, over, pause) for seed, visitor in enumerate(visitors)]
    _say(f"… and look at pages for {seconds:g} seconds.")
    pids = {process["name"]: process["pid"] for process in status()["processes"] if process["pid"]}
    before = cpu_of(pids)
    for person in persons:
        person.start()
    over.wait(seconds)
    over.set()
    for person in persons:
        person.join()
    spent = difference(cpu_of(pids), before)
    return [look for person in persons for look in person.looks], spent


def table(looks: Sequence[Look]) -> str:
    """By route: how often, median, 95th percentile and worst in ms, and how many failed."""
    by_route: dict[str, list[Look]] = defaultdict(list)
    for look in looks:
        by_route[look.route].append(look)
    lines = [
        "| page | looked at | median, ms | 95th percentile, ms | worst, ms | failed |",
        "|---|---|---|---|---|---|",
    ]
    for route, own in sorted(
        [*by_route.items(), ("all", list(looks))], key=lambda one: (one[0] == "all", one[0])
    ):
        took = sorted(1000 * look.seconds for look in own)
        high = percentile(took, 0.95)
        failed = sum(look.status != 200 for look in own)
        mark = " (over)" if high > GOAL_MS else ""
        lines.append(
            f"| {route} | {len(own):,} | {statistics.median(took):.0f} | {high:.0f}{mark} | {took[-1]:.0f} | {failed} |"
        )
    return "\n".join(lines)


def spent_by_page(spent: Spent, looks: int) -> str:
    """Processor milliseconds a page, of each process and in all; it says more than times do on a busy machine."""
    own = {name: 1000 * seconds / looks for name, seconds in spent.items() if name != "bench"}
    most = sorted(own.items(), key=lambda one: -one[1])
    parts = ", ".join(f"{name} {ms:.1f}" for name, ms in most if ms >= 0.5)
    people = 1000 * spent["bench"] / looks
    return f"Processor ms a page: {sum(own.values()):.0f} ({parts}); the people themselves {people:.1f} more."


def percentile(ordered: Sequence[float], share: float) -> float:
    """The least value that at least this share of all do not exceed."""
    return ordered[ceil(len(ordered) * share) - 1]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m deploy.dev.load", description=__doc__)
    parser.add_argument("--clients", type=int, default=200, help="4,000 are a large council's")
    parser.add_argument(
        "--weeks", type=int, default=2, help="52 are a year: some 2.9 million visits of 4,000 clients"
    )
    parser.add_argument("--people", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=20, help="how long they look at pages")
    parser.add_argument(
        "--pause",
        type=float,
        nargs=2,
        default=PAUSE_SECONDS,
        help="the least and most seconds between two clicks",
    )
    parser.add_argument("--home", type=Path, help="a folder that keeps the loaded stack for the next time")
    return parser.parse_args()


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
