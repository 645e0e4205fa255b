"""The rules of API tokens (RULES 14)."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.errors import Refused
from libs.common.rights import names as rights
from libs.common.rights import table
from services.portal.accounts.tokens import rules

NOON = dt.datetime(2022, 10, 3, 12, 0, 30, tzinfo=dt.UTC)
SCOPES = st.frozensets(st.sampled_from(sorted(table.TABLE)))


@given(SCOPES, st.sampled_from(table.ROLES), st.booleans(), st.booleans())
def test_a_token_never_has_more_than_it_was_given_and_its_owner_has(
    given_: frozenset[str], role: str, is_council: bool, is_confirmed: bool
) -> None:
    possible = rules.scopes_to_give(role, None, is_council=is_council)
    now, later = rules.scopes_now(given_, possible, is_council=is_council, is_confirmed=is_confirmed)
    assert now | later == given_ & table.rights_of(role) - table.OF_PEOPLE
    assert not now & later
    if is_council and not is_confirmed:
        assert not now & table.WRITES


@pytest.mark.parametrize(
    ("role", "eyes", "is_council", "has", "has_not"),
    [
        ("finance", None, True, rights.HOLD_PAYMENTS, rights.APPROVE_RUNS),
        (None, None, False, rights.SEND_VISITS, rights.READ_HOLDS),
        (None, None, True, rights.HOLD_PAYMENTS, rights.READ_CONCERNS),
        (None, "commissioning", True, rights.READ_CONCERNS, rights.HOLD_PAYMENTS),
        ("home_manager", None, False, rights.SEND_VISITS, rights.MANAGE_TOKENS),
    ],
)
def test_what_can_be_given(
    role: str | None, eyes: str | None, is_council: bool, has: str, has_not: str
) -> None:
    possible = rules.scopes_to_give(role, eyes, is_council=is_council)
    assert has in possible
    assert has_not not in possible


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (["fly"], "scope_unknown"),
        ([rights.HOLD_PAYMENTS], "scope_not_yours"),
        ([rights.MANAGE_ACCOUNTS], "scope_not_yours"),
        ([], "no_scopes"),
    ],
)
def test_scopes_that_can_not_be_given(asked: list[str], code: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.require_scopes(asked, table.scopes_of(("home_manager",)))
    assert refused.value.code == code


def test_without_a_name_a_token_has_all_that_it_can_have() -> None:
    possible = table.scopes_of(("home_manager",))
    assert rules.require_scopes(None, possible) == sorted(possible)
    with pytest.raises(Refused, match="can do nothing"):
        rules.require_scopes(None, table.scopes_of(("helpdesk",)))


@pytest.mark.parametrize(("days", "is_fine"), [(0, True), (365, True), (366, False), (-1, False)])
def test_a_token_is_good_for_a_year_at_most(days: int, is_fine: bool) -> None:
    if is_fine:
        assert rules.require_days(days) == days
    else:
        with pytest.raises(Refused, match="at most 365 days"):
            rules.require_days(days)


@pytest.mark.parametrize(
    ("role", "who", "code"),
    [
        ("finance", "another", None),
        ("approver", "another", None),
        ("finance", "owner", "own_token"),
        ("finance", "maker", "own_token"),
        ("commissioning", "another", "not_allowed"),
        ("helpdesk", "another", "not_allowed"),
        ("home_manager", "another", "not_allowed"),
    ],
)
def test_who_can_be_the_second_person(role: str, who: str, code: str | None) -> None:
    refused = rules.refusal_to_confirm(role, who, "owner", "maker", [rights.HOLD_PAYMENTS])
    assert (refused and refused.code) == code


@pytest.mark.parametrize(
    ("is_revoked", "days", "waits", "state"),
    [
        (True, -1, True, "revoked"),
        (False, 0, True, "over"),
        (False, 1, True, "waiting"),
        (False, 1, False, "good"),
    ],
)
def test_the_state_of_a_token(is_revoked: bool, days: int, waits: bool, state: str) -> None:
    over_at = NOON + dt.timedelta(days=days)
    assert rules.state_of(is_revoked=is_revoked, over_at=over_at, waits=waits, now=NOON) == state


def test_the_last_use_is_kept_to_the_minute() -> None:
    assert rules.minute_of(NOON) == NOON.replace(second=0)
