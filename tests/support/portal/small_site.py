"""A small application that gunicorn serves as it serves the portal: `tests.support.portal.small_site:create_app()`."""

from __future__ import annotations

import os
import time
from pathlib import Path

from flask import Flask

from libs.common.process.health import Readiness
from services.portal.web.serving import health

GO_ON = "GO_ON"
"""Names the file that the page /held waits for; a file beside it, with `.asked` at its end, says that it waits."""


def create_app() -> Flask:
    app = Flask(__name__)
    readiness = app.extensions["readiness"] = Readiness({})
    app.register_blueprint(health.pages(readiness))

    @app.get("/pid")
    def says_who() -> str:
        return str(os.getpid())

    @app.get("/held")
    def waits() -> str:
        go_on = Path(os.environ[GO_ON])
        go_on.with_suffix(".asked").touch()
        until = time.monotonic() + 30
        while not go_on.exists() and time.monotonic() < until:
            time.sleep(0.05)
        return "held"

    return app
