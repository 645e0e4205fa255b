"""Letters that the council's people subscribed to, by a real mail server; what services say is given (RULES 20)."""

from __future__ import annotations

from typing import Any

import pytest

from services.portal.accounts import steps as accounts_steps
from services.portal.letters import notifications
from services.portal.letters.council import CAME
from services.portal.letters.rules import COUNCIL_KINDS, kinds_of_role
from services.portal.schema.tables_accounts import Account
from services.portal.staff import steps as staff_steps
from tests.portal.database.test_helpdesk import Post, post, words_of
from tests.portal.database.test_notifications import subscribes
from tests.portal.database.test_tokens import an_account
from tests.support.portal.accounts import Portal
from tests.support.portal.without_services import GivenAnswers

__all__ = ["post"]
RUN = {"run_id": "r-1", "state": "prepared", "period_start": "2022-10-03"}


def subjects(portal: Portal, post: Post, answers: dict[tuple[str, str], Any]) -> list[str]:
    """The subjects of the letters that come of a look at what is due."""
    given: Any = GivenAnswers(answers)
    notifications.tell_what_is_due(portal.parts, given)
    return [letter["Subject"] for letter in post.arrive(portal)]


@pytest.fixture
def ann(portal: Portal) -> Account:
    return an_account(portal, "approver", "ann@council.example")


def test_an_approver_is_told_once_of_each_run_that_waits(portal: Portal, post: Post, ann: Account) -> None:
    subscribes(portal, ann, "runs_prepared")
    post.arrive(portal)
    runs = [RUN, {**RUN, "run_id": "r-0", "state": "approved"}]
    answers = {("payments", "runs"): runs}
    assert subjects(portal, post, answers) == ["Payment runs to approve"]
    told = words_of(post.letters.taken[-1])
    assert "/payments/runs/r-1" in told
    assert "r-0" not in told
    assert subjects(portal, post, answers) == []
    runs.append({**RUN, "run_id": "r-2"})
    assert subjects(portal, post, answers) == ["Payment runs to approve"]
    assert "r-1" not in words_of(post.letters.taken[-1])
    assert subjects(portal, post, {}) == [], "payments is away"


def test_a_case_is_told_of_each_time_that_it_comes_back(portal: Portal, post: Post) -> None:
    subscribes(portal, an_account(portal, "finance"), "disputes_answered", "claims_submitted")
    post.arrive(portal)
    dispute = {"case_id": "c-1", "number": 12, "changed_at": "2022-10-03T10:00:00+00:00"}
    found = {"dispute": [dispute], "claim": []}

    def cases(kind: str, turn: str, **_: Any) -> list[dict[str, Any]]:
        assert turn == "council"
        return found[kind]

    answers = {("disputes", "cases"): cases}
    assert subjects(portal, post, answers) == ["Disputes"]
    assert "Dispute 12:" in words_of(post.letters.taken[-1])
    assert "/disputes/c-1" in words_of(post.letters.taken[-1])
    assert subjects(portal, post, answers) == []
    dispute["changed_at"] = "2022-10-04T10:00:00+00:00"
    assert subjects(portal, post, answers) == ["Disputes"]


def test_files_and_invoices_are_told_of_in_one_letter_a_kind(portal: Portal, post: Post) -> None:
    subscribes(portal, an_account(portal, "finance"), "files_with_problems", "invoices_submitted")
    post.arrive(portal)
    files = [
        {"id": f"f-{number}", "organisation": "Diamond", "state": state, "counts": {"rejected": rejected}}
        for number, (state, rejected) in enumerate((("applied", 2), ("applied", 0), ("checked", 3)))
    ]
    invoices = [{"id": f"i-{number}", "number": f"D{number}", "organisation": "Diamond"} for number in (1, 2)]
    answers = {("ingest", "visits_files"): files, ("payments", "invoices"): invoices}
    assert sorted(subjects(portal, post, answers)) == [
        "Invoices and credit notes",
        "Visits files with rejected rows",
    ]
    told = "\n".join(words_of(letter) for letter in post.letters.taken[-2:])
    assert "Diamond: 2 rows were rejected" in told
    assert ("f-1" in told, "f-2" in told) == (False, False)
    assert ("D1 of Diamond" in told, "D2 of Diamond" in told) == (True, True)


def test_what_waits_is_told_once_a_day_while_there_is_some(portal: Portal, post: Post, ann: Account) -> None:
    subscribes(portal, ann, "proposals", "confirmations")
    helpdesk = an_account(portal, "helpdesk")
    staff_steps.ask_for_new(portal.parts, helpdesk, "bea@council.example", "Bea", "finance")
    post.arrive(portal)
    answers = {("payments", "waiting"): {"proposals_of_payments": 2}}
    assert sorted(subjects(portal, post, answers)) == ["Accounts and tokens to confirm", "Proposals"]
    told = "\n".join(words_of(letter) for letter in post.letters.taken[-2:])
    assert "2 proposals about payments to decide" in told
    assert "1 council account to confirm" in told
    assert subjects(portal, post, answers) == []
    portal.clock.goes_on(hours=18)  # six in the morning
    assert subjects(portal, post, answers) == []
    portal.clock.goes_on(hours=2)
    assert "Proposals" in subjects(portal, post, answers)


def test_the_helpdesk_is_told_when_what_it_asked_was_confirmed(
    portal: Portal, post: Post, ann: Account
) -> None:
    helpdesk = an_account(portal, "helpdesk")
    subscribes(portal, helpdesk, "change_requests")
    asked = staff_steps.ask_for_new(portal.parts, helpdesk, "bea@council.example", "Bea", "finance")
    post.arrive(portal)
    staff_steps.confirm(portal.parts, asked.change_id, ann)
    letters = {letter["To"]: letter for letter in post.arrive(portal)}
    assert "New account: Bea" in words_of(letters[helpdesk.email])
    assert "/council-accounts" in words_of(letters[helpdesk.email])


def test_whoever_may_no_longer_see_it_or_has_left_is_told_nothing(
    portal: Portal, post: Post, ann: Account
) -> None:
    bo = an_account(portal, "approver", "bo@council.example")
    for account in (ann, bo):
        subscribes(portal, account, "runs_prepared")
    an_account(portal, "approver", "third@council.example")
    staff_steps.change_role(portal.parts, ann.account_id, "finance")
    accounts_steps.disable(portal.parts, bo.account_id, "tests")
    post.arrive(portal)
    assert subjects(portal, post, {("payments", "runs"): [RUN]}) == []


def test_each_role_is_offered_what_it_may_see(portal: Portal) -> None:
    for role, offered in (
        ("finance", "invoices_submitted"),
        ("commissioning", "concerns"),
        ("helpdesk", "helpdesk"),
    ):
        page = portal.browser_of(an_account(portal, role)).get("/notifications").text
        shown = {kind for kind in COUNCIL_KINDS if f'value="{kind}"' in page}
        assert shown == {*kinds_of_role(role)}
        assert offered in shown
    assert "runs_prepared" not in kinds_of_role("finance")
    assert "concerns" not in kinds_of_role("finance")
    assert {kind for kind, one in COUNCIL_KINDS.items() if one.waits} | {*CAME} | {"change_requests"} == {
        *COUNCIL_KINDS
    }
