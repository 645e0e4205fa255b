"""Clients as pages and services know them: names beside references, for those alone who have care of them."""

from __future__ import annotations

import pytest

from libs.common.errors import Refused
from services.portal.accounts.callers import caller_of
from services.portal.web.names.clients import client_names
from tests.journeys.api_council import DIAMOND, PEARL, ApiCouncil, shared
from tests.support.builders.care_files import a_care_file, a_care_row

__all__ = ["shared"]

KENT = {
    "SSRef": "A308839",
    "NHSNumber": "9434765919",
    "Title": "Mr",
    "Forename": "Kent",
    "Surname": "Brockman",
}
BARNEY = {"SSRef": "A378825", "Forename": "Barney", "Surname": "Gumble"}
OF_PEARL = {"OrganisationName": PEARL, "ServiceName": "Pearl Carers - DAPL South"}


@pytest.fixture(scope="module")
def world(shared: ApiCouncil) -> ApiCouncil:
    """Kent Brockman has care with two providers, Barney Gumble with the second."""
    shared.council.import_care(
        a_care_file(
            a_care_row(1, **KENT), a_care_row(2, **KENT, **OF_PEARL), a_care_row(3, **BARNEY, **OF_PEARL)
        )
    )
    return shared


def names(council: ApiCouncil, role: str, organisation: str | None, *identifiers: str) -> dict[str, str]:
    caller = caller_of(council.account(role, organisation))
    return client_names(council.app.extensions["gateway"], caller, identifiers)


def test_a_client_is_named_by_any_of_its_identifiers(world: ApiCouncil) -> None:
    asked = ("A308839", "9434765919", "A378825", "A0", "")
    known = {"A308839": "Mr Kent Brockman", "9434765919": "Mr Kent Brockman", "A378825": "Barney Gumble"}
    assert names(world, "finance", None, *asked) == known


def test_a_provider_is_told_the_names_of_its_own_clients_alone(world: ApiCouncil) -> None:
    assert names(world, "home_manager", DIAMOND, "A308839", "A378825") == {"A308839": "Mr Kent Brockman"}
    assert names(world, "home_manager", PEARL, "A378825") == {"A378825": "Barney Gumble"}


def test_more_names_than_one_call_gives_are_asked_bit_by_bit(world: ApiCouncil) -> None:
    many = [f"A{number}" for number in range(1200)]
    assert names(world, "finance", None, *many, "A378825") == {"A378825": "Barney Gumble"}
    caller = caller_of(world.account("finance"))
    with pytest.raises(Refused):
        world.app.extensions["gateway"].ask("matching", "client_names", caller, identifiers=many)


def test_pages_go_on_without_names_while_matching_is_away(world: ApiCouncil) -> None:
    world.processes["matching"].stop()
    try:
        assert names(world, "finance", None, "A308839") == {}
    finally:
        world.processes["matching"].start()
        world.processes["matching"].await_ready()
