"""Files to take along: what they are called, and how a spreadsheet knows their letters."""

from __future__ import annotations

import datetime as dt

import pytest

from services.portal.web.downloads.files import csv_for_people, csv_in_parts, file_name, name_of_period

OCTOBER = (dt.date(2022, 10, 3), dt.date(2022, 10, 30))


def test_a_name_says_what_whose_which_days_and_of_which_day() -> None:
    name = file_name(
        "unmatched-visits", "csv", provider="Diamond Home Care Ltd", days=OCTOBER, as_at=dt.date(2022, 11, 1)
    )
    assert name == "unmatched-visits_Diamond-Home-Care-Ltd_2022-10-03-to-2022-10-30_as-at-2022-11-01.csv"
    assert name_of_period("remittance-advice", "pdf", OCTOBER[0], None, None) == (
        "remittance-advice_2022-10-03-to-2022-10-30.pdf"
    )


@pytest.mark.parametrize(
    ("provider", "part"),
    [
        ("Café & Söhne / Zone 6", "Cafe-Sohne-Zone-6"),
        ('a"; filename=evil.exe\r\nX: y', "a-filename-evil.exe-X-y"),
        ("../../etc", "etc"),
        ("家", ""),
        ("x" * 200, "x" * 60),
    ],
)
def test_a_name_is_one_that_every_system_takes(provider: str, part: str) -> None:
    assert file_name("care", "csv", provider=provider) == "_".join(filter(None, ["care", part])) + ".csv"


def test_csv_for_people_begins_with_one_byte_order_mark() -> None:
    for content in ("A,B\r\n", b"A,B\r\n", "\ufeffA,B\r\n", b"\xef\xbb\xbfA,B\r\n"):
        assert csv_for_people(content, "a.csv").get_data() == b"\xef\xbb\xbfA,B\r\n"
    assert csv_in_parts(iter(["A,B\r\n", "1,é\r\n"]), "a.csv").get_data() == "\ufeffA,B\r\n1,é\r\n".encode()
