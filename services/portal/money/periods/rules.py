"""What a reader may do with the scheduled payment of a period (RULES 8). Pure: values in, values out."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.seams.payments.periods import PeriodAnswer

UNANSWERED, OF_ALL = "unanswered", "of_all"


@dataclass(frozen=True, slots=True)
class Answering:
    """What a provider may do with a payment now: the page's words and its controls both come from here.

    ``name`` is one of `ANSWERING` in words.py. An answer is about all contracts together.
    """

    name: str
    has_changed: bool = False
    may_confirm: bool = False
    may_reject: bool = False


def answering(answer: PeriodAnswer | None, contract: str | None) -> Answering:
    """The decision. answer: the provider's newest; contract: the only one that is looked at, or None for all."""
    has_changed = answer is not None and answer["payable"] != answer["payable_now"]
    if contract is not None:
        return Answering(OF_ALL, has_changed)
    if answer is None:
        return Answering(UNANSWERED, may_confirm=True, may_reject=True)
    if has_changed:
        return Answering(f"{answer['answer']}_before", has_changed, may_confirm=True, may_reject=True)
    is_confirmed = answer["answer"] == "confirmed"
    return Answering(answer["answer"], may_confirm=not is_confirmed, may_reject=is_confirmed)
