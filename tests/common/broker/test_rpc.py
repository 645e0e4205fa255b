"""RPC between a caller and a real service process: answers, refusals, and who sees what."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from libs.common.errors import Refused
from libs.common.process import logs
from libs.common.rpc import SYSTEM, Caller
from libs.common.rpc.client import RpcClient
from tests.common.broker.rpc_process import RpcProcess


def test_an_answer_comes_back_with_what_was_asked(client: RpcClient, probe: RpcProcess) -> None:
    answer = client.call("probe", "echo", SYSTEM, service="named like a parameter", lines=[1, "é"])
    assert answer == {"caller": SYSTEM, "payload": {"service": "named like a parameter", "lines": [1, "é"]}}


def test_money_dates_and_ids_are_strings(client: RpcClient, probe: RpcProcess) -> None:
    answer = client.call("probe", "plain_values", SYSTEM)
    assert answer == {"money": "100", "pence": "0.10", "on": "2024-04-01", "id": str(uuid.UUID(int=7))}


def test_a_refusal_travels_as_its_code(client: RpcClient, probe: RpcProcess) -> None:
    with pytest.raises(Refused) as refused:
        client.call("probe", "refuse", SYSTEM)
    assert refused.value.code == "period_finalised"
    assert refused.value.message == "This period is finalised."
    assert refused.value.details == {"period": "2024-04-01"}


def test_a_failure_is_logged_under_an_id_and_its_words_stay_in_the_service(
    client: RpcClient, probe: RpcProcess
) -> None:
    with pytest.raises(Refused) as refused:
        client.call("probe", "fail", SYSTEM)
    assert refused.value.code == "internal"
    assert refused.value.details is not None
    line = probe.log_lines_of("rpc_failed")[-1]
    assert line["error_id"] == refused.value.details["error_id"]
    assert any("probe_service.py" in frame for frame in line["raised_at"])
    assert "Aled" not in "".join(probe.log_lines()) + refused.value.message


def test_an_answer_without_a_json_form_is_a_failure_and_not_the_end(
    client: RpcClient, probe: RpcProcess
) -> None:
    with pytest.raises(Refused, match="internal"):
        client.call("probe", "unsendable", SYSTEM)
    assert client.call("probe", "health", SYSTEM)["status"] == "ok"


@pytest.mark.parametrize(
    ("method", "payload"), [("validated", {"row": "x"}), ("health", {"surplus": 1}), ("slow_query", {})]
)
def test_a_payload_that_does_not_fit_is_invalid(
    client: RpcClient, probe: RpcProcess, method: str, payload: dict[str, object]
) -> None:
    with pytest.raises(Refused) as refused:
        client.call("probe", method, SYSTEM, **payload)
    assert refused.value.code == "invalid"


def test_an_unknown_method_is_refused_at_once(client: RpcClient, probe: RpcProcess) -> None:
    with pytest.raises(Refused, match="unknown_method"):
        client.call("probe", "no_such_method", SYSTEM)


def test_the_database_knows_who_asks_for_the_length_of_the_transaction(
    client: RpcClient, probe: RpcProcess
) -> None:
    organisation = str(uuid.uuid4())
    provider: Caller = {"who": "user:1", "role": "provider", "organisation": organisation}
    seen = client.call("probe", "seen_by_the_database", provider)
    assert seen["inside"] == [organisation, "provider"]
    assert not any(seen["after"])


def test_slow_queries_do_not_stall_other_requests(client: RpcClient, probe: RpcProcess) -> None:
    """psycopg's compiled wait would block every greenlet of the process until the slow query ends."""
    client.call("probe", "seen_by_the_database", SYSTEM)
    with ThreadPoolExecutor(5) as threads:
        slow = [threads.submit(client.call, "probe", "slow_query", SYSTEM, seconds=3) for _ in range(5)]
        time.sleep(0.3)
        for _ in range(20):
            client.call("probe", "health", SYSTEM)
        assert not any(future.done() for future in slow)
        assert [future.result() for future in slow] == [3] * 5


def test_one_client_serves_many_threads(client: RpcClient, probe: RpcProcess) -> None:
    def ask(number: int) -> bool:
        return all(
            client.call("probe", "echo", SYSTEM, number=number, turn=turn)["payload"]
            == {"number": number, "turn": turn}
            for turn in range(25)
        )

    with ThreadPoolExecutor(12) as threads:
        assert all(threads.map(ask, range(12)))


def test_the_cause_id_goes_along_into_the_logs_of_the_service(client: RpcClient, probe: RpcProcess) -> None:
    with logs.bound(cause_id="file-17"), pytest.raises(Refused):
        client.call("probe", "refuse", SYSTEM)
    assert probe.log_lines_of("rpc_refused")[-1]["cause_id"] == "file-17"


def test_it_says_that_it_is_alive_and_ready_and_what_it_counted(client: RpcClient, probe: RpcProcess) -> None:
    client.call("probe", "health", SYSTEM)
    assert probe.get("/healthz")[0] == 200
    assert probe.get("/readyz")[0] == 200
    assert 'caretally_rpc_answers_total{method="health",outcome="ok"}' in probe.get("/metrics")[1]


def test_it_ends_cleanly_and_answers_first_what_it_has_begun(
    addresses: tuple[str, str], a_client: Callable[..., RpcClient]
) -> None:
    client = a_client(addresses[0])
    with RpcProcess(*addresses) as process:
        answers: list[float] = []
        asking = threading.Thread(
            target=lambda: answers.append(client.call("probe", "slow_query", SYSTEM, seconds=1.0))
        )
        asking.start()
        time.sleep(0.3)
        assert process.stop() == 0
        asking.join(5)
    assert answers == [1.0]
