"""What care says, as payments needs it: packages and visit types (RULES 2, 6). Pure: values in, values out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from libs.common.care.plans import Plan, plan_from_json
from libs.common.care.terms import ONE_OFF, Term

ACTUALS_IN_HOURS: Final = ("Actuals", "Hr")
"""PaymentMethod and Unit of care that is paid by what a provider enters week by week."""


@dataclass(frozen=True, slots=True)
class VisitType:
    """A row of the table of RULES 6, with what it is from a planned date on. ``basis``: delivered, planned or empty."""

    ref: str
    paid: bool
    charged: bool
    basis: str
    later: tuple[tuple[date, bool, bool, str], ...] = ()
    """(from which planned date, paid, charged, basis) of each change, in order"""

    def on(self, planned_on: date) -> "VisitType":
        """The type as it counts for a visit that is planned on a day."""
        begun = [change for change in self.later if change[0] <= planned_on]
        return VisitType(self.ref, *begun[-1][1:]) if begun else self


@dataclass(slots=True)
class Package:
    """A care package line item as payments needs it."""

    cpli_id: int
    client_id: str
    organisation_id: str
    contract: str
    start_on: date
    end_on: date | None
    terms: tuple[Term, ...]
    unit: str = field(default="Hr", kw_only=True)
    frequency: str = field(default="Weekly", kw_only=True)
    authorised: bool = field(default=True, kw_only=True)
    service_level: str = field(default="", kw_only=True)
    """its folded name"""
    payment_method: str = field(default="", kw_only=True)
    said_plan: Mapping[str, Any] = field(default_factory=dict, kw_only=True)
    """timetable and suspensions, as `libs.common.care.plans.plan_as_json` made them"""

    @property
    def plan(self) -> Plan:
        """When it is in force, and what it plans."""
        return plan_from_json(self.start_on, self.end_on, self.terms, self.said_plan)

    @property
    def pays_actuals(self) -> bool:
        """RULES 13: whether what a provider enters week by week is paid, in force or not."""
        return self.authorised and (self.payment_method, self.unit) == ACTUALS_IN_HOURS

    @property
    def is_one_off(self) -> bool:
        """RULES 2: a single payment, which belongs to no week and says nothing of contributions."""
        return (self.unit, self.frequency) == ONE_OFF


@dataclass(slots=True)
class StoredPackage(Package):
    """A package with its version, the reference by which other systems know its client, and its service's name."""

    version: int
    client_reference: str
    service: str = field(default="", kw_only=True)
