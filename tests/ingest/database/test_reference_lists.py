"""The council's lists as ingest has them: a check waits for the newest (DESIGN 1)."""

from services.ingest.files import steps as files_steps
from services.ingest.reference import store as reference_store
from tests.support.council import Council
from tests.support.messages import a_message

LISTS = {"organisations": [], "services": [], "service_levels": [], "visit_types": []}


def test_packages_that_overtake_the_lists_of_their_version_do_not_pass_for_them(
    idle_council: Council,
) -> None:
    with idle_council.sessions["ingest"].begin() as session:
        files_steps.take_care(session, a_message("care_changed", {"reference_version": 7, "packages": []}))
        assert reference_store.reference_version(session) == 0
        files_steps.take_care(session, a_message("care_changed", {"reference_version": 7} | LISTS))
        assert reference_store.reference_version(session) == 7
