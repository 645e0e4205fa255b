"""The one entry of every process: `python -m deploy.ops.run <service> <process>`, `migrate`, `broker` or `rotate`.

Everything is imported when it is known what is to run: eventlet must patch before a service's
module is loaded, and a worker must not load eventlet at all.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable
from functools import partial

from libs.common.errors import ConfigError
from libs.common.process.loading import loading

SERVICES = ("ingest", "matching", "payments", "disputes")
USAGE = "usage: python -m deploy.ops.run {ingest|matching|payments|disputes} {rpc|worker} | portal {web|appender} | migrate | broker | rotate"
GUNICORN = (
    "--worker-class=services.portal.web.serving.worker.PortalWorker",
    "--workers=1",
    "--graceful-timeout=9",  # a second more than its worker gives itself, and less than a container has
    "--timeout=30",
    "--logger-class=services.portal.web.serving.gunicorn_logs.JsonLogger",
    "--no-control-socket",
)
"""Options of the portal's gunicorn, without its addresses."""


def main(arguments: list[str]) -> None:
    """Run what the arguments name; SystemExit(2) when they name nothing."""
    run = commands().get(tuple(arguments))
    if run is None:
        print(USAGE, file=sys.stderr)
        raise SystemExit(2)
    try:
        run()
    except ConfigError as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from None


def commands() -> dict[tuple[str, ...], Callable[[], None]]:
    """All that can be run, by its arguments."""
    found: dict[tuple[str, ...], Callable[[], None]] = {
        ("portal", "web"): _portal,
        ("portal", "appender"): partial(_main_of, "services.portal.evidence.appender"),
        ("migrate",): partial(_main_of, "deploy.ops.bootstrap"),
        ("broker",): partial(_main_of, "deploy.ops.broker"),
        ("rotate",): partial(_main_of, "deploy.secrets.rotating"),
    }
    for name in SERVICES:
        found[name, "rpc"] = partial(_rpc, name)
        found[name, "worker"] = partial(_main_of, f"services.{name}.worker")
    return found


def _main_of(module: str) -> None:
    with loading():
        found = importlib.import_module(module)
    found.main()


def _rpc(service: str) -> None:
    from libs.common.rpc import serve_rpc

    serve_rpc(f"services.{service}.service", f"{service.capitalize()}Service")


def _portal() -> None:
    """Become gunicorn. PORTAL_HOST and PORTAL_PORT say where pages are served (127.0.0.1, 8000), HEALTH_HOST and
    HEALTH_PORT where threads of their own answer for health; the port of the pages answers that too."""
    port, health_port = os.environ.get("PORTAL_PORT", "8000"), os.environ.get("HEALTH_PORT", "0")
    addresses = [f"{os.environ.get('PORTAL_HOST', '127.0.0.1')}:{port}"]
    if health_port not in ("", "0", port):
        addresses.append(f"{os.environ.get('HEALTH_HOST', '127.0.0.1')}:{health_port}")
    binding = [f"--bind={address}" for address in addresses]
    command = [sys.executable, "-m", "gunicorn", *GUNICORN, *binding, "services.portal.app:create_app()"]
    os.execv(sys.executable, command)


if __name__ == "__main__":
    main(sys.argv[1:])
