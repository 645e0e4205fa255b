"""What a proposal would change in money (RULES 8)."""

from __future__ import annotations

from typing import TypedDict


class EffectSums(TypedDict):
    """Payable as it is and as it would be, and what of the difference falls into finalised periods; pounds as text."""

    before: str
    after: str
    posted_back: str


class EffectOnOrganisation(EffectSums):
    """The sums of one organisation."""

    organisation: str


class Effect(TypedDict):
    """Those for whom something changes, by name, and all together."""

    organisations: list[EffectOnOrganisation]
    in_all: EffectSums
