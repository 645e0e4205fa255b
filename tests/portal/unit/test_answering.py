"""What a provider may do with a payment decides both the words and the controls of its page (RULES 8)."""

from __future__ import annotations

import pytest

from libs.common.seams.payments.periods import PeriodAnswer
from services.portal.money.periods.rules import answering
from services.portal.money.periods.words import ANSWERING


def an_answer(answer: str, payable: str = "60.00", payable_now: str = "60.00") -> PeriodAnswer:
    return {
        "organisation_id": "1",
        "organisation": "Diamond Home Care Ltd",
        "answer_id": "2",
        "answer": answer,
        "reason": "",
        "payable": payable,
        "payable_now": payable_now,
        "answered_by": "3",
        "answered_at": "2022-11-01T09:00:00+00:00",
    }


@pytest.mark.parametrize(
    ("answer", "contract", "name", "has_changed", "controls"),
    [
        (None, None, "unanswered", False, ["confirm", "reject"]),
        (None, "DAPL", "of_all", False, []),
        (an_answer("confirmed"), None, "confirmed", False, ["reject"]),
        (an_answer("confirmed"), "DAPL", "of_all", False, []),
        (an_answer("confirmed", payable_now="40.00"), None, "confirmed_before", True, ["confirm", "reject"]),
        (an_answer("confirmed", payable_now="40.00"), "DAPL", "of_all", True, []),
        (an_answer("rejected"), None, "rejected", False, ["confirm"]),
        (an_answer("rejected", payable_now="40.00"), None, "rejected_before", True, ["confirm", "reject"]),
    ],
)
def test_words_and_controls_come_from_one_decision(
    answer: PeriodAnswer | None, contract: str | None, name: str, has_changed: bool, controls: list[str]
) -> None:
    found = answering(answer, contract)
    assert (found.name, found.has_changed) == (name, has_changed)
    may = {"confirm": found.may_confirm, "reject": found.may_reject}
    assert [one for one, is_allowed in may.items() if is_allowed] == controls
    words = ANSWERING[found.name]
    for control, is_allowed in may.items():
        assert (control in words) is is_allowed, words
