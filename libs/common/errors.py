"""The exceptions for what is refused on purpose."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """What was asked is not done, for a reason the asker can understand.

    Raised by workflows, mapped once at each edge (an RPC answer, an HTTP problem document, a line on standard
    error). Bad data in a file is not refused: it is a value, collected row by row.

    code: a stable word for programs, such as `visits_file_not_found`.
    message: one plain sentence for people, without personal details.
    details: JSON-able facts that belong to the refusal, or None.
    """

    def __init__(self, code: str, message: str, details: dict[str, Any] | None = None) -> None:
        super().__init__(code, message, details)
        self.code = code
        self.message = message
        self.details = details

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class ServiceUnavailable(Exception):
    """A service gave no answer in time: what was asked may or may not have been done. Ask again."""


class ConfigError(Exception):
    """The environment lacks a setting or has one that can't be right; str() is the sentence to show."""
