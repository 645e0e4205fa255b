"""What changes after periods were finalised: the real workers against the second calculation of the books (RULES 8)."""

import datetime as dt
from decimal import Decimal

from tests.oracle.rows import DIAMOND, ZONE, a_deletion, a_visit, a_week, diamond_care, pearl_care
from tests.oracle.story import FIRST_PERIOD, SECOND_PERIOD, THIRD_PERIOD, Story, items_of
from tests.support.builders.pay_rules import a_rate, pay_rules

LATE_VISITS = "Retrospective change to visits data"
LATE_CARE = "Retrospective change to a Care Package Line Item"


def test_what_changes_after_a_period_was_finalised_is_an_adjustment_with_its_reason(story: Story) -> None:
    story.import_care(diamond_care(AssessedContribution="120.00", ContributionCollectedBy="Provider"))
    story.import_visits(DIAMOND, *a_week("a", FIRST_PERIOD), *a_week("b", SECOND_PERIOD))
    story.finalise(FIRST_PERIOD)
    before = items_of(story.council, FIRST_PERIOD)

    late = FIRST_PERIOD + dt.timedelta(days=7)
    story.import_visits(
        DIAMOND, a_visit("late", late), a_visit("a0", FIRST_PERIOD, VisitType="C", Comments="Out")
    )
    story.import_visits(
        DIAMOND, a_deletion("a1"), a_visit("a2", FIRST_PERIOD + dt.timedelta(days=2), exit_="10:30")
    )
    story.compare()
    adjustments = [item for item in items_of(story.council, SECOND_PERIOD) if item[1] == "adjustment"]
    assert {item[2] for item in adjustments} == {LATE_VISITS}
    assert sum(Decimal(item[5]) for item in adjustments) == 20 - 20 + 10
    assert {item[4] for item in adjustments} == {"2022-09-05", "2022-09-12"}

    story.finalise(SECOND_PERIOD)
    story.import_care(diamond_care(UnitCost="21.00", AssessedContribution="120.00", EndDate="08/10/2022"))
    story.compare()
    third = items_of(story.council, THIRD_PERIOD)
    assert {item[1] for item in third if item[0] == "cost"} == {"adjustment"}
    assert {item[2] for item in third} == {LATE_CARE}
    story.import_visits(DIAMOND, *map(a_deletion, ("late", "b0", "b6")), a_visit("new", THIRD_PERIOD))
    story.import_care(diamond_care())
    story.compare()
    assert items_of(story.council, FIRST_PERIOD) == before


def test_pay_rules_from_a_date_change_the_open_period_and_adjust_the_finalised_one(story: Story) -> None:
    story.import_care(diamond_care(AssessedContribution="120.00"))
    story.import_visits(DIAMOND, *a_week("a", FIRST_PERIOD), *a_week("b", SECOND_PERIOD))
    story.finalise(FIRST_PERIOD)
    before = items_of(story.council, FIRST_PERIOD)

    from_saturday = FIRST_PERIOD + dt.timedelta(days=5)
    story.set_pay_rules("DAPL", from_saturday, pay_rules(rates=[a_rate("weekend", "150%")], minimum=75))
    story.compare()
    second = items_of(story.council, SECOND_PERIOD)
    assert [(kind, reason) for _, kind, reason, _, monday, _ in second if monday == "2022-09-05"] == [
        ("adjustment", LATE_CARE)
    ]
    assert items_of(story.council, FIRST_PERIOD) == before
    assert story.oracle.books()["weeks"]["1/2022-09-05"][0] == 5 * 3600 + 2 * 4500

    story.set_pay_rules("DAPL", SECOND_PERIOD, pay_rules())
    story.set_pay_rules("DAPL", from_saturday, pay_rules(cap=0))
    story.compare()


def test_a_visit_type_is_paid_from_a_planned_date_on_and_finalised_periods_are_adjusted(story: Story) -> None:
    story.import_care(diamond_care(AssessedContribution="120.00"))
    away = {"VisitType": "H", **dict.fromkeys(("DeliveredVisitDate", "DeliveredEntryTime"), "")}
    rows = (
        a_visit(f"{monday}{i}", monday + dt.timedelta(days=i), **away | {"DeliveredExitTime": ""})
        for monday in (FIRST_PERIOD, SECOND_PERIOD)
        for i in range(7)
    )
    story.import_visits(DIAMOND, *rows, *a_week("a", SECOND_PERIOD, entry="18:00", exit_="18:30"))
    story.finalise(FIRST_PERIOD)
    story.change_visit_type("H", FIRST_PERIOD + dt.timedelta(days=5), "planned")
    story.compare()
    assert story.oracle.books()["weeks"]["1/2022-09-05"] == [0, 2 * 3600, "0.00", "40.00"]
    story.change_visit_type("H", SECOND_PERIOD + dt.timedelta(days=2), "")
    story.change_visit_type("DHS", SECOND_PERIOD, "planned")
    story.compare()
    story.change_visit_type("H", FIRST_PERIOD + dt.timedelta(days=5), "")
    story.compare()


def test_periods_are_finalised_contract_by_contract(story: Story) -> None:
    zone = {"ServiceName": ZONE, "Contract": "LWAH", "UnitCost": "23.77"}
    delivered = {"ServiceName": ZONE, "VisitType": "DHF"}
    story.import_care(diamond_care(1, AssessedContribution="61.20"), diamond_care(2, **zone))
    story.import_visits(DIAMOND, *a_week("a", FIRST_PERIOD), *a_week("z", FIRST_PERIOD, **delivered))
    story.finalise(FIRST_PERIOD, "LWAH")
    story.import_visits(DIAMOND, a_deletion("a0"), a_deletion("z0"))
    story.import_care(
        diamond_care(2, **zone | {"UnitCost": "24.00"}), diamond_care(1, AssessedContribution="71.20")
    )
    story.compare()
    story.import_visits(DIAMOND, *a_week("y", SECOND_PERIOD, **delivered))
    story.finalise(SECOND_PERIOD, "LWAH")
    story.compare()
    story.finalise(FIRST_PERIOD, "DAPL")
    story.import_care(diamond_care(1, AssessedContribution="10.00"))
    story.import_visits(DIAMOND, a_deletion("a1"), a_deletion("z1"), a_deletion("y1"))
    story.compare()
    story.import_visits(DIAMOND, *a_week("c", SECOND_PERIOD))
    story.finalise(SECOND_PERIOD)
    story.import_visits(DIAMOND, a_deletion("c0"), a_deletion("y0"))
    story.compare()


def test_the_last_contract_finalised_finalises_the_charges_also_when_it_was_ahead_of_the_others(
    story: Story,
) -> None:
    zone = {"ServiceName": ZONE, "Contract": "LWAH"}
    story.import_care(diamond_care(1), diamond_care(2, SSRef="A200", **zone))
    story.import_visits(DIAMOND, *a_week("a", FIRST_PERIOD))
    story.finalise(FIRST_PERIOD, "DAPL")
    story.import_visits(DIAMOND, *a_week("z", SECOND_PERIOD, SSRef="A200", ServiceName=ZONE, VisitType="DHF"))
    story.finalise(SECOND_PERIOD, "LWAH")  # the first period holds nothing of LWAH and is finalised along
    story.import_care(diamond_care(1, AssessedContribution="10.00"))
    story.compare()


def test_an_adjustment_stays_where_it_is_when_its_package_moves_to_a_contract_whose_period_is_open(
    story: Story,
) -> None:
    zone = {"ServiceName": ZONE, "Contract": "LWAH"}
    story.import_care(diamond_care(1), diamond_care(2, SSRef="A200", **zone), diamond_care(3, SSRef="A300"))
    story.import_visits(DIAMOND, *a_week("a", FIRST_PERIOD, ServiceName="")[:3])
    story.finalise(FIRST_PERIOD, "DAPL")
    story.import_visits(DIAMOND, *a_week("b", FIRST_PERIOD, ServiceName="")[4:6])
    story.compare()
    story.import_care(diamond_care(1, **zone))
    story.compare()
    story.import_visits(DIAMOND, a_deletion("b4"))
    story.compare()
    first, second = (items_of(story.council, period) for period in (FIRST_PERIOD, SECOND_PERIOD))
    assert [item[-1] for item in (*first, *second)] == ["60.00", "-20.00", "40.00"]


def test_what_was_paid_too_much_comes_off_what_is_paid_later(story: Story) -> None:
    zone = {"ServiceName": ZONE, "Contract": "LWAH"}
    story.import_care(diamond_care(1), diamond_care(2, **zone), pearl_care(3))
    story.import_visits(DIAMOND, *a_week("a", FIRST_PERIOD), *a_week("b", SECOND_PERIOD)[:2])
    story.finalise(FIRST_PERIOD)
    story.import_visits(DIAMOND, *(a_deletion(f"a{i}") for i in range(6)))
    story.finalise(SECOND_PERIOD)
    story.compare()
    assert items_of(story.council, SECOND_PERIOD)[-1][1:3] == (
        "debt_carried",
        "The total was below nothing: it comes off a later payment",
    )
    third = ("c", THIRD_PERIOD), ("d", THIRD_PERIOD + dt.timedelta(days=7))
    story.import_visits(DIAMOND, *a_week(*third[0])[:1])
    for name, monday in third:
        story.import_visits(
            DIAMOND, *a_week(f"z{name}", monday, ServiceName=ZONE, VisitType="DHF", DeliveredExitTime="09:15")
        )
    story.finalise(THIRD_PERIOD)
    story.compare()
    assert story.oracle.ledger.debts.heaps[0].owed == 0
