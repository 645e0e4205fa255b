"""The example finance system as a test runs it: its own program, apart from ours."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from services.payments.packages import store as packages_store
from tests.support.council.council import Council

EXAMPLES = Path(__file__).parents[3] / "deploy" / "examples"


class FinanceSystem:
    """Runs `python -m finance_consumer` with its books in a folder of the test."""

    def __init__(self, amqp_url: str, folder: Path) -> None:
        self.amqp_url = amqp_url
        self._database = folder / "finance.sqlite"

    def start(self, *, quiet_seconds: float | None = None) -> subprocess.Popen[str]:
        """Start it; it hears events until it is ended, or until none came for so many seconds."""
        until = [] if quiet_seconds is None else ["--until-quiet", str(quiet_seconds)]
        return subprocess.Popen(self._command("run", *until), env=self._env(), cwd=EXAMPLES, text=True)

    def hear(self) -> None:
        """Hear all that there is."""
        assert self.start(quiet_seconds=1).wait(120) == 0

    def totals(self) -> dict[str, Any]:
        """What it has counted until now."""
        done = subprocess.run(
            self._command("totals"), env=self._env(), cwd=EXAMPLES, capture_output=True, text=True, check=True
        )
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def _command(self, *arguments: str) -> list[str]:
        command = [sys.executable, "-m", "finance_consumer", *arguments]
        return [*command, "--database", str(self._database)]

    def _env(self) -> dict[str, str]:
        # PYTHONPATH apart: it must not find anything of ours
        return {**os.environ, "AMQP_URL": self.amqp_url, "PYTHONPATH": ""}


def assert_agrees(finance: FinanceSystem, council: Council) -> None:
    """Each organisation's total, and the charges, are those of the books; nothing is missing or odd."""
    totals, books = finance.totals(), council.books()
    with council.payments() as session:
        names = {name: key for key, name in packages_store.list_organisations(session)}
    assert totals["cost"] == {
        names[name]: amount for name, amount in books["payable"].items() if amount != "0.00"
    }
    assert totals["charges"] == books["total_charges"]
    assert (totals["gaps"], totals["problems"]) == ([], [])
