"""`caretally user` and `caretally token` on a real database (DESIGN 4.1)."""

from __future__ import annotations

import datetime as dt
import json
import re
import stat
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from typer.testing import CliRunner, Result

from deploy.cli.commands import app_for
from deploy.local.plan import portal_secrets
from services.portal.accounts.tokens import steps as tokens_steps
from services.portal.accounts.vault import keys_from
from tests.support.portal.accounts import PASSWORD, Portal, a_provider, path_of


@pytest.fixture(autouse=True)
def environment(portal_url: str, portal: Portal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = portal_secrets(tmp_path) | {"DATABASE_URL": portal_url, "CARETALLY_HOME": str(tmp_path)}
    for name, value in given.items():
        monkeypatch.setenv(name, value)


def run_command(*arguments: str) -> Result:
    return CliRunner().invoke(app_for(arguments[0]), arguments)


def test_an_account_that_was_made_can_sign_in(portal: Portal) -> None:
    made = run_command("user", "add", "--email", "jo@council.example", "--role", "finance")
    assert made.exit_code == 0
    password = made.stdout.splitlines()[-1]
    browser = portal.browser()
    assert path_of(browser.gives_password("jo@council.example", password)) == "/"
    again = run_command("user", "add", "--email", "JO@council.example", "--role", "finance")
    assert (again.exit_code, again.stdout) == (1, "")
    assert again.stderr == "There is an account with this e-mail address already.\n"


def test_a_reset_prints_a_link_that_sets_a_password(portal: Portal) -> None:
    jo = portal.a_holder()
    link = json.loads(run_command("user", "reset", "--email", jo, "--json").stdout)["link"]
    browser = portal.browser()
    assert browser.post(urlsplit(link).path, new="Green4Lantern", again="Green4Lantern").status_code == 200
    assert browser.signs_in(jo, PASSWORD).status_code == 403
    assert run_command("user", "reset", "--email", "nobody@diamond.example").exit_code == 1


def test_who_must_have_an_app_is_shown_and_set(portal: Portal) -> None:
    shown = json.loads(run_command("user", "require-app", "--json").stdout)
    assert shown == {role: role not in ("home_manager", "accounts_payable") for role in shown}
    done = run_command("user", "require-app", "--role", "finance", "--role", "helpdesk", "--off")
    assert "finance  may have an authenticator app" in done.stdout
    assert "approver  must have an authenticator app" in done.stdout
    set_at = portal.rows("SELECT role, is_required FROM app_requirements ORDER BY role")
    assert set_at == [("finance", False), ("helpdesk", False)]
    ended = portal.rows("SELECT outcome FROM audit_ends ORDER BY outcome")
    assert ended == [("finance: not required",), ("helpdesk: not required",)]
    assert run_command("user", "require-app", "--role", "boss").exit_code == 1


def test_a_token_is_printed_once_and_lets_the_council_in(portal: Portal) -> None:
    made = json.loads(run_command("token", "add", "--days", "36500", "--json").stdout or "{}")
    assert made == {}  # that is too long
    made = json.loads(run_command("token", "add", "--days", "30", "--json").stdout)
    caller = tokens_steps.caller_of(portal.parts, made["token"])
    assert caller is not None
    assert (caller["role"], caller.get("staff")) == ("council", None)


def test_a_token_of_the_council_can_have_the_eyes_of_a_role(portal: Portal) -> None:
    made = json.loads(run_command("token", "add", "--role", "commissioning", "--json").stdout)
    caller = tokens_steps.caller_of(portal.parts, made["token"])
    assert caller is not None
    assert caller.get("staff") == "commissioning"
    refused = run_command("token", "add", "--role", "home_manager")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr == "A token of the council can have a role of its people, and no other.\n"


def test_whose_an_account_or_token_is_needs_a_running_system(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AMQP_URL", raising=False)
    of_diamond = ("--organisation", "Diamond")
    for refused in (
        run_command("token", "add", *of_diamond),
        run_command("user", "add", "--email", "jo@diamond.example", "--role", "home_manager", *of_diamond),
    ):
        assert (refused.exit_code, refused.stdout) == (1, "")
        assert refused.stderr.startswith("Caretally is not running here")


def test_tokens_are_listed_and_revoked(portal: Portal) -> None:
    assert run_command("token", "list").stdout == "There are no tokens.\n"
    portal.clock.now = dt.datetime.now(dt.UTC)  # as the commands have it
    made = [
        {"token": tokens_steps.add(portal.parts, whose, 365, "tests")}
        for whose in (None, a_provider("Pearl"))
    ]
    token_id = made[1]["token"].split("_")[1]
    listed = json.loads(run_command("token", "list", "--json").stdout)
    assert {(token["organisation"], token["state"]) for token in listed} == {
        (None, "waiting"),
        ("Pearl", "good"),
    }
    assert run_command("token", "revoke", token_id).exit_code == 0
    assert tokens_steps.caller_of(portal.parts, made[1]["token"]) is None
    assert tokens_steps.caller_of(portal.parts, made[0]["token"]) is not None
    lines = run_command("token", "list").stdout
    assert re.search(f"{token_id}  revoked  until [0-9-]{{10}}  Pearl", lines)
    assert not [each for each in made if each["token"].rpartition("_")[2] in lines]
    unknown = run_command("token", "revoke", "nothing")
    assert (unknown.exit_code, unknown.stdout) == (1, "")


def test_an_account_is_disabled_and_enabled(portal: Portal) -> None:
    jo, browser = portal.a_holder(), portal.browser()
    browser.signs_in(jo)
    assert run_command("user", "disable", "--email", jo).stdout == f"The account of {jo} is disabled.\n"
    assert not browser.is_in()
    assert run_command("user", "enable", "--email", jo).exit_code == 0
    assert path_of(portal.browser().signs_in(jo)) == "/"
    assert run_command("user", "disable", "--email", "nobody@diamond.example").exit_code == 1


def test_keys_are_rotated(portal: Portal) -> None:
    assert run_command("user", "rotate-keys").stdout == "Encrypted anew by key 1: 0 accounts.\n"


def test_the_keys_of_a_home_are_made_once_and_only_its_owner_reads_them(tmp_path: Path) -> None:
    kept = portal_secrets(tmp_path)
    assert portal_secrets(tmp_path) == kept
    assert list(keys_from(Path(kept["PORTAL_CODE_KEYS_FILE"]).read_text())) == [1]
    for file in map(Path, kept.values()):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert file.is_relative_to(tmp_path)
