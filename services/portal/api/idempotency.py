"""Idempotency-Key (DESIGN 4.2): the first answer is kept for 24 hours and given again, so that sending twice does once."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable

from flask import Response, json, request
from sqlalchemy import text

from libs.common.errors import Refused
from libs.common.files.objects import Content, parts_of
from libs.common.process.database import Sessions

LONGEST_KEY = 200
KEPT_HEADERS = ("Content-Type", "Location", "ETag", "Link", "Retry-After")

Work = Callable[[uuid.UUID], Response]


class IdempotencyKeys:
    """The keys that askers have used, in the portal's database."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def once(self, asker: str, key: str, digest: bytes, work: Work) -> Response:
        """The answer of ``work``, done once for this key; it is given an id that stays the same when it failed.

        Raises Refused: ``bad_key``, ``in_flight`` while the first is under way, ``key_used`` for another request.
        """
        if not key or len(key) > LONGEST_KEY or not key.isprintable():
            raise Refused("bad_key", f"Idempotency-Key must have 1 to {LONGEST_KEY} printable characters.")
        seed = self._claim(asker, key, digest)
        if seed is None:
            return self._kept(asker, key, digest)
        answer: Response | None = None
        try:
            answer = work(seed)
        finally:
            self._settle(asker, key, answer)
        return answer

    def _claim(self, asker: str, key: str, digest: bytes) -> uuid.UUID | None:
        with self._sessions.begin() as session:
            session.execute(_FORGET)
            values = {"asker": asker, "key": key, "digest": digest, "seed": uuid.uuid4()}
            found: uuid.UUID | None = session.scalar(_CLAIM, values)
        return found

    def _kept(self, asker: str, key: str, digest: bytes) -> Response:
        with self._sessions.begin() as session:
            row = session.execute(_READ, {"asker": asker, "key": key}).first()
        if row is None or row.state != "done":
            if row is not None and bytes(row.digest) != digest:
                raise _used()
            raise Refused("in_flight", "The request with this Idempotency-Key is under way: ask again later.")
        if bytes(row.digest) != digest:
            raise _used()
        return Response(bytes(row.body), row.status, {**row.headers, "Idempotency-Replayed": "true"})

    def _settle(self, asker: str, key: str, answer: Response | None) -> None:
        """Keep the answer; after a failure of ours the same request may be sent again."""
        values: dict[str, object] = {"asker": asker, "key": key}
        with self._sessions.begin() as session:
            if answer is None or answer.status_code >= 500:
                session.execute(_FAIL, values)
                return
            headers = {name: answer.headers[name] for name in KEPT_HEADERS if name in answer.headers}
            values |= {"status": answer.status_code, "body": answer.get_data()}
            session.execute(_KEEP, values | {"headers": json.dumps(headers)})


def _used() -> Refused:
    return Refused("key_used", "This Idempotency-Key was used for another request: send a new key.")


def digest_of_request(body: Content) -> bytes:
    """What makes a request the same: method, address and body."""
    hashed = hashlib.sha256(f"{request.method} {request.full_path}\n{request.mimetype}\n".encode())
    for part in parts_of(body):
        hashed.update(part)
    return hashed.digest()


# A process that died leaves its key claimed: after 20 seconds, longer than the work of any request, another try may
# take it, under the same seed.
_FORGET = text("DELETE FROM idempotency_keys WHERE made_at < now() - interval '24 hours'")
_CLAIM = text(
    "INSERT INTO idempotency_keys AS kept (asker, key, digest, seed, state, claimed_at, made_at)"
    " VALUES (:asker, :key, :digest, :seed, 'in_flight', now(), now()) ON CONFLICT (asker, key) DO UPDATE"
    " SET state = 'in_flight', claimed_at = now() WHERE kept.digest = excluded.digest AND (kept.state = 'failed'"
    " OR kept.state = 'in_flight' AND kept.claimed_at < now() - interval '20 seconds') RETURNING seed"
)
_READ = text(
    "SELECT digest, state, status, headers, body FROM idempotency_keys WHERE asker = :asker AND key = :key"
)
_FAIL = text("UPDATE idempotency_keys SET state = 'failed' WHERE asker = :asker AND key = :key")
_KEEP = text(
    "UPDATE idempotency_keys SET state = 'done', status = :status, headers = CAST(:headers AS jsonb), body = :body"
    " WHERE asker = :asker AND key = :key"
)
