"""Invoices of the demonstration's providers that are paid by invoice: one a contract for each period that is over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from deploy.dev.demo.providers import ZONES, providers_by

Asked = Callable[..., Any]
"""The document that a `caretally` command answers."""


def invoice_periods(asked: Asked, starts: Iterable[dt.date]) -> int:
    """Have what is owed for these periods invoiced and accepted; how many invoices that is."""
    made = 0
    for start in starts:
        for provider in providers_by("Invoice"):
            for contract in sorted({ZONES[zone][0] for zone in provider.zones}):
                number = f"{provider.initials}-{start:%y%m}-{contract}"
                whose = ("--organisation", provider.name)
                asked(
                    "invoices",
                    "create",
                    start.isoformat(),
                    *whose,
                    "--contract",
                    contract,
                    "--number",
                    number,
                )
                for move in ("submit", "accept"):
                    asked("invoices", move, number, *whose)
                made += 1
    return made
