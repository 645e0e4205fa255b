"""Which days may be asked about (RULES 3), as fields of the schemas that check what comes in."""

import datetime as dt
from typing import Any, ClassVar

from marshmallow import ValidationError, fields

from libs.common.files.values import FIRST_DAY, LAST_DAY

_AROUND = dt.timedelta(days=62)


class Day(fields.Date):
    """A day that can be read, as 2022-10-03."""

    first: ClassVar[dt.date] = FIRST_DAY
    last: ClassVar[dt.date] = LAST_DAY

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> dt.date:
        day: dt.date = super()._deserialize(value, attr, data, **more)
        if not self.first <= day <= self.last:
            raise ValidationError(f"Send a date from the years {FIRST_DAY.year} to {LAST_DAY.year}.")
        return day


class DayAround(Day):
    """A day of a week, a month or a payment period that holds readable days, and may itself lie just beyond them."""

    first = FIRST_DAY - _AROUND
    last = LAST_DAY + _AROUND
