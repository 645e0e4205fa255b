"""Free ports on 127.0.0.1, kept from one start to the next."""

from __future__ import annotations

import json
import random
import socket
from functools import partial
from pathlib import Path

from deploy.local.machine.processes import wait_until

# Below the range from which the system takes the ports of outgoing connections: a port noted here
# is not taken by chance while its server is down.
LOWEST, HIGHEST = 20000, 32000
RELEASE_SECONDS = 5


def is_free(port: int) -> bool:
    """True when a server could listen on this port of 127.0.0.1 now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port(taken: set[int] | None = None) -> int:
    """A port of 127.0.0.1 that is free now and not in `taken`; OSError when none is found."""
    for _ in range(1000):
        port = random.randint(LOWEST, HIGHEST)
        if port not in (taken or set()) and is_free(port):
            return port
    raise OSError("no free port on 127.0.0.1")


def kept_ports(file: Path, names: tuple[str, ...]) -> dict[str, int]:
    """Ports by name as noted in `file`; those that are missing or taken by now are chosen and noted.

    A killed server of many threads holds its ports for a moment after it seems gone: they are
    waited for, up to RELEASE_SECONDS.
    """
    noted: dict[str, int] = json.loads(file.read_text()) if file.exists() else {}
    ports: dict[str, int] = {}
    for name in names:
        port = noted.get(name)
        keeps = port is not None and wait_until(partial(is_free, port), RELEASE_SECONDS)
        ports[name] = port if port and keeps else free_port(set(ports.values()))
    file.write_text(json.dumps(ports))
    return ports
