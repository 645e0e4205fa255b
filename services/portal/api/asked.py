"""What callers of the API may send: each name is checked, and described at /api/v1/openapi.json."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from libs.common.care.days import Day
from libs.common.casework.cases import LONGEST_WORDS, MOST_ATTACHMENTS
from libs.common.files.values import cleaned, control_character
from libs.common.files.visit_headings import HEADINGS
from services.portal.api.schemas import STATUSES

MOST_ON_A_PAGE = 200


def is_plain(text: str) -> None:
    """No control character, as in files."""
    if control_character(text):
        raise ValidationError("Type the text again without control characters.")


class Text(fields.String):
    """Text as it is judged (RULES 3): cleaned as a cell of a file."""

    is_prose = False

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        return cleaned(super()._deserialize(value, attr, data, **more), is_prose=self.is_prose)


class Prose(Text):
    """What somebody says: joiners are part of it."""

    is_prose = True


def text_of(most: int, **options: Any) -> fields.String:
    """Text of one to so many characters."""
    return Text(validate=[validate.Length(1, most), is_plain], **options)


class Flag(fields.Boolean):
    """true or false, and nothing else."""

    truthy: set[Any] = {"true", "True"}  # noqa: RUF012 - the library declares it so
    falsy: set[Any] = {"false", "False"}  # noqa: RUF012


class Asked(Schema):
    """What a caller sends; a name that is not known is a slip, and is said to be one."""

    error_messages = {"unknown": "There is no such name here: leave it out."}  # noqa: RUF012 - the library's way

    class Meta:
        unknown = RAISE


class Owner(Asked):
    """The council says whose; a provider's token is its own organisation's."""

    organisation = text_of(200, metadata={"description": "a provider by its name; for the council's tokens"})


class Paged(Owner):
    """A page of a list."""

    cursor = text_of(500, metadata={"description": "next_cursor of the page before"})
    limit = fields.Integer(load_default=100, validate=validate.Range(1, MOST_ON_A_PAGE))


class NoQuery(Asked):
    """Nothing to ask for."""


class Upload(Owner):
    """How a visits file is taken."""

    confirm = Flag(load_default=False, metadata={"description": "apply it too, whatever the check gives"})


class CarersUpload(Owner):
    """How a carers file is taken."""

    preview = Flag(
        load_default=False, metadata={"description": "say what it would change, and change nothing"}
    )


class ErrorsPage(Asked):
    """A page of a file's errors."""

    cursor = text_of(500, metadata={"description": "from the Link header of the page before"})
    limit = fields.Integer(load_default=1000, validate=validate.Range(1, 1000))


class Confirm(Asked):
    """Whether a check with another result is accepted unseen."""

    confirm = Flag(
        load_default=False, metadata={"description": "accept the counts of a new check, if there is one"}
    )


class Confirmation(Asked):
    """The check that was shown; its version is the file's ETag too."""

    check_version = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(0, 2**31))


class VisitsQuery(Paged):
    """Which visits."""

    week = Day(metadata={"description": "any day of the week"})
    client = text_of(50, metadata={"description": "SSRef, ClientRef or NHSNumber"})
    status = fields.String(validate=validate.OneOf(STATUSES))


class WeekOfVisits(Owner):
    """All visits of a week, or a client's of it."""

    client = text_of(50, metadata={"description": "SSRef, ClientRef or NHSNumber"})


class Deletion(Owner):
    """Why a visit is deleted."""

    reason = text_of(200)


class LineItemsQuery(Paged):
    """Which care package line items."""

    client = text_of(50, metadata={"description": "SSRef, ClientRef or NHSNumber"})


# The cells of a visit by their headings, as a file has them. VisitRef stands in the address, and a visit that is
# put is not deleted.
CELLS = tuple(heading for heading in HEADINGS if heading not in ("VisitRef", "Deleted"))
VisitCells: type[Schema] = Asked.from_dict(
    {cell: fields.String(validate=validate.Length(max=20_000)) for cell in CELLS}, name="VisitCells"
)


def some_attachments() -> fields.List:
    """The words that POST /attachments gave for the files of a message."""
    return fields.List(text_of(2_000), load_default=list, validate=validate.Length(max=MOST_ATTACHMENTS))


def words_of(least: int = 1, **options: Any) -> fields.String:
    """What somebody says: several lines perhaps; not blank, unless it may be left out."""
    checks: list[Callable[[str], Any]] = [validate.Length(least, LONGEST_WORDS), is_prose]
    if least:
        checks.append(is_said)
    return Prose(validate=checks, **options)


def is_prose(text: str) -> None:
    """Lines and tabs, and no other control character, as in files."""
    if control_character(text, but="\r\n\t"):
        raise ValidationError("Type the text again without control characters.")


def is_said(text: str) -> None:
    """Something besides spaces."""
    if not text.strip():
        raise ValidationError("Say something.")
