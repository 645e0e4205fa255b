"""The forms that begin an action, a payment enquiry or a provider-led review; and those that approve a review."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final, cast

from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from libs.common.casework.cases import LONGEST_SUBJECT, MOST_CPLI_ID
from libs.common.files.values import parse_time
from libs.common.seams.disputes.facts import ReviewVisit
from services.portal.care.clients_forms import DayField
from services.portal.casework.cases.forms import MessageForm
from services.portal.money.periods.forms import pounds_in

EVERY_DAY: Final = "every"
DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ROWS: Final = range(1, 8)
EXTRA, LONGER = "extra", "longer"
DAYS_OF_ROW: Final = [
    ("", "No visit"),
    (EVERY_DAY, "Every day"),
    *((str(number), name) for number, name in enumerate(DAYS)),
]
KINDS_OF_ROW: Final = [(EXTRA, "An extra visit"), (LONGER, "Time added to a visit")]


def _cpli_id(*needed: Any) -> IntegerField:
    return IntegerField(
        "Care package line item",
        [*needed, NumberRange(1, MOST_CPLI_ID, "Enter the number of a care package line item")],
    )


class ActionForm(MessageForm):
    """An action begins; `message_id` is its id too."""

    subject = StringField(
        "Subject",
        [
            InputRequired("Enter a subject"),
            Length(max=LONGEST_SUBJECT, message=f"Subject must be {LONGEST_SUBJECT} characters or fewer"),
        ],
    )
    organisation = SelectField("Provider", [Optional()])
    cpli_id = _cpli_id(Optional())

    def of(self, organisations: Sequence[str]) -> ActionForm:
        """With the providers to choose from; a provider itself has no such choice."""
        if organisations:
            self.organisation.choices = [("", "Choose a provider"), *((name, name) for name in organisations)]
        else:
            del self.organisation
        self.renewed()
        return self


class EnquiryForm(MessageForm):
    """A payment is questioned."""


class MissingPaymentForm(EnquiryForm):
    """A payment that did not come."""

    client = StringField(
        "Client’s SSRef",
        [
            InputRequired("Enter the client’s SSRef"),
            Length(max=50, message="SSRef must be 50 characters or fewer"),
        ],
    )
    week = DayField("Week", [InputRequired("Enter any day of the week")])
    amount = StringField("Amount expected (optional)")

    def day(self) -> dt.date:
        """The day of the week that was written, of a form without faults."""
        return cast(dt.date, self.week.data)

    def pounds(self) -> Decimal | None:
        """The amount that was written."""
        return pounds_in(self.amount.data) if self.amount.data else None

    def validate_amount(self, field: StringField) -> None:
        if field.data and not self.pounds():
            raise ValidationError("Enter an amount in pounds and pence, such as 25.00")


class ReviewForm(MessageForm):
    """Planned extra care. Its rows are day_1, from_1, until_1, what_1 and so on; empty ones ask for nothing."""

    cpli_id = _cpli_id(InputRequired("Enter the care package line item that it is added to"))
    first_on = DayField("First day", [InputRequired("Enter the first day")])
    last_on = DayField("Last day", [InputRequired("Enter the last day")])

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        for _, day, _, _, what in self.rows():
            day.choices, what.choices = DAYS_OF_ROW, KINDS_OF_ROW

    def rows(self) -> Iterator[tuple[int, Any, Any, Any, Any]]:
        """The number and the four fields of each row."""
        for number in ROWS:
            yield number, *(self[f"{name}_{number}"] for name in ("day", "from", "until", "what"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Also: a row is whole, or empty."""
        is_right = bool(super().validate(extra_validators))
        for _, *fields in self.rows():
            is_right &= self._is_whole(*fields)
        return is_right

    def _is_whole(self, day: Any, begin: Any, end: Any, _what: Any) -> bool:
        if not any(field.data for field in (day, begin, end)):
            return True
        if not day.data:
            day.errors = ["Choose a day"]
        for field in (begin, end):
            if parse_time(field.data or "") is None:
                field.errors = [f"Enter {field.label.text.lower()} as a time, such as 9:30"]
        return not any(field.errors for field in (day, begin, end))

    def visits(self) -> list[tuple[int, ReviewVisit]]:
        """What is asked for, each with the number of its row; every day is each that there is."""
        found: list[tuple[int, ReviewVisit]] = []
        for number, day, begin, end, what in self.rows():
            if not day.data:
                continue
            entry, exit_ = parse_time(begin.data) or 0, parse_time(end.data) or 0
            for weekday in self._weekdays() if day.data == EVERY_DAY else [int(day.data)]:
                is_longer = what.data == LONGER
                found.append(
                    (number, {"weekday": weekday, "entry": entry, "exit": exit_, "is_longer": is_longer})
                )
        return found

    def _weekdays(self) -> list[int]:
        first, last = self.days()
        days = range(min(7, max(0, (last - first).days + 1)))
        return sorted((first + dt.timedelta(days=n)).weekday() for n in days)

    def days(self) -> tuple[dt.date, dt.date]:
        """The first and the last day of a form without faults."""
        return cast(dt.date, self.first_on.data), cast(dt.date, self.last_on.data)


def _add_rows() -> None:
    """The rows of the form of a review."""
    for number in ROWS:
        setattr(ReviewForm, f"day_{number}", SelectField("Day", default=""))
        setattr(ReviewForm, f"from_{number}", StringField("From"))
        setattr(ReviewForm, f"until_{number}", StringField("Until"))
        setattr(ReviewForm, f"what_{number}", SelectField("What it is", default=EXTRA))


_add_rows()


class ApproveInternallyForm(MessageForm):
    """The first of two approvals."""

    needs_words = False


class ApproveForm(MessageForm):
    """The approval by which the care is added."""

    cpli_id = IntegerField(
        "CpliId",
        [
            InputRequired("Enter the CpliId that your own system gave this care"),
            NumberRange(1, MOST_CPLI_ID, "Enter a CpliId above nothing"),
        ],
    )
    needs_words = False
