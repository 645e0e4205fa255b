"""The words of the faces for holds are those that the service knows (RULES 8)."""

from deploy.cli.money import holds as command
from services.payments.holds.week_rules import CHARGES, HOLDS, RELEASE
from services.payments.items.rules import NON_PAYABLE, PAYABLE
from services.portal.money.items import holds_api_schemas
from services.portal.money.periods import words as periods_words
from tests.support.events.asyncapi import document


def test_pages_api_and_command_line_offer_the_kinds_that_the_service_knows() -> None:
    assert tuple(periods_words.HOLDS) == HOLDS == command.KINDS
    assert tuple(periods_words.HELD) == (*HOLDS, RELEASE) == holds_api_schemas.DECISIONS


def test_all_offer_the_same_decisions_about_the_charge() -> None:
    assert (
        tuple(periods_words.CHARGE_OF_HOLD)
        == tuple(periods_words.CHARGE_OF_RELEASE)
        == tuple(periods_words.CHARGED)
        == CHARGES
    )
    assert command.CHARGES == CHARGES


def test_every_status_of_money_has_words_and_is_described_to_other_systems() -> None:
    statuses = (PAYABLE, *NON_PAYABLE)
    assert tuple(periods_words.PORTIONS) == statuses
    assert set(document()["components"]["schemas"]["status"]["enum"]) == set(statuses)
