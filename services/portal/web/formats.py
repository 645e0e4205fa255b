"""How pages write dates, times, money and durations."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from flask import Flask

from libs.common.care.clock import LONDON
from libs.common.care.money import to_the_penny
from libs.common.care.weeks import sunday_of
from libs.common.files.values import parse_time
from services.portal.casework.cases import rules as cases_rules
from services.portal.web.paging import turn_pages

SECONDS_IN_A_DAY = 24 * 3600


def register(app: Flask) -> None:
    """Make the filters known to templates."""
    for one in (
        day,
        period,
        week,
        days_of_week,
        moment,
        day_of,
        pounds,
        change,
        rate,
        hours,
        in_hours,
        quantity,
        duration,
        counted,
        last_day,
        file_size,
        clock,
    ):
        app.add_template_filter(one)
    app.jinja_env.globals.update(
        attachment_hint=cases_rules.HINT, attachment_types=cases_rules.ACCEPTED, turn_pages=turn_pages
    )


def day(value: dt.date | str | None) -> str:
    """3 Oct 2022; nothing for nothing."""
    if not value:
        return ""
    found = dt.date.fromisoformat(value) if isinstance(value, str) else value
    return f"{found.day} {found:%b %Y}"


def period(start: dt.date | str, end: dt.date | str) -> str:
    """3 Oct 2022 to 30 Oct 2022"""
    return f"{day(start)} to {day(end)}"


def week(monday: dt.date | str) -> str:
    """Mon 3 to Sun 9 Oct 2022, with both months where they differ."""
    first = dt.date.fromisoformat(monday) if isinstance(monday, str) else monday
    last = sunday_of(first)
    start = f"{first.day}" if first.month == last.month else f"{first.day} {first:%b}"
    return f"Mon {start} to Sun {last.day} {last:%b %Y}"


def days_of_week(monday: dt.date) -> str:
    """Mon 31 Oct to Sun 6 Nov, without a year."""
    last = sunday_of(monday)
    return f"{monday:%a} {monday.day} {monday:%b} to {last:%a} {last.day} {last:%b}"


def moment(value: str | None) -> str:
    """3 Oct 2022 at 14:05, on London's clocks."""
    if not value:
        return ""
    local = dt.datetime.fromisoformat(value).astimezone(LONDON)
    return f"{day(local.date())} at {local:%H:%M}"


def day_of(value: str) -> str:
    """3 Oct 2022, the day of a moment on London's clocks."""
    return day(dt.datetime.fromisoformat(value).astimezone(LONDON).date())


def last_day(due: str) -> str:
    """Mon 3 Oct 2022, the last day on which there is time: a deadline is the midnight after it."""
    local = dt.datetime.fromisoformat(due).astimezone(LONDON) - dt.timedelta(microseconds=1)
    return f"{local:%a} {day(local.date())}"


def file_size(size_bytes: int) -> str:
    """1.2 MB, 34 KB"""
    if size_bytes >= 1_000_000:
        return f"{size_bytes / 1_000_000:,.1f} MB"
    return f"{max(1, round(size_bytes / 1_000)):,} KB"


def pounds(value: str | Decimal) -> str:
    """£1,234.50: to the penny, half up; a minus stands before the sign."""
    amount = to_the_penny(Decimal(value))
    return f"{'−' if amount < 0 else ''}£{abs(amount):,}"


def change(before_and_after: tuple[str, str]) -> str:
    """+£1.50 or −£1.50, from before to after."""
    before, after = map(Decimal, before_and_after)
    return f"{'+' if after > before else ''}{pounds(after - before)}"


def rate(value: str | Decimal) -> str:
    """£23.226, with as many decimals as the contract gives, and two at least."""
    exact = Decimal(value).normalize()
    decimals = max(2, -int(exact.as_tuple().exponent))
    return f"£{exact:,.{decimals}f}"


def hours(seconds: int) -> str:
    """3 h 3 min; seconds only where there are some."""
    hour, rest = divmod(abs(seconds), 3600)
    minute, second = divmod(rest, 60)
    parts = [f"{hour} h" if hour else "", f"{minute} min" if minute else "", f"{second} s" if second else ""]
    return " ".join(filter(None, parts)) or "0 min"


def in_hours(value: str | Decimal) -> str:
    """1,203.05: hours to two decimals, half up; a minus stands before what is below nothing."""
    rounded = to_the_penny(Decimal(value))
    return f"{'−' if rounded < 0 else ''}{abs(rounded):,}"


def quantity(value: str | Decimal) -> str:
    """7, 3.5 or 15.75, as a line item's quantity is written: it has two decimals at most."""
    whole, _, decimals = f"{to_the_penny(Decimal(value)):,}".partition(".")
    return f"{whole}.{decimals}".rstrip("0").rstrip(".")


def clock(seconds: int) -> str:
    """09:05 for seconds since midnight."""
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}"


def duration(entry: str, exit_: str) -> str:
    """How long from 22:00 to 1:30 is, past midnight too: 3 h 30 min. Nothing where one can't be read."""
    begin, end = parse_time(entry), parse_time(exit_)
    return "" if begin is None or end is None else hours((end - begin) % SECONDS_IN_A_DAY)


def counted(number: int, one: str, many: str | None = None) -> str:
    """1 visit, 1,204 visits."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
