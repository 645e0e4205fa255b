"""The folder of a stack's secrets: what is made, who reads it, and how one is written anew."""

from __future__ import annotations

import fcntl
import os
import stat
from pathlib import Path

import pytest

from deploy.local.servers.management import Management
from deploy.ops.roles import login_names
from deploy.secrets.folder import (
    ASKERS,
    VARIABLE,
    adopt,
    files_of_role,
    files_of_user,
    finish_interrupted,
    give_to,
    holders,
    make,
    passwords_given,
    passwords_in,
    put,
)
from deploy.secrets.rotating import RotationFailed, Stack, rotate
from libs.common.errors import ConfigError
from libs.common.process.strictness import TRYING_OUT, require_secret
from libs.common.rpc.signing import public_of
from services.portal.accounts.vault import keys_from


def contents(folder: Path) -> dict[str, str]:
    return {str(file.relative_to(folder)): file.read_text() for file in folder.rglob("*") if file.is_file()}


def test_every_process_has_a_folder_with_random_secrets_of_its_own(tmp_path: Path) -> None:
    make(tmp_path / "new" / "secrets", ["finance"])
    found = contents(tmp_path / "new" / "secrets")
    assert {name.partition("/")[0] for name in found} == {one.name for one in holders(["finance"])} | {
        "administrator",
        "command",
        "public",
    }
    assert list(keys_from(found.pop("portal/code_keys"))) == [1]
    for name, text in found.items():
        require_secret(name, text)
    services = [one.name for one in holders() if one.name.endswith("-worker")]
    assert len(set(found.values())) == len(found) - len(
        services
    )  # both processes of a service are one broker's user
    for path in (tmp_path / "new" / "secrets").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)


def test_services_trust_the_keys_of_those_who_ask(tmp_path: Path) -> None:
    make(tmp_path)
    trusted, own = tmp_path / "public" / "trusted_keys", [tmp_path / name / "signing_key" for name in ASKERS]
    assert [public_of(file.read_text()) for file in own] == trusted.read_text().split(",")
    before = trusted.read_text()
    own[1].unlink()
    assert make(tmp_path) == [own[1]]
    assert public_of(own[1].read_text()) in trusted.read_text().split(",")
    assert trusted.read_text().endswith(before)


def test_both_the_new_and_the_last_signing_keys_are_trusted(tmp_path: Path) -> None:
    make(tmp_path)
    own, trusted = tmp_path / "portal" / "signing_key", tmp_path / "public" / "trusted_keys"
    known = [public_of(own.read_text())]
    for _ in range(2):
        rotate(a_stack_without_servers(tmp_path), "signing-keys", print)
        known.append(public_of(own.read_text()))
        assert {*known[-2:]} < {*trusted.read_text().split(",")}
    assert [key in trusted.read_text().split(",") for key in known] == [False, True, True]


def test_what_is_there_stays(tmp_path: Path) -> None:
    make(tmp_path)
    before = contents(tmp_path)
    (tmp_path / "ingest-rpc" / "broker_password").unlink()
    (tmp_path / "reader" / "database_password").unlink()
    made = make(tmp_path, ["finance"])
    assert {str(file.relative_to(tmp_path)) for file in made} == {
        "ingest-rpc/broker_password",
        "reader/database_password",
        "consumer-finance/broker_password",
    }
    after = contents(tmp_path)
    assert after["reader/database_password"] != before.pop("reader/database_password")
    assert after.items() >= before.items()


def test_an_older_home_keeps_what_its_codes_are_encrypted_with(tmp_path: Path) -> None:
    (tmp_path / "portal-keys").write_text("1:old")
    (tmp_path / "portal-secret").write_text("old")
    adopt(tmp_path, tmp_path / "secrets")
    make(tmp_path / "secrets", with_administrators=False)
    adopt(tmp_path, tmp_path / "secrets")
    found = contents(tmp_path)
    assert (found["secrets/portal/code_keys"], found["secrets/portal/secret"]) == ("1:old", "old")
    assert "secrets/administrator/database_password" not in found
    assert not (tmp_path / "portal-keys").exists()


def test_each_name_has_its_password(tmp_path: Path) -> None:
    make(tmp_path, ["finance"])
    passwords = passwords_in(tmp_path)
    for role in login_names():
        files = files_of_role(tmp_path, role)
        assert passwords(role) == (files[0].read_text() if files else "")
        assert len(files) == (role != "portal_work")
    assert [len(files_of_user(tmp_path, user)) for user in ("ingest", "portal", "finance")] == [2, 1, 1]
    assert passwords("finance") == (tmp_path / "consumer-finance" / "broker_password").read_text()


def test_a_secret_is_written_into_the_same_file(tmp_path: Path) -> None:
    """A container was given this file, and not its name."""
    make(tmp_path)
    file = tmp_path / "portal" / "secret"
    number = file.stat().st_ino
    for text in ("a longer one " * 10, "short"):
        put(file, text)
        assert (file.read_text(), file.stat().st_ino) == (text, number)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not [*file.parent.glob("*.new")]


@pytest.mark.parametrize("left", ["", "half of i", "the whole of it"])
def test_a_killed_write_is_brought_to_an_end(left: str, tmp_path: Path) -> None:
    make(tmp_path)
    file = tmp_path / "portal" / "code_keys"
    (tmp_path / "portal" / "code_keys.new").write_text("the whole of it")
    file.write_text(left)
    finish_interrupted(tmp_path)
    assert file.read_text() == "the whole of it"
    assert not [*file.parent.glob("*.new")]


def test_administrators_steps_take_no_published_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(TRYING_OUT, raising=False)
    monkeypatch.delenv(VARIABLE, raising=False)
    with pytest.raises(ConfigError, match=VARIABLE):
        passwords_given()
    make(tmp_path)
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    (tmp_path / "ingest-rpc" / "database_password").write_text("for-trying-out")
    (tmp_path / "ingest-worker" / "database_password").unlink()
    assert passwords_given()("payments_rpc")
    with pytest.raises(ConfigError, match=r"The password of ingest_rpc .* published"):
        passwords_given()("ingest_rpc")
    with pytest.raises(ConfigError, match="can't be read"):
        passwords_given()("ingest_work")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_files_can_be_given_to_the_user_of_containers(tmp_path: Path) -> None:
    make(tmp_path)
    give_to(tmp_path, 10001)
    put(tmp_path / "portal" / "secret", "another")
    assert {path.stat().st_uid for path in (tmp_path, *tmp_path.rglob("*"))} == {10001}


def a_stack_without_servers(folder: Path) -> Stack:
    return Stack(folder, "postgresql://nobody@127.0.0.1:9/nothing", Management(9, "nobody", "nothing"))


def test_one_rotates_at_a_time(tmp_path: Path) -> None:
    make(tmp_path)
    handle = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    with pytest.raises(RotationFailed, match="already"):
        rotate(a_stack_without_servers(tmp_path), "portal-secret", print)
    os.close(handle)
    rotate(a_stack_without_servers(tmp_path), "portal-secret", print)


def test_the_portal_s_secret_before_is_read_and_the_first_goes_on_pretending(tmp_path: Path) -> None:
    make(tmp_path)
    file = tmp_path / "portal" / "secret"
    seen = [file.read_text()]
    for _ in range(4):
        rotate(a_stack_without_servers(tmp_path), "portal-secret", print)
        seen.insert(0, file.read_text().splitlines()[0])
        first = [] if seen[-1] in seen[:2] else [seen[-1]]
        assert file.read_text().splitlines() == [*seen[:2], *first]
    assert len(set(seen)) == 5


@pytest.mark.parametrize("which", ["database", "broker", "all"])
def test_a_server_that_can_not_be_told_leaves_all_as_it_was(which: str, tmp_path: Path) -> None:
    make(tmp_path, ["finance"])
    before = contents(tmp_path)
    with pytest.raises(RotationFailed, match="Not all was rotated"):
        rotate(a_stack_without_servers(tmp_path), which, print)
    assert contents(tmp_path) == before
