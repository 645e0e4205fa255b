"""What an e-mail address may be, everywhere one comes in, and how it is written on a letter."""

from __future__ import annotations

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, ValidatedEmail, validate_email

# The council's own network may have names that nobody else knows, such as council.local.
SPECIAL_USE_DOMAIN_NAMES[:] = [name for name in SPECIAL_USE_DOMAIN_NAMES if name != "local"]


def is_email(text: str) -> bool:
    """Whether letters can be sent there, as far as the address itself tells. No name server is asked."""
    try:
        _read(text)
    except EmailNotValidError:
        return False
    return True


def as_sent(address: str) -> str:
    """The address as every mail server reads it, where there is such a form. ValueError for what is no address."""
    found = _read(address)
    return str(found.ascii_email or found.normalized)


def _read(text: str) -> ValidatedEmail:
    return validate_email(text, check_deliverability=False, strict=True)
