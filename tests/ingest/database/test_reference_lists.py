"""The council's lists as ingest has them: a check waits for the newest (DESIGN 1)."""

from services.ingest.reference import steps as reference_steps
from services.ingest.reference import store as reference_store
from tests.support.builders.messages import a_message
from tests.support.council.council import Council

LISTS = {"organisations": [], "services": [], "service_levels": [], "visit_types": []}


def test_packages_that_overtake_the_lists_of_their_version_do_not_pass_for_them(
    idle_council: Council,
) -> None:
    with idle_council.sessions["ingest"].begin() as session:
        reference_steps.keep_lists(
            session, a_message("care_changed", {"reference_version": 7, "packages": []})
        )
        assert reference_store.reference_version(session) == 0
        reference_steps.keep_lists(session, a_message("care_changed", {"reference_version": 7} | LISTS))
        assert reference_store.reference_version(session) == 7
