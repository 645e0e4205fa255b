"""`make security ARGS="--seed 7 --times 10"`: all promises, tried more often than by `make test`, and the table.

The council it attacks is its own, on this machine, and ends with it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

MORE = (
    "tests/portal/unit/test_door.py",
    "tests/journeys/test_every_route.py",
    "tests/journeys/test_edges_of_every_route.py",
    "tests/journeys/test_canaries.py",
    "tests/journeys/test_api_limits.py",
    "tests/faults/test_slow_connections.py",
    "tests/faults/test_many_guesses.py",
)
"""Tests that say more of the same promises, and are part of `make test` where they stand."""
TIMES = 5


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make security")
    parser.add_argument("--seed", type=int, default=16, help="what is tried follows from it")
    parser.add_argument(
        "--times", type=int, default=TIMES, help="how many times as much as in the short form"
    )
    parser.add_argument("--short", action="store_true", help="what make test does, and no more")
    parser.add_argument("--promise", default="", help="those whose name holds this alone")
    given = parser.parse_args(arguments)
    print(f"Seed {given.seed}; the same seed tries the same.", flush=True)
    env = os.environ | {
        "CARETALLY_SECURITY_SEED": str(given.seed),
        "CARETALLY_SECURITY_TIMES": "1" if given.short else str(given.times),
    }
    places = ["tests/security"] if given.short or given.promise else ["tests/security", *MORE]
    chosen = ["-k", given.promise] if given.promise else []
    command = [sys.executable, "-m", "pytest", "-q", "--timeout=1800", *places, *chosen]
    return subprocess.run(command, env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
