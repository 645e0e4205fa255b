"""A provider's visits files in figures (RULES 15, 16)."""

from __future__ import annotations

from typing import TypedDict


class LateWeek(TypedDict):
    """A week whose first visits came after the day on which they were due. No file: they were entered by hand."""

    monday: str
    due_on: str
    came_at: str
    file_id: str | None
    file_name: str | None


class FileFigures(TypedDict):
    """Files that updated the system in a span, their rows and the rejected ones; its weeks that came late."""

    files: int
    rows: int
    rejected: int
    late: list[LateWeek]


class SentFile(TypedDict):
    """A file that updated the system."""

    file_id: str
    file_name: str
    confirmed_at: str
    rows: int
    rejected: int
