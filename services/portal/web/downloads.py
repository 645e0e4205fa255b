"""Files that pages and the API hand out."""

from __future__ import annotations

from typing import Any

from flask import Response


def download(content: Any, name: str, content_type: str) -> Response:
    """The content, whole or part by part, to be saved under a name."""
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return Response(content, 200, headers, content_type=content_type)
