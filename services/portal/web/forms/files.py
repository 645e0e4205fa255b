"""The forms of files: visits, care and carers."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Sequence

from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, IntegerField, SelectField
from wtforms.validators import InputRequired, ValidationError

from libs.common.files.csv_files import MAX_CARERS_BYTES
from libs.common.files.objects import Content, digest_of
from services.portal.web.forms.text import TextForm


def _small_enough(most: int) -> Callable[[TextForm, FileField], None]:
    """The rule that a file may have so many bytes at most: a larger one is refused before it is stored."""

    def check(_: TextForm, field: FileField) -> None:
        size = field.data.stream.seek(0, os.SEEK_END)
        field.data.stream.seek(0)
        if size > most:
            raise ValidationError(
                f"The file is {size / 1e6:,.1f} MB and may have {most / 1e6:,.0f} MB at most:"
                " split it into smaller files and send them one by one"
            )

    return check


class UploadForm(TextForm):
    """A visits file to check. `seed` is the form's own: sending it twice is sending once."""

    file = FileField("Visits file", [FileRequired("Choose a visits file")])
    organisation = SelectField("Provider", [InputRequired("Choose whose visits these are")], coerce=str)
    seed = HiddenField()

    def for_council(self, names: Sequence[str]) -> UploadForm:
        """The council says whose file it is."""
        self.organisation.choices = [("", "Choose a provider"), *((name, name) for name in names)]
        return self

    def for_provider(self) -> UploadForm:
        """A provider's file is its own."""
        del self.organisation
        return self

    def renewed(self) -> UploadForm:
        """With a new seed, for a page that is looked at."""
        self.seed.data = str(uuid.uuid4())
        return self

    def file_id(self, content: Content) -> uuid.UUID:
        """The same for the same file sent twice from one page; another for another file."""
        return uuid.uuid5(uuid.NAMESPACE_OID, f"{self.seed.data}/{digest_of(content)}")


class CareUploadForm(UploadForm):
    """A file of commissioned care to check."""

    file = FileField("Care file", [FileRequired("Choose a care file")])


class CarersUploadForm(UploadForm):
    """A file of carers to check."""

    file = FileField("Carers file", [FileRequired("Choose a carers file"), _small_enough(MAX_CARERS_BYTES)])
    organisation = SelectField("Provider", [InputRequired("Choose whose carers these are")], coerce=str)


class CarersConfirmForm(TextForm):
    """Import the carers as the check showed them: how many would be new, and changed."""

    comes_back = False

    new = IntegerField(validators=[InputRequired()])
    changed = IntegerField(validators=[InputRequired()])


class ConfirmForm(TextForm):
    """Update with the check that is shown."""

    comes_back = False

    check_version = IntegerField(validators=[InputRequired()])


class CancelForm(TextForm):
    """Drop a checked file."""
