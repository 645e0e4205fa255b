"""The forms of concerns: raised, gone on with, their kinds and groups of providers (RULES 16)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from wtforms import HiddenField, IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from libs.common.casework.cases import LONGEST_WORDS, MOST_CPLI_ID
from libs.common.casework.concerns import ABOUT, LONGEST_GROUP, LONGEST_KIND, MOST_VISITS
from services.portal.care.clients_forms import DayField
from services.portal.casework.cases.forms import MessageForm
from services.portal.concerns.words import ENDINGS, REFERRALS, SOURCES
from services.portal.web.forms.text import TextForm

_NEEDS_NO_WORDS: Final = ("investigate", "accept_answer", "close")
_LENGTH = Length(max=LONGEST_WORDS, message=f"Use {LONGEST_WORDS:,} characters or fewer")


class RaiseForm(MessageForm):
    """A concern; `message_id` is its id too. about_kind, about_id: from what else it is raised, if from anything."""

    organisation = SelectField("Provider", [InputRequired("Choose a provider")])
    kind = SelectField("Kind of concern", [InputRequired("Choose the kind of concern")])
    source = SelectField(
        "Who raises it?",
        [InputRequired("Choose who raises it")],
        choices={"": "Choose who raises it", **SOURCES},
    )
    client = StringField("Client’s SSRef (optional)", [Length(max=100)])
    cpli_id = IntegerField(
        "Care package line item (optional)",
        [Optional(), NumberRange(1, MOST_CPLI_ID, "Enter the number of a care package line item")],
    )
    visits = TextAreaField("VisitRefs, one to a line (optional)", [Length(max=20_000)])
    happened_on = DayField("Day on which it happened (optional)", [Optional()])
    words = TextAreaField("What is the concern?", [_LENGTH])
    about_kind = HiddenField()
    about_id = HiddenField(validators=[Length(max=100)])

    def among(self, organisations: Sequence[str], kinds: Sequence[str]) -> RaiseForm:
        """With the providers and the kinds to choose from."""
        self.organisation.choices = [("", "Choose a provider"), *((name, name) for name in organisations)]
        self.kind.choices = [("", "Choose the kind"), *((name, name) for name in kinds)]
        return self

    def refs(self) -> list[str]:
        """The VisitRefs that were typed."""
        lines = (line.strip() for line in (self.visits.data or "").splitlines())
        return list(dict.fromkeys(filter(None, lines)))

    def validate_words(self, field: TextAreaField) -> None:
        if not (field.data or "").strip():
            raise ValidationError("Enter what the concern is")

    def validate_visits(self, field: TextAreaField) -> None:
        if len(self.refs()) > MOST_VISITS:
            raise ValidationError(f"Name {MOST_VISITS} visits or fewer")
        for ref in self.refs():
            if len(ref) > 50 or re.search(r"\t", ref):
                raise ValidationError(
                    f"“{ref[:20]}…” is too long for a VisitRef: put each on a line of its own"
                )

    def validate_about_kind(self, field: HiddenField) -> None:
        if field.data not in (None, "", *ABOUT):
            raise ValidationError("Go back and open the form again")


class StepForm(MessageForm):
    """What is done with a concern; `version`: of the concern that the page showed."""

    version = HiddenField()
    words = TextAreaField("Your note", [_LENGTH])
    referred_to = SelectField("Refer it to", default="", choices={"": "Nobody", **REFERRALS})
    ended_in = SelectField("It ended in", default="", choices={"": "Nothing else", **ENDINGS})
    to_provider = TextAreaField("What the provider is told (optional)", [_LENGTH])

    def of_move(self, move: str) -> StepForm:
        """As it is judged when the button of this move was pressed."""
        self.needs_words = move not in _NEEDS_NO_WORDS
        self._move = move
        return self

    def facts(self) -> dict[str, Any]:
        """What goes with the move: only what belongs to it."""
        move, version = self._move, self.version.data or ""
        return {
            "move": move,
            "version": int(version) if version.isdecimal() and len(version) < 10 else None,
            "referred_to": (self.referred_to.data or "") if move == "refer" else "",
            "ended_in": (self.ended_in.data or "") if move == "close" else "",
            "to_provider": (self.to_provider.data or "").strip(),
        }

    def validate_words(self, field: TextAreaField) -> None:
        if self.needs_words and not (field.data or "").strip():
            raise ValidationError("Enter why, or what was found")

    def validate_referred_to(self, field: SelectField) -> None:
        if self._move == "refer" and not field.data:
            raise ValidationError("Choose the team that it is referred to")


class KindForm(TextForm):
    """A kind of concern."""

    name = StringField(
        "Name of the kind",
        [
            InputRequired("Enter a name"),
            Length(max=LONGEST_KIND, message=f"The name must be {LONGEST_KIND} characters or fewer"),
        ],
    )


class Ticks(SelectMultipleField):
    """Some of many, each a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class GroupForm(TextForm):
    """A group of providers."""

    name = StringField(
        "Name of the group",
        [
            InputRequired("Enter a name"),
            Length(max=LONGEST_GROUP, message=f"The name must be {LONGEST_GROUP} characters or fewer"),
        ],
    )
    providers = Ticks("Providers")

    def among(self, providers: Mapping[str, str]) -> GroupForm:
        """With the providers to choose from: names by id."""
        self.providers.choices = sorted(providers.items(), key=lambda one: one[1].casefold())
        return self

    def validate_providers(self, field: Ticks) -> None:
        if not field.data:
            raise ValidationError("Choose the providers of the group")
