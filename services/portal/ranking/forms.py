"""The forms of ranked lists, terms and appeals."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from libs.common.care.quarters import parse_quarter
from libs.common.seams.matching.monitoring.ranking import RANKABLE, RankingTerms, WeighedMeasure
from services.portal.ranking.words import NAMES
from services.portal.web.forms.text import TextForm

LONGEST_NAME, LONGEST_NOTE = 100, 4_000
MOST_POUNDS = Decimal(10_000)


def decimal_in(text: str | None, decimals: int) -> Decimal | None:
    """The number from 0 up that somebody wrote, with no more decimals than these; None for what is none."""
    try:
        number = Decimal((text or "").replace("£", "").replace(",", "").replace("%", "").strip())
        is_right = number.is_finite() and 0 <= number <= MOST_POUNDS and number == round(number, decimals)
    except InvalidOperation:
        return None
    return number if is_right else None


def is_quarter(_: Any, field: StringField) -> None:
    """Raises ValidationError for what is no quarter."""
    if parse_quarter(field.data or "") is None:
        raise ValidationError("Enter a quarter, such as 2026-Q3")


def quarter_field() -> StringField:
    return StringField("From the quarter", [InputRequired("Enter a quarter"), is_quarter])


class FormWithId(TextForm):
    """`form_id`: sending it twice is sending it once."""

    form_id = HiddenField()

    def renewed(self) -> Any:
        """With an id where it has none, or what is no id."""
        try:
            self.form_id.data = str(uuid.UUID(self.form_id.data or ""))
        except ValueError:
            self.form_id.data = str(uuid.uuid4())
        return self


class NewListForm(FormWithId):
    """A zone or a lot."""

    name = StringField(
        "Name",
        [
            InputRequired("Enter a name"),
            Length(max=LONGEST_NAME, message=f"Name must be {LONGEST_NAME} characters or fewer"),
        ],
    )


class PriceForm(TextForm):
    """A provider is on the list at a price, or off it."""

    organisation = SelectField("Provider", [InputRequired("Choose a provider")], coerce=str)
    quarter = quarter_field()
    price = StringField("Price of an hour")
    is_off = BooleanField("Take this provider off the list from that quarter on")

    def among(self, names: Sequence[str]) -> PriceForm:
        """With the providers to choose from."""
        self.organisation.choices = [("", "Choose a provider"), *((name, name) for name in names)]
        return self

    def validate_price(self, field: StringField) -> None:
        if not self.is_off.data and not decimal_in(field.data, 3):
            raise ValidationError("Enter a price in pounds above nothing, such as 23.50")

    def given(self) -> str | None:
        """The price as text; None where the provider comes off."""
        return None if self.is_off.data else str(decimal_in(self.price.data, 3))


class ProposeForm(TextForm):
    """Freeze what the page shows."""

    comes_back = False

    quarter = HiddenField(validators=[InputRequired()])
    seen = HiddenField(validators=[InputRequired()])


class AppealForm(FormWithId):
    """Why a provider does not agree with its place."""

    note = TextAreaField(
        "Your appeal",
        [
            InputRequired("Say why you appeal"),
            Length(max=LONGEST_NOTE, message=f"Your appeal must be {LONGEST_NOTE:,} characters or fewer"),
        ],
    )


class AnswerForm(TextForm):
    """The council's answer."""

    decision = RadioField(
        "Your answer",
        [InputRequired("Choose whether the appeal is upheld")],
        choices={"uphold": "Uphold it", "dismiss": "Dismiss it"},
    )
    reason = TextAreaField(
        "Reason",
        [
            InputRequired("Enter a reason"),
            Length(max=LONGEST_NOTE, message=f"Reason must be {LONGEST_NOTE:,} characters or fewer"),
        ],
    )


class _TermsForm(TextForm):
    """Shares and weights from a quarter on."""

    quarter = quarter_field()
    quality_share = StringField("Share of quality in per cent", [InputRequired("Enter a share")])

    def validate_quality_share(self, field: StringField) -> None:
        share = decimal_in(field.data, 4)
        if share is None or share > 100:
            raise ValidationError("Enter a share from 0 to 100")

    def filled(self, terms: RankingTerms) -> Any:
        """With what holds now, where it was not sent yet."""
        self.quality_share.data = self.quality_share.data or terms["quality_share"]
        for one in terms["measures"]:
            for part in PARTS:
                self[f"{one['measure']}_{part}"].data = one[part]  # type: ignore[literal-required]
        return self

    def measures(self) -> list[WeighedMeasure]:
        """Those with a weight."""
        return [
            {
                "measure": measure,
                "best": str(self[f"{measure}_best"].data).strip(),
                "worst": str(self[f"{measure}_worst"].data).strip(),
                "weight": str(self[f"{measure}_weight"].data).strip(),
            }
            for measure in RANKABLE
            if (self[f"{measure}_weight"].data or "").strip()
        ]


PARTS = ("best", "worst", "weight")


def _number_wanted(measure: str, part: str) -> Any:
    """A check of a measure's best, worst or weight, which are entered together or not at all."""

    def check(form: Any, field: StringField) -> None:
        if not any((form[f"{measure}_{one}"].data or "").strip() for one in PARTS):
            return
        if decimal_in(field.data, 4) is None:
            raise ValidationError(
                f"{NAMES[measure]}: enter the {part} as a number with four decimals at most"
            )

    return check


TermsForm: Any = type(
    "TermsForm",
    (_TermsForm,),
    {
        f"{measure}_{part}": StringField(f"{NAMES[measure]}: {part}", [_number_wanted(measure, part)])
        for measure in RANKABLE
        for part in PARTS
    },
)
"""With a best, a worst and a weight of each measure, such as ``late_best``."""
