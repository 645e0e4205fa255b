"""What an OpenID provider's answer must say, and whether its second step is enough (RULES 14)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.errors import ConfigError, Refused
from services.portal.accounts.openid import issuer, rules

CLAIMS = {"iss": "https://id.example", "sub": "1", "email": "ann@council.example", "email_verified": True}


@pytest.mark.parametrize(
    ("amr", "acr", "is_one"),
    [
        (["mfa"], None, True),
        (["pwd", "otp"], None, True),
        (["pin", "hwk"], None, True),
        (["hwk", "fpt"], None, True),
        (["pwd"], None, False),
        (["pwd", "pin"], None, False),  # two of a kind
        (["otp"], None, False),
        (["pwd", "sms"], None, False),  # led to another telephone
        (["pwd", "tel"], None, False),
        ([], None, False),
        (None, None, False),
        ("mfa", None, False),  # no list
        ([{"mfa": 1}, 1], None, False),
        (None, "gold", True),
        (None, "silver", False),
        (["pwd"], "gold", True),
        (None, ["gold"], False),
    ],
)
def test_whether_a_second_step_was_taken_there(amr: object, acr: object, is_one: bool) -> None:
    assert rules.is_second_step(amr, acr, {"gold"}) is is_one


@pytest.mark.parametrize(
    ("has_app", "is_connected", "second_step", "is_asked"),
    [
        (True, True, True, False),
        (True, False, True, True),  # once, before the two are connected
        (True, True, False, True),
        (True, False, False, True),
        (False, True, True, False),
        (False, False, True, False),
    ],
)
def test_when_our_own_app_is_asked(
    has_app: bool, is_connected: bool, second_step: bool, is_asked: bool
) -> None:
    assert rules.is_app_asked(has_app=has_app, is_connected=is_connected, second_step=second_step) is is_asked


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, None),
        ({"email": None}, "email_missing"),
        ({"email": ""}, "email_missing"),
        ({"email": ["ann@council.example"]}, "email_missing"),
        ({"email_verified": False}, "email_not_verified"),
        ({"email_verified": None}, "email_not_verified"),
        ({"email_verified": "true"}, "email_not_verified"),
        ({"email_verified": 1}, "email_not_verified"),
    ],
)
def test_only_a_verified_address_names_a_person(changed: dict[str, Any], code: str | None) -> None:
    said = {**CLAIMS, **changed}
    if code is None:
        assert rules.person_of(said, ()) == ("https://id.example 1", "ann@council.example", False)
        return
    with pytest.raises(Refused) as refused:
        rules.person_of(said, ())
    assert refused.value.code == code


@given(st.text(min_size=1), st.text(min_size=1))
def test_what_a_try_is_known_by_says_nothing_of_its_secret_nor_of_each_other(one: str, other: str) -> None:
    asking = rules.asking_of(one)
    assert len({*asking}) == 3
    assert one not in asking
    assert all(len(value) == 64 for value in asking)
    assert (asking == rules.asking_of(other)) is (one == other)


@pytest.mark.parametrize(
    ("given_", "sentence"),
    [
        ({"OPENID_ISSUER": "http://id.council.example"}, "must be an https"),
        ({"OPENID_ISSUER": "https://id.council.example?x=1"}, "must be an https"),
        ({"OPENID_ISSUER": "https://me@id.council.example"}, "must be an https"),
        ({"OPENID_ISSUER": "https://id.council.example"}, "OPENID_CLIENT_ID"),
        (
            {"OPENID_ISSUER": "https://id.council.example", "OPENID_CLIENT_ID": "c"},
            "OPENID_CLIENT_SECRET_FILE",
        ),
        (
            {
                "OPENID_ISSUER": "https://id.council.example",
                "OPENID_CLIENT_ID": "c",
                "OPENID_CLIENT_SECRET": "short",
            },
            "too short",
        ),
    ],
)
def test_what_is_set_wrongly_is_said_at_the_start(
    monkeypatch: pytest.MonkeyPatch, given_: dict[str, str], sentence: str
) -> None:
    monkeypatch.delenv("CARETALLY_TRYING_OUT", raising=False)
    for name, value in given_.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError, match=sentence):
        issuer.from_environment()


def test_it_is_off_where_no_issuer_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENID_ISSUER", raising=False)
    assert issuer.from_environment() is None
