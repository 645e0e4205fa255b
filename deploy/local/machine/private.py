"""Files and secrets that only the owner of a stack may read."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Any


def write_private(file: Path, text: str) -> None:
    """Write a file that only its owner reads (0600), whole or not at all."""
    new = file.with_name(f"{file.name}.{os.getpid()}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
    new.replace(file)


def kept_secret(file: Path) -> str:
    """The secret in this file: 43 characters fit for a URL, made at the first call."""
    if not file.exists():
        write_private(file, secrets.token_urlsafe(32))
    return file.read_text()


def read_json(file: Path) -> dict[str, Any] | None:
    """What a noted file says; None when there is no such file."""
    try:
        noted: dict[str, Any] = json.loads(file.read_text())
    except FileNotFoundError:
        return None
    return noted
