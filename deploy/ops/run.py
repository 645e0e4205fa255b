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
USAGE = "usage: python -m deploy.ops.run {ingest|matching|payments|disputes} {rpc|worker} | portal web | migrate | broker | rotate"


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
    """PORTAL_HOST and PORTAL_PORT say where pages are served (127.0.0.1, 8000), HEALTH_PORT where threads of their own
    answer for health; the port of the pages answers that too."""
    host, port = os.environ.get("PORTAL_HOST", "127.0.0.1"), int(os.environ.get("PORTAL_PORT", "8000"))
    health_port = int(os.environ.get("HEALTH_PORT", "0"))
    with loading():
        app = importlib.import_module("services.portal.app").create_app()
        serving = importlib.import_module("services.portal.web.serving.server")
    serving.serve(app, host, port, 0 if health_port == port else health_port)


if __name__ == "__main__":
    main(sys.argv[1:])
