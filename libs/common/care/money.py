"""Money: exact pounds as Decimal, rounded once, at the end, half up to the penny (RULES, introduction)."""

from decimal import ROUND_HALF_UP, Decimal

PENNY = Decimal("0.01")
NOTHING = Decimal("0.00")
SECONDS_IN_AN_HOUR = 3600


def to_the_penny(pounds: Decimal) -> Decimal:
    """Round to the penny, half up: 11.885 is 11.89."""
    return pounds.quantize(PENNY, rounding=ROUND_HALF_UP)


def pounds_text(pounds: Decimal) -> str:
    """How an amount travels in messages and JSON: ``"255.49"``."""
    return str(to_the_penny(pounds))
