"""One provider asks for what another has, by every id there is: pages, API, and the methods of services."""

from __future__ import annotations

import importlib
import inspect
import json
import random
import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
from marshmallow import fields, validate
from psycopg import sql

from libs.common.care.figures import Figure
from libs.common.care.organisation_ids import organisation_id_of
from libs.common.errors import Refused
from libs.common.rpc import Caller
from tests.journeys.api_council import DIAMOND, PEARL, SERVED
from tests.journeys.route_map import routes
from tests.journeys.test_every_route import MAKERS, SECRETS, SHARED, ask_as_provider, secrets_in
from tests.security.promises import Outcome, Site, promise, some
from tests.support.run.waiting import wait_until

OTHER: Caller = {
    "who": str(uuid.UUID(int=16)),
    "role": "provider",
    "organisation": str(organisation_id_of(PEARL)),
}
"""Somebody of the second provider."""
ALIASES = {
    "case_id": ("case_id", "action_id", "enquiry_id", "review_id", "claim_id"),
    "client": ("client",),
    "client_reference": ("client",),
    "organisation_id": (),
    "group_id": ("group_id",),
    "file_id": ("file_id", "actuals_file_id"),
}
"""Which objects stand for a parameter of a method whose name is not the object's."""


def rows_of(admin_url: str, organisation: str) -> dict[str, str]:
    """What the tables of all schemas hold of an organisation, for whoever compares."""
    found = {}
    with psycopg.connect(admin_url) as connection:
        tables = connection.execute(
            "SELECT table_schema, table_name FROM information_schema.columns JOIN information_schema.tables"
            " USING (table_schema, table_name) WHERE column_name = 'organisation_id' AND table_type = 'BASE TABLE'"
        ).fetchall()
        for table in tables:
            digest = sql.SQL(
                "SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {} AS t WHERE organisation_id::text = %s"
            ).format(sql.Identifier(*table))
            (found[".".join(table)],) = connection.execute(
                digest, [str(organisation_id_of(organisation))]
            ).fetchone() or (None,)
    return found


def assert_untouched(outcome: Outcome, before: dict[str, str], site: Site) -> None:
    """One try: the first provider has what it had."""
    wait_until(site.council.council.is_settled, 60)
    after = rows_of(site.council.council.schemas.admin_url, DIAMOND)
    touched = sorted(table for table in before if before[table] != after.get(table))
    outcome.expect(not touched, f"rows of {DIAMOND} were changed in {touched}")


@promise("No page and no operation shows or changes what is another provider's", 100)
def other_providers_routes(site: Site, chance: random.Random, times: int) -> Outcome:
    outcome, council = Outcome(), site.council
    browser = council.browser("home_manager", PEARL)
    wait_until(council.council.is_settled, 60)
    before = rows_of(council.council.schemas.admin_url, DIAMOND)
    walked = [r for r in routes(council.app, site.objects) if not r.is_open and r.endpoint not in MAKERS]
    for route in some(chance, walked, 120 * times):
        answer = ask_as_provider(council, route, browser, PEARL)
        is_shared = not route.parameters - SHARED
        right = answer.status_code < 500 if is_shared else answer.status_code in (403, 404)
        outcome.expect(
            right and not secrets_in(answer), f"{route}: {answer.status_code} {secrets_in(answer)}"
        )
        named = ask_as_provider(council, route, browser, PEARL, organisation=DIAMOND, client="A123456")
        kept = not secrets_in(named, but=DIAMOND) or set(secrets_in(named, but=DIAMOND)) <= {"A123456"}
        outcome.expect(
            kept and named.status_code < 500,
            f"{route} by name: {named.status_code} {secrets_in(named, but=DIAMOND)}",
        )
    assert_untouched(outcome, before, site)
    return outcome


@promise("No method of a service shows or changes what is another provider's, whatever ids it is given", 150)
def other_providers_methods(site: Site, chance: random.Random, times: int) -> Outcome:
    outcome = Outcome()
    gateway: Any = site.council.app.extensions["gateway"]
    wait_until(site.council.council.is_settled, 60)
    before = rows_of(site.council.council.schemas.admin_url, DIAMOND)
    answered = 0
    for service, method, asked in some(chance, list(every_method()), 1_000):
        for _ in range(times):
            payload = {} if asked is None else filled(asked, site, chance)
            try:
                answer = json.dumps(gateway.ask(service, method, OTHER, **payload))
                answered += 1
            except Refused as refused:
                outcome.expect(refused.code != "internal", f"{service}.{method} {payload}: {refused.message}")
                continue
            said = json.dumps(payload)
            seen = [secret for secret in SECRETS if secret in answer and secret not in said]
            outcome.expect(not seen, f"{service}.{method} {payload} shows {seen}: {answer[:200]}")
    outcome.expect(answered > 20, f"only {answered} methods answered at all")
    assert_untouched(outcome, before, site)
    return outcome


def every_method() -> Iterator[tuple[str, str, Any]]:
    """(service, method, schema of what is asked or None) of all that answers by RPC."""
    for service, place in SERVED.items():
        module, _, name = place.partition(":")
        kind = getattr(importlib.import_module(module), name)
        for method, function in inspect.getmembers(kind, inspect.isfunction):
            if getattr(function, "nameko_entrypoints", None):
                yield service, method, inspect.getclosurevars(function).nonlocals.get("asked")


def filled(schema: Any, site: Site, chance: random.Random) -> dict[str, Any]:
    """What may be asked, with the ids of the first provider wherever there is room for one."""
    found = {}
    for name, field in schema().load_fields.items():
        value = _value(name, field, site, chance)
        if value is not None:
            found[name] = value
    return found


def _value(name: str, field: Any, site: Site, chance: random.Random) -> Any:
    singular = name.removesuffix("s")
    if isinstance(field, fields.List):
        one = _value(singular, field.inner, site, chance)
        return None if one is None else [one]
    if isinstance(field, fields.Nested):
        nested = field.schema
        made = {n: v for n, f in nested.load_fields.items() if (v := _value(n, f, site, chance)) is not None}
        return [made] if nested.many else made
    known = [site.objects[each] for each in ALIASES.get(name, (name,)) if each in site.objects]
    if name == "organisation_id":
        return str(organisation_id_of(DIAMOND))
    if name == "organisation":
        return DIAMOND if field.required or chance.random() < 0.5 else None
    if known:
        return int(known[0]) if isinstance(field, fields.Integer) else chance.choice(known)
    choices = [rule.choices for rule in field.validators if isinstance(rule, validate.OneOf)]
    if choices:
        return chance.choice(sorted(choices[0], key=str))
    if not field.required:
        return None
    return _plain(field)


def _plain(field: Any) -> Any:
    """A value of the field's kind that may fit."""
    if isinstance(field, fields.UUID):
        return str(uuid.uuid4())
    if isinstance(field, fields.Boolean):
        return True
    if isinstance(field, fields.Integer):
        return 1
    if isinstance(field, Figure):
        return "1.00"
    if isinstance(field, fields.DateTime):
        return "2022-10-03T12:00:00+00:00"
    if isinstance(field, fields.Date):
        return "2022-10-03"
    if isinstance(field, fields.Dict):
        return {}
    return "Let me in."
