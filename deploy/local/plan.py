"""Which processes a stack has, what they run, and with which environment."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from deploy.local.home import Notes, signing_key_file, stack_home
from deploy.local.machine.ports import kept_ports
from deploy.local.machine.private import kept_keys, kept_secret, kept_signing_key
from deploy.ops.roles import APPENDER, role_url
from deploy.ops.run import SERVICES
from libs.common.rpc.signing import COMMAND_LINE, PORTAL, public_of

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


def urls_of_roles(admin_url: str, secret: str) -> dict[str, str]:
    """The database URL of every role that a process or a command uses."""
    roles = [process.role for process in planned()] + ["caretally_reader"]
    return {role: role_url(admin_url, role, secret) for role in roles}


def environment(process: Planned, notes: Notes) -> dict[str, str]:
    """What the process finds in its environment; it never learns the stack's secret."""
    hidden = ("CARETALLY_SECRET", "DATABASE_ADMIN_URL", "DATABASE_URL", "AMQP_URL")
    env = {
        name: value
        for name, value in os.environ.items()
        if name not in hidden and not name.startswith(("RPC_SIGNING_KEY", "RPC_TRUSTED_KEYS"))
    }
    port = notes.health_urls[process.name].rpartition(":")[2]
    if process.role != APPENDER:  # it says nothing to anybody
        env["AMQP_URL"] = notes.amqp_urls.get(process.name.partition("-")[0], notes.amqp_url)
    env.update(
        DATABASE_URL=notes.role_urls[process.role],
        CARETALLY_OBJECTS=notes.objects_url,
        HEALTH_HOST="127.0.0.1",
        HEALTH_PORT=port,
        PYTHONUNBUFFERED="1",
    )
    if process.arguments[1] in ("rpc", "web"):
        env["RPC_TRUSTED_KEYS"] = trusted_keys(stack_home())
    if process.name == "portal":
        kept_signing_key(signing_key_file(stack_home(), PORTAL), PORTAL)
        env["RPC_SIGNING_KEY_FILE"] = str(signing_key_file(stack_home(), PORTAL))
        pages_port = str(notes.pages_port)
        env.update(PORTAL_PORT=pages_port, PORTAL_URL=notes.portal_url, **portal_secrets(stack_home()))
        env.setdefault("PORTAL_INSECURE", "1")  # it listens on loopback, without TLS
        if "proxy" in notes.health_urls:
            env["PORTAL_PROXIES"] = "1"
    return env


def trusted_keys(home: Path) -> str:
    """The public keys of those who may ask services: the portal and the command line."""
    askers = (PORTAL, COMMAND_LINE)
    return ",".join(public_of(kept_signing_key(signing_key_file(home, asker), asker)) for asker in askers)


def portal_secrets(home: Path) -> dict[str, str]:
    """What the portal signs and encrypts with: made once for a home, apart from its database, and kept."""
    return {
        "PORTAL_CODE_KEYS": kept_keys(home / "portal-keys"),
        "PORTAL_SECRET": kept_secret(home / "portal-secret"),
    }
