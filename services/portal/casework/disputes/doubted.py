"""What a dispute was raised on, in words that both sides read: when it is, and what the data shows (RULES 9)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypedDict

from libs.common.seams.disputes.evidence import DoubtInDispute
from libs.common.seams.disputes.facts import CaseFacts
from services.portal.casework.worklist.words import KINDS, evidence_in_words
from services.portal.web import formats

MOST_IN_A_LETTER = 10


class Doubted(TypedDict):
    """A doubt of a dispute in words; about: its visits, or its week."""

    kind: str
    about: str
    when: str
    seen_by: list[str]


def doubts_in_words(facts: CaseFacts) -> list[Doubted]:
    """What a dispute was raised on, the earliest first; nothing where somebody raised it by hand."""
    return [_in_words(one) for one in facts.get("doubts", ())]


def kinds_in_words(doubts: Iterable[DoubtInDispute]) -> str:
    """One carer in two places (12), missing comment"""
    counts = Counter(KINDS.get(one["kind"], one["kind"]) for one in doubts)
    words = [f"{kind} ({number:,})" if number > 1 else kind for kind, number in counts.items()]
    return ", ".join(word if at == 0 else word[0].lower() + word[1:] for at, word in enumerate(words))


def days_in_words(first_on: str, last_on: str) -> str:
    """3 Oct 2022, or 3 Oct 2022 to 9 Oct 2022"""
    return formats.day(first_on) if first_on == last_on else formats.period(first_on, last_on)


def letter_lines(reason: str, doubts: Sequence[DoubtInDispute]) -> list[str]:
    """A dispute in a letter, which names no client: its reason and days, and what each doubt is seen by."""
    if not doubts:
        return []
    first, last = min(one["first_on"] for one in doubts), max(one["last_on"] for one in doubts)
    told = [_in_words(one) for one in doubts[:MOST_IN_A_LETTER]]
    lines = [f"{reason}, {days_in_words(first, last)}: {kinds_in_words(doubts)}"]
    lines += [f"- {one['about']}, {one['when']}: {'. '.join(one['seen_by'])}" for one in told]
    left = len(doubts) - len(told)
    return [*lines, f"- and {formats.counted(left, 'other')}"] if left else lines


def _in_words(doubt: DoubtInDispute) -> Doubted:
    refs = doubt["visits"]
    return {
        "kind": KINDS.get(doubt["kind"], doubt["kind"]),
        "about": " and ".join(refs) if refs else f"Care package line item {doubt['cpli_id']}",
        "when": days_in_words(doubt["first_on"], doubt["last_on"])
        if refs
        else formats.week(doubt["first_on"]),
        "seen_by": evidence_in_words(doubt["kind"], doubt["evidence"]),
    }
