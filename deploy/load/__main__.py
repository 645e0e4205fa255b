"""`python -m deploy.load`: a year of a large council in a stack of its own, and people who click through its pages."""

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

from deploy.cli.system import amqp_url
from deploy.commands import asked, command
from deploy.load.council import load_council
from deploy.load.people import Look, Person
from deploy.load.portal import portal_parts, route_finder, signed_in
from deploy.local.control import status
from deploy.local.ports import free_port

GOAL_MS = 300
GIVEN = ("AMQP_URL", "DATABASE_URL", "DATABASE_READER_URL", "CARETALLY_OBJECTS", "CARETALLY_SECRET")
"""What would lead to another stack than our own."""


def main() -> None:
    """Load, click, print."""
    options = _options()
    with _own_stack(options.home) as home:
        organisations = _loaded(home, options)
        looks = _clicked(organisations, options.people, options.seconds)
    print(table(looks))


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
        names = load_council(home / "made", options.clients, options.weeks, _say)
        note.write_text(json.dumps(names))
    books = asked("books", "--wait", "600")
    _say(f"{books['matched'] + sum(books['unmatched'].values()):,} visits are in the books.")
    found: list[str] = json.loads(note.read_text())
    return found


def _clicked(organisations: Sequence[str], people: int, seconds: float) -> list[Look]:
    """What so many people looked at in so many seconds."""
    over = threading.Event()
    with portal_parts() as parts:
        route_of = route_finder(parts, amqp_url())
        _say(f"{people} people sign in …")
        visitors = signed_in(parts, status()["urls"]["portal"], organisations, people)
    persons = [Person(visitor, route_of, seed, over) for seed, visitor in enumerate(visitors)]
    _say(f"… and look at pages for {seconds:g} seconds.")
    for person in persons:
        person.start()
    over.wait(seconds)
    over.set()
    for person in persons:
        person.join()
    return [look for person in persons for look in person.looks]


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


def percentile(ordered: Sequence[float], share: float) -> float:
    """The least value that at least this share of all do not exceed."""
    return ordered[ceil(len(ordered) * share) - 1]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m deploy.load", description=__doc__)
    parser.add_argument("--clients", type=int, default=200, help="4,000 are a large council's")
    parser.add_argument(
        "--weeks", type=int, default=2, help="52 are a year: some 2.9 million visits of 4,000 clients"
    )
    parser.add_argument("--people", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=20, help="how long they look at pages")
    parser.add_argument("--home", type=Path, help="a folder that keeps the loaded stack for the next time")
    return parser.parse_args()


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
