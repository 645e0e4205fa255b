"""An upload goes through the portal part by part: none is ever in memory as a whole."""

from __future__ import annotations

import io
import tracemalloc
import uuid
from pathlib import Path

import pytest
from flask import Flask, request
from werkzeug.datastructures import FileStorage

from libs.common.errors import Refused
from libs.common.files import objects
from libs.common.files.csv_files import MAX_CARERS_BYTES
from libs.common.files.objects import write_object
from services.portal.api.idempotency import digest_of_request
from services.portal.api.operation import CSV_TYPES, file_body
from services.portal.web.forms.files import CarersUploadForm, UploadForm

SIZE = 40_000_000
MOST_BYTES = 5_000_000


class Zeros(io.RawIOBase):
    """So many noughts, made while they are read."""

    def __init__(self, size: int) -> None:
        self._left = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        count = min(len(view), self._left)
        view[:count] = b"0" * count
        self._left -= count
        return count


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setenv(objects.OBJECTS_VARIABLE, f"file://{tmp_path}/objects")
    made = Flask(__name__)
    made.config.update(SECRET_KEY="a secret of tests", WTF_CSRF_ENABLED=False)
    return made


def request_of(app: Flask, size: int, most: int) -> int:
    """Take a body as the API does; how much memory that took at most."""
    sent = {"wsgi.input": Zeros(size), "CONTENT_LENGTH": str(size)}
    with app.test_request_context("/", method="POST", content_type="text/csv", environ_overrides=sent):
        tracemalloc.start()
        try:
            with file_body(most, CSV_TYPES) as content:
                digest_of_request(content)
                write_object("a/file.csv", content)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()


def test_a_body_is_stored_whole_with_little_memory(app: Flask, tmp_path: Path) -> None:
    assert request_of(app, SIZE, SIZE) < MOST_BYTES
    assert (tmp_path / "objects/a/file.csv").stat().st_size == SIZE


@pytest.mark.parametrize("size", [101, 100_000])
def test_a_body_that_is_too_large_is_refused(app: Flask, size: int) -> None:
    with pytest.raises(Refused) as refused:
        request_of(app, size, 100)
    assert refused.value.code == "too_large"


def test_a_file_of_a_form_has_one_id_each_time_and_stays_whole(app: Flask) -> None:
    file = FileStorage(io.BytesIO(b"abc" * 200_000), "visits.csv")
    with app.test_request_context("/"):
        form = UploadForm(formdata=None).renewed()
        found = {form.file_id(file.stream) for _ in range(2)}
        assert found == {form.file_id(b"abc" * 200_000)}
        assert form.file_id(b"other") not in found
    assert isinstance(found.pop(), uuid.UUID)
    write_object("a/form.csv", file.stream)
    assert objects.read_object("a/form.csv") == b"abc" * 200_000


@pytest.mark.parametrize(
    ("size", "sentence"),
    [
        (0, None),
        (MAX_CARERS_BYTES, None),
        (MAX_CARERS_BYTES + 1, "The file is 2.0 MB and may have 2 MB at most"),
        (7_000_000, "The file is 7.0 MB and may have 2 MB at most"),
    ],
)
def test_a_file_of_carers_is_small(app: Flask, size: int, sentence: str | None) -> None:
    sent = {"file": (io.BytesIO(b"x" * size), "carers.csv")}
    with app.test_request_context("/carers", method="POST", data=sent):
        form = CarersUploadForm()
        form.for_provider()
        assert form.validate_on_submit() == (sentence is None)
        assert [error.partition(":")[0] for error in form.file.errors] == ([sentence] if sentence else [])
        assert form.file.data.stream.tell() == 0
        request.environ["wsgi.input"].close()  # the builder's own temporary file
