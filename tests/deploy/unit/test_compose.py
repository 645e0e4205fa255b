"""docker-compose.yml and the Dockerfile, as far as they can be judged without an engine."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema  # type: ignore[import-untyped]
import pytest

from deploy.local.home import PROJECT
from deploy.local.plan import planned
from deploy.ops import run
from deploy.ops.broker import consumer_names, users
from deploy.ops.roles import APPENDER, role_names
from deploy.secrets.folder import make
from libs.common.errors import ConfigError
from libs.common.process.config import settings
from libs.common.process.given import with_password
from services.portal.accounts import environment as accounts_environment
from services.portal.letters.mail_server import MailServer
from services.portal.web import branding
from tests.support.stack.compose import (
    TRYING_OUT,
    Container,
    NotSet,
    compose_file,
    containers,
    dockerfile,
    fill_in,
    image_environment,
)

# The specification's own schema, of 2021 (Apache-2.0).
SCHEMA = Path(__file__).parents[2] / "cases" / "compose-spec.json"
# What has one place, or its data under its name, is there once.
SINGLE = ("rabbitmq", "postgres", "mail", "proxy")
NOT_OURS = ("PATH", "PYTHONPATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE")
LASTING = [container for container in containers() if container.health]


def services() -> dict[str, Any]:
    return dict(compose_file(TRYING_OUT)["services"])


def name_of(container: Container) -> str:
    return container.name


def test_the_file_is_one_that_the_specification_allows() -> None:
    schema = json.loads(SCHEMA.read_text())
    jsonschema.Draft201909Validator.check_schema(schema)
    jsonschema.validate(compose_file(TRYING_OUT), schema, jsonschema.Draft201909Validator)


def test_variables_are_filled_in_as_an_engine_does() -> None:
    text = "${A} ${A-x} ${A:-x} ${B-x} ${B:-x}"
    assert fill_in(text, {"B": ""}) == " x x  x"
    assert fill_in(text, {"A": "1", "B": "2"}) == "1 1 1 2 2"
    assert fill_in("${A:?why}", {"A": "1"}) == "1"
    with pytest.raises(NotSet, match="A: why"):
        fill_in("${A:?why}", {"A": ""})


def test_every_command_is_one_that_the_image_s_entry_takes() -> None:
    assert json.loads(dockerfile()[-1].removeprefix("ENTRYPOINT ")) == ["python", "-m", "deploy.ops.run"]
    assert {container.arguments for container in containers()} == set(run.commands())


def test_compose_runs_what_the_local_stack_runs_under_the_same_names_and_roles() -> None:
    found = {(c.name, c.arguments, role_of(c)) for c in LASTING if c.name != "portal"}
    wanted = {(p.name, p.arguments, p.role) for p in planned() if p.name != "portal"}
    assert found == wanted
    assert {c.name for c in LASTING} == {p.name for p in planned()}


@pytest.mark.parametrize("container", LASTING, ids=name_of)
def test_every_process_finds_in_its_environment_what_it_needs(
    container: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_environment(monkeypatch, container)
    if role_of(container) == APPENDER:  # it says nothing to anybody
        assert settings(needs=("database_url",)).amqp_url == ""
        return
    found = settings(needs=("amqp_url", "database_url", "objects_url"))
    amqp, database = with_password(found.amqp_url), with_password(found.database_url)
    assert amqp.startswith(f"amqp://{container.name.partition('-')[0]}:for-trying-out@")
    assert database.startswith(f"postgresql://{role_of(container)}:for-trying-out@")
    assert found.health_port > 0
    assert role_of(container) in role_names()
    assert urlsplit(amqp).username in {user.name for user in users()}


@pytest.mark.parametrize("container", LASTING, ids=name_of)
def test_no_process_starts_with_the_values_for_trying_out_unless_told(
    container: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_environment(monkeypatch, container)
    monkeypatch.setenv("CARETALLY_TRYING_OUT", "")
    with pytest.raises(ConfigError, match=r"published for trying out: .*secrets make"):
        settings(needs=("database_url",))


@pytest.mark.parametrize("command", ["migrate", "broker", "rotate"])
def test_no_step_of_administrators_is_done_with_the_values_for_trying_out_unless_told(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (container,) = (one for one in containers() if one.name == command)
    set_environment(monkeypatch, container)
    monkeypatch.setenv("CARETALLY_TRYING_OUT", "0")
    with pytest.raises(SystemExit) as ended:
        run.main([command])
    said = capsys.readouterr().err
    assert (ended.value.code, said.count("\n"), "published for trying out" in said) == (2, 1, True), said


@pytest.mark.parametrize("given", [{}, {"CARETALLY_SECRETS": ""}, {"CARETALLY_TRYING_OUT": "1"}])
def test_compose_itself_says_what_is_missing(given: dict[str, str]) -> None:
    with pytest.raises(NotSet, match="CARETALLY_SECRETS: make it with `caretally secrets make"):
        compose_file(given)


@pytest.mark.parametrize("container", LASTING, ids=name_of)
def test_a_process_has_its_own_secrets_alone(container: Container) -> None:
    """Their folder is its own, and no other process's file is among them; public keys are no secret."""
    wanted = {f"{container.name}/database_password"}
    if role_of(container) != APPENDER:
        wanted.add(f"{container.name}/broker_password")
    if container.name == "portal":
        wanted |= {f"portal/{name}" for name in ("secret", "code_keys", "signing_key")}
    if container.arguments[1] in ("rpc", "web"):
        wanted.add("public/trusted_keys")
    found = {str(Path(file).relative_to("deploy/trying-out")) for file in container.secrets.values()}
    assert found == wanted


def test_what_is_made_is_what_compose_wants(tmp_path: Path) -> None:
    made = {str(file.relative_to(tmp_path)) for file in make(tmp_path, consumer_names())}
    folder = PROJECT / "deploy" / "trying-out"
    tried = {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}
    assert made == {name for name in tried if not name.endswith("README.md")}


def test_the_portal_finds_what_its_accounts_need(monkeypatch: pytest.MonkeyPatch) -> None:
    (portal,) = (container for container in containers() if container.name == "portal")
    set_environment(monkeypatch, portal)
    found = accounts_environment.from_environment()
    assert found.mail_server == MailServer("smtp://mail:1025", "caretally@localhost", needs_tls=False)
    assert found.is_insecure
    assert branding.from_environment() == branding.Branding()
    found.close()
    monkeypatch.setenv(
        "PORTAL_INSECURE", containers(TRYING_OUT | {"PORTAL_INSECURE": ""})[-1].environment["PORTAL_INSECURE"]
    )
    behind_tls = accounts_environment.from_environment()
    assert not behind_tls.is_insecure
    behind_tls.close()


def role_of(container: Container) -> str | None:
    return urlsplit(container.environment["DATABASE_URL"]).username


def set_environment(monkeypatch: pytest.MonkeyPatch, container: Container) -> None:
    """What is set for the rest of the test: nothing of whoever runs it leads a process astray."""
    for name in ("AMQP_URL", "DATABASE_URL", "CARETALLY_PREFIX", "LOG_LEVEL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in container.environment.items():
        monkeypatch.setenv(name, str(PROJECT / container.secrets.get(value, value)))
        if value == "/run/caretally":
            monkeypatch.setenv(name, str(PROJECT / "deploy" / "trying-out"))
        elif value not in container.secrets:
            monkeypatch.setenv(name, value)


def test_every_variable_that_is_set_is_read_somewhere() -> None:
    code = "".join(
        file.read_text()
        for folder in ("libs", "services", "deploy")
        for file in (PROJECT / folder).rglob("*.py")
    )
    names = {name for container in containers() for name in container.environment} - {*NOT_OURS}
    assert names > {"AMQP_URL", "PORTAL_SECRET_FILE", "HEALTH_PORT"}
    names = {re.sub("(?<!CA)_FILE$", "", name.replace("_PASSWORD_FILE", "_URL")) for name in names}
    assert [name for name in sorted(names) if not re.search(f"[\"']{name}[\"']", code)] == []


def test_no_password_stands_in_the_file() -> None:
    text = (PROJECT / "docker-compose.yml").read_text()
    assert not re.search("for-trying-out|Zm9y|://[^@/ ]*:[^@/ ]*@", text.replace("user:password", ""))
    assert not re.search(r"(PASSWORD|SECRET|KEYS|PASS): (?!/run/)", text)


def test_every_process_can_be_scaled() -> None:
    for name, service in services().items():
        if name in SINGLE:
            continue
        assert not service.keys() & {"container_name", "hostname", "network_mode"}, name
        for port in service.get("ports", []):
            _, host, _ = port.rsplit(":", 2)
            assert "-" in host, f"{name} has one port of the host for all its copies"


def test_whoever_waits_waits_for_something_that_tells_when_it_is_ready() -> None:
    for name, service in services().items():
        for awaited, how in service.get("depends_on", {}).items():
            other = services()[awaited]
            wanted = "service_healthy" if "healthcheck" in other else "service_completed_successfully"
            assert how["condition"] == wanted, (name, awaited)


def test_only_loopback_is_published() -> None:
    ports = [port for service in services().values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_every_image_has_a_kept_version() -> None:
    pulled = {service["image"] for service in services().values() if "build" not in service}
    assert pulled
    assert all(re.search(r":v?[0-9]", image) for image in pulled)


def test_the_image_runs_as_nobody_in_particular_with_packages_pinned_by_hash() -> None:
    lines = dockerfile()
    assert lines[-3:-1] == ["USER caretally", "VOLUME /var/lib/caretally/objects"]
    assert any("useradd --system --uid 10001" in line for line in lines)
    installs = [line for line in lines if "pip install" in line]
    assert installs
    assert all("--require-hashes" in line for line in installs)
    assert image_environment()["PYTHONPATH"] == "/app"


@pytest.mark.parametrize("lock", ["requirements.lock", "image.lock", "installer.lock"])
def test_every_package_is_pinned_by_hash(lock: str) -> None:
    locked = (PROJECT / lock).read_text()
    pinned = re.findall(r"^[a-z0-9][\w.\[\]-]*==", locked, re.MULTILINE)
    assert len(pinned) == len(re.findall(r"^\S+==\S+ .*\\\n    --hash=sha256:", locked, re.MULTILINE)) > 0


def test_the_image_has_all_that_the_packages_of_the_project_need() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    locked = (PROJECT / "image.lock").read_text()
    for wanted in project["dependencies"]:
        name = re.split(r"[~=<>\[; ]", wanted, maxsplit=1)[0].lower()
        assert re.search(rf"^{re.escape(name)}(\[[\w,-]+\])?==", locked, re.MULTILINE), name
