"""What addresses of pages and of the API may hold."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import BaseConverter


class VisitRefConverter(BaseConverter):
    """A VisitRef as it is: it may hold slashes, at either end and several in a row."""

    regex = r"[\s\S]+"
    part_isolating = False
    weight = 200
    """after all that is more particular"""


def register(app: Flask) -> None:
    """Call it before any route is added."""
    app.url_map.converters["visit_ref"] = VisitRefConverter
    app.url_map.merge_slashes = False
