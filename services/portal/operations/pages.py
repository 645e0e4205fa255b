"""What is set apart, and why: looked at and tried again by the council."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from functools import partial

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length

from libs.common.errors import Refused
from libs.common.rights import names as rights
from services.portal.operations.views import (
    ThingApart,
    discard_letter,
    find_apart,
    find_letters,
    retry_apart,
)
from services.portal.web import access
from services.portal.web.access import caller, signed_in
from services.portal.web.calls import gateway
from services.portal.web.forms.text import TextForm
from services.portal.web.listing.columns import key, name_from
from services.portal.web.listing.lists import Listing, also_as_csv, render_list
from services.portal.web.names.organisations import names_by_id
from services.portal.web.names.people import names_of
from services.portal.web.telling import tell_not_done

pages = Blueprint("set_apart", __name__, url_prefix="/set-apart")


LIST = Listing(
    "thing that is set apart",
    "things that are set apart",
    rows="things",
    is_of_provider=False,
    columns={
        "What": "what",
        "Which": key("ref", "key"),
        "Provider": name_from("names", "organisation_id"),
        "Reason": "reason",
        "Since": "since",
    },
)


class RetryForm(FlaskForm):
    """Which thing is tried again; all when it is empty."""

    apart_id = HiddenField()

    def wanted(self) -> uuid.UUID | None:
        """Raises Refused ``not_found``."""
        try:
            return uuid.UUID(self.apart_id.data) if self.apart_id.data else None
        except ValueError:
            raise Refused("not_found", "Nothing with this number is set apart.") from None


class DiscardForm(TextForm):
    """Why a message need never be handled."""

    service = HiddenField()
    letter = HiddenField()
    why = StringField("Why it need never be handled", validators=[InputRequired("Say why"), Length(max=500)])


@also_as_csv(pages)
@pages.get("")
@signed_in(rights.READ_SET_APART)
def listed() -> ResponseReturnValue:
    return _listed(None)


def _listed(tried: DiscardForm | None) -> str:
    """tried: the form of a letter that could not be discarded, with what is wrong."""
    things, (letters, discarded) = gateway().both(
        partial(find_apart, gateway(), caller()), partial(find_letters, gateway(), caller())
    )
    ids = {thing.organisation_id for thing in things if thing.organisation_id}
    names = names_by_id(gateway(), ids) if ids else {}
    return render_list(
        LIST,
        "set_apart.html",
        things=things,
        names=names,
        links={thing.id: _link_to(thing, names) for thing in things},
        form=RetryForm(formdata=None),
        letters=letters,
        discarded=discarded,
        people=names_of(access.the_parts(), access.account(), [letter.discarded_by for letter in discarded]),
        discard=DiscardForm(formdata=None),
        tried=tried,
    )


@pages.post("/discard")
@signed_in(rights.MEND_SET_APART)
def discard() -> ResponseReturnValue:
    form = DiscardForm()
    if not form.validate_on_submit():
        return _listed(form), 400
    discard_letter(gateway(), caller(), form.service.data or "", form.letter.data or "", form.why.data or "")
    flash("The message was discarded. What waited for it waits no longer.")
    return redirect(url_for("set_apart.listed"), 303)


@pages.post("/retry")
@signed_in(rights.MEND_SET_APART)
def retry() -> ResponseReturnValue:
    form = RetryForm()
    if not form.validate_on_submit():
        abort(400, "Go back to the page and use its button.")
    count = retry_apart(gateway(), caller(), form.wanted())
    if count:
        flash("It is being tried again: look again in a moment. What succeeds is set apart no longer.")
    else:
        tell_not_done("There was nothing to try again.")
    return redirect(url_for("set_apart.listed"), 303)


def _link_to(thing: ThingApart, names: Mapping[str, str]) -> str | None:
    """The page of a visit or of a week's line item."""
    organisation = names.get(thing.organisation_id or "")
    if thing.kind == "visit" and organisation:
        return url_for("visits.one", visit_ref=thing.ref, organisation=organisation)
    number = thing.key.partition("/")[0]
    if thing.kind in ("week", "package") and number.isdigit():
        return url_for("care.line_item", cpli_id=int(number))
    return None
