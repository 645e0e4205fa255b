"""References of clients that fit no care of an organisation (RULES 16, before go-live)."""

from __future__ import annotations

from typing import TypedDict


class NearClient(TypedDict):
    """A client of the organisation whose reference is near to what was written."""

    reference: str
    name: str


class UnknownClient(TypedDict):
    """A reference that names no client of the organisation, and those that are nearest.

    is_elsewhere: it names a client who has care with others; said to the council alone.
    """

    mark: str
    written: str
    nearest: list[NearClient]
    is_elsewhere: bool
