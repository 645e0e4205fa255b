"""An OpenID provider, a process of its own on loopback: `python -m tests.support.openid.provider`.

Made with the server part of Authlib: discovery, keys, the code flow with PKCE and nonce, signed tokens. Whoever comes to
its page says who they are, as JSON: claims of the token; ``sign`` with ``strange`` for a key that it does not publish,
or ``secret`` for its client's secret in place of a key; ``beside`` for what its /userinfo alone says. It prints its
address when it is ready.
"""

from __future__ import annotations

import json
import os
import time
from typing import Any, cast

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, jsonify, request
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from werkzeug.serving import make_server

CLIENT_ID = "caretally"
CLIENT_SECRET = "a client secret of tests, long enough"
KEY_ID = "first"
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>The council</title></head><body><main>
<h1>The council’s own sign-in</h1><form method="post"><label for="person">Who you are</label>
<textarea id="person" name="person"></textarea><button>Go on</button></form></main></body></html>"""


class Client(ClientMixin):
    """The portal."""

    def get_client_id(self) -> str:
        return CLIENT_ID

    def get_default_redirect_uri(self) -> None:
        return None

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri.endswith("/login/openid/back")

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == CLIENT_SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


class Code(AuthorizationCodeMixin):
    """A code that was given out."""

    def __init__(self, code: str, asked: Any, person: dict[str, Any]) -> None:
        self.code, self.person = code, person
        self.redirect_uri, self.scope = asked.payload.redirect_uri, asked.payload.scope
        self.nonce = asked.payload.data.get("nonce")
        self.code_challenge = asked.payload.data.get("code_challenge")
        self.code_challenge_method = asked.payload.data.get("code_challenge_method")

    def get_redirect_uri(self) -> str:
        return str(self.redirect_uri)

    def get_scope(self) -> str:
        return str(self.scope)


def made_app() -> Flask:
    """The provider; what it gives out it keeps in memory."""
    app = Flask(__name__)
    key = RSAKey.generate_key(2048, {"kid": KEY_ID, "alg": "RS256", "use": "sig"})
    strange = RSAKey.generate_key(2048, {"kid": KEY_ID, "alg": "RS256", "use": "sig"})
    codes: dict[str, Code] = {}
    persons: dict[str, dict[str, Any]] = {}

    def keep_token(token: dict[str, Any], asked: Any) -> None:
        persons[token["access_token"]] = asked.user

    server = AuthorizationServer(app, query_client=lambda _: Client(), save_token=keep_token)

    class Grant(AuthorizationCodeGrant):
        TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)

        def save_authorization_code(self, code: str, request: Any) -> None:
            codes[code] = Code(code, request, request.user)

        def query_authorization_code(self, code: str, client: Client) -> Code | None:
            return codes.get(code)

        def delete_authorization_code(self, authorization_code: Code) -> None:
            del codes[authorization_code.code]

        def authenticate_user(self, authorization_code: Code) -> dict[str, Any]:
            return authorization_code.person

    class Signing(OpenIDCode):
        def exists_nonce(self, nonce: str, request: Any) -> bool:
            return any(code.nonce == nonce for code in codes.values())

        def encode_id_token(self, token: Any, request: Any) -> str:
            now, code = int(time.time()), request.authorization_code
            told = {name: value for name, value in code.person.items() if name not in ("sign", "beside")}
            claims = {
                "iss": issuer(),
                "aud": CLIENT_ID,
                "iat": now,
                "exp": now + 300,
                "nonce": code.nonce,
                **told,
            }
            if code.person.get("sign") == "secret":
                secret = OctKey.import_key(CLIENT_SECRET)
                return str(jwt.encode({"alg": "HS256", "kid": KEY_ID}, claims, secret, ["HS256"]))
            used = strange if code.person.get("sign") == "strange" else key
            return str(jwt.encode({"alg": "RS256", "kid": KEY_ID}, claims, used, ["RS256"]))

    server.register_grant(Grant, [Signing(require_nonce=True), CodeChallenge(required=True)])

    @app.get("/.well-known/openid-configuration")
    def configuration() -> Any:
        here = issuer()
        return jsonify(
            issuer=here,
            authorization_endpoint=f"{here}/authorize",
            token_endpoint=f"{here}/token",
            userinfo_endpoint=f"{here}/userinfo",
            jwks_uri=f"{here}/keys",
            token_endpoint_auth_methods_supported=["client_secret_basic"],
        )

    @app.get("/keys")
    def keys() -> Any:
        return jsonify(keys=[key.as_dict(private=False)])

    @app.route("/authorize", methods=["GET", "POST"])
    def authorize() -> Any:
        if request.method == "GET":
            server.get_consent_grant(end_user=None)  # what is asked wrongly is refused here
            return PAGE
        person = json.loads(request.form["person"])
        return server.create_authorization_response(grant_user=cast(Any, person or None))

    @app.post("/token")
    def token() -> Any:
        return server.create_token_response()

    @app.get("/userinfo")
    def userinfo() -> Any:
        person = persons[request.headers["Authorization"].removeprefix("Bearer ")]
        return jsonify({"sub": person["sub"], **person.get("beside", {})})

    return app


def issuer() -> str:
    """Its own address."""
    return request.host_url.rstrip("/")


def main() -> None:
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # plain HTTP, on loopback
    server = make_server("127.0.0.1", 0, made_app(), threaded=True)
    print(f"http://127.0.0.1:{server.port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
