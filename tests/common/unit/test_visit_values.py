"""How dates, times, Booleans, GUIDs and NHS numbers are read (RULES 3)."""

import datetime as dt
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.files.values import (
    FIRST_BIRTHDAY,
    cleaned,
    control_character,
    is_nhs_number,
    parse_boolean,
    parse_date,
    parse_guid,
    parse_time,
    shown,
)

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10/03/22", dt.date(2022, 3, 10)),
        ("10 Mar 2022", dt.date(2022, 3, 10)),
        ("03-Oct-22", dt.date(2022, 10, 3)),
        ("3-OCT-2022", dt.date(2022, 10, 3)),
        ("3/oct/22", dt.date(2022, 10, 3)),
        ("3/4/2022", dt.date(2022, 4, 3)),
        ("03 04 22", dt.date(2022, 4, 3)),
        ("2022-10-03", dt.date(2022, 10, 3)),
        ("29/02/2024", dt.date(2024, 2, 29)),
        ("01/01/99", dt.date(2099, 1, 1)),
        ("29/02/2023", None),
        ("31/02/2022", None),
        ("13/13/2022", None),
        ("00/01/2022", None),
        ("01/00/2022", None),
        ("01/01/0000", None),
        ("soon", None),
        ("", None),
        ("10/03-22", None),
        ("10 Mar-22", None),
        ("10  Mar 2022", None),
        ("10.03.2022", None),
        ("10Mar2022", None),
        ("10 March 2022", None),
        ("10 Mai 2022", None),
        ("10/003/2022", None),
        ("010/03/2022", None),
        ("10/03/022", None),
        ("10/03/222", None),
        ("2022/10/03", None),
        ("2022-10-3", None),
        ("2022-13-01", None),
        ("10/03/22 00:00", None),
        ("١٠/03/22", None),
        ("1²/03/22", None),
        ("10/03/22\n", None),
        ("44838", None),
        ("0" * 100, None),
    ],
)
def test_dates_are_read_day_first_or_not_at_all(text: str, expected: dt.date | None) -> None:
    assert parse_date(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8:30", 30600),
        ("08:30", 30600),
        ("00:00", 0),
        ("0:00", 0),
        ("23:59:59", 86399),
        ("8:30:05", 30605),
        ("24:00", None),
        ("25:00", None),
        ("12:60", None),
        ("12:00:60", None),
        ("9.30", None),
        ("9:3", None),
        ("0930", None),
        ("9:30 am", None),
        ("009:30", None),
        ("9:30:5", None),
        ("-9:30", None),
        ("", None),
        ("٩:30", None),
        ("9:30\n", None),
    ],
)
def test_times_are_hours_and_minutes_and_perhaps_seconds(text: str, expected: int | None) -> None:
    assert parse_time(text) == expected


@given(
    st.dates(min_value=dt.date(2000, 1, 1), max_value=dt.date(2099, 12, 31)),
    st.sampled_from("/- "),
    st.data(),
)
def test_every_date_is_read_in_every_format(day: dt.date, separator: str, data: st.DataObject) -> None:
    name = MONTHS[day.month - 1]
    parts = [
        data.draw(st.sampled_from([f"{day.day}", f"{day.day:02}"])),
        data.draw(st.sampled_from([f"{day.month}", f"{day.month:02}", name, name.upper(), name.lower()])),
        data.draw(st.sampled_from([f"{day.year}", f"{day.year % 100:02}"])),
    ]
    assert parse_date(separator.join(parts)) == day
    assert parse_date(day.isoformat()) == day


@given(st.times())
def test_every_time_is_read_in_every_format(moment: dt.time) -> None:
    seconds = moment.hour * 3600 + moment.minute * 60
    for hour in (f"{moment.hour}", f"{moment.hour:02}"):
        assert parse_time(f"{hour}:{moment.minute:02}") == seconds
        assert parse_time(f"{hour}:{moment.minute:02}:{moment.second:02}") == seconds + moment.second


@given(st.text(max_size=15))
def test_any_text_is_a_value_or_none(text: str) -> None:
    parse_date(text), parse_time(text), parse_boolean(text), parse_guid(text), is_nhs_number(text)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("0", "N", "n", "No", "NO", "False", "false"), False),
        (("1", "Y", "y", "Yes", "yes", "True", "TRUE"), True),
        (("", "2", "10", "Ja", "t", "on", "０"), None),
    ],
)
def test_booleans_are_eight_words_in_any_letter_case(texts: tuple[str, ...], expected: bool | None) -> None:
    assert {text: parse_boolean(text) for text in texts} == dict.fromkeys(texts, expected)


def test_guids_are_compared_in_upper_case_and_have_four_hyphens() -> None:
    good = "5f54b181-1c7b-469e-b37c-4b93fa9ebe1e"
    assert parse_guid(good) == good.upper()
    for bad in (
        "",
        good[:-1],
        good + "0",
        good.replace("-", ""),
        "{" + good + "}",
        good.replace("f", "g"),
        "x" * 36,
    ):
        assert parse_guid(bad) is None


@pytest.mark.parametrize(
    ("number", "is_valid"),
    [
        ("9434765919", True),
        ("9434765918", False),
        ("0000000000", True),
        ("1000000001", True),  # 11 minus 10 is 1
        ("1000000010", False),
        ("0000000060", False),  # a remainder of 1 gives 10, which no digit is
        ("943476591", False),
        ("94347659190", False),
        ("943-476-59", False),
        ("٩٤٣٤٧٦٥٩١٩", False),
        ("", False),
    ],
)
def test_nhs_numbers_have_ten_digits_of_which_the_last_checks_the_others(number: str, is_valid: bool) -> None:
    assert is_nhs_number(number) == is_valid


def test_an_nhs_number_whose_check_is_eleven_ends_in_zero() -> None:
    # 1×10 + 1×9 + 1×3 = 22, which 11 divides: the check of 11 counts as 0.
    assert is_nhs_number("1100000100")
    assert not is_nhs_number("1100000101")


def test_spaces_of_every_kind_are_trimmed_and_control_characters_stay() -> None:
    assert cleaned(" \u00a0\u2003 V1 \u3000\r\n\t") == "V1"
    assert cleaned("\x1fV1\x0b") == "\x1fV1\x0b"
    assert cleaned(" \u00a0 ") == ""


@pytest.mark.parametrize(
    ("text", "as_reference", "as_prose"),
    [
        ("W1\u200b", "W1", "W1"),
        ("\ufeffW1", "W1", "W1"),
        ("A\u00ad1\u200e2", "A12", "A12"),
        ("3\u00a0Aug\u202f2022", "3 Aug 2022", "3 Aug 2022"),
        ("two\u2028lines", "two lines", "two lines"),
        ("D\u200dH\u200cS", "DHS", "D\u200dH\u200cS"),
        ("👩🏽\u200d⚕️", "👩🏽⚕️", "👩🏽\u200d⚕️"),
        ("\u200d \u200b\u200d", "", ""),
        ("two\nlines\t", "two\nlines", "two\nlines"),
    ],
)
def test_wide_spaces_are_spaces_and_what_is_invisible_is_dropped(
    text: str, as_reference: str, as_prose: str
) -> None:
    assert (cleaned(text), cleaned(text, is_prose=True)) == (as_reference, as_prose)


@given(st.text(), st.booleans())
def test_cleaning_leaves_nothing_invisible_and_nothing_to_clean(text: str, is_prose: bool) -> None:
    once = cleaned(text, is_prose=is_prose)
    assert cleaned(once, is_prose=is_prose) == once
    unseen = {one for one in once if unicodedata.category(one) in ("Cf", "Zs", "Zl", "Zp")}
    assert unseen <= ({" ", "\u200c", "\u200d"} if is_prose else {" "})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("31/12/1999", None),
        ("01/01/2000", dt.date(2000, 1, 1)),
        ("31/12/2099", dt.date(2099, 12, 31)),
        ("01/01/2100", None),
        ("01/01/0001", None),
        ("31/12/9999", None),
        ("9999-12-31", None),
    ],
)
def test_a_readable_date_lies_in_the_years_2000_to_2099(text: str, expected: dt.date | None) -> None:
    assert parse_date(text) == expected


def test_a_date_of_birth_may_be_a_century_older() -> None:
    assert parse_date("31/12/1899", FIRST_BIRTHDAY) is None
    assert parse_date("01/01/1900", FIRST_BIRTHDAY) == dt.date(1900, 1, 1)


def test_control_characters_are_found_and_joiners_of_emoji_are_not() -> None:
    assert control_character("a\x07b") == "\x07"
    assert control_character("a\x85b") == "\x85"
    assert control_character("a\ud800b") == "\ud800"
    assert control_character("a\nb", but="\n") == ""
    assert control_character("👩🏽‍⚕️ \u00a0 Tŷ") == ""


def test_what_a_message_shows_is_short_and_can_not_steer_a_terminal() -> None:
    assert shown("x" * 100) == "x" * 59 + "…"
    assert shown("a\x1b[31m\n") == "a\\x1b[31m\\n"
    assert shown("Tŷ 👩🏽‍⚕️") == "Tŷ 👩🏽‍⚕️"
