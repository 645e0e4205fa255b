"""What contracts ask of actuals beside RULES 13: the weeks that are not confirmed, and the council's page to set it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, DecimalField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from libs.common.errors import Refused
from libs.common.files.values import parse_date
from libs.common.rights import names as rights
from services.portal.actuals import words
from services.portal.audit.telling import tell
from services.portal.web import access
from services.portal.web.access import caller, signed_in
from services.portal.web.calls import (
    gateway,
    ingest,
    is_council,
    organisation_chosen,
    organisations,
    payments,
)
from services.portal.web.formats import day
from services.portal.web.forms.faults import show
from services.portal.web.forms.text import TextForm
from services.portal.web.listing.columns import name_from
from services.portal.web.listing.lists import Listing, also_as_csv, render_list
from services.portal.web.names.clients import client_names
from services.portal.web.names.organisations import provider_names
from services.portal.web.names.people import names_of

pages = Blueprint("actuals_rules", __name__)

WITHIN_HOURS = 7 * 24
LIST = Listing(
    "week",
    "weeks",
    columns={
        "Week from": "week",
        "Client": "client_reference",
        "Client name": name_from("clients", "client_reference"),
        "Line item": "cpli_id",
        "Service": "service",
        "Provider": name_from("providers", "organisation_id"),
        "Confirm by": "confirm_by",
        "Overdue": lambda row, page: "Yes" if row["is_overdue"] else "No",
    },
)
STEPS = (
    (0, "Any minute"),
    (5, "5 minutes"),
    (10, "10 minutes"),
    (15, "15 minutes"),
    (30, "30 minutes"),
    (60, "An hour"),
)


class ExtraRulesForm(TextForm):
    """What a contract asks from a day on."""

    contract = SelectField("Contract", [InputRequired("Choose a contract")], coerce=str)
    effective_from = StringField("From weeks that begin on", [InputRequired("Enter from when on it holds")])
    unit_minutes = SelectField("Time is entered in steps of", choices=dict(STEPS), coerce=int, default=0)
    wants_comment = BooleanField("A comment wherever a line differs from the plan")
    wants_visits = BooleanField("The number of visits of each line with delivered time")
    tolerance_percent = DecimalField(
        "Per cent above plan that is accepted and paid",
        [Optional(), NumberRange(0, 100, "Enter a number from 0 to 100")],
        default=0,
    )
    confirm_weekday = SelectField(
        "Weekday of the week after by which a week is saved",
        choices={-1: "No day"} | dict(enumerate(words.WEEKDAYS)),
        coerce=int,
        default=-1,
    )
    confirm_hour = IntegerField(
        "Hour of that day", [Optional(), NumberRange(0, 23, "Enter an hour from 0 to 23")]
    )

    def of(self, contracts: list[str]) -> ExtraRulesForm:
        """With the contracts to choose from."""
        self.contract.choices = [("", "Choose a contract"), *((name, name) for name in contracts)]
        return self

    def validate_effective_from(self, field: StringField) -> None:
        if parse_date(field.data or "") is None:
            raise ValidationError("Enter a date, like 3/10/2022")

    def facts(self) -> dict[str, Any]:
        """As ingest is asked."""
        begins = parse_date(self.effective_from.data or "") or dt.date.min
        weekday = self.confirm_weekday.data
        return {
            "effective_from": begins.isoformat(),
            "unit_minutes": self.unit_minutes.data or None,
            "wants_comment": self.wants_comment.data,
            "wants_visits": self.wants_visits.data,
            "tolerance_percent": str(self.tolerance_percent.data or 0),
            "confirm_weekday": None if weekday == -1 else weekday,
            "confirm_hour": None if weekday == -1 else self.confirm_hour.data or 0,
        }


@also_as_csv(pages, "/actuals-not-confirmed.csv")
@pages.get("/actuals-not-confirmed")
@signed_in(rights.READ_ACTUALS)
def unconfirmed() -> ResponseReturnValue:
    whose = organisation_chosen()
    rows = ingest().unconfirmed_actuals(organisation=whose, within_hours=WITHIN_HOURS)
    ids = {row["organisation_id"] for row in rows}
    return render_list(
        LIST,
        "actuals/unconfirmed.html",
        rows=rows,
        clients=client_names(gateway(), caller(), {row["client_reference"] for row in rows}),
        providers=provider_names(access.the_parts(), gateway(), ids) if is_council() and ids else {},
        organisations=organisations(),
        organisation=whose,
    )


@pages.route("/actual-rules", methods=["GET", "POST"])
@signed_in(rights.SET_ACTUAL_RULES)
def rules() -> ResponseReturnValue:
    form = ExtraRulesForm().of(sorted(one["contract"] for one in payments().contracts_with_rules()))
    problem = None
    if form.validate_on_submit():
        contract = form.contract.data
        try:
            ingest().set_actual_rules(contract=contract, **form.facts())
        except Refused as refused:
            problem = refused.message
        else:
            tell(contract=contract)
            begins = day(form.facts()["effective_from"])
            flash(f"{contract} asks this of weeks that begin on {begins} or later.")
            return redirect(url_for("actuals_rules.rules"), 303)
    found = ingest().actual_rules()
    people = names_of(access.the_parts(), access.account(), (one["set_by"] for one in found))
    more = {"found": found, "words": words, "people": people, "problem": problem}
    return show("actuals/rules.html", form, **more)
