"""Two transactions at once in matching, and messages out of order, on a real PostgreSQL (DESIGN 1)."""

import random
from typing import Any

from sqlalchemy import text

from libs.common.care.organisation_ids import organisation_id_of
from services.matching.imports import steps as imports_steps
from services.matching.matches import steps as matches_steps
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.messages import a_message
from tests.support.council.council import TESTER, Council
from tests.support.council.delivery import Delivery
from tests.support.council.racing import Step, in_turn

DIAMOND = str(organisation_id_of("Diamond Home Care Ltd"))


def a_said_visit(ref: str = "V1", *, version: int = 1, ssref: str = "A100", **facts: Any) -> dict[str, Any]:
    """A visit as ``visits_changed`` says it: an hour of Personal Care on Monday 3 October 2022."""
    return {
        "visit_ref": ref,
        "version": version,
        "deleted": False,
        "ssref": ssref,
        "client_ref": "",
        "nhs_number": "",
        "service_level": "Personal Care",
        "service_ref": "",
        "service_name": "",
        "visit_type": "DHS",
        "planned_on": "2022-10-03",
        "planned_entry": 32_400,
        "planned_exit": 36_000,
        "delivered_seconds": 3600,
        "delivered_entry": 32_400,
        "entry_overridden": False,
        "exit_overridden": False,
        "carer_ref": "",
    } | facts


def visits(*said: dict[str, Any], organisation_id: str = DIAMOND) -> Step:
    """Taking a message with these visits."""
    columns = {name: [visit[name] for visit in said] for name in said[0]}
    message = a_message("visits_changed", {"organisation_id": organisation_id, "columns": columns})
    return lambda session: matches_steps.take_visits(session, message)


def import_step(council: Council, content: str) -> Step:
    """Importing a care file."""
    import_id, key = council.upload("care-files", content)
    with council.sessions["matching"].begin() as session:
        imports_steps.receive_care(session, TESTER, import_id=import_id, object_key=key, file_name="care.csv")
    message = a_message("care_import_wanted", {"import_id": str(import_id)})
    return lambda session: imports_steps.import_care(session, message)


def do(council: Council, *steps: Step) -> None:
    """Each step in a transaction of its own."""
    for step in steps:
        with council.sessions["matching"].begin() as session:
            step(session)


def settle(council: Council) -> None:
    """Deliver all that lies in the outboxes."""
    Delivery(council, random.Random(0)).deliver_all()


def matches(council: Council) -> dict[str, Any]:
    """CpliId or reason by VisitRef."""
    with council.sessions["matching"].begin() as session:
        rows = session.execute(
            text("SELECT visit_ref, coalesce(cpli_id::text, reason) FROM visits WHERE NOT deleted")
        )
        return {row[0]: row[1] for row in rows}


def said_weeks(council: Council) -> dict[int, list[str]]:
    """The newest visits of each CPLI that payments keeps."""
    settle(council)
    with council.payments() as session:
        rows = session.execute(text("SELECT cpli_id, visits FROM weeks"))
        return {cpli_id: [visit[0] for visit in of_week] for cpli_id, of_week in rows}


def test_visits_that_come_while_care_is_imported_wait_and_match_it(idle_council: Council) -> None:
    council = idle_council
    file = a_care_file(a_care_row(1))
    in_turn(council.sessions["matching"], import_step(council, file), visits(a_said_visit()))
    settle(council)
    assert matches(council) == {"V1": "1"}
    assert said_weeks(council) == {1: ["V1"]}


def test_care_that_comes_while_visits_are_taken_waits_and_has_them_matched_again(
    idle_council: Council,
) -> None:
    council = idle_council
    file = a_care_file(a_care_row(1))
    in_turn(council.sessions["matching"], visits(a_said_visit()), import_step(council, file))
    settle(council)
    assert matches(council) == {"V1": "1"}
    assert said_weeks(council) == {1: ["V1"]}


def test_two_messages_that_move_one_visit_at_once_leave_it_with_the_newer(idle_council: Council) -> None:
    council = idle_council
    do(council, import_step(council, a_care_file(a_care_row(1), a_care_row(2, SSRef="A200"))))
    sessions = council.sessions["matching"]
    in_turn(sessions, visits(a_said_visit(version=1)), visits(a_said_visit(version=2, ssref="A200")))
    assert matches(council) == {"V1": "2"}
    assert said_weeks(council) == {1: [], 2: ["V1"]}


def test_a_newer_state_stays_when_an_older_one_comes_after_it(idle_council: Council) -> None:
    council = idle_council
    do(council, import_step(council, a_care_file(a_care_row(1), a_care_row(2, SSRef="A200"))))
    do(council, visits(a_said_visit(version=8, ssref="A200")), visits(a_said_visit(version=7)))
    assert matches(council) == {"V1": "2"}


def test_a_deletion_is_a_state_too_and_an_older_one_does_not_bring_the_visit_back(
    idle_council: Council,
) -> None:
    council = idle_council
    do(council, import_step(council, a_care_file(a_care_row(1))))
    do(council, visits(a_said_visit(version=1)), visits(a_said_visit(version=3, deleted=True)))
    do(council, visits(a_said_visit(version=2)))
    assert matches(council) == {}
    assert said_weeks(council) == {1: []}


def test_a_client_whose_identifier_changes_takes_its_visits_along_and_keeps_those_of_before(
    idle_council: Council,
) -> None:
    council = idle_council
    do(council, import_step(council, a_care_file(a_care_row(1, NHSNumber="9434765919"))))
    do(council, visits(a_said_visit("V1"), a_said_visit("V2", ssref="", nhs_number="9434765919")))
    do(council, visits(a_said_visit("V3", ssref="A101")))
    assert matches(council) == {"V1": "1", "V2": "1", "V3": "no_package"}
    do(council, import_step(council, a_care_file(a_care_row(1, SSRef="A101", NHSNumber="9434765919"))))
    settle(council)
    do(council, visits(a_said_visit("V4")))
    assert matches(council) == {"V1": "1", "V2": "1", "V3": "1", "V4": "1"}
    assert sorted(said_weeks(council)[1]) == ["V1", "V2", "V3", "V4"]


def test_a_cpli_moved_to_another_client_is_matched_again_for_both(idle_council: Council) -> None:
    council = idle_council
    do(
        council,
        import_step(council, a_care_file(a_care_row(1), a_care_row(2, SSRef="A200", StartDate="01/01/2023"))),
    )
    do(council, visits(a_said_visit("V1"), a_said_visit("V2", ssref="A200")))
    assert matches(council) == {"V1": "1", "V2": "before_start"}
    do(council, import_step(council, a_care_file(a_care_row(1, SSRef="A200"))))
    settle(council)
    assert matches(council) == {"V1": "no_package", "V2": "1"}
    assert said_weeks(council) == {1: ["V2"]}


def test_the_same_message_under_another_id_changes_nothing(idle_council: Council) -> None:
    council = idle_council
    do(council, import_step(council, a_care_file(a_care_row(1))))
    step = visits(a_said_visit())
    do(council, step, step, step)
    assert matches(council) == {"V1": "1"}
    assert said_weeks(council) == {1: ["V1"]}


def test_a_renamed_service_matches_the_visits_that_name_it_so(idle_council: Council) -> None:
    council = idle_council
    ref = "2AF2A963-93C6-4ECD-921A-0DB130398ED3"
    do(
        council,
        import_step(council, a_care_file(a_care_row(1, ServiceRef=ref, ServiceName="Diamond - DAPL"))),
    )
    do(
        council,
        visits(
            a_said_visit("V1", service_name="Diamond - DAPL"),
            a_said_visit("V2", service_name="Diamond - Vale"),
        ),
    )
    assert matches(council) == {"V1": "1", "V2": "wrong_service"}
    do(
        council,
        import_step(council, a_care_file(a_care_row(1, ServiceRef=ref, ServiceName="Diamond - Vale"))),
    )
    settle(council)
    assert matches(council) == {"V1": "1", "V2": "1"}  # the former name is still understood
    assert said_weeks(council) == {1: ["V1", "V2"]}
    taker = a_care_row(2, SSRef="A200", ServiceRef=ref.replace("2AF2", "3AF2"), ServiceName="Diamond - DAPL")
    do(council, import_step(council, a_care_file(taker)))
    settle(council)
    assert matches(council) == {"V1": "wrong_service", "V2": "1"}  # until another service takes it


def test_one_file_may_give_one_clients_identifier_to_another(idle_council: Council) -> None:
    council = idle_council
    ada, bea = "9434765919", "9434765870"
    do(
        council,
        import_step(
            council, a_care_file(a_care_row(1, NHSNumber=ada), a_care_row(2, SSRef="A200", NHSNumber=bea))
        ),
    )
    do(council, visits(a_said_visit("V1"), a_said_visit("V2", ssref="A200")))
    swapped = a_care_file(
        a_care_row(2, SSRef="A100", NHSNumber=bea), a_care_row(1, SSRef="A200", NHSNumber=ada)
    )
    do(council, import_step(council, swapped))
    settle(council)
    assert matches(council) == {"V1": "2", "V2": "1"}
