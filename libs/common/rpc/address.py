"""How RPC, which is written on kombu, reaches the broker."""

from __future__ import annotations

import ssl
from typing import Any
from urllib.parse import urlsplit

from libs.common.process.given import CA_FILE, parameters_of, with_password, without_parameters

TLS_PORT = 5671


def address_of(amqp_url: str) -> str:
    """The address with the password of now, as kombu reads it."""
    url = without_parameters(with_password(amqp_url), CA_FILE)
    if not url.startswith("amqps:"):
        return url
    parts = urlsplit(url)
    place = parts.netloc if parts.port else f"{parts.netloc}:{TLS_PORT}"
    return parts._replace(scheme="amqp", netloc=place).geturl()


def tls_of(amqp_url: str) -> dict[str, Any] | None:
    """kombu's `ssl`: the broker shows a certificate of its name by a known authority. None without TLS."""
    parts = urlsplit(amqp_url)
    if parts.scheme != "amqps":
        return None
    return {
        "cert_reqs": ssl.CERT_REQUIRED,
        "ca_certs": parameters_of(amqp_url).get(CA_FILE),
        "server_hostname": parts.hostname,
    }
