"""Care that comes late, changes, moves and is shared: the real workers against the second calculation of the books."""

import datetime as dt
import uuid

from tests.oracle.facts.reading import DAYS
from tests.oracle.rows import (
    DIAMOND,
    GUIDS,
    PEARL,
    PEARL_DAPL,
    PEARL_SPOT,
    ZONE,
    a_deletion,
    a_week,
    diamond_care,
    pearl_care,
)
from tests.oracle.story import FIRST_PERIOD, SECOND_PERIOD, Story


def test_visits_that_come_before_their_care_are_paid_when_it_comes_in_pieces(story: Story) -> None:
    story.import_visits(DIAMOND, *a_week("a", SECOND_PERIOD), *a_week("b", SECOND_PERIOD, SSRef="A200"))
    story.import_visits(PEARL, *a_week("a", SECOND_PERIOD, ServiceName=PEARL_SPOT))
    story.compare()
    story.import_care(diamond_care(1, StartDate="05/10/2022"))
    story.compare()
    story.import_care(pearl_care(3, ServiceName=PEARL_SPOT, UnitCost="24.105", AssessedContribution="61.20"))
    story.import_care(diamond_care(2, SSRef="A200", EndDate="06/10/2022", ContributionCollectedBy="Provider"))
    story.compare()
    assert story.oracle.books()["unmatched"] == {"before_start": 2, "after_end": 3}


def test_a_visit_deleted_twice_and_brought_back_counts_as_the_rules_say(story: Story) -> None:
    story.import_care(diamond_care())
    week = a_week("a", SECOND_PERIOD)
    story.import_visits(DIAMOND, *week)
    assert story.import_visits(DIAMOND, *week)["unchanged"] == 7
    assert story.import_visits(DIAMOND, a_deletion("a0"), a_deletion("a1"), a_deletion("a9"))["deleted"] == 2
    again = story.import_visits(DIAMOND, a_deletion("a0"), week[1], week[2] | {"Comments": "Late"})
    assert (again["unchanged"], again["updated"], again["deleted"]) == (1, 2, 0)
    twice = story.import_visits(DIAMOND, a_deletion("a3"), a_deletion("a3"), week[4], week[4])
    assert twice["rejected"] == 4
    story.compare()
    story.import_visits(DIAMOND, *(row | {"PlannedVisitDate": "12/10/2022"} for row in week))
    story.compare()


def test_care_that_changes_later_prices_and_matches_again(story: Story) -> None:
    slots = "; ".join(f"{day} 09:00-10:00" for day in DAYS)
    care = diamond_care(UnitCost="23.226", Timetable=slots, AssessedContribution="88.75")
    story.import_care(care)
    for monday in (FIRST_PERIOD, SECOND_PERIOD):
        story.import_visits(DIAMOND, *a_week(f"{monday}", monday, DeliveredExitTime="09:55:55"))
    story.compare()
    for change in (
        {"UnitCost": "25.3335", "EffectiveFrom": "06/10/2022"},
        {"UnitCost": "21.4"},
        {"UnitCost": "25.335", "EffectiveFrom": "06/10/2022", "AssessedContribution": "99.99"},
        {"EndDate": "07/10/2022"},
        {"EndDate": "", "ContributionCollectedBy": "Provider"},
        {"Suspensions": "04/10/2022-05/10/2022 hospital; 09/09/2022-09/09/2022 holiday"},
        {"Authorised": "N"},
        {"PaymentMethod": "Actuals"},
        {"PaymentMethod": "Invoice"},
        {"ServiceLevel": "Home Support"},
        {"ServiceName": ZONE, "Contract": "LWAH"},
        {"StartDate": "08/09/2022"},
        {"OrganisationName": PEARL, "ServiceName": PEARL_DAPL},
        {},
    ):
        story.import_care(care | change)
        story.compare()


def test_quantity_and_timetable_decide_which_of_two_packages_a_visit_goes_to(story: Story) -> None:
    first = diamond_care(1, Quantity="3.00")
    second = diamond_care(2, Quantity="2.00", UnitCost="30", StartDate="02/08/2022")
    story.import_care(first, second)
    story.import_visits(DIAMOND, *a_week("a", SECOND_PERIOD))
    story.compare()
    for row in (
        second | {"Timetable": "Mon 09:00-10:00; Tue 09:00-10:00; Sun 09:00-10:00"},
        first | {"Quantity": "1", "EffectiveFrom": "06/10/2022"},
        first | {"Quantity": "6"},
        second | {"StartDate": "31/07/2022"},
        second | {"Timetable": "", "Unit": "Hr", "Quantity": "0.99"},
        first | {"EndDate": "04/10/2022"},
        first | {"EndDate": "", "PaymentMethod": "Invoice"},
    ):
        story.import_care(row)
        story.compare()


def test_a_client_is_the_same_under_each_identifier_and_a_late_one_too(story: Story) -> None:
    ada, bea = str(uuid.uuid5(GUIDS, "Ada")).upper(), str(uuid.uuid5(GUIDS, "Bea")).upper()
    by_guid = {"SSRef": "", "ClientRef": ada}
    by_number = {"SSRef": "", "NHSNumber": "943 476 5919"}
    story.import_visits(DIAMOND, *a_week("s", SECOND_PERIOD), *a_week("g", SECOND_PERIOD, **by_guid))
    story.import_visits(DIAMOND, *a_week("n", SECOND_PERIOD, **by_number))
    story.import_care(diamond_care(1, **by_guid))
    story.compare()
    story.import_care(diamond_care(1, SSRef="A100", ClientRef=ada.lower()))
    story.compare()
    story.import_care(diamond_care(2, SSRef="A100", NHSNumber="9434765919"))
    story.compare()
    story.import_care(
        diamond_care(3, SSRef="A300", ClientRef=bea), diamond_care(4, SSRef="A300", ClientRef=ada)
    )
    story.compare()
    # With an SSRef that is nobody's, the other identifiers are not tried.
    story.import_visits(DIAMOND, *a_week("x", SECOND_PERIOD, SSRef="A999", ClientRef=ada))
    story.compare()
    assert story.oracle.books()["unmatched"] == {"no_package": 7}


def test_a_package_that_moves_to_another_client_takes_its_charges_along(story: Story) -> None:
    story.import_care(
        diamond_care(1, AssessedContribution="40"),
        diamond_care(2, ServiceName=ZONE, Contract="LWAH"),
        diamond_care(3, SSRef="A200", AssessedContribution="25", StartDate="04/08/2022"),
    )
    story.import_visits(DIAMOND, *a_week("a", FIRST_PERIOD), *a_week("b", FIRST_PERIOD, SSRef="A200"))
    story.import_visits(DIAMOND, *a_week("c", FIRST_PERIOD, ServiceName=ZONE, VisitType="DHF"))
    story.compare()
    story.finalise(FIRST_PERIOD)
    story.import_care(diamond_care(1, SSRef="A200", AssessedContribution="40"))
    story.compare()
    story.import_care(
        diamond_care(2, SSRef="A200", ServiceName=ZONE, Contract="LWAH", ContributionCollectedBy="Provider")
    )
    story.compare()
    story.import_care(diamond_care(1, AssessedContribution="40"))
    story.compare()


def test_packages_in_several_organisations_share_one_contribution(story: Story) -> None:
    story.import_care(
        diamond_care(5, AssessedContribution="100.00", StartDate="01/08/2022"),
        pearl_care(4, AssessedContribution="88.75", StartDate="02/08/2022"),
        pearl_care(
            6, ServiceName=PEARL_SPOT, AssessedContribution="61.20", StartDate="05/10/2022", UnitCost="24.10"
        ),
    )
    for monday in (SECOND_PERIOD, SECOND_PERIOD + dt.timedelta(days=7)):
        story.import_visits(DIAMOND, *a_week(f"d{monday}", monday))
        story.import_visits(
            PEARL, *a_week(f"p{monday}", monday, ServiceName=PEARL_DAPL, DeliveredExitTime="09:20")
        )
        story.import_visits(
            PEARL, *a_week(f"s{monday}", monday, ServiceName=PEARL_SPOT, entry="20:00", exit_="20:40")
        )
    story.compare()
    # In the first week the package of 5 October is not yet in force on the Monday: 88.75 holds; then 61.20.
    assert story.oracle.books()["total_charges"] == "149.95"
    story.import_care(
        pearl_care(
            4, AssessedContribution="30.00", StartDate="02/08/2022", ContributionCollectedBy="Provider"
        )
    )
    story.compare()
    spot = {"ServiceName": PEARL_SPOT, "StartDate": "05/10/2022", "UnitCost": "24.10"}
    story.import_care(pearl_care(6, AssessedContribution="", ContributionCollectedBy="Provider", **spot))
    story.compare()
    story.import_care(
        pearl_care(6, AssessedContribution="250.55", ContributionCollectedBy="Provider", **spot)
    )
    story.compare()
    story.import_care(diamond_care(5, EndDate="02/10/2022"), pearl_care(4, EndDate="02/10/2022"))
    story.compare()


def test_a_package_that_starts_within_the_week_brings_its_contribution_when_it_is_alone(story: Story) -> None:
    care = diamond_care(1, StartDate="05/10/2022", AssessedContribution="35.00")
    story.import_care(
        care, diamond_care(2, StartDate="01/06/2022", EndDate="31/07/2022", AssessedContribution="5")
    )
    story.import_visits(DIAMOND, *a_week("a", SECOND_PERIOD))
    story.compare()
    assert story.oracle.books()["total_charges"] == "35.00"
    story.import_care(care | {"AssessedContribution": "30.00", "EffectiveFrom": "06/10/2022"})
    story.compare()
    story.import_care(diamond_care(2, StartDate="01/06/2022", AssessedContribution="5"))
    story.compare()
    assert story.oracle.books()["total_charges"] == "5.00"
