"""What a role may do: the one table that pages, API, RPC and command line ask (RULES 14). Pure.

A right is named in words, as a token's page shows it. Whatever can be asked for says where it is declared which right
it needs: ``signed_in(…)`` of a page, ``Operation(needs=…)`` of the API, ``answer_by(…, needs=…)`` of an RPC method,
``@needs(…)`` of a command. The rights themselves are in `names.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final, NamedTuple

from libs.common.rights import names as rights

PROVIDER_ROLES: Final = ("home_manager", "accounts_payable")
COUNCIL_ROLES: Final = ("finance", "commissioning", "helpdesk", "approver")
ROLES: Final = (*PROVIDER_ROLES, *COUNCIL_ROLES)
OPERATOR: Final = "operator"
"""Who is at the machine's command line, and the system itself. It decides nothing that wants a person."""

_PROVIDERS: Final = frozenset(PROVIDER_ROLES)
_KEEPERS: Final = frozenset(("finance", "commissioning"))
_LOOKERS: Final = _KEEPERS | {"approver"}
_READERS: Final = _PROVIDERS | _LOOKERS
_SENDERS: Final = _PROVIDERS | _KEEPERS
_FINANCE: Final = frozenset(("finance",))
_COMMISSIONING: Final = frozenset(("commissioning",))
_HELPDESK: Final = frozenset(("helpdesk",))


class Making(NamedTuple):
    """Who asks for an account of a role, or that somebody gets this role; and of whom another must agree, if of any."""

    asked_by: frozenset[str]
    confirmed_by: frozenset[str]


MADE_BY: Final[Mapping[str, Making]] = {
    "helpdesk": Making(_HELPDESK, frozenset()),
    "commissioning": Making(_HELPDESK, frozenset(("commissioning", "approver"))),
    "finance": Making(_HELPDESK, frozenset(("finance", "approver"))),
    "approver": Making(_HELPDESK, frozenset(("approver",))),
}
"""Who may make whom of the council’s people. Whoever agrees has every right over money that the role has, or approves
payments, as with tokens; so the helpdesk, which has none, gives none. Of providers, change requests tell (RULES 12)."""

TABLE: Final[Mapping[str, frozenset[str]]] = {
    rights.OWN_ACCOUNT: frozenset(ROLES),
    rights.KNOW_NAMES: frozenset(ROLES),
    # visits and actuals
    rights.READ_VISITS: _READERS,
    rights.SEND_VISITS: _SENDERS,
    rights.SEND_CARERS: _SENDERS,
    rights.READ_ACTUALS: _READERS,
    rights.ENTER_ACTUALS: _SENDERS,
    rights.SET_ACTUAL_RULES: _KEEPERS,
    # care
    rights.READ_CARE: _READERS,
    rights.READ_CLIENTS: _LOOKERS,
    rights.CHANGE_CARE: _KEEPERS,
    rights.READ_DOCUMENTS: _READERS,
    rights.ANSWER_DOCUMENTS: _PROVIDERS,
    rights.PUBLISH_DOCUMENTS: _KEEPERS,
    # casework
    rights.READ_CASEWORK: _READERS,
    rights.ANSWER_CASEWORK: _SENDERS,
    rights.OPEN_OWN_CASES: _PROVIDERS,
    rights.READ_WORKLIST: _KEEPERS,
    rights.SETTLE_CASEWORK: _KEEPERS,
    rights.DECIDE_CLAIMS: _FINANCE,
    rights.APPROVE_REVIEWS_INTERNALLY: frozenset(("finance", "approver")),
    rights.READ_CONCERNS: _COMMISSIONING,
    rights.CHANGE_CONCERNS: _COMMISSIONING,
    rights.RAISE_CONCERNS: _KEEPERS,
    rights.READ_NOTICES: _PROVIDERS | _COMMISSIONING,
    rights.ANSWER_NOTICES: _PROVIDERS,
    # money
    rights.READ_PAYMENTS: _READERS,
    rights.ANSWER_PAYMENTS: _PROVIDERS,
    rights.READ_CHARGES: _LOOKERS,
    rights.ASK_ABOUT_CHARGES: _LOOKERS,
    rights.ANSWER_CHARGES: _FINANCE,
    rights.READ_HOLDS: _LOOKERS,
    rights.HOLD_PAYMENTS: _FINANCE,
    rights.ADJUST_PAYMENTS: _FINANCE,
    rights.READ_CHECKLIST: _LOOKERS,
    rights.FINALISE_PERIODS: _FINANCE,
    rights.READ_RUNS: frozenset(("finance", "approver")),
    rights.PREPARE_RUNS: _FINANCE,
    rights.APPROVE_RUNS: frozenset(("approver",)),
    rights.READ_INVOICES: _READERS,
    rights.MAKE_INVOICES: _PROVIDERS,
    rights.MAKE_INVOICES_FOR_PROVIDERS: _FINANCE,
    rights.DECIDE_INVOICES: _FINANCE,
    rights.SET_INVOICE_TERMS: _KEEPERS,
    rights.SET_PAY_RULES: _KEEPERS,
    rights.READ_PROPOSALS: _LOOKERS,
    rights.DECIDE_MONEY: frozenset(("finance", "approver")),
    rights.DECIDE_PAY_RULES: _LOOKERS,
    rights.DECIDE_RANKINGS: frozenset(("commissioning", "approver")),
    # monitoring
    rights.READ_MEASURES: _READERS,
    rights.SET_MEASURES: _KEEPERS,
    rights.OPEN_DELIVERY_ACTIONS: _KEEPERS,
    rights.READ_RANKINGS: frozenset(("commissioning", "approver")),
    rights.CHANGE_RANKINGS: _COMMISSIONING,
    rights.READ_OWN_RANKINGS: _PROVIDERS,
    rights.APPEAL_RANKINGS: _PROVIDERS,
    rights.READ_REQUISITIONS: _COMMISSIONING,
    rights.OFFER_CARE: _COMMISSIONING,
    rights.READ_OFFERS: _PROVIDERS,
    rights.ANSWER_OFFERS: _PROVIDERS,
    rights.READ_REPORTS: _READERS,
    # running it
    rights.READ_STORAGE: _KEEPERS | _HELPDESK,
    rights.READ_SET_APART: _KEEPERS,
    rights.MEND_SET_APART: _KEEPERS,
    rights.READ_TRAIL: frozenset(COUNCIL_ROLES),
    rights.READ_READINGS: frozenset(("approver",)),
    rights.EXPORT_PERSON: _COMMISSIONING,
    rights.MANAGE_ACCOUNTS: _HELPDESK,
    rights.READ_STAFF: frozenset(COUNCIL_ROLES),
    rights.CONFIRM_ACCOUNTS: frozenset().union(*(making.confirmed_by for making in MADE_BY.values())),
    rights.MANAGE_TOKENS: frozenset(("home_manager", *COUNCIL_ROLES)),
    rights.END_TOKENS_OF_OTHERS: frozenset(("home_manager", "helpdesk")),
    rights.KEEP_CONTACTS: _PROVIDERS,
    rights.READ_CHANGE_REQUESTS: _PROVIDERS | _HELPDESK,
    rights.ANSWER_CHANGE_REQUESTS: _HELPDESK,
    rights.OPERATE: frozenset(),
}
"""Right to roles. The operator is not named: see `PEOPLES`."""

PEOPLES: Final = frozenset(
    (
        rights.APPROVE_RUNS,
        rights.DECIDE_MONEY,
        rights.DECIDE_PAY_RULES,
        rights.DECIDE_RANKINGS,
        rights.CONFIRM_ACCOUNTS,
    )
)
"""What a person who is signed in decides: no command line and no token has these."""

WRITES: Final = frozenset(
    right for right in TABLE if not right.startswith(("read ", "know ")) and right != rights.OWN_ACCOUNT
)
"""What changes something."""

OF_PEOPLE: Final = PEOPLES | frozenset(
    (
        rights.OWN_ACCOUNT,
        rights.KNOW_NAMES,
        rights.READ_TRAIL,
        rights.READ_STORAGE,
        rights.MANAGE_ACCOUNTS,
        rights.READ_STAFF,
        rights.MANAGE_TOKENS,
        rights.END_TOKENS_OF_OTHERS,
        rights.KEEP_CONTACTS,
        rights.READ_CHANGE_REQUESTS,
        rights.ANSWER_CHANGE_REQUESTS,
        rights.OPERATE,
    )
)
"""What no token can have: a token must not be able to make accounts, tokens or decisions."""

OVER_MONEY: Final = frozenset(
    (
        rights.SEND_VISITS,
        rights.ENTER_ACTUALS,
        rights.SET_ACTUAL_RULES,
        rights.CHANGE_CARE,
        rights.SETTLE_CASEWORK,
        rights.DECIDE_CLAIMS,
        rights.APPROVE_REVIEWS_INTERNALLY,
        rights.ANSWER_CHARGES,
        rights.HOLD_PAYMENTS,
        rights.ADJUST_PAYMENTS,
        rights.FINALISE_PERIODS,
        rights.PREPARE_RUNS,
        rights.APPROVE_RUNS,
        rights.MAKE_INVOICES_FOR_PROVIDERS,
        rights.DECIDE_INVOICES,
        rights.SET_INVOICE_TERMS,
        rights.SET_PAY_RULES,
        rights.DECIDE_MONEY,
        rights.DECIDE_PAY_RULES,
    )
)
"""What moves money, or says what is paid. No account gets any of it by one person alone (`MADE_BY`)."""

OF_CONCERNS: Final = frozenset((rights.READ_CONCERNS, rights.CHANGE_CONCERNS, rights.READ_NOTICES))
"""Of the council, what is commissioning's alone to see (RULES 16)."""
WANT_A_ROLE: Final = OF_CONCERNS | {rights.READ_READINGS, rights.EXPORT_PERSON}
"""What a token of the council has only with an owner, or the eyes, of a role that has it."""


def side_of(role: str) -> str:
    """`provider` or `council`. ValueError for a role that does not exist."""
    if role in PROVIDER_ROLES:
        return "provider"
    if role in COUNCIL_ROLES:
        return "council"
    raise ValueError(f"there is no role {role!r}")


def may(role: str, *needed: str) -> bool:
    """Whether a role has any of these rights. KeyError for a right that the table does not know."""
    if role == OPERATOR:
        return any(right not in PEOPLES and right in TABLE for right in needed)
    return any(role in TABLE[right] for right in needed)


def sides_that_may(*needed: str) -> frozenset[str]:
    """`provider`, `council`, or both: on whose side somebody has one of these rights."""
    return frozenset(side_of(role) for role in roles_that_may(*needed))


def rights_of(role: str) -> frozenset[str]:
    """All that a role may do; nothing for one that does not exist."""
    return frozenset(right for right in TABLE if may(role, right))


def roles_that_may(*needed: str) -> tuple[str, ...]:
    """The roles of people that have any of these rights, in the order of ROLES."""
    return tuple(role for role in ROLES if may(role, *needed))


def scopes_of(roles: Iterable[str]) -> frozenset[str]:
    """What a token can be given by somebody in one of these roles: what the role has, and a token can have."""
    return frozenset().union(*(rights_of(role) for role in roles)) - OF_PEOPLE


def scopes_without_role() -> frozenset[str]:
    """What a token of the council can have whose owner is the operator, and that has the eyes of no role."""
    return scopes_of(COUNCIL_ROLES) - WANT_A_ROLE


def is_writing(scopes: Collection[str]) -> bool:
    """Whether any of these changes something."""
    return any(scope in WRITES for scope in scopes)


def may_confirm(role: str, scopes: Collection[str]) -> bool:
    """Whether somebody in this role may be the second person of a council token that writes.

    They have every one of its writing scopes themselves, or approve payments.
    """
    if role == "approver":
        return True
    return all(may(role, scope) for scope in scopes if scope in WRITES)


def may_ask_for_account(role: str, wanted: str) -> bool:
    """Whether somebody in this role may ask for an account of the council in the `wanted` one."""
    return wanted in MADE_BY and role in MADE_BY[wanted].asked_by


def needs_second_person(wanted: str) -> bool:
    """Whether an account of the council gets this role only when a second person agrees."""
    return bool(MADE_BY[wanted].confirmed_by)


def may_confirm_account(role: str, wanted: str) -> bool:
    """Whether somebody in this role may be the second person for an account in the `wanted` one."""
    return wanted in MADE_BY and role in MADE_BY[wanted].confirmed_by


def roles_that_nobody_confirms(there: Iterable[str]) -> frozenset[str]:
    """The roles of the council that want a second person, where none of those who are there can be it."""
    roles = frozenset(there)
    return frozenset(
        wanted
        for wanted, making in MADE_BY.items()
        if making.confirmed_by and not making.confirmed_by & roles
    )
