"""The exceptions for what is refused on purpose."""

from __future__ import annotations

from typing import Any, Literal


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


Why = Literal["away", "slow", "held", "full", "blocked"]
"""Why something can't be done just now: a process is away, and whoever keeps processes starts it again; there was no
answer in time; something else holds what is needed; a disk has no room; the broker takes no messages."""


class ServiceUnavailable(Exception):
    """A service can't do now what was asked; later the same may be asked again.

    why: of ``slow`` alone nobody knows whether it was done; of all others nothing was.
    """

    def __init__(self, sentence: str, why: Why = "slow") -> None:
        super().__init__(sentence)
        self.why = why


class ConfigError(Exception):
    """The environment lacks a setting or has one that can't be right; str() is the sentence to show."""
