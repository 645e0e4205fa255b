"""Who decides about which kind of proposal, by the table of rights (RULES 14)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from libs.common.rights import names as rights

DECIDERS: Final[Mapping[str, str]] = {
    "adjustment": rights.DECIDE_MONEY,
    "debt_write_off": rights.DECIDE_MONEY,
    "pay_rules": rights.DECIDE_PAY_RULES,
    "visit_type": rights.DECIDE_PAY_RULES,
    "ranking": rights.DECIDE_RANKINGS,
}
"""The right to decide about each kind, which whoever proposed it can't."""
