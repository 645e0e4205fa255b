"""The council's OpenID provider: who it is by the environment, and what is asked of it over HTTP, with Authlib.

Off unless OPENID_ISSUER is set. The code flow with PKCE (S256), state and nonce; an answer counts by its signature.
"""

from __future__ import annotations

import datetime as dt
import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from environs import Env

from libs.common.errors import ConfigError, Refused, ServiceUnavailable
from libs.common.process import logs
from libs.common.process.given import given, watched
from libs.common.process.strictness import is_here, is_trying_out, require_secret

_log = logs.log(__name__)
SCOPE: Final = "openid email"
WELL_KNOWN: Final = "/.well-known/openid-configuration"
SECONDS: Final = 5
"""How long each question to it may take."""
KNOWN_FOR: Final = 3600.0
"""Seconds after which its addresses and keys are asked for anew."""
KEYS_AGAIN: Final = 30.0
"""Seconds between two looks at its keys because one was not known."""
MOST_BYTES: Final = 1_000_000
ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""By which it may sign: with a key of which we know the public half alone."""
LEEWAY_SECONDS: Final = 60

_AWAY: Final = (
    "The council’s sign-in does not answer. Sign in here with e-mail address and password, or try again."
)
NOT_ITS_ANSWER: Final = (
    "not_its_answer",
    "What came back is no right answer of the council’s sign-in. Begin again.",
)


@dataclass(frozen=True)
class Settings:
    """Who is asked, and as whom. acr: which of its classes of signing in have a second step."""

    issuer: str
    client_id: str
    secret: Callable[[], str]
    name: str = "your council account"
    acr: frozenset[str] = frozenset()
    authority: str | None = None
    """the file of who has signed its certificate; None for the machine's own authorities"""


def from_environment() -> Issuer | None:
    """By OPENID_ISSUER, OPENID_CLIENT_ID, OPENID_CLIENT_SECRET(_FILE), OPENID_NAME, OPENID_ACR and OPENID_CA_FILE.

    None where no issuer is set. ConfigError says what is missing or can't be right.
    """
    env = Env()
    issuer = env.str("OPENID_ISSUER", "").rstrip("/")
    if not issuer:
        return None
    if not _is_safe(issuer):
        raise ConfigError(
            "OPENID_ISSUER must be an https:// address, without anything behind a question mark."
        )
    client_id, secret = env.str("OPENID_CLIENT_ID", ""), given("OPENID_CLIENT_SECRET")
    if not client_id or not secret:
        raise ConfigError("OPENID_ISSUER is set: give OPENID_CLIENT_ID and OPENID_CLIENT_SECRET_FILE too.")
    require_secret("OPENID_CLIENT_SECRET", secret)
    file = watched("OPENID_CLIENT_SECRET")
    return Issuer(
        Settings(
            issuer,
            client_id,
            (lambda: secret) if file is None else file.read,
            env.str("OPENID_NAME", "") or Settings.name,
            frozenset(filter(None, env.str("OPENID_ACR", "").replace(",", " ").split())),
            env.str("OPENID_CA_FILE", "") or None,
        )
    )


def _away() -> ServiceUnavailable:
    return ServiceUnavailable(_AWAY, "away")


def _is_safe(url: str) -> bool:
    """Whether what is sent there can be read by nobody else."""
    parts = urlsplit(url)
    if not parts.hostname or parts.query or parts.fragment or parts.username:
        return False
    return parts.scheme == "https" or (
        parts.scheme == "http" and (is_here(parts.hostname) or is_trying_out())
    )


@dataclass
class Issuer:
    """What is known of it is kept for a while, by all threads of the process together."""

    settings: Settings
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _known: dict[str, tuple[float, Any]] = field(default_factory=dict)

    def address(self, back: str, *, state: str, nonce: str, verifier: str) -> str:
        """Where a browser is sent to sign in. back: our address to which it comes back. Raises ServiceUnavailable."""
        with self._session(back) as session:
            url, _ = session.create_authorization_url(
                self._endpoint("authorization_endpoint"),
                state=state,
                code_verifier=verifier,
                nonce=nonce,
            )
        return str(url)

    def claims(self, back: str, code: str, now: dt.datetime, *, nonce: str, verifier: str) -> dict[str, Any]:
        """What it says of who signed in there. Raises ServiceUnavailable, and Refused `not_its_answer`."""
        from authlib.integrations.base_client.errors import OAuthError
        from requests import RequestException

        with self._session(back) as session:
            try:
                token = session.fetch_token(
                    self._endpoint("token_endpoint"),
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=verifier,
                    timeout=SECONDS,
                    allow_redirects=False,
                )
            except (RequestException, ValueError) as error:
                _log.warning("openid_away", reason=type(error).__name__)
                raise _away() from error
            except OAuthError as error:  # a code that was used before, or is not ours
                _log.info("openid_refused", reason=str(error.error)[:100])
                raise Refused(*NOT_ITS_ANSWER) from None
            found = self._proved(token, nonce, now)
            return self._with_address(session, found)

    def _proved(self, token: Mapping[str, Any], nonce: str, now: dt.datetime) -> dict[str, Any]:
        """The claims of its token, whose signature and claims were looked at."""
        from authlib.oidc.core import CodeIDToken
        from joserfc.errors import JoseError

        text = token.get("id_token")
        if not isinstance(text, str):
            raise Refused(*NOT_ITS_ANSWER)
        client_id = self.settings.client_id
        try:
            read = self._read(text)
            claims = CodeIDToken(
                read.claims,
                read.header,
                options={
                    "iss": {"essential": True, "value": self._discovered()["issuer"]},
                    "aud": {"essential": True, "value": client_id},
                    "exp": {"essential": True},
                },
                params={"nonce": nonce, "client_id": client_id, "access_token": token.get("access_token")},
            )
            claims.validate(now=int(now.timestamp()), leeway=LEEWAY_SECONDS)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            _log.warning("openid_not_proved", reason=str(error)[:200])
            raise Refused(*NOT_ITS_ANSWER) from None
        return dict(claims)

    def _read(self, text: str) -> Any:
        """The token by its signature; where no known key fits, its keys are looked at once more."""
        from joserfc import jwt
        from joserfc.errors import JoseError

        try:
            return jwt.decode(text, self._keys(KNOWN_FOR), algorithms=list(ALGORITHMS))
        except (JoseError, ValueError):
            return jwt.decode(text, self._keys(KEYS_AGAIN), algorithms=list(ALGORITHMS))

    def _with_address(self, session: Any, claims: dict[str, Any]) -> dict[str, Any]:
        """The claims; where they lack the e-mail address, with what it says of this same person when asked."""
        endpoint = self._discovered().get("userinfo_endpoint")
        if "email" in claims or not endpoint:
            return claims
        said = self._json(session, endpoint, is_withheld=False)
        if said.get("sub") != claims["sub"]:
            raise Refused(*NOT_ITS_ANSWER)
        return {**{name: said[name] for name in ("email", "email_verified") if name in said}, **claims}

    def _session(self, back: str = "") -> Any:
        from authlib.integrations.requests_client import OAuth2Session

        return OAuth2Session(
            self.settings.client_id,
            self.settings.secret(),
            token_endpoint_auth_method=self._way_of_secret() if back else None,
            scope=SCOPE,
            redirect_uri=back,
            code_challenge_method="S256",
            verify=self.settings.authority or True,
        )

    def _way_of_secret(self) -> str:
        """How it wants to be shown our secret; by a header unless it takes it in the form alone."""
        taken = self._discovered().get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        is_form = "client_secret_basic" not in taken and "client_secret_post" in taken
        return "client_secret_post" if is_form else "client_secret_basic"

    def _endpoint(self, name: str) -> str:
        """One of its addresses. Raises ServiceUnavailable for one that others could read."""
        url = str(self._discovered().get(name, ""))
        if not _is_safe(url.partition("?")[0]):
            _log.error("openid_unsafe", endpoint=name)
            raise _away()
        return url

    def _discovered(self) -> dict[str, Any]:
        """What it says of itself; as its own address says, and nobody else's."""

        def ask() -> dict[str, Any]:
            with self._session() as session:
                said = self._json(session, f"{self.settings.issuer}{WELL_KNOWN}")
            if str(said.get("issuer", "")).rstrip("/") != self.settings.issuer:
                _log.error("openid_of_another")
                raise _away()
            return said

        found: dict[str, Any] = self._kept("discovered", KNOWN_FOR, ask)
        return found

    def _keys(self, most_seconds: float) -> Any:
        from joserfc.jwk import KeySet

        def ask() -> Any:
            with self._session() as session:
                return KeySet.import_key_set(self._json(session, self._endpoint("jwks_uri")))  # type: ignore[arg-type]

        return self._kept("keys", most_seconds, ask)

    def _kept(self, what: str, most_seconds: float, ask: Callable[[], Any]) -> Any:
        """What was asked no longer ago than that; else asked now."""
        with self._lock:
            asked_at, found = self._known.get(what, (-KNOWN_FOR, None))
        if found is None or time.monotonic() - asked_at > most_seconds:
            found = ask()
            with self._lock:
                self._known[what] = time.monotonic(), found
        return found

    def _json(self, session: Any, url: str, *, is_withheld: bool = True) -> dict[str, Any]:
        """The object that an address of it answers. Raises ServiceUnavailable where there is none."""
        from requests import RequestException

        try:
            with session.get(
                url, withhold_token=is_withheld, timeout=SECONDS, allow_redirects=False, stream=True
            ) as answer:
                answer.raise_for_status()
                said = json.loads(answer.raw.read(MOST_BYTES, decode_content=True))
        except (RequestException, OSError, ValueError) as error:
            _log.warning("openid_away", reason=type(error).__name__)
            raise _away() from error
        if not isinstance(said, dict):
            raise _away()
        return said
