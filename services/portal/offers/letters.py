"""Letters to a provider at once, when care is offered to it, or an offer withdrawn (RULES 16). None names a client."""

from __future__ import annotations

from libs.common.seams.disputes.offers import Offered
from services.portal.letters import notification_words
from services.portal.letters import store as letters_store
from services.portal.web import formats
from services.portal.web.access import the_parts

SUBSCRIPTION = "offers"


def tell_of_offer(made: Offered) -> None:
    """A letter to whoever of the provider wants to know; one each, also where the same is offered twice."""
    stands = f"The offer stands until {formats.moment(made['lapses_at'])}: accept or decline it by then."
    _tell(
        made["organisation_id"],
        made["offer_id"],
        f"Care is offered to you, requisition {made['number']}.",
        stands,
    )


def tell_of_withdrawal(organisation_id: str, offer_id: str, number: int) -> None:
    """The same, where an offer stands no longer since the council has withdrawn the requisition."""
    sentence = f"The council has withdrawn its offer of care, requisition {number}."
    _tell(organisation_id, offer_id, sentence, "There is nothing to do.", of="withdrawn ")


def _tell(organisation_id: str, offer_id: str, sentence: str, line: str, of: str = "") -> None:
    parts = the_parts()
    with parts.sessions.begin() as transaction:
        for account in letters_store.subscribers(transaction, SUBSCRIPTION):
            if str(account.organisation_id) == organisation_id and letters_store.tell(
                transaction, account.account_id, SUBSCRIPTION, of + offer_id, parts.clock()
            ):
                notification_words.case_changed(
                    transaction, parts, account, sentence, f"/offers/{offer_id}", (line,)
                )
