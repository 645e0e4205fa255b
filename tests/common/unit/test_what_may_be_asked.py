"""Days and text that may be asked about, whoever asks (RULES 3): the bounds of schemas, RPC payloads and addresses."""

import datetime as dt
from typing import Any

import pytest
from marshmallow import ValidationError

from libs.common.care.days import Day, DayAround
from libs.common.errors import Refused
from libs.common.files.values import unstorable_text
from libs.common.rpc import wire
from libs.common.rpc.payloads import OfOrganisation
from services.portal.api.asked import Prose, Text
from services.portal.web.addresses import a_day_of, period_start


@pytest.mark.parametrize("text", ["2000-01-01", "2022-10-03", "2099-12-31"])
def test_a_readable_day_may_be_asked_about(text: str) -> None:
    assert Day().deserialize(text) == DayAround().deserialize(text) == dt.date.fromisoformat(text)


@pytest.mark.parametrize("text", ["0001-01-01", "1899-12-31", "2101-01-01", "9999-12-31", "soon", ""])
def test_no_other_day_is_asked_about(text: str) -> None:
    for field in (Day(), DayAround()):
        with pytest.raises(ValidationError):
            field.deserialize(text)


def test_weeks_and_periods_reach_over_the_ends_of_readable_days() -> None:
    for text in ("1999-12-27", "2100-01-03"):
        assert DayAround().deserialize(text) == dt.date.fromisoformat(text)
        with pytest.raises(ValidationError):
            Day().deserialize(text)


def test_an_address_names_a_week_by_a_day_that_can_be_read() -> None:
    assert a_day_of(dt.date(1999, 12, 27)) == "2000-01-01"
    assert a_day_of(dt.date(2022, 10, 3)) == "2022-10-03"
    assert a_day_of(dt.date(2100, 1, 4)) == "2099-12-31"


@pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31", "20221003", "03/10/2022", "2022-10-3", "x"])
def test_no_period_begins_on_what_is_no_day(text: str) -> None:
    assert period_start("2022-10-03") == dt.date(2022, 10, 3)
    with pytest.raises(Refused) as refused:
        period_start(text)
    assert refused.value.code == "not_a_period"


@pytest.mark.parametrize(
    ("document", "found"),
    [
        ({"a": "plain", "b": ["é 👩🏽\u200d⚕️", {"c": "line\nline"}], "d": None}, None),
        ({"a": {"b": ["x", "half \ud83d"]}}, ("a.b.1", "\ud83d")),
        ({"a": "nul\0"}, ("a", "\0")),
        ({"a": [{"k\udc00": 1}]}, ("a.0.k\udc00", "\udc00")),
    ],
)
def test_text_that_no_database_stores_is_found_where_it_stands(document: Any, found: Any) -> None:
    assert unstorable_text(document) == found


@pytest.mark.parametrize("text", ["Diamond\0", "half \ud83d"])
def test_no_service_is_asked_with_text_that_no_database_stores(text: str) -> None:
    with pytest.raises(ValidationError):
        OfOrganisation().load({"organisation": text})
    assert OfOrganisation().load({"organisation": "Diamond", "newer": [1, None]}) == {
        "organisation": "Diamond"
    }


def test_half_a_character_is_refused_before_it_is_sent() -> None:
    with pytest.raises(Refused) as refused:
        wire.request({"who": "me"}, {"organisation": "\udcff"})
    assert refused.value.code == "invalid"


def test_the_api_takes_text_as_files_are_read() -> None:
    text = " A\u200b1\u00a02\u200d "
    assert (Text().deserialize(text), Prose().deserialize(text + "👩🏽\u200d⚕️")) == (
        "A1 2",
        "A1 2\u200d 👩🏽\u200d⚕️",
    )
