"""Which circumstances of a client suspend which care, on which days (RULES 2)."""

from __future__ import annotations

from datetime import date

import pytest

from services.matching.care.rules import Circumstance, self_suspensions
from services.matching.circumstances.rules import KINDS, overlaps
from tests.support.builders.care import FRIDAY, MONDAY, THURSDAY, TUESDAY, WEDNESDAY


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("contract", ["HTLAH", " htlah ", "DAPL", "APL", "LWAH", "Spot"])
def test_only_htlah_care_suspends_itself_and_only_in_hospital_residential_care_or_on_holiday(
    contract: str, kind: str
) -> None:
    does = contract.strip().upper() == "HTLAH" and kind in ("hospital", "residential_care", "holiday")
    stay = Circumstance(kind, MONDAY, WEDNESDAY)
    assert self_suspensions(contract, [stay]) == (((MONDAY, WEDNESDAY),) if does else ())


def test_a_stay_without_an_end_suspends_for_the_time_being_and_several_each_their_days() -> None:
    stays = [Circumstance("hospital", MONDAY, MONDAY), Circumstance("holiday", THURSDAY, None)]
    assert self_suspensions("HTLAH", stays) == ((MONDAY, MONDAY), (THURSDAY, date.max))


@pytest.mark.parametrize(
    ("kind", "first", "last", "do"),
    [
        ("hospital", TUESDAY, TUESDAY, True),
        ("hospital", MONDAY, TUESDAY, True),
        ("hospital", WEDNESDAY, None, True),
        ("hospital", THURSDAY, FRIDAY, False),
        ("hospital", MONDAY, MONDAY, False),
        ("respite", TUESDAY, WEDNESDAY, False),
    ],
)
def test_two_circumstances_of_one_kind_do_not_share_a_day(
    kind: str, first: date, last: date | None, do: bool
) -> None:
    stay = Circumstance("hospital", TUESDAY, WEDNESDAY)
    assert overlaps(stay, Circumstance(kind, first, last)) is do
    assert overlaps(Circumstance(kind, first, last), stay) is do
