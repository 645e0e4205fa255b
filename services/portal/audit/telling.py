"""What a view tells the audit trail of what it does: money, whose it is, what came of it, what else it was done on."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from flask import g

from services.portal.audit.things import Thing

LONGEST = 300


@dataclass(frozen=True)
class Facts:
    """None is what nobody told. `amount` in pounds; `organisation` is the provider's name as it is written then."""

    amount: Decimal | None = None
    organisation_id: uuid.UUID | None = None
    organisation: str | None = None
    contract: str | None = None
    outcome: str | None = None

    def __or__(self, later: Facts) -> Facts:
        """With what was told later in the place of what was told before."""
        told = {name: value for name, value in vars(later).items() if value is not None}
        return dataclasses.replace(self, **told)


NO_FACTS = Facts()


def tell(
    *,
    amount: str | Decimal | None = None,
    organisation: str | None = None,
    contract: str | None = None,
    outcome: str | None = None,
    about: Iterable[Thing] = (),
) -> None:
    """Have the trail say it of this request, if it is one that the trail records."""
    facts = Facts(
        amount=None if amount is None else Decimal(amount),
        organisation=organisation or None,
        contract=contract or None,
        outcome=outcome and outcome[:LONGEST],
    )
    g.audit_told = g.get("audit_told", NO_FACTS) | facts
    g.audit_about = [*g.get("audit_about", ()), *about]
