"""Letters that holders subscribed to, by a real mail server; what services say is given (RULES 14, 15)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from libs.common.errors import ServiceUnavailable
from services.portal.accounts import steps as accounts_steps
from services.portal.contacts import steps as contacts_steps
from services.portal.letters import notifications
from services.portal.schema.tables_accounts import Account
from tests.portal.database.test_contacts import NEW
from tests.portal.database.test_helpdesk import Post, post, words_of
from tests.support.portal.accounts import Portal, csrf_token

__all__ = ["post"]


@dataclass
class Services:
    """Says what a test wants; None: the service is away."""

    unmatched: int | None = 0
    documents: int = 0
    unconfirmed: int = 0
    periods: dict[str, str] = field(default_factory=dict)

    def ask(self, service: str, method: str, caller: Any, **asked: Any) -> Any:
        if self.unmatched is None:
            raise ServiceUnavailable(f"{service} is away")
        if method == "waiting":
            return {"unmatched_visits": self.unmatched, "documents_to_answer": self.documents}
        if method == "unconfirmed_actuals":
            assert (service, asked["within_hours"]) == ("ingest", 24)
            return [{"cpli_id": number} for number in range(self.unconfirmed)]
        return [{"start": start, "state": state} for start, state in self.periods.items()]


@pytest.fixture
def jo(portal: Portal) -> Account:
    return accounts_steps.find(portal.parts, portal.a_holder())


def subscribes(portal: Portal, account: Account, *kinds: str) -> None:
    """As the page has it done."""
    browser = portal.browser()
    browser.signs_in(account.email)
    token = csrf_token(browser.get("/notifications").text)
    answer = browser.client.post("/notifications", data={"kinds": list(kinds), "csrf_token": token})
    assert answer.status_code == 303


def subjects(portal: Portal, post: Post, services: Services) -> list[str]:
    """The subjects of the letters that come of a look at what is due."""
    given: Any = services
    notifications.tell_what_is_due(portal.parts, given)
    return [letter["Subject"] for letter in post.arrive(portal)]


def test_unmatched_visits_are_told_of_once_a_day_while_there_are_some(
    portal: Portal, post: Post, jo: Account
) -> None:
    subscribes(portal, jo, "unmatched")
    services = Services(unmatched=3)
    assert subjects(portal, post, services) == ["Visits without a match"]
    assert "3 visits have no match" in words_of(post.letters.taken[-1])
    assert subjects(portal, post, services) == []
    portal.clock.goes_on(hours=18)  # six in the morning
    assert subjects(portal, post, services) == []
    portal.clock.goes_on(hours=2)
    assert subjects(portal, post, services) == ["Visits without a match"]
    portal.clock.goes_on(days=1)
    assert subjects(portal, post, Services(unmatched=0)) == []


def test_contract_documents_are_told_of_once_a_day_while_some_wait(
    portal: Portal, post: Post, jo: Account
) -> None:
    subscribes(portal, jo, "documents")
    assert subjects(portal, post, Services(unmatched=3)) == []
    services = Services(documents=1)
    assert subjects(portal, post, services) == ["Contract documents to answer"]
    assert "1 contract document waits for an answer" in words_of(post.letters.taken[-1])
    assert subjects(portal, post, services) == []
    portal.clock.goes_on(days=1)
    assert subjects(portal, post, services) == ["Contract documents to answer"]


def test_weeks_of_actuals_to_confirm_are_told_of_once_a_day_while_there_are_some(
    portal: Portal, post: Post, jo: Account
) -> None:
    subscribes(portal, jo, "actuals")
    assert subjects(portal, post, Services()) == []
    services = Services(unconfirmed=2)
    assert subjects(portal, post, services) == ["Actuals to confirm"]
    assert "2 weeks of actuals are not saved" in words_of(post.letters.taken[-1])
    assert "/actuals-not-confirmed" in words_of(post.letters.taken[-1])
    assert subjects(portal, post, services) == []
    portal.clock.goes_on(days=1)
    assert subjects(portal, post, services) == ["Actuals to confirm"]


def test_a_service_that_is_away_is_asked_again(portal: Portal, post: Post, jo: Account) -> None:
    subscribes(portal, jo, "unmatched")
    assert subjects(portal, post, Services(unmatched=None)) == []
    assert subjects(portal, post, Services(unmatched=1)) == ["Visits without a match"]


def test_a_period_is_told_of_when_it_is_finalised_after_the_holder_subscribed(
    portal: Portal, post: Post, jo: Account
) -> None:
    subscribes(portal, jo, "remittance")
    services = Services(periods={"2022-09-05": "finalised", "2022-10-03": "current"})
    assert subjects(portal, post, services) == []
    services.periods["2022-10-03"] = "finalised"
    assert subjects(portal, post, services) == ["A payment period is finalised"]
    assert "3 Oct 2022 to 30 Oct 2022" in words_of(post.letters.taken[-1])
    assert subjects(portal, post, services) == []


def test_a_reminder_comes_the_day_before_visits_are_due(portal: Portal, post: Post, jo: Account) -> None:
    subscribes(portal, jo, "deadlines")
    assert subjects(portal, post, Services()) == []  # Monday; they are due on Wednesday
    portal.clock.goes_on(days=1)
    assert subjects(portal, post, Services()) == ["Visits are due tomorrow"]
    assert "Mon 26 Sep to Sun 2 Oct 2022" in words_of(post.letters.taken[-1])
    assert "Wednesday 5 Oct 2022" in words_of(post.letters.taken[-1])
    assert subjects(portal, post, Services()) == []


def test_who_asked_for_a_change_is_told_of_the_answer_if_they_want_to_know(
    portal: Portal, post: Post, jo: Account
) -> None:
    helpdesk = accounts_steps.find(portal.parts, portal.a_holder("help@council.example", "helpdesk"))
    contacts_steps.reject(
        portal.parts, contacts_steps.ask_for_new(portal.parts, jo, NEW, "home_manager"), helpdesk, "no"
    )
    assert post.arrive(portal) == []
    subscribes(portal, jo, "change_requests")
    contacts_steps.reject(
        portal.parts, contacts_steps.ask_for_new(portal.parts, jo, NEW, "home_manager"), helpdesk, "She left"
    )
    (letter,) = post.arrive(portal)
    assert letter["Subject"] == "Change request rejected"
    assert "New Contact: Ms Tahmina Miah" in words_of(letter)
    assert "The reason: She left" in words_of(letter)


def test_who_unsubscribed_or_was_disabled_gets_no_letter(portal: Portal, post: Post, jo: Account) -> None:
    ann = accounts_steps.find(portal.parts, portal.a_holder("ann@diamond.example"))
    for account in (jo, ann):
        subscribes(portal, account, "unmatched", "deadlines")
    subscribes(portal, jo)
    accounts_steps.disable(portal.parts, ann.account_id, "tests")
    portal.clock.goes_on(days=1)
    assert subjects(portal, post, Services(unmatched=3)) == []
