"""The proxy before the portal of a stack: HAProxy, where the machine has it.

Without it the portal meets browsers itself. CARETALLY_PROXY=off leaves it out.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from deploy.local.home import PROJECT
from deploy.local.keeper import Child

CONFIGURATION = PROJECT / "deploy" / "proxy" / "haproxy.cfg"
_PLACES = ("/usr/sbin/haproxy", "/usr/local/sbin/haproxy")
"""Where it may be although an ordinary user's PATH does not name the folder."""
_DEFAULTS = {
    "PROXY_COPIES": "",
    "PROXY_CERTIFICATE": "",
    "PROXY_TLS_BIND": "",
    "PROXY_MOST_CONNECTIONS": "200",
    "PROXY_MOST_REQUESTS": "1000",
}


def find_program() -> str | None:
    """The machine's HAProxy; None when there is none, or it is not wanted."""
    if os.environ.get("CARETALLY_PROXY") == "off":
        return None
    found = shutil.which("haproxy")
    return found or next((place for place in _PLACES if os.access(place, os.X_OK)), None)


def start_proxy(program: str, port: int, pages_port: int, log: Path) -> Child:
    """Have it listen on a port of this machine for the portal behind another."""
    given = {name: os.environ.get(name, default) for name, default in _DEFAULTS.items()}
    env = {
        "PROXY_URL": os.environ.get("PROXY_URL", f"https://{given['PROXY_TLS_BIND']}"),
        "PATH": os.environ.get("PATH", ""),
        **given,
        "PROXY_BIND": f"127.0.0.1:{port}",
        "PROXY_PLACE": f"127.0.0.1:{pages_port}",
    }
    return Child([program, "-db", "-f", str(CONFIGURATION)], env, log)
