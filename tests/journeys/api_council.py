"""A council whose JSON API is asked as other systems ask it: real services, workers, database and broker."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from libs.common.process import database
from services.portal.accounts.environment import Parts
from services.portal.accounts.passwords import Passwords
from services.portal.accounts.signing_in.sessions import open_session
from services.portal.accounts.tokens import steps as tokens_steps
from services.portal.accounts.vault import Vault
from services.portal.api import RATE_LIMIT
from services.portal.api.limits import RateLimit
from services.portal.app import create_app
from services.portal.clients.gateway import CALL_SECONDS, Gateway
from services.portal.schema.tables_accounts import Account
from tests.common.broker.rpc_process import RpcProcess
from tests.support.council.council import Council
from tests.support.portal.accounts import QUICK, Browser, a_provider, an_account, sharing_templates
from tests.support.run.schemas import Schemas
from tests.support.run.waiting import wait_until

SERVED = {
    "ingest": "services.ingest.service:IngestService",
    "matching": "services.matching.service:MatchingService",
    "payments": "services.payments.service:PaymentsService",
    "disputes": "services.disputes.service:DisputesService",
}
COUNCIL = "the council"
PATIENT_SECONDS = 30
"""No test but those of what is away asks how soon an answer comes: a busy machine may take longer than a person waits."""
DIAMOND = "Diamond Home Care Ltd"
PEARL = "Pearl Carers Ltd"


class Api:
    """The API as the holder of one token asks it."""

    def __init__(self, client: FlaskClient, token: str) -> None:
        self.client, self.token = client, token

    def ask(self, method: str, path: str, **more: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **more)

    def get(self, path: str, **query: Any) -> TestResponse:
        return self.ask("GET", path, query_string=query)

    def send(
        self, path: str, content: str | bytes, headers: dict[str, str] | None = None, **query: Any
    ) -> TestResponse:
        """Upload a file."""
        return self.ask(
            "POST", path, data=content, content_type="text/csv", headers=headers or {}, query_string=query
        )

    def file(self, content: str | bytes, **query: Any) -> Any:
        """The document of a visits file that is checked, or applied, at once."""
        answer = self.send("/visits-files", content, **query)
        assert answer.status_code == 201, (answer.status_code, answer.json)
        return answer.json

    def put(
        self, ref: str, cells: dict[str, str], headers: dict[str, str] | None = None, **query: Any
    ) -> TestResponse:
        path = f"/visits/{quote(ref, safe='')}"
        return self.ask("PUT", path, json=cells, headers=headers or {}, query_string=query)

    def visit(self, ref: str, **query: Any) -> Any:
        answer = self.get(f"/visits/{quote(ref, safe='')}", **query)
        assert answer.status_code == 200, answer.json
        return answer.json


class ApiCouncil:
    """All services of a council, and the portal before them."""

    def __init__(
        self, council: Council, app: Flask, parts: Parts, processes: dict[str, RpcProcess], amqp_url: str
    ) -> None:
        self.amqp_url = amqp_url
        self.council, self.app, self.parts, self.processes = council, app, parts, processes
        self._tokens: dict[str, str] = {}

    def api(self, organisation: str) -> Api:
        """The API as this provider asks it, or the COUNCIL, with a token of its own."""
        if organisation not in self._tokens:
            name = None if organisation == COUNCIL else organisation
            self._tokens[organisation] = tokens_steps.add(
                self.parts,
                name and a_provider(name),
                days=1,
                made_by="a tester",
                confirmed_by=None if name else self.account("approver"),
            )
        return self.with_token(self._tokens[organisation])

    def api_of_role(self, role: str) -> Api:
        """The API as the council asks it with the eyes of this role, by a new token."""
        confirmed_by = self.account("approver")
        token = tokens_steps.add(self.parts, None, 1, "a tester", role=role, confirmed_by=confirmed_by)
        return self.with_token(token)

    def account(self, role: str, organisation: str | None = None) -> Account:
        """A new account, past its first login."""
        return an_account(self.parts, f"{uuid.uuid4().hex}@example.org", role, organisation)

    def browser(self, role: str, organisation: str | None = None, app: Flask | None = None) -> Browser:
        """A browser in which somebody with this role is signed in; an account of its own for each.

        app: another portal on the same database.
        """
        return self.browser_of(self.account(role, organisation), app)

    def browser_of(self, account: Account, app: Flask | None = None) -> Browser:
        """A browser in which this account is signed in."""
        with self.parts.sessions.begin() as transaction:
            session_id = open_session(transaction, self.parts, account, "tests", self.parts.clock())
        client = (app or self.app).test_client()
        client.set_cookie("__Host-caretally_session", session_id)
        return Browser(client)

    def empty(self) -> None:
        """Forget care and visits, once nothing is under way: what is counted of a message must go as a whole."""
        wait_until(self.council.is_settled, 60)
        self.council.empty()

    def start_anew(self) -> None:
        """Forget accounts and tokens too."""
        wait_until(self.council.is_settled, 60)
        self.council.schemas.empty()
        self._tokens.clear()

    def with_token(self, token: str) -> Api:
        return Api(self.app.test_client(), token)


@contextlib.contextmanager
def an_api_council(
    schemas: Schemas, amqp_url: str, call_seconds: float = PATIENT_SECONDS
) -> Iterator[ApiCouncil]:
    """All is up until the block ends."""
    council = Council(schemas)
    engine = database.engine(schemas.url_of("portal_rpc"), "portal")
    with contextlib.ExitStack() as stack:
        stack.callback(engine.dispose)
        stack.callback(council.close)
        processes = {
            name: RpcProcess(amqp_url, schemas.url_of(f"{name}_rpc"), served)
            for name, served in SERVED.items()
        }
        for process in processes.values():
            process.start()
            stack.callback(process.stop)
        stack.enter_context(council.working(amqp_url))
        vault = Vault({1: bytes(32)})
        parts = Parts(database.sessions(engine), vault, "a secret of the tests", Passwords(QUICK))
        gateway = Gateway(amqp_url, call_seconds)
        stack.callback(gateway.close)
        app = sharing_templates(create_app(gateway, parts))
        app.config[RATE_LIMIT] = RateLimit(per_minute=1e6, burst=1e6)
        for process in processes.values():
            process.await_ready()
        yield ApiCouncil(council, app, parts, processes, amqp_url)


@pytest.fixture(scope="session")
def api_council(schemas: Callable[[], Schemas], rabbitmq: Any) -> Iterator[ApiCouncil]:
    """One council for all tests of a worker that end none of its processes."""
    vhost = f"test-{uuid.uuid4().hex[:12]}"
    with an_api_council(schemas(), rabbitmq.add_vhost(vhost)) as found:
        yield found
    rabbitmq.delete_vhost(vhost)


@pytest.fixture(scope="module")
def shared(api_council: ApiCouncil) -> ApiCouncil:
    """The council as it was at first, for a module of tests, which empty it or keep to names of their own."""
    api_council.start_anew()
    return api_council


@pytest.fixture(scope="module")
def breakable(schemas: Callable[[], Schemas], rabbitmq: Any) -> Iterator[ApiCouncil]:
    """One council for a module of tests that end its processes."""
    vhost = f"test-{uuid.uuid4().hex[:12]}"
    with an_api_council(schemas(), rabbitmq.add_vhost(vhost), CALL_SECONDS) as found:
        yield found
    rabbitmq.delete_vhost(vhost)
