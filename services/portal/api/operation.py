"""How a view says what it takes and gives: checked when it is called, and described in the OpenAPI document."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

from flask import Response, g, json, request
from marshmallow import Schema, ValidationError
from werkzeug.exceptions import RequestEntityTooLarge

from libs.common.errors import Refused
from libs.common.files.objects import PART_BYTES
from libs.common.files.values import shown, unstorable_text
from libs.common.rights import table
from libs.common.rpc import Caller, callers
from services.portal.api.idempotency import IdempotencyKeys, digest_of_request
from services.portal.web.access import the_parts

CSV_TYPES = ("text/csv", "application/octet-stream")
JSON_BYTES = 1_000_000

View = Callable[..., Response]


@dataclass(frozen=True)
class Answer:
    """One answer: its schema, or for text and PDF its media type."""

    description: str
    schema: type[Schema] | None = None
    media_type: str = "application/json"


@dataclass(frozen=True)
class Operation:
    """What a view takes and gives. ``problems`` are the statuses besides 400, 401, 403, 429, 500 and 503."""

    summary: str
    answers: Mapping[int, Answer]
    query: type[Schema] | None = None
    json_body: type[Schema] | None = None
    is_body_optional: bool = False
    file_bytes: int = 0
    file_types: tuple[str, ...] = CSV_TYPES
    headers: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[int, ...] = ()
    is_idempotent: bool = False
    needs: tuple[str, ...] = field(kw_only=True)
    """The rights of which a token needs one (RULES 14: the one table)."""

    def __post_init__(self) -> None:
        if not self.needs or not table.TABLE.keys() >= set(self.needs):
            raise ValueError(f"{self.summary!r} must name rights of the table, not {self.needs}")


def operation(described: Operation) -> Callable[[View], View]:
    """Give the view ``query``, ``body`` or ``content`` as described; and ``seed`` where it heeds Idempotency-Key."""

    def described_view(view: View) -> View:
        @functools.wraps(view)
        def checked(**asked: Any) -> Response:
            require_right(caller(), described.needs)
            if described.file_bytes:
                asked["content"] = file_body(described.file_bytes, described.file_types)
            try:
                if described.query is not None:
                    asked["query"] = loaded(described.query, request.args.to_dict(), "bad_query")
                if described.json_body is not None:
                    asked["body"] = json_body(described.json_body, is_optional=described.is_body_optional)
                return once(view, asked) if described.is_idempotent else view(**asked)
            finally:
                if described.file_bytes:
                    asked["content"].close()

        checked.operation = described  # type: ignore[attr-defined]
        return checked

    return described_view


def require_right(who: Caller, needs: tuple[str, ...]) -> None:
    """Raises Refused ``not_found`` where nobody of the asker's side may: for them there is no such address; else
    ``not_confirmed`` for a token that would write and waits for its second person, and ``not_in_scope``."""
    if callers.may(who, *needs):
        return
    side = "council" if who["organisation"] is None else "provider"
    if side not in table.sides_that_may(*needs):
        raise Refused("not_found", "There is nothing at this address.")
    if g.get("unconfirmed", frozenset()) & {*needs}:
        raise Refused("not_confirmed", "A second person must confirm this token before it changes anything.")
    raise Refused("not_in_scope", f"This token has no right to {' or to '.join(needs)}.")


def once(view: View, asked: dict[str, Any]) -> Response:
    """The view's answer, or the one that was given to this Idempotency-Key before."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return view(**asked, seed=None)
    body = asked["content"] if "content" in asked else request.get_data()
    keys = IdempotencyKeys(the_parts().sessions)
    return keys.once(asker_of(caller()), key, digest_of_request(body), lambda seed: view(**asked, seed=seed))


def caller() -> Caller:
    """Who asks this request."""
    found: Caller = g.caller
    return found


def asker_of(who: Caller) -> str:
    """What tells askers apart: keys and limits are each one's own."""
    return f"{who['who']}|{who['organisation'] or ''}"


def answered(
    schema: type[Schema], document: Any, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """A JSON answer with exactly what the schema names."""
    body = json.dumps(schema().dump(document))
    return Response(body, status, headers, content_type="application/json")


def loaded(schema: type[Schema], values: Any, code: str) -> dict[str, Any]:
    """Values that fit the schema; Refused with this code and a sentence for each that doesn't."""
    try:
        found: dict[str, Any] = schema().load(values)
    except ValidationError as error:
        errors = sentences(error.messages_dict)
        raise Refused(
            code, "Some values can't be used: correct what is named.", {"errors": errors}
        ) from error
    return found


def sentences(messages: Mapping[str, Any]) -> list[dict[str, str]]:
    """One entry for each field that is wrong."""
    return [
        {"column": str(name), "code": "invalid", "message": " ".join(map(str, _flat(why)))}
        for name, why in messages.items()
    ]


def _flat(why: Any) -> list[Any]:
    if isinstance(why, Mapping):
        return [part for value in why.values() for part in _flat(value)]
    return why if isinstance(why, list) else [why]


def json_body(schema: type[Schema], *, is_optional: bool) -> dict[str, Any]:
    """The JSON object that was sent. Raises Refused ``wrong_type``, ``not_json``, ``invalid``."""
    content = body_of(JSON_BYTES)
    if not content and is_optional:
        return loaded(schema, {}, "invalid")
    if request.mimetype != "application/json":
        raise Refused("wrong_type", "Send the body as JSON, with Content-Type: application/json.")
    try:
        values = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Refused("not_json", "The body is not JSON in UTF-8.") from error
    if not isinstance(values, dict):
        raise Refused("not_json", "The body must be a JSON object.")
    refuse_unstorable(values)
    return loaded(schema, values, "invalid")


def refuse_unstorable(values: dict[str, Any]) -> None:
    """JSON can say what no database stores. Raises Refused ``invalid`` with the place."""
    found = unstorable_text(values)
    if found is None:
        return
    place, character = found
    what = "a NUL character" if character == "\0" else "half a character"
    column = shown(place)
    message = f"{column} holds {what} (U+{ord(character):04X}): send the text without it."
    error = {"column": column, "code": "control_character", "message": message}
    raise Refused("invalid", message, {"errors": [error]})


def file_body(most: int, types: tuple[str, ...]) -> BinaryIO:
    """The file that was sent, in a temporary file from its beginning: whoever asked for it closes it.

    Raises Refused ``wrong_type`` and ``too_large``.
    """
    if request.mimetype not in types:
        raise Refused("wrong_type", f"Send the file itself as the body, with Content-Type: {types[0]}.")
    request.max_content_length = most + 1  # as in `body_of`
    taken, left = cast(BinaryIO, SpooledTemporaryFile(PART_BYTES)), most + 1  # noqa: SIM115 (it is given out)
    try:
        while left and (part := request.stream.read(min(left, PART_BYTES))):
            taken.write(part)
            left -= len(part)
    except RequestEntityTooLarge:
        left = 0
    except BaseException:
        taken.close()
        raise
    if not left:
        taken.close()
        raise _too_large(most)
    taken.seek(0)
    return taken


def body_of(most: int) -> bytes:
    """The body, read no further than it may be long; Refused ``too_large``."""
    # A body in chunks is cut at the limit without a word: one byte more tells that there was more.
    request.max_content_length = most + 1
    try:
        content = request.get_data()
    except RequestEntityTooLarge:
        content = None
    if content is None or len(content) > most:
        raise _too_large(most)
    return content


def _too_large(most: int) -> Refused:
    return Refused("too_large", f"The body is too large: send at most {most // 1_000_000} MB.")
