"""docker-compose.yml and the Dockerfile, as far as they can be judged without an engine."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from deploy.local.home import PROJECT
from deploy.local.plan import planned
from deploy.ops import run
from deploy.ops.broker import users
from deploy.ops.roles import APPENDER, role_names
from libs.common.process.config import settings
from services.portal.accounts import environment as accounts_environment
from services.portal.letters.mail_server import MailServer
from services.portal.web import branding
from tests.support.stack.compose import (
    IMAGE,
    Container,
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
    return dict(compose_file()["services"])


def name_of(container: Container) -> str:
    return container.name


def test_the_file_is_one_that_the_specification_allows() -> None:
    schema = json.loads(SCHEMA.read_text())
    jsonschema.Draft201909Validator.check_schema(schema)
    jsonschema.validate(compose_file(), schema, jsonschema.Draft201909Validator)


def test_variables_are_filled_in_as_an_engine_does() -> None:
    text = "${A} ${A-x} ${A:-x} ${B-x} ${B:-x}"
    assert fill_in(text, {"B": ""}) == " x x  x"
    assert fill_in(text, {"A": "1", "B": "2"}) == "1 1 1 2 2"


def test_every_command_is_one_that_the_image_s_entry_takes() -> None:
    assert json.loads(dockerfile()[-1].removeprefix("ENTRYPOINT ")) == ["python", "-m", "deploy.ops.run"]
    assert {container.arguments for container in containers()} == set(run.commands())


def test_compose_runs_what_the_local_stack_runs_under_the_same_names_and_roles() -> None:
    found = {(c.name, c.arguments, c.environment["DATABASE_ROLE"]) for c in LASTING if c.name != "portal"}
    wanted = {(p.name, p.arguments, p.role) for p in planned() if p.name != "portal"}
    assert found == wanted
    assert {c.name for c in LASTING} == {p.name for p in planned()}


@pytest.mark.parametrize("container", LASTING, ids=name_of)
def test_every_process_finds_in_its_environment_what_it_needs(
    container: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_environment(monkeypatch, container.environment)
    run._derive_urls()
    if container.environment["DATABASE_ROLE"] == APPENDER:  # it says nothing to anybody
        assert settings(needs=("database_url",)).amqp_url == ""
        return
    found = settings(needs=("amqp_url", "database_url", "objects_url"))
    assert found.amqp_url.startswith(f"amqp://{container.name.partition('-')[0]}:")
    assert found.database_url.startswith(f"postgresql://{container.environment['DATABASE_ROLE']}:")
    assert found.health_port > 0
    assert container.environment["DATABASE_ROLE"] in role_names()
    assert container.environment["AMQP_USER"] in {user.name for user in users()}


def test_the_portal_finds_what_its_accounts_need(monkeypatch: pytest.MonkeyPatch) -> None:
    (portal,) = (container for container in containers() if container.name == "portal")
    set_environment(monkeypatch, portal.environment)
    run._derive_urls()
    found = accounts_environment.from_environment()
    assert found.mail_server == MailServer("smtp://mail:1025", "caretally@localhost")
    assert found.is_insecure
    assert branding.from_environment() == branding.Branding()
    found.close()
    monkeypatch.setenv(
        "PORTAL_INSECURE", containers({"PORTAL_INSECURE": ""})[-1].environment["PORTAL_INSECURE"]
    )
    behind_tls = accounts_environment.from_environment()
    assert not behind_tls.is_insecure
    behind_tls.close()


def set_environment(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    """What is set for the rest of the test: nothing of whoever runs it leads a process astray."""
    for name in ("AMQP_URL", "DATABASE_URL", "CARETALLY_PREFIX", "LOG_LEVEL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    for name in ("AMQP_URL", "DATABASE_URL"):  # what is derived goes with the test
        monkeypatch.setenv(name, environment.get(name, ""))


def test_every_variable_that_is_set_is_read_somewhere() -> None:
    code = "".join(
        file.read_text()
        for folder in ("libs", "services", "deploy")
        for file in (PROJECT / folder).rglob("*.py")
    )
    names = {name for container in containers() for name in container.environment} - {*NOT_OURS}
    assert names > {"AMQP_PLACE", "PORTAL_SECRET", "HEALTH_PORT"}
    assert [name for name in sorted(names) if not re.search(f"[\"']{name}[\"']", code)] == []


def test_no_password_stands_in_the_file_that_a_variable_can_not_replace() -> None:
    text = (PROJECT / "docker-compose.yml").read_text()
    for line in text.splitlines():
        if re.search(r"(PASSWORD|SECRET|KEYS|URL|PASS): .*(?:for-trying-out|Zm9y)", line):
            assert re.search(r"\$\{\w+:-(for-trying-out|1:Zm9y)", line), line


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
    images = {service["image"] for service in services().values()} - {IMAGE}
    assert len(images) == len(SINGLE)
    assert all(re.search(r":v?[0-9]", image) for image in images)


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
