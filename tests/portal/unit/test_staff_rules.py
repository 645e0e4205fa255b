"""The rules of accounts of the council (RULES 14)."""

from __future__ import annotations

import datetime as dt

import pytest

from libs.common.errors import Refused
from libs.common.rights import table
from services.portal.staff import rules

NOON = dt.datetime(2022, 10, 3, 12, 0, tzinfo=dt.UTC)


def code_of(refused: Refused | None) -> str | None:
    return refused and refused.code


@pytest.mark.parametrize(
    ("asker", "role", "subject", "wanted", "code"),
    [
        ("help", "helpdesk", None, "finance", None),
        ("help", "helpdesk", "ann", "approver", None),
        ("help", "helpdesk", "help", "finance", "own_account"),
        ("ann", "finance", None, "finance", "not_allowed"),
        ("ann", "approver", "bo", "approver", "not_allowed"),
        ("jo", "home_manager", None, "helpdesk", "not_allowed"),
        ("help", "helpdesk", None, "home_manager", "role_unknown"),
        ("help", "helpdesk", None, "operator", "role_unknown"),
    ],
)
def test_who_may_ask(asker: str, role: str, subject: str | None, wanted: str, code: str | None) -> None:
    assert code_of(rules.refusal_to_ask(asker, role, subject, wanted)) == code


@pytest.mark.parametrize(
    ("who", "role", "subject", "wanted", "code"),
    [
        ("ann", "finance", None, "finance", None),
        ("ann", "approver", "bo", "finance", None),
        ("ann", "finance", "bo", "approver", "not_allowed"),
        ("ann", "commissioning", None, "finance", "not_allowed"),
        ("help", "approver", None, "finance", "own_request"),  # who asked has another role now
        ("ann", "approver", "ann", "finance", "own_account"),
        ("bea", "helpdesk", None, "finance", "not_allowed"),
        ("jo", "home_manager", None, "finance", "not_allowed"),
    ],
)
def test_who_may_confirm(who: str, role: str, subject: str | None, wanted: str, code: str | None) -> None:
    assert code_of(rules.refusal_to_confirm(who, role, "help", subject, wanted)) == code


@pytest.mark.parametrize("role", table.ROLES)
@pytest.mark.parametrize("wanted", table.COUNCIL_ROLES)
def test_nobody_makes_alone_what_wants_two(role: str, wanted: str) -> None:
    """Whoever asks for it can't confirm it, in whatever role they are."""
    if rules.refusal_to_ask("ann", role, None, wanted) is None and table.needs_second_person(wanted):
        assert rules.refusal_to_confirm("ann", role, "ann", None, wanted) is not None
        assert rules.refusal_to_confirm("bea", role, "ann", None, wanted) is not None, (
            "nor a colleague like them"
        )


@pytest.mark.parametrize(("days", "is_over"), [(0, False), (13, False), (14, True), (400, True)])
def test_a_request_waits_for_two_weeks(days: int, is_over: bool) -> None:
    assert rules.is_over(NOON, NOON + dt.timedelta(days=days)) is is_over


@pytest.mark.parametrize(
    ("is_ended", "is_locked", "has_come", "state"),
    [
        (True, True, True, "ended"),
        (False, True, True, "locked"),
        (False, False, True, "good"),
        (False, False, False, "new"),
    ],
)
def test_the_state_that_the_list_says(is_ended: bool, is_locked: bool, has_come: bool, state: str) -> None:
    assert rules.state_of(is_ended=is_ended, is_locked=is_locked, has_come=has_come) == state
    assert state in rules.STATES
