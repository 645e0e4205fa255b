"""``caretally ranking`` on a whole stack (DESIGN 4.1, RULES 16)."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from deploy.cli.system import System
from tests.support.stack.one_provider import a_provider
from tests.support.stack.stack import Stack


def test_a_list_is_ranked_with_what_led_to_it(stack: Stack, tmp_path: Path) -> None:
    provider = a_provider(tmp_path)
    provider.import_care(stack, provider.care_row(StartDate="01/08/2022"))
    late = {"DeliveredEntryTime": "09:16", "DeliveredEntryTimeIsOverridden": "Y"}
    day = {"PlannedVisitDate": "01/08/2022", "DeliveredVisitDate": "01/08/2022"}
    provider.import_visits(stack, provider.visits(provider.row(VisitRef="V1", **day, **late)), "--confirm")
    stack.books()
    name, list_id = f"Zone {uuid.uuid4().hex[:6]}", str(uuid.uuid4())
    system = System(stack.notes().amqp_url, keys_in=stack.home)
    system.ask("matching", "make_ranked_list", list_id=list_id, name=name)
    about = {"list_id": list_id, "organisation": provider.name, "quarter": "2022-Q1"}
    system.ask("matching", "set_ranked_price", **about, price="23.50")
    system.close()
    late_part = {
        "figure": "100.00",
        "points": "0.00",
        "weight": "0.6",
        "scaled_weight": "0.6",
        "product": "0.00",
    }
    logged_part = {
        "figure": "0.00",
        "points": "0.00",
        "weight": "0.4",
        "scaled_weight": "0.4",
        "product": "0.00",
    }
    assert stack.ask("ranking", name, "2022-q3") == [
        {
            "organisation": provider.name,
            "quality": "0.00",
            "price": "100.00",
            "total": "50.00",
            "measures": {"late": late_part, "logged_share": logged_part},
        }
    ]
    assert (
        f"1  {provider.name}  50.00 (quality 0.00, price 100.00)"
        in stack.run("ranking", name, "2022-Q3").stdout
    )


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("ranking", "Nowhere", "2022-Q3"), 1, "No ranked list is called “Nowhere”"),
        (("ranking", "Nowhere", "Q3"), 2, "2026-Q3"),
    ],
)
def test_what_can_not_be_ranked_is_refused(
    stack: Stack, arguments: tuple[str, ...], status: int, words: str
) -> None:
    done = stack.run(*arguments)
    assert done.returncode == status
    assert words in done.stderr
