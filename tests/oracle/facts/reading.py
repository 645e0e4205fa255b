"""Rows of files and their cells, as the rules read them (RULES 2 and 3)."""

import csv
import datetime as dt
import io
import re
import uuid

# fmt: off
HEADINGS = (
    "VisitRef", "Deleted", "PlannedVisitDate", "PlannedEntryTime", "PlannedExitTime", "VisitType",
    "DeliveredVisitDate", "DeliveredEntryTime", "DeliveredEntryTimeIsOverridden",
    "DeliveredEntryTimeOverrideReason", "DeliveredExitTime", "DeliveredExitTimeIsOverridden",
    "DeliveredExitTimeOverrideReason", "VarianceReason", "Comments", "ClientRef", "SSRef", "NHSNumber",
    "ServiceLevelRef", "ServiceLevel", "CarerRef", "ServiceRef", "ServiceName", "OrganisationRef",
    "OrganisationName",
)
# fmt: on
LENGTHS = (
    dict.fromkeys(("VisitRef", "SSRef", "VisitType"), 50)
    | {"NHSNumber": 20, "ServiceLevel": 100, "CarerRef": 100, "ServiceName": 112, "OrganisationName": 112}
    | dict.fromkeys(
        (
            "VarianceReason",
            "Comments",
            "DeliveredEntryTimeOverrideReason",
            "DeliveredExitTimeOverrideReason",
        ),
        8000,
    )
)
GUIDS = ("ClientRef", "ServiceLevelRef", "ServiceRef", "OrganisationRef")
BOOLEANS = dict.fromkeys(("0", "n", "no", "false", ""), False) | dict.fromkeys(
    ("1", "y", "yes", "true"), True
)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def read_rows(content: str) -> list[dict[str, str]]:
    """The rows of a file by heading, without those that are empty."""
    rows = csv.DictReader(io.StringIO(content))
    return [
        {heading: (cell or "").strip() for heading, cell in row.items() if heading}
        for row in rows
        if any(row.values())
    ]


def read_date(text: str) -> dt.date | None:
    """A date as visits files write it (RULES 3); None when unreadable."""
    iso = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text, re.ASCII)
    if iso:
        year, month, day = map(int, iso.groups())
    else:
        found = re.fullmatch(r"(\d{1,2})([/ -])(\d{1,2}|[A-Za-z]{3})\2(\d{4}|\d\d)", text, re.ASCII)
        if not found:
            return None
        day, year = int(found[1]), int(found[4]) + (2000 if len(found[4]) == 2 else 0)
        if found[3].isdigit():
            month = int(found[3])
        elif found[3].lower() in MONTHS:
            month = MONTHS.index(found[3].lower()) + 1
        else:
            return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def read_time(text: str) -> int | None:
    """Seconds after midnight; None when unreadable."""
    found = re.fullmatch(r"(\d{1,2}):(\d\d)(?::(\d\d))?", text, re.ASCII)
    if not found:
        return None
    hours, minutes, seconds = int(found[1]), int(found[2]), int(found[3] or 0)
    return hours * 3600 + minutes * 60 + seconds if hours < 24 and minutes < 60 and seconds < 60 else None


def read_slot(text: str) -> tuple[int, int, int]:
    """``Mon 08:00-09:00`` as weekday, entry, exit, whether it is time-critical or not."""
    day, times = text.strip().rstrip("!").split()
    entry, exit_ = (read_time(time) for time in times.split("-"))
    assert entry is not None
    assert exit_ is not None
    return DAYS.index(day), entry, exit_


def read_suspension(text: str) -> tuple[dt.date, dt.date]:
    """``01/10/2022-05/10/2022 reason`` as first and last day."""
    first, last = (read_date(day) for day in text.split(maxsplit=1)[0].split("-"))
    assert first is not None
    assert last is not None
    return first, last


def is_guid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def is_nhs_number(text: str) -> bool:
    digits = text.replace(" ", "")
    if not re.fullmatch(r"\d{10}", digits, re.ASCII):
        return False
    check = 11 - sum(int(d) * w for d, w in zip(digits, range(10, 1, -1), strict=False)) % 11
    return int(digits[9]) == (0 if check == 11 else check)


def identifiers_of(row: dict[str, str]) -> list[tuple[str, str]]:
    """The identifiers that a row names, in the order in which they count (RULES 5)."""
    found = [("SSRef", row["SSRef"]), ("ClientRef", row["ClientRef"].upper())]
    found.append(("NHSNumber", row["NHSNumber"].replace(" ", "")))
    return [(kind, value) for kind, value in found if value]


def is_readable_care(row: dict[str, str]) -> bool:
    """Whether a care row can be read at all (RULES 2)."""
    start, end = read_date(row["StartDate"]), read_date(row["EndDate"]) if row["EndDate"] else dt.date.max
    return (
        bool(identifiers_of(row))
        and start is not None
        and end is not None
        and end >= start
        and row["Unit"] in ("Hr", "Payment")
        and row["Frequency"] in ("Weekly", "One-off")
        and row["PaymentMethod"] in ("Visits", "Actuals", "Invoice")
    )
