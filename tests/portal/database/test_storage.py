"""The object store is counted: nobody passes their quota, and what nothing needs is swept away (docs/retention.md)."""

from __future__ import annotations

import datetime as dt
import os
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from libs.common.errors import Refused, ServiceUnavailable
from libs.common.files import objects
from libs.common.rpc import Caller
from services.portal.accounts.environment import Parts
from services.portal.storage import steps, store
from services.portal.storage.rules import Allowed
from services.portal.storage.sweeping import sweep
from services.portal.storage.views import Held, list_differences, list_held
from tests.support.portal.accounts import Clock, parts_on

QUOTA = 1_000


@dataclass
class Services:
    """What services say that they need, by key: whose it is. One may be away."""

    needed: dict[str, str | None] = field(default_factory=dict)
    away: str = ""
    asked: int = 0

    def ask(self, service: str, method: str, caller: Caller, *, keys: list[str]) -> dict[str, str | None]:
        assert method == "held_objects"
        assert caller["organisation"] is None
        if service == self.away:
            raise ServiceUnavailable(f"{service} is away")
        self.asked += 1
        return {key: self.needed[key] for key in keys if key in self.needed and service == "ingest"}

    ask_quickly = ask


@pytest.fixture
def parts(portal_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Parts]:
    monkeypatch.setenv(objects.OBJECTS_VARIABLE, f"file://{tmp_path}/objects")
    found = parts_on(portal_url, Clock(dt.datetime.now(dt.UTC)), allowed=Allowed(QUOTA, 50))
    with found.sessions.begin() as transaction:
        for table in ("stored_objects", "storage", "storage_sweeps"):
            transaction.connection().exec_driver_sql(f"DELETE FROM {table}")
    yield found
    found.close()


def a_provider() -> Caller:
    return {"who": "somebody", "role": "provider", "organisation": str(uuid.uuid4())}


def held_by(parts: Parts, caller: Caller) -> Held:
    (found,) = (one for one in list_held(parts) if one.owner == steps.owner_of(caller))
    return found


def a_key(folder: str = "attachments") -> str:
    return f"{folder}/{uuid.uuid4()}"


def is_there(key: str) -> bool:
    return objects.size_of_object(key) is not None


def differences(parts: Parts) -> list[tuple[str, str]]:
    return [(one.expected, one.held) for one in list_differences(parts)]


def days_pass(parts: Parts, days: float) -> None:
    clock: Any = parts.clock
    clock.goes_on(days=days)


def test_what_is_sent_is_counted_and_what_goes_beyond_is_refused_before_it_is_written(parts: Parts) -> None:
    caller, other = a_provider(), a_provider()
    first, second = a_key(), a_key()
    steps.keep_upload(parts, caller, first, b"x" * 600)
    with pytest.raises(Refused) as refused:
        steps.keep_upload(parts, caller, second, b"x" * 401)
    assert refused.value.code == "storage_full"
    assert not is_there(second)
    steps.keep_upload(parts, caller, second, b"x" * 400)
    steps.keep_upload(parts, caller, first, b"x" * 600)  # sent again, it counts once
    assert (held_by(parts, caller).held_bytes, held_by(parts, caller).held_files) == (QUOTA, 2)
    steps.keep_upload(parts, other, a_key(), b"x" * QUOTA)
    assert differences(parts) == []


def test_a_figure_of_its_own_holds_for_the_next_file(parts: Parts) -> None:
    caller = a_provider()
    steps.set_quota(parts, steps.owner_of(caller), 10, "the council")
    with pytest.raises(Refused):
        steps.keep_upload(parts, caller, a_key(), b"x" * 11)
    steps.set_quota(parts, steps.owner_of(caller), None, "the council")
    steps.keep_upload(parts, caller, a_key(), b"x" * 11)


def test_of_many_uploads_at_the_same_time_no_more_are_kept_than_fit(parts: Parts) -> None:
    caller = a_provider()

    def send(_: int) -> bool:
        try:
            steps.keep_upload(parts, caller, a_key(), b"x" * 300)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(send, range(16))) == 3
    assert held_by(parts, caller).held_bytes == 900
    assert differences(parts) == []


def test_a_provider_sends_no_more_files_a_day_than_it_may(parts: Parts) -> None:
    caller = a_provider()
    for _ in range(50):
        steps.keep_upload(parts, caller, a_key(), b"")
    with pytest.raises(Refused) as refused:
        steps.keep_upload(parts, caller, a_key(), b"")
    assert refused.value.code == "too_many_files"
    days_pass(parts, 1.1)
    steps.keep_upload(parts, caller, a_key(), b"")


def test_what_could_not_be_written_is_not_counted(parts: Parts, tmp_path: Path) -> None:
    caller = a_provider()
    (tmp_path / "objects").mkdir()
    (tmp_path / "objects" / "attachments").write_text("in the way")
    with pytest.raises(OSError, match="attachments"):
        steps.keep_upload(parts, caller, a_key(), b"x" * 600)
    assert (held_by(parts, caller).held_bytes, held_by(parts, caller).held_files) == (0, 0)
    assert list((tmp_path / "objects" / "parts").iterdir()) == []


def test_the_sweep_takes_what_nothing_needs_two_days_after_it_was_sent(parts: Parts) -> None:
    caller, services = a_provider(), Services()
    gateway: Any = services
    needed, unneeded, renewed = a_key("visits-files"), a_key(), a_key()
    for key in (needed, unneeded, renewed):
        steps.keep_upload(parts, caller, key, b"x" * 100)
    services.needed[needed] = caller["organisation"]
    assert sweep(parts, gateway).removed_files == 0  # all of it is young
    days_pass(parts, 2.1)
    steps.require_kept(parts, [renewed])
    swept = sweep(parts, gateway)
    assert (swept.removed_files, swept.removed_bytes) == (1, 100)
    assert [is_there(key) for key in (needed, unneeded, renewed)] == [True, False, True]
    assert held_by(parts, caller).held_bytes == 200
    with pytest.raises(Refused, match="send it again"):
        steps.require_kept(parts, [needed, unneeded])
    assert differences(parts) == []


def test_nothing_is_swept_while_a_service_does_not_answer(parts: Parts) -> None:
    gateway: Any = Services(away="disputes")
    key = a_key()
    steps.keep_upload(parts, a_provider(), key, b"x")
    days_pass(parts, 3)
    with pytest.raises(ServiceUnavailable):
        sweep(parts, gateway)
    assert is_there(key)


def test_what_services_put_there_is_counted_and_what_lies_there_unneeded_is_swept(
    parts: Parts, tmp_path: Path
) -> None:
    caller, services = a_provider(), Services()
    gateway: Any = services
    rejected, forecast, part, strange = (
        a_key("rejected"),
        a_key("forecasts"),
        a_key("parts"),
        a_key("of-somebody-else"),
    )
    three_days_ago = dt.datetime.now(dt.UTC).timestamp() - 3 * 86_400
    for key in (rejected, forecast, part, strange):
        objects.write_object(key, b"x" * 70)
        os.utime(tmp_path / "objects" / key, (three_days_ago, three_days_ago))
    young = a_key("forecasts")
    objects.write_object(young, b"x")
    services.needed[rejected] = caller["organisation"]
    assert sorted(differences(parts)) == [("not counted", "70"), ("not counted", "70")]
    swept = sweep(parts, gateway)
    assert (swept.counted_files, swept.removed_files, swept.removed_bytes) == (1, 2, 140)
    assert [is_there(key) for key in (rejected, forecast, part, strange, young)] == [
        True,
        False,
        False,
        True,
        True,
    ]
    assert held_by(parts, caller).held_bytes == 70
    assert differences(parts) == []


def test_a_file_that_is_needed_and_gone_is_said(parts: Parts) -> None:
    caller, services = a_provider(), Services()
    gateway: Any = services
    key = a_key()
    steps.keep_upload(parts, caller, key, b"x")
    services.needed[key] = caller["organisation"]
    objects.remove_object(key)
    assert differences(parts) == [("1", "not there")]
    days_pass(parts, 3)
    assert sweep(parts, gateway).missing_files == 1
    with pytest.raises(Refused, match="not kept any more"):
        steps.read_kept(key)
    with parts.sessions.begin() as transaction:
        assert [one.missing_files for one in store.newest_sweeps(transaction, 5)] == [1]
