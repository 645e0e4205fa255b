"""Actuals that are entered, and care that changes under them: the real workers against the second calculation (RULES 13)."""

import datetime as dt

from tests.oracle.facts.reading import DAYS
from tests.oracle.rows import DIAMOND, PEARL, PEARL_DAPL, a_week, diamond_care
from tests.oracle.story import FIRST_PERIOD, SECOND_PERIOD, Story, items_of

HOUR = 3600
MONDAY = SECOND_PERIOD
A_DAY = dt.timedelta(days=1)
SUNDAY = MONDAY + 6 * A_DAY
DAILY = "; ".join(f"{day} 09:00-10:00" for day in DAYS)


def by_actuals(cpli_id: int = 1, **cells: str) -> dict[str, str]:
    """A row of care: seven hours a week at 23.226, an hour a day, paid by actuals."""
    cells = {"UnitCost": "23.226", "PaymentMethod": "Actuals", "Timetable": DAILY} | cells
    return diamond_care(cpli_id, **cells)


def test_an_actual_pays_what_was_delivered_and_frustrated(story: Story) -> None:
    """The golden figures of RULES 17."""
    story.import_care(by_actuals(Timetable=""))
    assert story.save_actual(1, MONDAY, {(MONDAY, SUNDAY): (18_900, 1_800)}) == "saved"
    story.compare()
    books = story.oracle.books()
    assert books["weeks"] == {f"1/{MONDAY}": [18_900, 1_800, "121.94", "11.61"]}
    assert books["total_payable"] == "133.55"


def test_care_that_changes_under_a_saved_week_changes_its_money(story: Story) -> None:
    care = by_actuals(AssessedContribution="50.00")
    story.import_care(care)
    story.save_actual(1, MONDAY, {(MONDAY, MONDAY): (0, HOUR)})
    story.save_actual(1, FIRST_PERIOD, {})
    story.compare()
    for change in (
        {"UnitCost": "25.3335", "EffectiveFrom": "06/10/2022"},
        {"Suspensions": "03/10/2022-03/10/2022 hospital"},
        {"Suspensions": "", "EndDate": "07/10/2022"},
        {"EndDate": "", "AssessedContribution": "200.00", "ContributionCollectedBy": "Provider"},
        {"Authorised": "N"},
        {"PaymentMethod": "Visits"},
        {"Timetable": "Mon 09:00-10:00"},
        {"SSRef": "A300"},
        {"OrganisationName": PEARL, "ServiceName": PEARL_DAPL},
        {},
    ):
        story.import_care(care | change)
        story.compare()


def test_a_flexible_week_is_spread_over_its_days(story: Story) -> None:
    care = by_actuals(Timetable="", Quantity="5.00")
    story.import_care(care)
    story.save_actual(1, MONDAY, {(MONDAY, SUNDAY): (4 * HOUR, 1_260)})
    story.compare()
    story.import_care(care | {"Suspensions": "04/10/2022-05/10/2022 hospital"})
    story.compare()
    story.import_care(care | {"Quantity": "9.00", "UnitCost": "30.0005", "EffectiveFrom": "07/10/2022"})
    story.compare()
    friday = MONDAY + 4 * A_DAY
    assert story.save_actual(1, MONDAY, {(friday, SUNDAY): (HOUR, 0)}) == "saved"
    story.compare()


def test_a_stay_in_hospital_suspends_the_actuals_of_htlah_care(story: Story) -> None:
    story.import_care(by_actuals(Contract="HTLAH", ServiceName="Diamond Home Care - HTLAH"))
    story.save_actual(1, MONDAY, {})
    stay = story.enter_stay(("SSRef", "A100"), "hospital", MONDAY + A_DAY, SUNDAY)
    story.compare()
    assert stay is not None
    story.withdraw_stay(stay)
    story.compare()


def test_what_is_changed_after_a_period_is_final_is_an_adjustment(story: Story) -> None:
    story.import_care(by_actuals())
    story.save_actual(1, MONDAY, {})
    story.finalise(SECOND_PERIOD)
    story.save_actual(1, MONDAY, {(MONDAY, MONDAY): (0, 0)})
    story.compare()
    assert [row[2:] for row in items_of(story.council, dt.date(2022, 10, 31))] == [
        ("Retrospective change to actuals", 1, "2022-10-03", "-23.22")
    ]
    story.delete_actual(1, MONDAY)
    story.compare()


def test_more_than_planned_is_refused_and_a_held_week_waits(story: Story) -> None:
    story.import_care(by_actuals())
    assert story.save_actual(1, MONDAY, {(MONDAY, MONDAY): (2 * HOUR, 0)}) == "rejected"
    tuesday = MONDAY + A_DAY
    assert (
        story.save_actual(1, MONDAY, {(MONDAY, MONDAY): (2 * HOUR, 0), (tuesday, tuesday): (0, 0)}) == "saved"
    )
    story.hold(1, MONDAY, "suspend")
    story.save_actual(1, MONDAY, {(tuesday, tuesday): (0, 1_800), (MONDAY, MONDAY): (0, 0)})
    story.compare()
    story.release(1, MONDAY)
    story.compare()


def test_care_of_both_kinds_is_charged_as_one(story: Story) -> None:
    story.import_care(
        by_actuals(AssessedContribution="100.00"), diamond_care(2, AssessedContribution="100.00")
    )
    story.import_visits(DIAMOND, *a_week("a", MONDAY))
    story.save_actual(1, MONDAY, {})
    story.compare()
