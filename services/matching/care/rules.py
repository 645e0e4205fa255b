"""What of a client's circumstances suspends commissioned care by itself (RULES 2). Pure: values in, values out."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from libs.common.care.names import fold

SUSPENDING_KINDS = frozenset({"hospital", "residential_care", "holiday"})
SELF_SUSPENDING_CONTRACTS = frozenset({"htlah"})
OPEN_END = date.max


class Circumstance(NamedTuple):
    """What holds for a client from a day to another, both included; without an end for the time being."""

    kind: str
    from_on: date
    to_on: date | None

    @property
    def last_on(self) -> date:
        return self.to_on or OPEN_END


@lru_cache(maxsize=256)
def suspends_itself(contract: str) -> bool:
    """RULES 2: HTLAH packages suspend themselves."""
    return fold(contract) in SELF_SUSPENDING_CONTRACTS


def self_suspensions(contract: str, circumstances: Iterable[Circumstance]) -> tuple[tuple[date, date], ...]:
    """The days, first and last included, on which a package of this contract is suspended by itself.

    RULES 2: while the client is in hospital, residential care or on holiday; other circumstances only raise doubts.
    """
    if not suspends_itself(contract):
        return ()
    return tuple((one.from_on, one.last_on) for one in circumstances if one.kind in SUSPENDING_KINDS)
