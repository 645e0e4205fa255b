"""gunicorn's own words as JSON lines, like those of every process (`--logger-class`)."""

import logging
import os
from typing import Any

from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from libs.common.process import logs


class JsonLogger(Logger):
    """Hands what gunicorn says on to the process's own log. Requests are not logged: addresses tell of people."""

    def setup(self, cfg: Any) -> None:
        """Called by gunicorn when it starts; workers inherit it."""
        super().setup(cfg)
        logs.configure("portal", "web", os.environ.get("LOG_LEVEL", "INFO"))
        for logger in (self.error_log, self.access_log):
            logger.handlers = []
        self.error_log.propagate = True
        self.error_log.setLevel(logging.getLogger().level)
