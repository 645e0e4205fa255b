"""Names, amounts, days and clock times, as the rules count with them."""

import datetime as dt
import re
import unicodedata
from decimal import Decimal
from fractions import Fraction

PERIOD = dt.timedelta(days=28)
A_PERIOD_STARTS = dt.date(2022, 10, 3)


def fold(name: str) -> str:
    """The form in which names compare: trimmed, one case, one dash, single spaces (RULES 2)."""
    text = unicodedata.normalize("NFKC", name)
    text = re.sub("[\u2010-\u2015\u2212\u2043\ufe58\ufe63\uff0d]", "-", text)
    return " ".join(text.split()).casefold()


def penny(exact: Fraction) -> Decimal:
    """Rounded half up to the penny; nothing here is ever negative."""
    pennies = (exact * 100 + Fraction(1, 2)).__floor__()
    return Decimal(pennies) / 100


def whole_pennies(amount: Decimal) -> Decimal:
    """Without the part of a penny: a charge is never more than what was assessed (RULES 7)."""
    return Decimal((Fraction(amount) * 100).__floor__()) / 100


def pounds(amount: Decimal) -> str:
    return f"{amount:.2f}"


def signed(exact: Fraction) -> str:
    """To two decimals, half up by its size, also below nought."""
    pennies = (abs(exact) * 100 + Fraction(1, 2)).__floor__()
    return pounds(Decimal(-pennies if exact < 0 else pennies) / 100)


def monday_of(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def period_of(day: dt.date) -> dt.date:
    """The first day of the payment period of a day (RULES 8)."""
    return A_PERIOD_STARTS + (day - A_PERIOD_STARTS) // PERIOD * PERIOD


def duration(entry: int, exit_: int) -> int:
    """Seconds between two clock times; an exit before the entry is on the next day."""
    return exit_ - entry if exit_ > entry else exit_ - entry + 24 * 3600
