"""What an organisation's files may hold, and how many it may send within a day."""

import pytest

from libs.common.errors import Refused
from services.portal.storage.rules import (
    COUNCIL,
    Allowed,
    allowed_to,
    megabytes,
    refuse_beyond,
    status_of_upload,
)
from services.portal.web.statuses import status_of

ALLOWED = Allowed(most_bytes=1_000_000, files_a_day=3)


@pytest.mark.parametrize(
    ("held_bytes", "files_today", "size", "code"),
    [
        (0, 0, 1_000_000, None),
        (0, 0, 1_000_001, "storage_full"),
        (999_999, 2, 1, None),
        (1_000_000, 0, 0, None),
        (1_000_000, 0, 1, "storage_full"),
        (0, 3, 1, "too_many_files"),
        (2_000_000, 3, 1, "storage_full"),
    ],
)
def test_a_file_beyond_what_is_allowed_is_refused(
    held_bytes: int, files_today: int, size: int, code: str | None
) -> None:
    if code is None:
        refuse_beyond(ALLOWED, held_bytes=held_bytes, files_today=files_today, size=size)
        return
    with pytest.raises(Refused) as refused:
        refuse_beyond(ALLOWED, held_bytes=held_bytes, files_today=files_today, size=size)
    assert refused.value.code == code
    assert status_of(code) == status_of_upload(refused.value) == 507
    assert refused.value.message.endswith(".")


def test_the_sentence_says_what_is_held_and_what_is_allowed() -> None:
    with pytest.raises(
        Refused, match=r"hold 0\.90 MB and may hold 1\.00 MB, so this one of 0\.20 MB was not kept"
    ):
        refuse_beyond(ALLOWED, held_bytes=900_000, files_today=0, size=200_000)


@pytest.mark.parametrize(
    ("owner", "own_bytes", "most_bytes", "files_a_day"),
    [
        ("a provider", None, 1_000_000, 3),
        ("a provider", 5, 5, 3),
        ("a provider", 0, 0, 3),
        (COUNCIL, None, 10_000_000, 30),
        (COUNCIL, 7, 7, 30),
    ],
)
def test_an_organisation_has_its_own_figure_or_that_of_all(
    owner: str, own_bytes: int | None, most_bytes: int, files_a_day: int
) -> None:
    assert allowed_to(owner, own_bytes, ALLOWED) == Allowed(most_bytes, files_a_day)


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0.00 MB"), (1_234_567, "1.23 MB"), (999_999_999, "1,000.00 MB"), (5_000_000_000, "5.00 GB")],
)
def test_bytes_are_read_in_megabytes(size: int, text: str) -> None:
    assert megabytes(size) == text


def test_another_refusal_of_an_upload_stays_what_it_is() -> None:
    assert status_of_upload(Refused("not_found", "There is none.")) == 422
