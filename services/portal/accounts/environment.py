"""What accounts are made of in one process: database, keys, time and chance. Tests give their own."""

from __future__ import annotations

import datetime as dt
import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from environs import Env, EnvError, validate

from libs.common.care.clock import now
from libs.common.errors import ConfigError
from libs.common.process import database
from libs.common.process.database import PAGES, Sessions
from libs.common.process.given import WatchedFile, given, given_url, watched
from libs.common.process.probes import database_answers
from libs.common.process.strictness import SHORTEST_SECRET, is_trying_out, require_database, require_secret
from services.portal.accounts.openid import issuer
from services.portal.accounts.openid.issuer import Issuer
from services.portal.accounts.passwords import Passwords
from services.portal.accounts.vault import Sealed, Vault, keys_from
from services.portal.help.rules import DEFAULT_SUBMISSION_DAYS, MOST_SUBMISSION_DAYS
from services.portal.letters.mail_server import MailServer, fault_of_url, is_sender
from services.portal.storage.rules import DEFAULT_FILES_A_DAY, DEFAULT_MOST_BYTES, Allowed
from services.portal.web.serving.proxies import THIS_MACHINE, Network, networks_from

POOL_SIZE = 13
"""One database session for each of the eight threads of pages, one each for the postman, the notifier, the listener, the
sweeper and the exporter."""


@dataclass(frozen=True)
class Parts:
    """The pieces that every step of an account needs."""

    sessions: Sessions
    vault: Vault
    secret: str
    """signs forms and draws what is pretended; the same in all processes of a portal. A line each: the newest, the one
    before, the first"""
    passwords: Passwords = field(default_factory=Passwords)
    clock: Callable[[], dt.datetime] = now
    chance: random.Random = field(default_factory=secrets.SystemRandom)
    mail_server: MailServer | None = None
    public_url: str = "http://127.0.0.1:8000"
    """where holders reach the portal, for links in letters; never what a request says it is"""
    is_insecure: bool = False
    """cookies without `Secure`: for a portal on loopback alone"""
    proxies: int = 0
    """how many proxies stand before the portal, whose X-Forwarded-For says where a request comes from"""
    proxy_networks: tuple[Network, ...] = networks_from(THIS_MACHINE)
    """where the nearest of them is: what others say of where a request comes from is not believed"""
    submission_days: int = DEFAULT_SUBMISSION_DAYS
    """how many days after a week's Sunday its visits are due"""
    council_name: str = ""
    """no password holds it"""
    issuer: Issuer | None = None
    """the council's OpenID provider; None where nobody signs in by one"""
    allowed: Allowed = field(default_factory=Allowed)
    """what a provider's files may hold, where the council set nothing for it"""
    check: Callable[[], str | None] | None = None
    """a health check of the database"""
    secret_file: WatchedFile | None = None
    """where the secret is, when it may change meanwhile"""
    code_of_nobody: Sealed = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "code_of_nobody", self.vault.seal("000000", "code|nobody"))

    def close(self) -> None:
        """Close the sessions with the database."""
        self.sessions.kw["bind"].dispose()

    def random_id(self) -> str:
        """256 random bits, fit for a URL or a cookie."""
        return self.chance.randbytes(32).hex()

    def signing_keys(self) -> list[str]:
        """What signs forms and their cookie: the newest first, then the one before, whose signatures are good still."""
        return self._secrets()[:2]

    def pretending_key(self) -> bytes:
        """What draws the pretended: the first of all, for what it draws may not change on one day for all addresses."""
        return self._secrets()[-1].encode()

    def _secrets(self) -> list[str]:
        text = self.secret if self.secret_file is None else self.secret_file.read()
        return text.splitlines()


def from_environment() -> Parts:
    """The parts of a process. ConfigError says what is missing in its environment."""
    env = Env()
    url, secret = given_url("DATABASE_URL"), given("PORTAL_SECRET")
    if not url:
        raise ConfigError("DATABASE_URL is not set: give the address of PostgreSQL for the role portal_rpc.")
    require_database("DATABASE_URL", url)
    if len(secret) < SHORTEST_SECRET:
        raise ConfigError(f"PORTAL_SECRET is not set: give {SHORTEST_SECRET} or more random characters.")
    for line in secret.splitlines():
        require_secret("PORTAL_SECRET", line)
    vault = _vault()
    port = env.str("PORTAL_PORT", "8000")
    return Parts(
        sessions=database.sessions(database.engine(url, "portal", POOL_SIZE, PAGES)),
        vault=vault,
        secret=secret,
        secret_file=watched("PORTAL_SECRET"),
        mail_server=_mail_server(env),
        public_url=env.str("PORTAL_URL", f"http://127.0.0.1:{port}").rstrip("/"),
        is_insecure=env.str("PORTAL_INSECURE", "") == "1",
        proxies=_proxies(env),
        proxy_networks=_proxy_networks(env),
        submission_days=_submission_days(env),
        council_name=env.str("PORTAL_COUNCIL_NAME", ""),
        issuer=issuer.from_environment(),
        allowed=_allowed(env),
        check=database_answers(url, "portal"),
    )


def _vault() -> Vault:
    """By PORTAL_CODE_KEYS; when they stand in a file, by what that says each time that something is sealed."""
    keys, file = given("PORTAL_CODE_KEYS"), watched("PORTAL_CODE_KEYS")
    if keys:
        require_secret("PORTAL_CODE_KEYS", keys)
    try:
        return Vault(keys_from(keys), None if file is None else lambda: keys_from(file.read()))
    except ValueError:
        raise ConfigError(
            "PORTAL_CODE_KEYS is not set, or can't be used: give keys of 32 bytes as 1:base64,2:base64."
        ) from None


def _mail_server(env: Env) -> MailServer | None:
    """SMTP_URL and SMTP_CA_FILE. None when letters are not sent."""
    url = given("SMTP_URL")
    if not url:
        return None
    fault = fault_of_url(url)
    if fault is not None:
        raise ConfigError(fault)
    return MailServer(
        url, _sender(env), needs_tls=not is_trying_out(), authority=env.str("SMTP_CA_FILE", "") or None
    )


def _sender(env: Env) -> str:
    sender = env.str("MAIL_FROM", "caretally@localhost")
    if not is_sender(sender):
        raise ConfigError(
            "MAIL_FROM must be an e-mail address, such as Caretally <caretally@council.example>."
        )
    return sender


def _proxies(env: Env) -> int:
    try:
        return env.int("PORTAL_PROXIES", 0, validate=validate.Range(0, 9))
    except EnvError:
        raise ConfigError("PORTAL_PROXIES must be the number of proxies before the portal, 0 to 9.") from None


def _proxy_networks(env: Env) -> tuple[Network, ...]:
    given = env.str("PORTAL_PROXY_NETWORKS", "").replace(",", " ").split()
    try:
        return networks_from(given or THIS_MACHINE)
    except ValueError:
        raise ConfigError(
            "PORTAL_PROXY_NETWORKS must be the networks of the proxies before the portal, such as 10.1.0.0/24."
        ) from None


def _submission_days(env: Env) -> int:
    try:
        return env.int(
            "PORTAL_SUBMISSION_DAYS",
            DEFAULT_SUBMISSION_DAYS,
            validate=validate.Range(0, MOST_SUBMISSION_DAYS),
        )
    except EnvError:
        raise ConfigError(
            f"PORTAL_SUBMISSION_DAYS must be a number of days, 0 to {MOST_SUBMISSION_DAYS}."
        ) from None


def _allowed(env: Env) -> Allowed:
    try:
        megabytes = env.int("PORTAL_STORAGE_MB", DEFAULT_MOST_BYTES // 1_000_000, validate=validate.Range(1))
        files_a_day = env.int("PORTAL_FILES_A_DAY", DEFAULT_FILES_A_DAY, validate=validate.Range(1))
    except EnvError:
        raise ConfigError(
            "PORTAL_STORAGE_MB and PORTAL_FILES_A_DAY must be whole numbers above nothing: what a provider's files may"
            " hold in MB, and how many it may send within 24 hours."
        ) from None
    return Allowed(megabytes * 1_000_000, files_a_day)
