"""The demonstration: the stack comes up, the example week is imported and paid, the portal stays up."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from deploy.local import control

EXAMPLE = Path(__file__).resolve().parent / "examples" / "example-week"
SETTLE_SECONDS = 60


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
        for file in sorted(EXAMPLE.glob("visits/*/*.csv")):
            _import_visits(file, organisation)
        _print_books(_asked("books", "--wait", str(SETTLE_SECONDS)))
    except subprocess.CalledProcessError as failed:
        return int(failed.returncode)
    print(f"The portal: {control.status()['urls']['portal']}   (`make stop` ends everything)")
    return 0


def _import_visits(file: Path, organisation: str) -> None:
    try:
        found = _asked("visits", "import", str(file), "--organisation", organisation, "--confirm")
    except subprocess.CalledProcessError:
        return  # the second demonstration on the same data: it has just said so
    print(f"Visits of {organisation}, {file.name}: {_counts(found['counts'])}.")


def _print_books(books: dict[str, Any]) -> None:
    print(f"Matched: {books['matched']} visits; unmatched: {sum(books['unmatched'].values())}.")
    for organisation, amount in books["payable"].items():
        print(f"Paid to {organisation}: £{amount}")
    print(f"Charged to clients: £{books['total_charges']}")


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
