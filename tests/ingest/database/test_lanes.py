"""A large file waits for other large ones alone: the check of a small one passes it."""

import uuid

import pytest
from sqlalchemy import text

from libs.common.files.objects import LARGE_BYTES, write_object
from libs.common.messaging.messages import LANES
from services.ingest.actuals import file_steps
from services.ingest.files import steps as files_steps
from tests.support.builders.visit_files import ORGANISATION, a_file, a_row
from tests.support.council.council import TESTER, Council

SIZES = [(0, "single"), (LARGE_BYTES, "bulk")]


@pytest.mark.parametrize(("padding", "lane"), SIZES)
def test_a_visits_file_is_checked_in_the_lane_of_its_size(council: Council, padding: int, lane: str) -> None:
    file_id = uuid.uuid4()
    key = f"tests/{file_id}.csv"
    write_object(key, a_file(a_row()).encode() + b"\n" * padding)
    with council.sessions["ingest"]() as session:
        files_steps.receive_file(
            session, TESTER, file_id=file_id, organisation=ORGANISATION, file_name="a.csv", object_key=key
        )
        found = session.scalar(text("SELECT lane FROM outbox WHERE cause_id = :id"), {"id": file_id})
        session.rollback()
    assert LANES[found] == lane


@pytest.mark.parametrize(("padding", "lane"), SIZES)
def test_a_file_of_actuals_too(council: Council, padding: int, lane: str) -> None:
    file_id = uuid.uuid4()
    key = f"tests/{file_id}.csv"
    write_object(key, b"CpliId\n" + b"\n" * padding)
    with council.sessions["ingest"]() as session:
        file_steps.send_file(
            session,
            TESTER,
            file_id=file_id,
            organisation=ORGANISATION,
            file_name="a.csv",
            object_key=key,
            confirms_itself=False,
        )
        found = session.scalar(text("SELECT lane FROM outbox WHERE cause_id = :id"), {"id": file_id})
        session.rollback()
    assert LANES[found] == lane
