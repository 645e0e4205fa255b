"""The words of the faces for holds are those that the service knows (RULES 8)."""

from deploy.cli import holds as command
from services.payments.rules_holds import NON_PAYABLE, PAYABLE
from services.payments.rules_week_holds import CHARGES, HOLDS, RELEASE
from services.portal import words_payments as words
from services.portal.api import schemas_holds
from tests.asyncapi import document


def test_pages_api_and_command_line_offer_the_kinds_that_the_service_knows() -> None:
    assert tuple(words.HOLDS) == HOLDS == command.KINDS
    assert tuple(words.HELD) == (*HOLDS, RELEASE) == schemas_holds.DECISIONS


def test_all_offer_the_same_decisions_about_the_charge() -> None:
    assert tuple(words.CHARGE_OF_HOLD) == tuple(words.CHARGE_OF_RELEASE) == tuple(words.CHARGED) == CHARGES
    assert command.CHARGES == CHARGES


def test_every_status_of_money_has_words_and_is_described_to_other_systems() -> None:
    statuses = (PAYABLE, *NON_PAYABLE)
    assert tuple(words.PORTIONS) == statuses
    assert set(document()["components"]["schemas"]["status"]["enum"]) == set(statuses)
