"""What every answer says to a browser: run, keep, frame and lend nothing that is not ours."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, request

from services.portal.web import access, appearance

# The one line of script in GOV.UK's page template, which says that scripts run; a test compares it.
_TEMPLATE_SCRIPT: Final = "sha256-GUQ5ad8JK5KmEWmROf3LZd9ge94daqNvd8xy9YS1iDw="

FEATURES: Final = (
    "camera",
    "display-capture",
    "geolocation",
    "microphone",
    "payment",
    "publickey-credentials-get",
    "usb",
)
"""What no page asks a browser for."""

# Nothing from elsewhere and no frame: style sheet, script and pictures are our own files.
HEADERS: Final = {
    "Content-Security-Policy": f"default-src 'none'; script-src 'self' '{_TEMPLATE_SCRIPT}'; "
    "style-src 'self'; img-src 'self'; object-src 'none'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in FEATURES),
}
ONLY_TLS: Final = "max-age=31536000; includeSubDomains"
"""For a year browsers come by TLS alone, to names below this one too. Said where the portal is not told that it is
without TLS; over plain HTTP browsers don't heed it."""


def register(app: Flask) -> None:
    """Have every answer say so, failures too."""
    app.after_request(_secure)


def _secure(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint not in appearance.FILES:
        response.headers.setdefault("Cache-Control", "no-store")
    if not access.the_parts().is_insecure:
        response.headers.setdefault("Strict-Transport-Security", ONLY_TLS)
    return response
