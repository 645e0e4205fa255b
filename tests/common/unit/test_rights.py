"""The one table of rights (RULES 14)."""

from __future__ import annotations

import pytest

from libs.common.errors import Refused
from libs.common.rights import names as rights
from libs.common.rights import table
from libs.common.rpc import SYSTEM, Caller, callers

MONEY = {
    rights.HOLD_PAYMENTS,
    rights.ADJUST_PAYMENTS,
    rights.FINALISE_PERIODS,
    rights.PREPARE_RUNS,
    rights.APPROVE_RUNS,
    rights.DECIDE_INVOICES,
    rights.DECIDE_CLAIMS,
    rights.DECIDE_MONEY,
    rights.SET_PAY_RULES,
    rights.CHANGE_CARE,
    rights.SEND_VISITS,
}


def a_caller(role: str, **more: object) -> Caller:
    found: dict[str, object] = {"who": "somebody", "role": role, "organisation": None, **more}
    return found  # type: ignore[return-value]


def test_every_right_that_has_a_name_is_in_the_table_and_the_other_way_round() -> None:
    named = {value for name, value in vars(rights).items() if name.isupper()}
    assert named == set(table.TABLE)
    assert all(roles <= set(table.ROLES) for roles in table.TABLE.values())


def test_the_helpdesk_keeps_accounts_and_neither_reads_care_nor_moves_money() -> None:
    assert table.rights_of("helpdesk") == {
        rights.OWN_ACCOUNT,
        rights.KNOW_NAMES,
        rights.READ_TRAIL,
        rights.READ_STORAGE,  # how much, by organisation: no file
        rights.MANAGE_ACCOUNTS,
        rights.READ_STAFF,
        rights.MANAGE_TOKENS,
        rights.END_TOKENS_OF_OTHERS,
        rights.READ_CHANGE_REQUESTS,
        rights.ANSWER_CHANGE_REQUESTS,
    }
    assert table.scopes_of(("helpdesk",)) == set()


@pytest.mark.parametrize(
    ("role", "right", "may"),
    [
        ("home_manager", rights.SEND_VISITS, True),
        ("accounts_payable", rights.SEND_VISITS, True),
        ("accounts_payable", rights.MANAGE_TOKENS, False),
        ("home_manager", rights.READ_HOLDS, False),
        ("finance", rights.PREPARE_RUNS, True),
        ("finance", rights.APPROVE_RUNS, False),
        ("finance", rights.READ_CONCERNS, False),
        ("commissioning", rights.READ_CONCERNS, True),
        ("commissioning", rights.HOLD_PAYMENTS, False),
        ("approver", rights.APPROVE_RUNS, True),
        ("approver", rights.SEND_VISITS, False),
        ("operator", rights.FINALISE_PERIODS, True),
        ("operator", rights.APPROVE_RUNS, False),
        ("nobody", rights.READ_VISITS, False),
    ],
)
def test_who_may_what(role: str, right: str, may: bool) -> None:
    assert table.may(role, right) is may


def test_no_token_can_have_what_people_decide_or_make_accounts_and_tokens() -> None:
    every = table.scopes_of(table.ROLES)
    assert not every & table.PEOPLES
    assert not every & {rights.MANAGE_ACCOUNTS, rights.MANAGE_TOKENS, rights.READ_TRAIL, rights.OPERATE}
    assert every & MONEY, "finance can give what moves money"


@pytest.mark.parametrize("role", table.ROLES)
def test_nobody_can_give_more_than_they_have(role: str) -> None:
    assert table.scopes_of((role,)) <= table.rights_of(role)


def test_reading_is_no_writing() -> None:
    assert {rights.READ_VISITS, rights.READ_RUNS, rights.KNOW_NAMES}.isdisjoint(table.WRITES)
    assert set(table.WRITES) >= MONEY


@pytest.mark.parametrize(
    ("caller", "right", "may"),
    [
        (SYSTEM, rights.OPERATE, True),
        (SYSTEM, rights.APPROVE_RUNS, False),
        (a_caller("council", staff="finance"), rights.HOLD_PAYMENTS, True),
        (a_caller("council", staff="helpdesk"), rights.HOLD_PAYMENTS, False),
        (a_caller("council", staff="home_manager"), rights.SEND_VISITS, False),
        (a_caller("council"), rights.READ_VISITS, False),
        (a_caller("provider", organisation="1"), rights.SEND_VISITS, True),
        (a_caller("provider", organisation="1", staff="finance"), rights.HOLD_PAYMENTS, False),
        (a_caller("provider"), rights.SEND_VISITS, False),
        (a_caller("council", organisation="1", staff="finance"), rights.HOLD_PAYMENTS, False),
        (a_caller("council", scopes=[rights.HOLD_PAYMENTS]), rights.HOLD_PAYMENTS, True),
        (a_caller("council", staff="finance", scopes=[]), rights.HOLD_PAYMENTS, False),
        (a_caller("council", staff="approver", scopes=[rights.APPROVE_RUNS]), rights.APPROVE_RUNS, False),
    ],
)
def test_whoever_asks_may_what_their_role_or_their_token_may(caller: Caller, right: str, may: bool) -> None:
    assert callers.may(caller, right) is may


def test_a_service_lets_a_token_read_what_its_role_reads_and_write_by_its_scopes_alone() -> None:
    token = a_caller("council", staff="finance", scopes=[rights.SEND_VISITS])
    callers.require(token, rights.READ_CARE)
    callers.require(token, rights.SEND_VISITS)
    with pytest.raises(Refused, match="needs the right to hold payments"):
        callers.require(token, rights.HOLD_PAYMENTS)
    with pytest.raises(Refused, match="needs the right to read concerns"):
        callers.require(token, rights.READ_CONCERNS)


@pytest.mark.parametrize(
    ("role", "scopes", "may"),
    [
        ("approver", [rights.HOLD_PAYMENTS], True),
        ("finance", [rights.HOLD_PAYMENTS, rights.READ_CONCERNS], True),
        ("commissioning", [rights.HOLD_PAYMENTS], False),
        ("helpdesk", [rights.SEND_VISITS], False),
    ],
)
def test_the_second_person_of_a_token_could_do_what_it_writes(
    role: str, scopes: list[str], may: bool
) -> None:
    assert table.may_confirm(role, scopes) is may


@pytest.mark.parametrize(
    ("role", "wanted", "asks", "confirms"),
    [
        ("helpdesk", "finance", True, False),
        ("helpdesk", "helpdesk", True, False),
        ("finance", "finance", False, True),
        ("finance", "approver", False, False),
        ("finance", "commissioning", False, False),
        ("commissioning", "commissioning", False, True),
        ("approver", "finance", False, True),
        ("approver", "approver", False, True),
        ("approver", "helpdesk", False, False),
        ("home_manager", "finance", False, False),
        ("operator", "finance", False, False),
        ("helpdesk", "home_manager", False, False),
        ("approver", "nobody", False, False),
    ],
)
def test_who_asks_for_an_account_of_the_council_and_who_confirms_it(
    role: str, wanted: str, asks: bool, confirms: bool
) -> None:
    assert (table.may_ask_for_account(role, wanted), table.may_confirm_account(role, wanted)) == (
        asks,
        confirms,
    )


@pytest.mark.parametrize("wanted", table.COUNCIL_ROLES)
def test_nobody_gives_rights_over_money_that_they_do_not_have(wanted: str) -> None:
    """Whoever asks has them all, or somebody must agree who has them all, or approves payments."""
    gains, making = table.OVER_MONEY & table.rights_of(wanted), table.MADE_BY[wanted]
    assert all(gains <= table.rights_of(asker) for asker in making.asked_by) or making.confirmed_by
    for confirmer in making.confirmed_by:
        assert confirmer == "approver" or gains <= table.rights_of(confirmer)
    assert table.needs_second_person(wanted) is bool(gains)
    assert not making.asked_by & making.confirmed_by, "nobody is both"


def test_what_moves_money_is_among_the_rights_over_it() -> None:
    assert table.OVER_MONEY >= MONEY
    assert table.OVER_MONEY <= table.WRITES


@pytest.mark.parametrize(
    ("there", "nobody"),
    [
        ((), {"commissioning", "finance", "approver"}),
        (("helpdesk",), {"commissioning", "finance", "approver"}),
        (("approver",), set()),
        (("finance",), {"commissioning", "approver"}),
        (("finance", "commissioning", "helpdesk"), {"approver"}),
    ],
)
def test_for_which_roles_nobody_is_there_who_confirms(there: tuple[str, ...], nobody: set[str]) -> None:
    assert table.roles_that_nobody_confirms(there) == nobody
