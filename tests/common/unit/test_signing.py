"""Whom a service trusts: by keys from the environment or a file, and no request twice."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from libs.common.errors import ConfigError
from libs.common.rpc import signing
from libs.common.rpc.forged import Tellings
from libs.common.rpc.signing import NotTrusted, check_role, public_of, signer_in, signer_of, trust_of

KEY, NEW_KEY = (f"portal:{base64.b64encode(letter * 32).decode()}" for letter in (b"k", b"n"))


def test_a_request_is_taken_once_and_again_when_the_broker_gives_it_out_again() -> None:
    signer = signer_of(KEY)
    trust = trust_of(public_of(KEY))
    headers = signer.headers("payments.debts", "1", b"{}")
    assert trust.check("payments.debts", "1", b"{}", headers) == "portal"
    with pytest.raises(NotTrusted, match="asked before"):
        trust.check("payments.debts", "1", b"{}", headers)
    assert trust.check("payments.debts", "1", b"{}", headers, is_again=True) == "portal"


def test_while_a_key_is_changed_the_old_and_the_new_are_good() -> None:
    old, new = signer_of(KEY), signer_of(NEW_KEY)
    trust = trust_of(f"{public_of(KEY)},{public_of(NEW_KEY)}")
    for number, signer in enumerate((old, new)):
        headers = signer.headers("payments.debts", str(number), b"{}")
        assert trust.check("payments.debts", str(number), b"{}", headers) == "portal"


@pytest.mark.parametrize(
    ("method", "request_id", "body"),
    [
        ("payments.finalise", "1", b"{}"),
        ("matching.debts", "1", b"{}"),
        ("payments.debts", "2", b"{}"),
        ("payments.debts", "1", b"{ }"),
        ("payments.debts|1", "", b"{}"),
    ],
)
def test_what_was_signed_is_good_for_nothing_else(method: str, request_id: str, body: bytes) -> None:
    signer = signer_of(KEY)
    headers = signer.headers("payments.debts", "1", b"{}")
    with pytest.raises(NotTrusted, match="signature is not right"):
        trust_of(public_of(KEY)).check(method, request_id, body, headers)


@pytest.mark.parametrize(
    "change", [{"signed_by": None}, {"signed_at": "now"}, {"signature": 7}, {"signature": "é"}]
)
def test_headers_of_another_form_are_refused_and_break_nothing(change: dict[str, object]) -> None:
    signer = signer_of(KEY)
    headers = signer.headers("payments.debts", "1", b"{}") | change
    with pytest.raises(NotTrusted):
        trust_of(public_of(KEY)).check("payments.debts", "1", b"{}", headers)


@pytest.mark.parametrize(
    ("asker", "role", "may"),
    [
        ("portal", "council", True),
        ("portal", "provider", True),
        ("portal", "system", True),
        ("command", "system", True),
        ("command", "council", False),
        ("command", None, False),
        ("nobody", "system", False),
    ],
)
def test_an_asker_speaks_for_callers_of_its_roles_alone(asker: str, role: str | None, may: bool) -> None:
    if may:
        check_role(asker, {"role": role})
        return
    with pytest.raises(NotTrusted):
        check_role(asker, {"role": role})


@pytest.mark.parametrize("caller", [None, "portal", ["system"]])
def test_a_caller_of_another_form_is_refused(caller: object) -> None:
    with pytest.raises(NotTrusted):
        check_role("portal", caller)


def test_keys_come_from_the_environment_or_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("RPC_TRUSTED_KEYS", "RPC_TRUSTED_KEYS_FILE"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ConfigError, match="RPC_TRUSTED_KEYS is not set"):
        signing.trusted()
    (tmp_path / "keys").write_text(f"{public_of(KEY)}\n")
    monkeypatch.setenv("RPC_TRUSTED_KEYS_FILE", str(tmp_path / "keys"))
    found = signing.trusted()
    assert found is not None
    assert found.check("a.b", "1", b"{}", signer_of(KEY).headers("a.b", "1", b"{}")) == "portal"
    monkeypatch.setenv("RPC_TRUSTED_KEYS_FILE", str(tmp_path / "away"))
    with pytest.raises(ConfigError, match="can't be read"):
        signing.trusted()
    monkeypatch.delenv("RPC_TRUSTED_KEYS_FILE")
    monkeypatch.setenv("RPC_TRUSTED_KEYS", "none")
    monkeypatch.setenv("CARETALLY_TRYING_OUT", "1")
    assert signing.trusted() is None


@pytest.mark.parametrize("text", ["none", f"portal:{signing.PUBLISHED_KEY}"])
def test_nobody_is_let_off_or_known_by_a_published_key_unless_told(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.delenv("RPC_TRUSTED_KEYS_FILE", raising=False)
    monkeypatch.delenv("CARETALLY_TRYING_OUT", raising=False)
    monkeypatch.setenv("RPC_TRUSTED_KEYS", text)
    with pytest.raises(ConfigError, match=r"RPC_TRUSTED_KEYS .*CARETALLY_TRYING_OUT=1"):
        signing.trusted()
    monkeypatch.setenv("RPC_SIGNING_KEY", "portal:Zm9yLXRyeWluZy1vdXQtZm9yLXRyeWluZy1vdXQtMzI=")
    with pytest.raises(ConfigError, match="published for trying out"):
        signing.own_signer.__wrapped__()


def test_keys_change_while_a_process_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("RPC_TRUSTED_KEYS", raising=False)
    monkeypatch.setenv("RPC_TRUSTED_KEYS_FILE", str(tmp_path / "trusted"))
    (tmp_path / "trusted").write_text(public_of(KEY))
    (tmp_path / "own").write_text(KEY)
    signer, trust = signer_in(tmp_path / "own"), signing.trusted()
    assert trust is not None
    (tmp_path / "trusted").write_text(f"{public_of(NEW_KEY)},{public_of(KEY)}")
    trust.check("a.b", "1", b"{}", signer.headers("a.b", "1", b"{}"))
    (tmp_path / "own").write_text(NEW_KEY)
    trust.check("a.b", "2", b"{}", signer.headers("a.b", "2", b"{}"))
    (tmp_path / "trusted").write_text(f"{public_of(NEW_KEY)},portal:half of it")
    trust.check("a.b", "3", b"{}", signer.headers("a.b", "3", b"{}"))
    (tmp_path / "trusted").write_text(public_of(NEW_KEY))
    with pytest.raises(NotTrusted, match="signature is not right"):
        trust.check("a.b", "4", b"{}", signer_of(KEY).headers("a.b", "4", b"{}"))


@pytest.mark.parametrize("text", ["portal", "portal:", "portal:abc", "ingest:" + KEY.partition(":")[2], ":"])
def test_a_key_of_another_form_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(ConfigError) as refused:
        signer_of(text)
    assert "abc" not in str(refused.value)


def test_so_many_forgeries_a_minute_are_told() -> None:
    tellings = Tellings(most=2)
    assert [tellings.may_tell(at) for at in (60, 61, 62, 120)] == [True, True, False, True]
