"""Many weeks of care are held, or released, at once (RULES 8, 20)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from flask import url_for
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from libs.common.errors import Refused
from libs.common.rights import names as rights
from libs.common.seams.payments.holds import DecidedWeeks, WeekHold
from services.portal.bulk.acts import Act, Doing, Filters, ToDo, Words, address_with
from services.portal.bulk.rules import MOST_ROWS, FoundRow
from services.portal.money.items.holds_forms import AS_USUAL
from services.portal.money.periods.forms import reason_field
from services.portal.money.periods.words import CHARGE_OF_HOLD, CHARGE_OF_RELEASE, HOLDS
from services.portal.web.calls import gateway, payments
from services.portal.web.formats import week as week_in_words
from services.portal.web.forms.text import TextForm

BOX: Final = "held_week"
"""The boxes of weeks in lists; their values are `CpliId/Monday`."""
A_CALL: Final = 100
NOTHING_HELD: Final = "Nothing of it is held."


class PlaceManyForm(TextForm):
    """One hold of many weeks."""

    kind = SelectField("What is to be done", [InputRequired("Choose what is to be done")], choices=HOLDS)
    charge = SelectField("The clients’ charges", [Optional()], choices=AS_USUAL | CHARGE_OF_HOLD, default="")
    owner = StringField(
        "Owner",
        [InputRequired("Enter an owner"), Length(max=200, message="Owner must be 200 characters or fewer")],
        description="Whom to ask about it",
    )
    reason = reason_field("Reason")


class ReleaseManyForm(TextForm):
    """One release of many weeks."""

    charge = SelectField("The clients’ charges", choices=CHARGE_OF_RELEASE, default="keep")
    reason = reason_field("Reason")


def week_of(key: str) -> tuple[int, str]:
    """(CpliId, Monday). Raises Refused ``not_found``."""
    cpli, _, monday = key.partition("/")
    try:
        day = dt.date.fromisoformat(monday)
    except ValueError:
        day = None
    cpli_id = int(cpli) if cpli.isascii() and cpli.isdecimal() and len(cpli) < 19 else 0
    if not cpli_id or day is None or day.isoformat() != monday or not 1900 < day.year < 9000:
        raise Refused("not_found", "One of the chosen rows is no week of care.")
    return cpli_id, monday


def _weeks(keys: Sequence[str]) -> Iterator[WeekHold]:
    """These weeks as they are now, as far as they are there."""
    weeks, client = [week_of(key) for key in keys], payments()
    questions = [
        (lambda some=weeks[first : first + A_CALL]: client.week_holds(weeks=some))
        for first in range(0, len(weeks), A_CALL)
    ]
    for answer in gateway().all_at_once(questions):
        yield from answer


def _row(found: WeekHold, amount: str, why_not: str = "") -> FoundRow:
    return FoundRow(
        key=f"{found['cpli_id']}/{found['week']}",
        about=f"{week_in_words(found['week'])}, care package line item {found['cpli_id']}, client {found['client']}",
        organisation=found["organisation"] or "",
        amount=Decimal(amount),
        seen=str(len(found["decisions"])),
        why_not=why_not,
    )


def _to_hold(keys: Sequence[str]) -> list[FoundRow]:
    return [_row(one, one["unpaid"]) for one in _weeks(keys)]


def _to_release(keys: Sequence[str]) -> list[FoundRow]:
    return [_row(one, one["held"], "" if one["may_be_released"] else NOTHING_HELD) for one in _weeks(keys)]


def _keys_of_period(filters: Filters) -> list[str]:
    """The weeks of a period's payable items: what is of no week is held item by item."""
    keys: dict[str, None] = {}
    after: str | None = None
    which = {name: filters.get(name) or None for name in ("organisation", "contract")}
    while len(keys) <= MOST_ROWS:
        items = payments().payment_items(
            start=filters.get("start", ""), **which, shown="payable", after=after, limit=A_CALL * 5
        )
        keys |= {f"{one['cpli_id']}/{one['week']}": None for one in items if is_of_week(one)}
        if len(items) < A_CALL * 5:
            break
        after = items[-1]["item_id"]
    return [*keys]


def is_of_week(item: Mapping[str, Any]) -> bool:
    """Whether an item of a period is held with a CPLI's week."""
    return item["cpli_id"] is not None and item["week"] is not None


def _keys_of_holds(filters: Filters) -> list[str]:
    keys: list[str] = []
    after: tuple[int, str] | None = None
    whose = filters.get("organisation") or None
    while len(keys) <= MOST_ROWS:
        found = payments().holds(organisation=whose, after=after, limit=A_CALL * 5)
        keys += [f"{one['cpli_id']}/{one['week']}" for one in found]
        if len(found) < A_CALL * 5:
            break
        after = (found[-1]["cpli_id"], found[-1]["week"])
    return keys


def _period_address(filters: Filters) -> str:
    start = filters.get("start")
    if not start:
        return url_for("payments.periods")
    return address_with("payments.one", filters, "organisation", "contract", start=start)


def _holds_address(filters: Filters) -> str:
    return address_with("payments_holds.holds", filters, "organisation")


def _seen(rows: Sequence[ToDo]) -> list[tuple[int, str, int]]:
    return [(*week_of(row.key), int(row.seen)) for row in rows]


def _left(done: DecidedWeeks) -> dict[str, str]:
    return {f"{one['cpli_id']}/{one['week']}": one["message"] for one in done["left"]}


def _hold(doing: Doing) -> Mapping[str, str]:
    facts = doing.facts
    said = {"kind": facts["kind"], "reason": facts["reason"], "owner": facts["owner"]}
    return _left(payments().place_holds(weeks=_seen(doing.rows), charge=facts["charge"] or None, **said))


def _release(doing: Doing) -> Mapping[str, str]:
    facts = doing.facts
    return _left(
        payments().release_holds(weeks=_seen(doing.rows), charge=facts["charge"], reason=facts["reason"])
    )


HOLDING = Act(
    name="hold_weeks",
    needs=rights.HOLD_PAYMENTS,
    reads=rights.READ_HOLDS,
    words=Words(
        title="Hold weeks of care",
        button="Hold the weeks of the chosen items",
        verb="Hold",
        one="week of care",
        many="weeks of care",
        done="held",
        money="What of them is not paid yet, which is held",
        warning="A hold covers all of a care package line item’s week that is not paid yet, its cost and its"
        " deductions, and what is posted for it later.",
    ),
    box=BOX,
    form=lambda _, **given: PlaceManyForm(**given),
    find=_to_hold,
    all_keys=_keys_of_period,
    list_address=_period_address,
    do=_hold,
)
RELEASING = Act(
    name="release_weeks",
    needs=rights.HOLD_PAYMENTS,
    reads=rights.READ_HOLDS,
    words=Words(
        title="Release weeks of care",
        button="Release the chosen weeks",
        verb="Release",
        one="week of care",
        many="weeks of care",
        done="released",
        money="What of them is held, which is paid",
        warning="What is released is paid in the earliest open period.",
    ),
    box=BOX,
    form=lambda _, **given: ReleaseManyForm(**given),
    find=_to_release,
    all_keys=_keys_of_holds,
    list_address=_holds_address,
    do=_release,
)
