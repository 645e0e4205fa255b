"""Why a date or a time can't be read, and what to write instead (RULES 3). Pure; nothing here is read after all."""

import datetime as dt
import re
from decimal import Decimal

from libs.common.files.values import FIRST_DAY, LAST_DAY, parse_date

_NUMBERS = re.compile(r"([0-9]{1,2})([/\- ])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_NAMED_MONTH = re.compile(
    r"[0-9]{1,2}([/\- ])(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\1[0-9]{2,4}", re.I
)
_YEAR_FIRST = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-[0-9]{2}")
_DATE_AND_TIME = re.compile(
    r"([0-9]{1,4}[/\-][0-9]{1,2}[/\-][0-9]{1,4})[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?:\.0+)?Z?"
)
_DAY_NUMBER = re.compile(r"[34567][0-9]{4}")
_MIDNIGHT = re.compile(r"24[:.]?00(:00)?")
_TWELVE_HOURS = re.compile(r"(0?[1-9]|1[0-2])(?:[:.]([0-5][0-9]))?(?::([0-5][0-9]))? ?([AaPp])\.?[Mm]\.?")
_OTHER_SIGN = re.compile(r"([01]?[0-9]|2[0-3])[.\-;h ]?([0-5][0-9])")
_DAY_FRACTION = re.compile(r"0?[.,]([0-9]{2,})")

_DAY_ONE = dt.date(1899, 12, 30)
"""The day from which spreadsheets count."""


def why_no_date(text: str, first_year: int = FIRST_DAY.year) -> str:
    """What follows a date that can't be read, as in: PlannedVisitDate '29/02/2023' **is no day of the calendar …**."""
    if parse_date(text, dt.date.min, dt.date.max) is not None:
        return f"is not from the years {first_year} to {LAST_DAY.year}: correct the year"
    if found := _NUMBERS.fullmatch(text):
        day, sign, month, year = found.groups()
        if int(month) > 12 >= int(day) > 0:
            return f"has the month first: write the day first, as {month}{sign}{day}{sign}{year}"
        return "is no day of the calendar: correct the day or the month"
    if _NAMED_MONTH.fullmatch(text) or _YEAR_FIRST.fullmatch(text):
        return "is no day of the calendar: correct the day or the month"
    if found := _DATE_AND_TIME.fullmatch(text):
        return f"is a date and a time: write the date alone, as {found[1]}"
    if _DAY_NUMBER.fullmatch(text):
        day_meant = _DAY_ONE + dt.timedelta(int(text))
        return (
            f"is the number under which a spreadsheet keeps {day_meant:%d/%m/%Y}: give the column the format of a date"
            " and save the file again"
        )
    return "is not a date: write the day first, such as 10/03/2022, 10-03-22 or 10 Mar 2022"


def why_no_time(text: str) -> str:
    """What follows a time that can't be read, as in: PlannedExitTime '24:00' **is not a time: midnight is 00:00**."""
    if _MIDNIGHT.fullmatch(text):
        return "is not a time: midnight is 00:00"
    if found := _TWELVE_HOURS.fullmatch(text):
        hour, minute, second, half = found.groups()
        hours = int(hour) % 12 + (12 if half in "Pp" else 0)
        return f"is not read: write {text} as {hours:02}:{minute or '00'}{':' + second if second else ''}"
    if found := _OTHER_SIGN.fullmatch(text):
        return f"is not read: write it with a colon, as {int(found[1]):02}:{found[2]}"
    if found := _DAY_FRACTION.fullmatch(text):
        minutes = round(Decimal(f"0.{found[1]}") * 24 * 60) % (24 * 60)
        return (
            f"is the part of a day by which a spreadsheet keeps {minutes // 60:02}:{minutes % 60:02}: give the column"
            " the format of a time and save the file again"
        )
    return "is not a time: write hours and minutes, such as 8:30 or 20:05"
