"""The command line as the demonstration and the load use it: each command a process, as for anybody else."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any


def command(*arguments: str) -> str:
    """Standard output of `caretally ...`; errors go to the terminal. CalledProcessError when it fails."""
    line = [sys.executable, "-m", "deploy.cli", *arguments]
    return subprocess.run(line, check=True, stdout=subprocess.PIPE, text=True).stdout


def asked(*arguments: str) -> Any:
    """The document that a command answers."""
    return json.loads(command(*arguments, "--json"))
