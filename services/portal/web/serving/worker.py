"""gunicorn's worker for the portal: it serves as `server.py` says, on the sockets that gunicorn holds.

gunicorn starts it anew when it dies, and ends it when its loop hangs. Pages are worked out in threads beside the
loop, so that one which takes long ends nothing.
"""

from __future__ import annotations

import os
import socket
from types import FrameType

from gunicorn.workers.base import Worker  # type: ignore[import-untyped]

from libs.common.process import logs
from libs.common.process.config import settings
from libs.common.process.loading import loading
from services.portal.web.serving.server import Serving

_log = logs.log(__name__)


class PortalWorker(Worker):  # type: ignore[misc]
    """One process of the portal."""

    alive: bool
    """False once it is to end"""
    _serving: Serving | None = None

    def load_wsgi(self) -> None:
        with loading():
            super().load_wsgi()

    def run(self) -> None:
        pages, health = divide([one.sock for one in self.sockets], settings(needs=()).health_port)
        self._serving = Serving(self.wsgi, pages, health)
        if self.alive:  # else it was told to end while it was loading
            self._serving.run(self._look)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """SIGTERM: answer what is under way, and end."""
        super().handle_exit(sig, frame)
        if self._serving is not None:
            self._serving.stop()

    def _look(self) -> None:
        """Tell gunicorn that the loop goes round. Without gunicorn nobody would end this process: it ends itself."""
        self.notify()
        if self.alive and os.getppid() != self.ppid:
            _log.warning("gunicorn_ended")
            self.alive = False
            if self._serving is not None:
                self._serving.stop()


def divide(
    sockets: list[socket.socket], health_port: int
) -> tuple[list[socket.socket], socket.socket | None]:
    """Those for pages, and the one for health alone: that of `health_port`, when it is not the only one."""
    health = [one for one in sockets if one.getsockname()[1] == health_port]
    pages = [one for one in sockets if one not in health]
    return (pages, health[0]) if pages and health else (sockets, None)
