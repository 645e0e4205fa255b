"""Random words for what stays in the portal: for whom, for what and for how long they are good."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from itertools import product
from pathlib import Path

import pytest
from itsdangerous import URLSafeSerializer

from libs.common.errors import Refused
from libs.common.files.objects import OBJECTS_VARIABLE
from libs.common.rpc import Caller
from libs.common.seams.disputes.cases import SentAttachment
from services.portal.accounts.rules import STRANGERS, subject_of
from services.portal.accounts.signing_in import known_browsers
from services.portal.carers import files as carers_files
from services.portal.casework.cases import attachments
from services.portal.storage import handles
from tests.support.portal.accounts import NOON, Portal

DAY = dt.timedelta(days=1)
JO: Caller = {"who": "jo", "role": "provider", "organisation": "diamond"}
COLLEAGUE: Caller = {"who": "sam", "role": "provider", "organisation": "diamond"}
COUNCIL: Caller = {"who": "ann", "role": "council", "organisation": None}
PASSWD: SentAttachment = {
    "attachment_id": str(uuid.uuid4()),
    "name": "a.pdf",
    "content_type": "application/pdf",
    "size_bytes": 1,
    "sha256": "0" * 64,
    "object_key": "../../etc/passwd",
}


def test_a_word_is_good_for_whoever_was_given_it_and_for_one_kind_of_thing(portal: Portal) -> None:
    word = handles.keep(portal.parts, JO, "kind", {"a": 1}, DAY)
    assert handles.find(portal.parts, JO, "kind", word) == {"a": 1}
    for caller, kind in [(COLLEAGUE, "kind"), (COUNCIL, "kind"), (JO, "another")]:
        assert handles.find(portal.parts, caller, kind, word) is None
    assert word not in str(portal.rows("SELECT * FROM portal.handles"))


def test_a_word_has_an_end(portal: Portal) -> None:
    word = handles.keep(portal.parts, JO, "kind", {}, DAY)
    portal.clock.goes_on(hours=24)
    assert handles.find(portal.parts, JO, "kind", word) is None
    handles.keep(portal.parts, JO, "kind", {}, DAY)
    assert portal.scalar("SELECT count(*) FROM portal.handles") == 1


def test_one_holder_has_so_many_words(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handles, "MOST_OF_ONE", 2)
    words = []
    for number in range(3):
        words.append(handles.keep(portal.parts, JO, "kind", {"n": number}, DAY))
        portal.clock.goes_on(seconds=1)
    others = handles.keep(portal.parts, COUNCIL, "kind", {"n": 9}, DAY)
    found = [handles.find(portal.parts, JO, "kind", word) for word in words]
    assert found == [None, {"n": 1}, {"n": 2}]
    assert handles.find(portal.parts, COUNCIL, "kind", others) == {"n": 9}


def test_who_knows_the_portal_s_secret_names_no_stored_object(portal: Portal) -> None:
    """As words were signed before, with every salt that ever was."""
    facts = [PASSWD, ["../../etc/passwd", "carers.csv", None]]
    salts = [
        f"{kind}|{whose}"
        for kind, whose in product(("an attachment", "a carers file"), ("diamond", "council"))
    ]
    for salt, fact in product(salts, facts):
        word = str(URLSafeSerializer(portal.parts.signing_keys()[0], salt=salt).dumps(fact))
        for caller in (JO, COUNCIL):
            with pytest.raises(Refused, match="no_such_file"):
                attachments.named(portal.parts, caller, [word], uuid.uuid4())
            with pytest.raises(Refused, match="not_found"):
                carers_files.named(portal.parts, caller, word)


def test_a_sent_file_is_named_by_its_sender_alone(
    portal: Portal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(OBJECTS_VARIABLE, f"file://{tmp_path}")
    (sent,) = attachments.store_files(portal.parts, JO, uuid.uuid4(), [("a.txt", b"an hour late")])
    word = attachments.keep(portal.parts, JO, sent)
    (found,) = attachments.named(portal.parts, JO, [word], uuid.uuid4())
    assert found["object_key"] == sent["object_key"]
    of_nothing_kept = attachments.keep(portal.parts, JO, PASSWD)
    for caller, one in ((COLLEAGUE, word), (JO, of_nothing_kept)):
        with pytest.raises(Refused, match="no_such_file"):
            attachments.named(portal.parts, caller, [one], uuid.uuid4())
    file = carers_files.CarersFile(str(uuid.uuid4()), "carers.csv", None)
    assert carers_files.named(portal.parts, JO, carers_files.kept(portal.parts, JO, file)) == file


def test_a_known_browser_is_a_mark_that_the_portal_gave(portal: Portal) -> None:
    parts, subject = portal.parts, subject_of("jo@diamond.example")
    forged = str(
        URLSafeSerializer(parts.secret, salt="a browser in which the holder signed in").dumps([subject, "x"])
    )
    with parts.sessions.begin() as transaction:
        mark, counter = known_browsers.know(transaction, parts, subject, STRANGERS, NOON)
    with parts.sessions.begin() as transaction:

        def counted(subject: str, mark: str | None, after: dt.timedelta = DAY) -> str:
            return known_browsers.counter_of(transaction, subject, mark, NOON + after)

        assert counted(subject, mark) == counter != STRANGERS
        assert counted(subject_of("sam@diamond.example"), mark) == STRANGERS
        assert counted(subject, mark, known_browsers.GOOD_FOR) == STRANGERS
        for other in (None, "", counter, forged, mark.upper() + "0"):
            assert counted(subject, other) == STRANGERS, other


def test_a_mark_is_new_after_each_sign_in(portal: Portal) -> None:
    parts, subject = portal.parts, subject_of("jo@diamond.example")
    with parts.sessions.begin() as transaction:
        first, counter = known_browsers.know(transaction, parts, subject, STRANGERS, NOON)
        second, own = known_browsers.know(transaction, parts, subject, counter, NOON)
        assert first != second
        assert known_browsers.counter_of(transaction, subject, first, NOON) == STRANGERS
        assert known_browsers.counter_of(transaction, subject, second, NOON) == own


def test_signatures_of_the_secret_before_are_good_for_a_while(portal: Portal) -> None:
    """A form that lies open while the portal's secret changes once is sent; after two changes it is not."""
    app, before = portal.app, portal.parts.secret
    browser = portal.browser()
    page = browser.get("/login").text
    for secrets, status in (
        (f"the newest of all\n{before}", 303),
        (f"another one\nthe newest of all\n{before}", 400),
    ):
        app.extensions["accounts"] = dataclasses.replace(portal.parts, secret=secrets)
        sent = {"email": "nobody@council.example", "password": "Wrong7Kettle", "csrf_token": token_of(page)}
        assert browser.client.post("/login", data=sent).status_code == status


def token_of(page: str) -> str:
    return page.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
