"""What whoever has the database, the logs or the broker's messages can read there."""

from __future__ import annotations

import base64
import hashlib
import io
import logging
import random
import re
from contextlib import redirect_stderr, redirect_stdout

import psycopg

from services.portal.accounts.helpdesk import resets
from tests.journeys.api_council import DIAMOND
from tests.journeys.test_canaries import every_table
from tests.journeys.test_health import overhear
from tests.security.promises import Outcome, Site, promise
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.portal.accounts import CODE, PASSWORD, Browser
from tests.support.run.waiting import wait_until


@promise("A stolen database holds no password, code, digit, session, token or link that can be used", 10)
def stolen_database(site: Site, chance: random.Random, times: int) -> Outcome:
    outcome, council = Outcome(), site.council
    for _ in range(times):
        account = council.account("home_manager", DIAMOND)
        stranger = Browser(council.app.test_client())
        stranger.signs_in(account.email)
        cookies = {cookie.value.strip('"') for cookie in stranger.client._cookies.values() if cookie.value}
        link = resets.make_link(council.parts, account.account_id, "tests").rpartition("/")[2]
        token = council.api(DIAMOND).token
        secrets = {PASSWORD, "A" * 32, link, token, token.rpartition("_")[2], *cookies}
        tables = every_table(council.council.schemas.admin_url)
        outcome.expect(account.email in tables["portal.accounts"], "what is plain is not found")
        for table, rows in tables.items():
            for secret in secrets:
                forms = (secret, secret.encode().hex(), base64.b64encode(secret.encode()).decode())
                outcome.expect(
                    not any(form in rows for form in forms),
                    f"{table} holds a secret of {len(secret)} characters",
                )
        outcome.expect(
            not _guessed_code(council.council.schemas.admin_url), "the code follows from what is stored"
        )
    return outcome


def _guessed_code(admin_url: str) -> bool:
    """Whether a code is found by trying all million with what the database holds alone, as plain hashes."""
    with psycopg.connect(admin_url) as connection:
        kept = {
            bytes(code)
            for (code,) in connection.execute("SELECT code FROM portal.accounts WHERE code IS NOT NULL")
        }
    hashes = {hashlib.sha256(code.encode()).digest() for code in (CODE, "000000")}
    return bool(kept & hashes) or any(code.encode() in text for text in kept for code in (CODE,))


@promise(
    "Names, birth dates and secrets stand in no message of the broker and in no line of the portal's log", 8
)
def canaries(site: Site, chance: random.Random, times: int) -> Outcome:
    outcome, council = Outcome(), site.council
    for _ in range(times):
        mark = "".join(chance.choices("bcdfghjklmnpqrstvwxz", k=12)).capitalize()
        number = chance.randrange(10**8, 10**9)
        row = a_care_row(
            number, SSRef=f"K{number}", Forename=f"F{mark}", Surname=mark, DateOfBirth="17/03/1931"
        )
        said = io.StringIO()
        handler = logging.StreamHandler(said)
        logging.getLogger().addHandler(handler)
        with overhear(council.amqp_url) as heard, redirect_stdout(said), redirect_stderr(said):
            council.council.import_care(a_care_file(row, row | {"CpliId": "x"}))
            wait_until(council.council.is_settled, 60)
            officer = council.browser("finance")
            shown = officer.get(f"/clients/K{number}")
            page = officer.get(shown.location) if shown.location else shown
            Browser(council.app.test_client()).gives_password(f"{mark}@example.org", f"{mark}7Pass")
        with (
            redirect_stdout(said),
            redirect_stderr(said),
        ):  # what is looked for must travel to be found, and is not kept
            officer.get(f"/search?q={mark}")
        logging.getLogger().removeHandler(handler)
        outcome.expect(mark in page.text, f"what is looked for is not there to be seen: {page.status_code}")
        for text in (*heard, *said.getvalue().splitlines()):
            hidden = mark.casefold() in text.casefold() or re.search(r"1931-03-17|17/03/1931", text)
            outcome.expect(not hidden, text)
    return outcome


@promise(
    "No role of a service may use another's schema; none that answers questions is above the rules of rows", 8
)
def roles_of_the_database(site: Site, chance: random.Random, times: int) -> Outcome:
    outcome, schemas = Outcome(), site.council.council.schemas
    for service in ("ingest", "matching", "payments", "disputes", "portal"):
        for kind in ("rpc", "work"):
            try:
                url = schemas.url_of(f"{service}_{kind}")
                connection = psycopg.connect(url, autocommit=True)
            except (KeyError, ValueError, psycopg.OperationalError):
                continue
            with connection:
                for schema in ("ingest", "matching", "payments", "disputes", "portal"):
                    if schema == service:
                        continue
                    (may,) = connection.execute(
                        "SELECT has_schema_privilege(%s, 'USAGE')", [schema]
                    ).fetchone() or (None,)
                    outcome.expect(not may, f"{service}_{kind} may use {schema}")
                rights = (
                    "rolsuper OR rolcreaterole"
                    if kind == "work"
                    else "rolsuper OR rolcreaterole OR rolbypassrls"
                )
                found = connection.execute(
                    f"SELECT {rights} FROM pg_roles WHERE rolname = current_user"
                ).fetchone()
                outcome.expect(found == (False,), f"{service}_{kind} is above the rules of rows")
    return outcome
