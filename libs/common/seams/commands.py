"""What the command line did, as it tells the portal's audit trail: two messages, one before and one after."""

from __future__ import annotations

from typing import Final, Literal, TypedDict

ALL_CONTRACTS: Final = "All contracts"


class CommandBegun(TypedDict):
    """Written before anything is done. ``about`` are kinds and values, as addresses of the portal name things."""

    part: Literal["begun"]
    action_id: str
    at: str
    who: str
    action: str
    about: list[tuple[str, str]]


class CommandEnded(TypedDict):
    """How it ended; ``status`` as of an HTTP answer, ``amount`` in pounds, ``organisation`` by its name."""

    part: Literal["ended"]
    action_id: str
    at: str
    status: int
    about: list[tuple[str, str]]
    amount: str | None
    organisation: str | None
    contract: str | None
    outcome: str | None


class Forged(TypedDict):
    """A request that a service refused since it was not from whom it says; told the same way, by the service.

    ``user`` is whom the broker knows its sender as, ``signed_by`` whom it says to be from.
    """

    part: Literal["forged"]
    action_id: str
    at: str
    service: str
    method: str
    user: str | None
    signed_by: str | None
    why: str
