"""The forms of accounts. What they hold is never logged."""

from __future__ import annotations

from collections.abc import Iterable

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    PasswordField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Regexp, ValidationError

from services.portal.accounts import rules
from services.portal.accounts.emails import is_email
from services.portal.accounts.rules import Positions
from services.portal.accounts.tokens import rules as tokens_rules
from services.portal.web.forms.text import CodeField, TextForm

_ORDINALS = ("", "1st", "2nd", "3rd", "4th", "5th", "6th")


def _needed(sentence: str) -> InputRequired:
    return InputRequired(sentence)


def _no_longer_than(most: int, what: str) -> Length:
    return Length(max=most, message=f"{what} must be {most} characters or fewer")


def _an_email(_: FlaskForm, field: StringField) -> None:
    if not is_email((field.data or "").strip()):
        raise ValidationError("Enter an e-mail address, like name@example.com")


_PASSWORD_LENGTH = _no_longer_than(rules.LONGEST_PASSWORD, "Password")
_DIGIT = Regexp("^[0-9]$", message="Enter one digit")


class PasswordForm(TextForm):
    """Sign in, first step. no_code: what whoever signs in says of themselves."""

    email = StringField(
        "E-mail address", [_needed("Enter your e-mail address"), _no_longer_than(254, "E-mail address")]
    )
    password = PasswordField("Password", [_needed("Enter your password"), _PASSWORD_LENGTH])
    no_code = BooleanField("I have not set a security code yet")


class DigitsForm(TextForm):
    """Sign in, second step: two digits of the code, each in a box of its own."""

    first = CodeField("First digit", [_needed("Enter the first digit asked for"), _DIGIT])
    second = CodeField("Second digit", [_needed("Enter the second digit asked for"), _DIGIT])

    def at(self, positions: Positions) -> DigitsForm:
        """With labels for these positions. What was put into one box alone, both digits or the whole code, is
        spread over the two."""
        self.first.label.text, self.second.label.text = (f"{_ORDINALS[one]} digit" for one in positions)
        texts = [(field.data or "").replace(" ", "") for field in (self.first, self.second)]
        filled = [text for text in texts if text]
        if len(filled) == 1 and filled[0].isascii() and filled[0].isdigit():
            if len(filled[0]) == rules.CODE_LENGTH:
                texts = [filled[0][position - 1] for position in positions]
            elif len(filled[0]) == len(texts):
                texts = list(filled[0])
        for field, text in zip((self.first, self.second), texts, strict=True):
            field.data, field.raw_data = text, [text]
        return self


class NumberForm(TextForm):
    """Sign in, third step."""

    number = StringField(
        "Six-digit number of your authenticator app",
        [_needed("Enter the number that the app shows"), Regexp("^[0-9]{6}$", message="Enter six digits")],
    )


class AskForLinkForm(TextForm):
    """Have a sign-in link sent."""

    email = StringField("E-mail address", [_needed("Enter your e-mail address"), _an_email])


class ByLinkForm(TextForm):
    """Sign in by a link."""

    password = PasswordField("Password", [_needed("Enter your password"), _PASSWORD_LENGTH])


class EndSessionForm(TextForm):
    """Sign out in another browser, or in all others when none is named."""

    session = HiddenField()


class NewPasswordForm(TextForm):
    """First login, or a one-time link."""

    new = PasswordField("New password", [_needed("Enter a new password"), _PASSWORD_LENGTH])
    again = PasswordField("New password again", [_needed("Enter the new password again")])

    def validate_again(self, field: PasswordField) -> None:
        if field.data != self.new.data:
            raise ValidationError("The two new passwords must be the same")


class ChangePasswordForm(NewPasswordForm):
    """Of somebody signed in."""

    present = PasswordField("Present password", [_needed("Enter your present password"), _PASSWORD_LENGTH])


class NewCodeForm(TextForm):
    """First login."""

    new = CodeField("New security code", [_needed("Enter a new security code")])
    again = CodeField("New security code again", [_needed("Enter the new security code again")])

    def validate_new(self, field: PasswordField) -> None:
        fault = rules.code_fault(field.data or "")
        if fault is not None:
            raise ValidationError(fault)

    def validate_again(self, field: PasswordField) -> None:
        if field.data != self.new.data:
            raise ValidationError("The two new security codes must be the same")


class ChangeCodeForm(NewCodeForm):
    """Of somebody signed in."""

    present = CodeField("Present security code", [_needed("Enter your present security code")])


class AppForm(NumberForm):
    """An authenticator app is added."""

    present = PasswordField("Present password", [_needed("Enter your present password"), _PASSWORD_LENGTH])


class RemoveAppForm(TextForm):
    """An authenticator app is removed."""

    present = PasswordField("Present password", [_needed("Enter your present password"), _PASSWORD_LENGTH])


class ResetForm(TextForm):
    """Somebody can't sign in and asks the helpdesk."""

    name = StringField("Name", [_needed("Enter your name"), _no_longer_than(100, "Name")])
    organisation = StringField(
        "Organisation", [_needed("Enter your organisation"), _no_longer_than(100, "Organisation")]
    )
    email = StringField("E-mail address", [_needed("Enter your e-mail address"), _an_email])
    telephone = StringField(
        "Telephone number",
        [
            _needed("Enter a telephone number"),
            Regexp(r"^\+?[0-9 ()\-]{5,30}$", message="Enter a telephone number, like 01632 960 001"),
        ],
    )


class FindForm(TextForm):
    """The helpdesk looks for an account, also for one whose address can't be right."""

    email = StringField("E-mail address of the account", [_needed("Enter an e-mail address")])


class LinkForm(TextForm):
    """The helpdesk sends a one-time link."""

    email = HiddenField()
    without_app = BooleanField("Remove the authenticator app too: the telephone is lost")


class TokenForm(TextForm):
    """A bearer token for another system."""

    purpose = StringField(
        "What it is for", [_needed("Enter what it is for"), _no_longer_than(100, "What it is for")]
    )
    days = IntegerField(
        "Days until it ends",
        [
            InputRequired("Enter how many days it is good"),
            NumberRange(
                1, tokens_rules.MOST_DAYS, f"Enter a number of days from 1 to {tokens_rules.MOST_DAYS}"
            ),
        ],
        default=tokens_rules.DEFAULT_DAYS,
    )
    scopes = SelectMultipleField("What it may do", [_needed("Choose what it may do")], choices=[])

    def for_holder(self, scopes: Iterable[str]) -> TokenForm:
        """With the scopes that this holder can give."""
        self.scopes.choices = [(scope, scope.capitalize()) for scope in sorted(scopes)]
        return self


class AnswerForm(TextForm):
    """A button of its own."""
