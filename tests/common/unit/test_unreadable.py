"""A date or a time that nearly is one gets a sentence that says what to write (RULES 3)."""

import pytest

from libs.common.files.unreadable import why_no_date, why_no_time
from libs.common.files.values import parse_date, parse_time


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("29/02/2023", "no day of the calendar"),
        ("31/09/2022", "no day of the calendar"),
        ("31 Sep 2022", "no day of the calendar"),
        ("2022-02-30", "no day of the calendar"),
        ("00/08/2022", "no day of the calendar"),
        ("08/13/22", "month first: write the day first, as 13/08/22"),
        ("03/08/2022 09:00", "write the date alone, as 03/08/2022"),
        ("2022-08-03T00:00:00Z", "write the date alone, as 2022-08-03"),
        ("44776", "keeps 03/08/2022: give the column the format of a date"),
        ("soon", "write the day first, such as 10/03/2022"),
        ("3.8.2022", "write the day first"),
    ],
)
def test_why_a_date_is_not_read(text: str, said: str) -> None:
    assert parse_date(text) is None
    assert said in why_no_date(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("24:00", "midnight is 00:00"),
        ("24:00:00", "midnight is 00:00"),
        ("8:30 PM", "write 8:30 PM as 20:30"),
        ("12:05am", "write 12:05am as 00:05"),
        ("12 p.m.", "write 12 p.m. as 12:00"),
        ("08:15:20 AM", "as 08:15:20"),
        ("8.30", "with a colon, as 08:30"),
        ("0830", "with a colon, as 08:30"),
        ("0.375", "keeps 09:00: give the column the format of a time"),
        ("0,999999", "keeps 00:00"),
        ("25:00", "such as 8:30 or 20:05"),
        ("noon", "such as 8:30 or 20:05"),
        ("13:00 PM", "such as 8:30 or 20:05"),
    ],
)
def test_why_a_time_is_not_read(text: str, said: str) -> None:
    assert parse_time(text) is None
    assert said in why_no_time(text)
