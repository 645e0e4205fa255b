"""The money at stake where one carer's visits overlap (RULES 16). Pure: values in, values out."""

from decimal import Decimal
from typing import NamedTuple

from libs.common.care.money import SECONDS_IN_AN_HOUR, to_the_penny


class Stake(NamedTuple):
    """Pounds, rounded once; ``by_first``: by the rate of the visit that was begun first."""

    amount: Decimal
    unit_cost: Decimal
    by_first: bool


def at_stake(seconds: int, first: Decimal | None, second: Decimal | None) -> Stake | None:
    """The seconds in which both visits ran, at the unit cost an hour of the first; of the second where the first pays
    nothing.

    It was the first that may have been left running, as the carer was with the second client by then. A unit cost is
    None where the visit pays nothing; where neither does, nothing is at stake.
    """
    by_first = first is not None
    unit_cost = first if by_first else second
    if unit_cost is None:
        return None
    return Stake(to_the_penny(seconds * unit_cost / SECONDS_IN_AN_HOUR), unit_cost, by_first)
