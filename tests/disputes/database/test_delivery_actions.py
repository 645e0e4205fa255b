"""The action about what is delivered on a line item: opened once, and what came of it (RULES 16)."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from libs.common.care.cases import ACTION
from libs.common.errors import Refused
from libs.common.rpc import Caller
from services.disputes.cases.delivery_actions import list_delivery_actions, open_delivery_action
from services.disputes.cases.steps import say
from tests.disputes.database.test_doubts import NOW, OFFICER, STRANGER, Do, do
from tests.support.builders.messages import DIAMOND

__all__ = ["do"]

PEARL: Caller = {"who": "her", "role": "provider", "organisation": str(uuid.UUID(int=7))}


def press(do: Do, cpli_id: int = 1, caller: Caller = OFFICER) -> dict[str, Any]:
    about = {"organisation_id": uuid.UUID(DIAMOND), "cpli_id": cpli_id, "client_reference": "A1"}
    words = {"subject": "Review", "words": "Please tell us why."}
    found: dict[str, Any] = do(open_delivery_action, caller, case_id=uuid.uuid4(), now=NOW, **about, **words)
    return found


def test_a_second_press_finds_the_open_action_and_a_closed_one_leaves_room_for_another(do: Do) -> None:
    first = press(do)
    assert first["is_new"]
    assert press(do) == first | {"is_new": False}
    assert press(do, 2)["case_id"] != first["case_id"]
    said = {"message_id": uuid.uuid4(), "move": "close", "words": "The plan becomes three hours."}
    do(say, kind=ACTION, case_id=uuid.UUID(first["case_id"]), now=NOW + dt.timedelta(hours=1), **said)
    found = {one["cpli_id"]: one for one in do(list_delivery_actions, cpli_ids=[1, 2, 3])}
    assert sorted(found) == [1, 2]
    assert (found[1]["state"], found[1]["last_words"]) == ("Closed", "The plan becomes three hours.")
    assert (found[2]["state"], found[2]["last_words"]) == ("Provider", "Please tell us why.")
    assert press(do)["is_new"]


def test_only_the_council_opens_it_and_only_its_provider_sees_it(do: Do) -> None:
    with pytest.raises(Refused, match="not_allowed"):
        press(do, caller=STRANGER)
    press(do)
    assert [one["cpli_id"] for one in do(list_delivery_actions, STRANGER, cpli_ids=[1])] == [1]
    assert do(list_delivery_actions, PEARL, cpli_ids=[1]) == []
