"""The demonstration's commissioned care: providers and clients who exist nowhere, and the packages that they have.

Everything follows from the random numbers and the calendar that are handed in: the same seed, the same council.
"""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from deploy.dev.demo.dates import Calendar
from deploy.dev.demo.names import ADDRESSES, FORENAMES, SURNAMES, TITLES
from deploy.dev.demo.providers import PROVIDERS, ZONES, Provider
from libs.common.files.care_headings import HEADINGS

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
IDS = uuid.UUID("0b5c8d0e-7d0c-4a51-9a55-6f0f3f0f2022")

LEVELS = ("Personal Care", "Personal Care", "Personal Care", "Home Support", "Medication Only")
CONTRIBUTIONS = ("", "", "0.00", "35.50", "61.20", "88.75")
CALLS_A_DAY = (1, 2, 2, 3)
CARERS_A_CLIENT = 3
CALL_MINUTES = (15, 30, 30, 30, 45, 60)


@dataclass(frozen=True)
class Package:
    """A client's care as it is given: a care package line item, the slots of a week, and what happens meanwhile."""

    provider: Provider
    row: dict[str, str]
    slots: tuple[tuple[int, int, int], ...]
    """weekday, entry and exit in minutes"""
    visited: tuple[dt.date, dt.date]
    """the first and the last day of its visits"""
    carers_wanted: int = 1
    in_hospital: tuple[dt.date, dt.date] | None = None
    is_commissioned: bool = True
    share_given: float = 1.0
    """of the planned time"""
    others: tuple[dict[str, str], ...] = field(default=())
    """further line items of the client"""

    @property
    def usual_carers(self) -> list[str]:
        """Who comes to this client, one after the other."""
        carers, first = self.provider.carers, int(self.row["CpliId"]) // 10
        return [carers[(first + number) % len(carers)] for number in range(CARERS_A_CLIENT)]

    @property
    def rows(self) -> tuple[dict[str, str], ...]:
        """Its rows of the care file."""
        return (self.row, *self.others) if self.is_commissioned else ()


def packages(chance: random.Random, calendar: Calendar) -> list[Package]:
    """All of the council's packages; a few of each provider's are as odd as real ones."""
    found = [_package(chance, calendar, provider, number) for provider, number in _clients()]
    by_visits = [at for at, one in enumerate(found) if one.provider.payment_method == "Visits"]
    odd = chance.sample(by_visits, len(STORIES) * EACH_STORY)
    for turn, at in enumerate(odd):
        found[at] = STORIES[turn % len(STORIES)](found[at], calendar)
    plain = [at for at in by_visits if at not in odd]
    for turn, at in enumerate(chance.sample(plain, len(WATCHED) * EACH_STORY)):
        found[at] = WATCHED[turn % len(WATCHED)](found[at], calendar)
    return found


def _clients() -> Iterator[tuple[Provider, int]]:
    number = 0
    for provider in PROVIDERS:
        for _ in range(provider.clients):
            yield provider, number
            number += 1


def _package(chance: random.Random, calendar: Calendar, provider: Provider, number: int) -> Package:
    zone = chance.choice(provider.zones)
    contract, unit_cost = ZONES[zone]
    level = "HTLAH Maintenance" if contract == "HTLAH" else chance.choice(LEVELS)
    slots = _slots(chance)
    carers_wanted = 2 if chance.random() < 0.06 else 1
    minutes = carers_wanted * sum(exit_ - entry for _, entry, exit_ in slots)
    started = calendar.first_monday - dt.timedelta(days=chance.randrange(30, 500))
    row = dict.fromkeys(HEADINGS, "") | _client(chance, number)
    row |= {
        "CpliId": str(200_001 + number * 10),
        "OrganisationRef": _id(provider.name),
        "OrganisationName": provider.name,
        "OrganisationAddress": ADDRESSES[provider.name],
        "ServiceRef": _id(provider.service(zone)),
        "ServiceName": provider.service(zone),
        "Contract": contract,
        "ServiceLevel": level,
        "StartDate": written(started),
        "Quantity": f"{minutes / 60:.2f}",
        "Unit": "Hr",
        "Frequency": "Weekly",
        "UnitCost": unit_cost,
        "Pricing": "Timetabled",
        "PaymentMethod": provider.payment_method,
        "Authorised": "Y",
        "Timetable": _timetable(slots) if chance.random() < 0.8 else "",
        "CostCentre": f"H{4100 + list(ZONES).index(zone)}",
        "Subjective": "R4310",
    }
    return Package(provider, row, slots, (calendar.first_monday, calendar.last_day), carers_wanted)


def _client(chance: random.Random, number: int) -> dict[str, str]:
    born = dt.date(1926, 1, 1) + dt.timedelta(days=chance.randrange(12_000))
    return {
        "ClientRef": _id(f"client {number}"),
        "SSRef": f"D{100_001 + number}",
        "NHSNumber": _nhs_number(chance),
        "Title": chance.choice(TITLES),
        "Forename": chance.choice(FORENAMES),
        "Surname": chance.choice(SURNAMES),
        "DateOfBirth": written(born),
        "AssessedContribution": chance.choice(CONTRIBUTIONS),
        "ContributionCollectedBy": "Provider" if chance.random() < 0.1 else "Council",
    }


def _slots(chance: random.Random) -> tuple[tuple[int, int, int], ...]:
    days = range(7) if chance.random() < 0.8 else sorted(chance.sample(range(7), chance.randrange(2, 6)))
    entries = sorted(chance.sample(range(7 * 60, 20 * 60, 75), chance.choice(CALLS_A_DAY)))
    calls = [(entry, entry + chance.choice(CALL_MINUTES)) for entry in entries]
    return tuple((day, entry, exit_) for day in days for entry, exit_ in calls)


def _nhs_number(chance: random.Random) -> str:
    """With a right check digit, out of the numbers that are given to nobody (999 …)."""
    while True:
        digits = [9, 9, 9, *(chance.randrange(10) for _ in range(6))]
        check = (
            11 - sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=True)) % 11
        ) % 11
        if check != 10:
            return "".join(map(str, [*digits, check]))


def _timetable(slots: tuple[tuple[int, int, int], ...]) -> str:
    return "; ".join(f"{DAYS[day]} {clock(entry)}-{clock(exit_)}" for day, entry, exit_ in slots)


def clock(minutes: int) -> str:
    """``09:05``"""
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def written(day: dt.date) -> str:
    """As files write a date."""
    return f"{day:%d/%m/%Y}"


def _id(of: str) -> str:
    return str(uuid.uuid5(IDS, of)).upper()


# What happens to some of them. Each tells of a package that its visits do not, or not always, match or pay.


def _ended(one: Package, calendar: Calendar) -> Package:
    """The package ends; its carers go on for some days."""
    row = one.row | {"EndDate": written(calendar.day(2, 2))}
    return replace(one, row=row, visited=(calendar.first_monday, calendar.day(2, 6)))


def _begun_early(one: Package, calendar: Calendar) -> Package:
    row = one.row | {"StartDate": written(calendar.day(5, 3))}
    return replace(one, row=row, visited=(calendar.day(5, 0), calendar.last_day))


def _interrupted(one: Package, calendar: Calendar) -> Package:
    """A second line item follows the first with some days between them."""
    first = one.row | {"EndDate": written(calendar.day(4, 1))}
    second = one.row | {
        "CpliId": str(int(one.row["CpliId"]) + 1),
        "StartDate": written(calendar.day(4, 6)),
    }
    return replace(one, row=first, others=(second,))


def _in_hospital(one: Package, calendar: Calendar) -> Package:
    return replace(one, in_hospital=(calendar.day(3, 4), calendar.day(5, 1)))


def _on_holiday(one: Package, calendar: Calendar) -> Package:
    days = f"{written(calendar.day(6, 0))}-{written(calendar.day(6, 3))} holiday"
    return replace(one, row=one.row | {"Suspensions": days})


def _not_authorised(one: Package, calendar: Calendar) -> Package:
    return replace(one, row=one.row | {"Authorised": "N"})


def _invoiced(one: Package, calendar: Calendar) -> Package:
    row = one.row | {"PaymentMethod": "Invoice"}
    return replace(one, row=row, visited=(calendar.day(6, 0), calendar.last_day))


def _lives_in(one: Package, calendar: Calendar) -> Package:
    row = one.row | {"ServiceLevel": "Live in care"}
    return replace(one, row=row, visited=(calendar.day(7, 0), calendar.last_day))


def _half_given(one: Package, calendar: Calendar) -> Package:
    """An hour a day is commissioned; half of it is given, week after week."""
    return _an_hour_a_day(replace(one, share_given=0.5))


def _more_given(one: Package, calendar: Calendar) -> Package:
    """The carer stays for a quarter of an hour longer every day."""
    return _an_hour_a_day(replace(one, share_given=1.25))


def _an_hour_a_day(one: Package) -> Package:
    slots = tuple((day, 9 * 60, 10 * 60) for day in range(7))
    row = one.row | {"Quantity": "7.00", "Timetable": _timetable(slots)}
    return replace(one, row=row, slots=slots, carers_wanted=1)


def _time_critical(one: Package, calendar: Calendar) -> Package:
    """A tablet at a set time: each slot is marked as time-critical."""
    return replace(one, row=one.row | {"Timetable": _timetable(one.slots).replace(";", "!;") + "!"})


def _not_set_up(one: Package, calendar: Calendar) -> Package:
    """The care has been given for a week, and no package has been set up yet."""
    return replace(one, is_commissioned=False, visited=(calendar.day(7, 0), calendar.last_day))


STORIES = (
    _ended,
    _begun_early,
    _interrupted,
    _in_hospital,
    _on_holiday,
    _not_authorised,
    _invoiced,
    _lives_in,
    _not_set_up,
)
WATCHED = (_half_given, _more_given, _time_critical)
"""What monitoring shows of packages that are in order otherwise."""
EACH_STORY = 2
