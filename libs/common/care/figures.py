"""Numbers that come in from outside, as fields of the schemas that check them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from marshmallow import fields

MOST_DIGITS: Final = 25
"""Before and behind the point: fewer than arithmetic keeps (28), so that no step that rounds can fail."""
MOST_PLACES: Final = 12


class Figure(fields.Decimal):
    """A finite number of at most 25 digits, 12 of them behind the point. How large it may be, its own rule says."""

    def _format_num(self, value: Any) -> Decimal:
        number = Decimal(str(value))
        if number.is_finite() and not _is_short(number):
            raise self.make_error("invalid")
        found: Decimal = super()._format_num(value)  # type: ignore[no-untyped-call]
        return found


def _is_short(number: Decimal) -> bool:
    """Leading and trailing zeros count too: who writes them writes no figure of a council's."""
    exponent = int(number.as_tuple().exponent)
    return exponent >= -MOST_PLACES and number.adjusted() < MOST_DIGITS - MOST_PLACES
