"""Actuals and care come to the same books in whatever order messages arrive, and however often (RULES 13)."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from libs.common.care.actuals import ActualLine
from libs.common.rpc import Caller
from services.ingest.actuals import steps, views
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.council.council import Council
from tests.support.council.delivery import Delivery
from tests.support.run.schemas import Schemas

OFFICER: Caller = {"who": "an officer", "role": "council", "organisation": None}
MONDAY = dt.date(2022, 10, 3)
HOUR = 3600
DAILY = "; ".join(f"{day} 09:00-10:00" for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))


def by_actuals(cpli_id: int, **cells: str) -> dict[str, str]:
    shared = {"UnitCost": "23.226", "PaymentMethod": "Actuals", "AssessedContribution": "90.00"}
    return a_care_row(cpli_id, **(shared | {"Timetable": DAILY} | cells))


BASE = (by_actuals(1), by_actuals(2, SSRef="A200"), by_actuals(3), by_actuals(4, SSRef="A200"), a_care_row(5))
CHANGES = (
    by_actuals(1, UnitCost="25.3335", EffectiveFrom="06/10/2022"),
    by_actuals(2, SSRef="A200", Suspensions="03/10/2022-04/10/2022 hospital"),
    by_actuals(3, PaymentMethod="Visits"),
    by_actuals(4, SSRef="A200", Authorised="N"),
    by_actuals(1, EndDate="08/10/2022", OrganisationName="Pearl Care Ltd", ServiceName="Pearl Care - DAPL"),
    a_care_row(5, PaymentMethod="Actuals"),
    by_actuals(3, PaymentMethod="Actuals", ContributionCollectedBy="Provider"),
)
SAVES = [(cpli_id, MONDAY + dt.timedelta(days=7 * n)) for cpli_id in (1, 2, 3, 4) for n in (0, 1)]
"""Each is saved twice: what it is at first is not what it stays."""


@pytest.fixture(scope="module")
def emptied_council(schemas: Callable[[], Schemas]) -> Any:
    council = Council(schemas())
    yield council
    council.close()


def save(council: Council, cpli_id: int, monday: dt.date, delivered: int) -> None:
    with council.sessions["ingest"].begin() as session:
        version = views.find_actual(session, cpli_id=cpli_id, monday=monday)["version"]
        line = ActualLine(monday, monday, delivered, HOUR - delivered)
        facts = {"cpli_id": cpli_id, "monday": monday, "version": version, "lines": [line]}
        steps.save_week(session, OFFICER, dt.datetime.now(dt.UTC), **facts)


def is_known(council: Council) -> bool:
    """Whether ingest has heard of all care that is paid by actuals at first."""
    with council.sessions["ingest"].begin() as session:
        return session.scalar(text("SELECT count(*) FROM actual_packages")) == 4


def books_after(council: Council, choice: random.Random, copies: int, *, waits: bool) -> dict[str, Any]:
    """The books when all has happened; ``waits``: everything is heard before the next thing happens."""
    council.empty()
    delivery = Delivery(council, choice, copies=copies)

    def hear() -> None:
        if waits:
            delivery.deliver_all()
        else:
            delivery.deliver_some(choice.randrange(4))

    delivery.import_care(a_care_file(*BASE))
    while not is_known(council):
        delivery.deliver_some(1)
    saves = SAVES.copy()
    choice.shuffle(saves)
    for cpli_id, monday in saves:
        save(council, cpli_id, monday, HOUR // 2)
        hear()
    choice.shuffle(saves)
    for cpli_id, monday in saves:
        save(council, cpli_id, monday, cpli_id * 600)
        hear()
    for row in CHANGES:
        delivery.import_care(a_care_file(row))
        hear()
    delivery.deliver_all()
    assert council.differences() == []
    return council.books_now() | council.money()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_books_do_not_depend_on_the_order_of_messages(emptied_council: Council, seed: int) -> None:
    in_order = books_after(emptied_council, random.Random(0), 1, waits=True)
    assert books_after(emptied_council, random.Random(seed), 3, waits=False) == in_order
    assert len(in_order["weeks"]) == len(SAVES)
