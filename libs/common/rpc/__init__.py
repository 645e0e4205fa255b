"""RPC between services: the one door to it.

    from libs.common.rpc import Database, rpc                    in services/<name>/service.py
    from libs.common.rpc import SYSTEM, Caller, RpcClient        in whoever calls
    from libs.common.rpc import serve_rpc                        in what starts a process

Everything but `serve_rpc` and the callers is loaded when it is first asked for: eventlet must patch the standard
library before anything that uses sockets or locks is imported, and whoever only calls needs no eventlet at all.
"""

from __future__ import annotations

import importlib
import os
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

from libs.common.errors import Refused, ServiceUnavailable
from libs.common.process.loading import loading

if TYPE_CHECKING:
    from libs.common.rpc.client import RpcClient
    from libs.common.rpc.database import Database
    from libs.common.rpc.service import rpc

__all__ = ["SYSTEM", "Caller", "Database", "Refused", "RpcClient", "ServiceUnavailable", "rpc", "serve_rpc"]

_WHERE = {
    "RpcClient": "libs.common.rpc.client",
    "Database": "libs.common.rpc.database",
    "rpc": "libs.common.rpc.service",
}


class Caller(TypedDict):
    """Who asks: the first argument of every RPC."""

    who: str
    role: str
    """council, provider or system"""
    organisation: str | None
    """the uuid of the provider's organisation; None sees all"""
    staff: NotRequired[str]
    """of the council's people: their role, such as commissioning; of a token: the role that it was given"""
    scopes: NotRequired[list[str]]
    """of a token: the rights that it has now (libs/common/rights)"""


SYSTEM: Caller = {"who": "system", "role": "system", "organisation": None}


def serve_rpc(module_name: str, class_name: str) -> None:
    """Serve this nameko class until SIGTERM; SystemExit(1) when its container dies."""
    # nothing to act on here: nameko 2 is built on it
    warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
    # eventlet's own resolver of names takes longer to load than all else of it; ours are few, and asked for once
    os.environ.setdefault("EVENTLET_NO_GREENDNS", "yes")
    with loading():
        run = _patched(module_name)
    run(module_name, class_name)


def _patched(module_name: str) -> Callable[[str, str], None]:
    """What serves the class of this module, both loaded after the standard library was patched."""
    import eventlet

    eventlet.monkey_patch()
    # psycopg's compiled wait blocks the whole hub. The one written in Python gives way, also before green_wait.py has
    # put a better one in its place. The variable is read when psycopg is imported.
    os.environ["PSYCOPG_WAIT_FUNC"] = "wait_selector"
    from libs.common.rpc.process import run

    importlib.import_module(module_name)
    return run


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(importlib.import_module(_WHERE[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
