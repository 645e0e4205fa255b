"""Which processes a stack has, what they run, and with which environment."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from deploy.local.council import settings_of
from deploy.local.home import Notes, secrets_of, stack_home
from deploy.local.machine.ports import kept_ports
from deploy.ops.roles import APPENDER, READER, Passwords, full_name, role_url
from deploy.ops.run import SERVICES
from deploy.secrets.folder import (
    BROKER_PASSWORD,
    CODE_KEYS,
    DATABASE_PASSWORD,
    PORTAL,
    PORTAL_SECRET,
    SIGNING_KEY,
    make,
    trusted_keys_file,
)
from libs.common.process.given import as_user

KINDS = {"rpc": "rpc", "worker": "work"}
"""The process of a service and the kind of its role."""


@dataclass(frozen=True)
class Planned:
    """One process of ours. `role` is its database role, '' for none."""

    name: str
    arguments: tuple[str, ...]
    role: str

    def command(self) -> list[str]:
        return [sys.executable, "-m", "deploy.ops.run", *self.arguments]


def planned() -> list[Planned]:
    """Every process of a stack but database and broker, in the order in which they are listed."""
    services = [
        Planned(f"{service}-{process}", (service, process), f"{service}_{kind}")
        for service in SERVICES
        for process, kind in KINDS.items()
    ]
    appender = Planned("portal-appender", ("portal", "appender"), APPENDER)
    return [*services, appender, Planned("portal", ("portal", "web"), "portal_rpc")]


def plan_ports(home: Path, notes: Notes, portal_port: int, *, has_proxy: bool) -> None:
    """Note where each process answers: a free port for each, kept from one start to the next.

    portal_port: where browsers come; with a proxy the portal itself is behind it.
    """
    names = tuple(process.name for process in planned())
    ports = kept_ports(home / "ports.json", (*names, "pages") if has_proxy else names)
    notes.portal_url = f"http://127.0.0.1:{portal_port}"
    notes.pages_port = ports["pages"] if has_proxy else portal_port
    notes.health_urls = {name: f"http://127.0.0.1:{ports[name]}" for name in names}
    if has_proxy:
        notes.health_urls["proxy"] = notes.portal_url


def urls_of_roles(admin_url: str, passwords: Passwords) -> dict[str, str]:
    """The database URL of every role that a process or a command uses."""
    roles = [process.role for process in planned()] + [READER]
    return {role: role_url(admin_url, role, passwords) for role in roles}


HIDDEN = (
    "CARETALLY_SECRETS",
    "DATABASE_ADMIN_URL",
    "DATABASE_URL",
    "AMQP_URL",
    "PORTAL_SECRET",
    "PORTAL_CODE_KEYS",
    "RPC_SIGNING_KEY",
    "RPC_TRUSTED_KEYS",
)
"""What no process gets from whoever starts the stack, by itself or in a file."""


def environment(process: Planned, notes: Notes) -> dict[str, str]:
    """What the process finds in its environment: what is its council's own, addresses, and in which files its passwords
    are."""
    said = settings_of(stack_home()) | os.environ  # who starts it may say it otherwise
    env = {name: one for name, one in said.items() if name.removesuffix("_FILE") not in HIDDEN}
    for name in ("AMQP_PASSWORD_FILE", "DATABASE_PASSWORD_FILE"):
        env.pop(name, None)
    own = secrets_of(stack_home()) / process.name
    port = notes.health_urls[process.name].rpartition(":")[2]
    env.update(
        DATABASE_URL=as_user(notes.admin_url, full_name(process.role), ""),
        DATABASE_PASSWORD_FILE=str(own / DATABASE_PASSWORD),
        CARETALLY_OBJECTS=notes.objects_url,
        HEALTH_HOST="127.0.0.1",
        HEALTH_PORT=port,
        PYTHONUNBUFFERED="1",
        **_broker_of(process, notes, own),
    )
    if process.arguments[1] in ("rpc", "web"):
        env["RPC_TRUSTED_KEYS_FILE"] = str(trusted_keys_file(own.parent))
    if process.name == PORTAL:
        pages_port = str(notes.pages_port)
        env.update(PORTAL_PORT=pages_port, PORTAL_URL=notes.portal_url, **portal_secrets(stack_home()))
        env.setdefault("PORTAL_INSECURE", "1")  # it listens on loopback, without TLS
        if "proxy" in notes.health_urls:
            env["PORTAL_PROXIES"] = "1"
    return env


def _broker_of(process: Planned, notes: Notes, own: Path) -> dict[str, str]:
    """Somebody else's broker has no users of ours: all come as the one that was given. The appender says nothing."""
    if process.role == APPENDER:
        return {}
    user = process.name.partition("-")[0]
    if user not in notes.amqp_urls:
        return {"AMQP_URL": notes.amqp_url}
    url = as_user(notes.amqp_url, full_name(user), "")
    return {"AMQP_URL": url, "AMQP_PASSWORD_FILE": str(own / BROKER_PASSWORD)}


def portal_secrets(home: Path) -> dict[str, str]:
    """Where what the portal signs and encrypts with is: made once for a home, apart from its database, and kept."""
    folder = secrets_of(home)
    make(folder, with_administrators=False)
    return {
        "PORTAL_CODE_KEYS_FILE": str(folder / PORTAL / CODE_KEYS),
        "PORTAL_SECRET_FILE": str(folder / PORTAL / PORTAL_SECRET),
        "RPC_SIGNING_KEY_FILE": str(folder / PORTAL / SIGNING_KEY),
    }
