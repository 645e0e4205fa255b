"""The forms of holds of weeks of care."""

from __future__ import annotations

from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from services.portal.money.periods.forms import reason_field
from services.portal.money.periods.words import CHARGE_OF_HOLD, CHARGE_OF_RELEASE, HOLDS
from services.portal.web.forms.text import TextForm

AS_USUAL = {"": "As usual: cancelling charges nothing, suspending and carrying forward charge as before"}


class DecisionForm(TextForm):
    """A decision about a week. `seen`: how many the page showed, so that what is sent twice is done once."""

    reason = reason_field("Reason")
    seen = HiddenField(validators=[InputRequired()])


class PlaceHoldForm(DecisionForm):
    """A hold of a week."""

    kind = SelectField("What is to be done", [InputRequired("Choose what is to be done")], choices=HOLDS)
    charge = SelectField("The client’s charge", [Optional()], choices=AS_USUAL | CHARGE_OF_HOLD, default="")
    owner = StringField(
        "Owner",
        [InputRequired("Enter an owner"), Length(max=200, message="Owner must be 200 characters or fewer")],
    )


class ReleaseHoldForm(DecisionForm):
    """A release."""

    charge = SelectField("The client’s charge", choices=CHARGE_OF_RELEASE, default="keep")


class ChargeForm(DecisionForm):
    """Another decision about the charge."""

    charge = SelectField("The client’s charge", choices=CHARGE_OF_HOLD)
