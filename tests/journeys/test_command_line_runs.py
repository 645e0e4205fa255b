"""Payment runs, debts and proposals on the command line of a whole stack (DESIGN 4.1, RULES 8)."""

import json
from pathlib import Path
from typing import Any

from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.stack.stack import Stack


def test_runs_debts_and_proposals_are_listed_and_nobody_decides_on_the_command_line(
    stack: Stack, tmp_path: Path
) -> None:
    path = tmp_path / "care.csv"
    path.write_text(a_care_file(a_care_row(987_654, SSRef="RUNS1")))
    assert stack.run("care", "import", path).returncode == 0
    for command in ("runs", "debts", "proposals"):
        listed = stack.run(command, "list", "--json")
        assert listed.returncode == 0, listed.stderr
        found: Any = json.loads(listed.stdout)
        assert isinstance(found, list)
        assert stack.run(command, "approve", "1").returncode == 2
    refused = stack.run("debts", "list", "--organisation", "Nobody Ltd")
    assert (refused.returncode, "Nobody Ltd" in refused.stderr) == (1, True)
