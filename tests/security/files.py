"""Files that are sent: readers of every kind refuse with a sentence, whatever the bytes; attachments are never run."""

from __future__ import annotations

import io
import random
import time
import zipfile
import zlib
from collections.abc import Callable
from functools import partial
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st

from libs.common.files.csv_files import FileRefused, read_rows
from libs.common.files.objects import write_object
from services.ingest.rows.headings import HEADINGS
from services.ingest.rows.reading import read_carers_csv, read_visits_csv
from services.matching.imports.steps import read_care
from services.portal.casework.cases import rules as attachment_rules
from tests.journeys.api_council import DIAMOND
from tests.security.promises import Outcome, Site, promise
from tests.support.builders.visit_files import a_file, a_row

MOST_SECONDS = 2.0
"""Of a processor: how long a small file may take to be read."""

_HEADER = (",".join(HEADINGS) + "\r\n").encode()
_CELLS = st.text(st.sampled_from('",;\t\r\n\0 =\u2028\ufeffé"0'), max_size=40).map(
    lambda text: text.encode("utf-8", "replace")
)
_BYTES = st.one_of(
    st.binary(max_size=400),
    _CELLS,
    st.builds(
        lambda parts: _HEADER + b"".join(parts),
        st.lists(st.one_of(st.binary(max_size=60), _CELLS), max_size=20),
    ),
    st.builds(
        lambda text, encoding: text.encode(encoding, "replace"),
        st.text(max_size=200),
        st.sampled_from(("utf-16", "utf-32", "cp1252", "utf-7", "utf-8-sig")),
    ),
)


def _read_care(content: bytes) -> Any:
    """As matching reads it, out of the object store."""
    write_object("care-files/tried.csv", content)
    return read_care("care-files/tried.csv")


READERS: dict[str, Callable[[bytes], Any]] = {
    "visits": read_visits_csv,
    "carers": read_carers_csv,
    "care": _read_care,
    "any": lambda content: read_rows(content, ("A", "B"), optional=("B",)),
    "attachments": lambda content: [
        attachment_rules.fault_of(name, content) for name in ("a.pdf", "a.docx", "a.txt", "a.csv", "a")
    ],
}


@promise("Whatever bytes are sent as a file, its reader gives rows or a refusal, and soon", 400)
def fuzzed_readers(site: Site, chance: random.Random, times: int) -> Outcome:
    outcome = Outcome()
    for name, read in READERS.items():
        _fuzz(partial(_read, outcome, name, read), chance.randrange(2**32), 100 * times)
    return outcome


def _fuzz(attempt: Callable[[bytes], None], seed: int, most: int) -> None:
    @seeded(seed)
    @settings(
        max_examples=most,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(_BYTES)
    def run(content: bytes) -> None:
        attempt(content)

    run()


def _read(outcome: Outcome, name: str, read: Callable[[bytes], Any], content: bytes) -> None:
    began = time.thread_time()
    try:
        read(content)
    except FileRefused as refused:
        outcome.expect(bool(str(refused)), f"{name}: no sentence for {content[:80]!r}")
    except Exception as error:  # noqa: BLE001 - whatever else it is, it is a failure
        outcome.expect(False, f"{name}: {type(error).__name__} {error} for {content[:120]!r}")
    seconds = time.thread_time() - began
    outcome.expect(seconds < MOST_SECONDS, f"{name}: {seconds:.1f} s for {content[:80]!r}")


def _large() -> dict[str, bytes]:
    """Files that are small to send and large to read."""
    header = _HEADER
    return {
        "blank lines": header + b"\r\n" * 1_500_000,
        "commas": header + b"," * 3_000_000,
        "rows of commas": header + (b"," * 24 + b"\r\n") * 60_000,
        "an open quotation mark": header + b'"' + b"x\r\n" * 700_000,
        "quotation marks": header + b'"",' * 700_000,
        "many columns": b",".join(b"H%d" % number for number in range(5_000)) + b"\r\n1\r\n",
        "a long cell": header + b"A," + b"y" * 3_000_000,
        "NUL": b"\0" * 2_000_000,
        "a zip bomb": _bomb("xl/workbook.xml"),
        "gzip": zlib.compress(b"0" * 5_000_000),
    }


def _bomb(name: str) -> bytes:
    """A workbook that unpacks to 200 MB."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(20):
            archive.writestr(name if not number else f"xl/{number}.xml", b"0" * 10_000_000)
    return made.getvalue()


@promise("A file that is small to send and large to read is refused or read within seconds", 18)
def costly_files(site: Site, chance: random.Random, times: int) -> Outcome:
    outcome, made = Outcome(), _large()
    for name, content in made.items():
        for kind, read in (("visits", read_visits_csv), ("care", _read_care)):
            began = time.thread_time()
            try:
                read(content)
            except FileRefused:
                pass
            except Exception as error:  # noqa: BLE001 - as above
                outcome.expect(False, f"{name} as {kind}: {type(error).__name__} {error}")
            seconds = time.thread_time() - began
            outcome.expect(seconds < 10, f"{name} as {kind}: {seconds:.1f} s")
    began = time.thread_time()
    attachment_rules.fault_of("a.xlsx", made["a zip bomb"])
    outcome.expect(time.thread_time() - began < 1, "a zip bomb is unpacked")
    return outcome


NAMES = (
    "../../etc/passwd.txt",
    "C:\\x\\y.txt",
    "a.txt\0.exe",
    "a\r\nX: y.txt",
    'a";x=".txt',
    "a.html.txt",
    ".txt",
    "é" * 300 + ".txt",
    "\u202etxt.exe",
)


@promise("An attachment is what its content shows, has a plain name, and is taken along, never run", 30)
def attachments(site: Site, chance: random.Random, times: int) -> Outcome:
    outcome = Outcome()
    html, pdf = b"<script>alert(1)</script>", b"%PDF-1.7\n%x"
    wrong = (
        ("a.pdf", html),
        ("a.png", pdf),
        ("a.html", html),
        ("a.svg", b"<svg/>"),
        ("a.exe", b"MZ\0"),
        ("a.pdf.exe", pdf),
        ("a.docx", _bomb("word/other.xml")),
        ("a.docm", _bomb("word/document.xml")),
        ("a.txt", b"\0\0"),
        ("a", pdf),
        ("a.jpg", b""),
    )
    for name, content in wrong:
        outcome.expect(attachment_rules.fault_of(name, content) is not None, f"{name} is taken")
    for name in NAMES:
        plain = attachment_rules.plain_name(name)
        outcome.expect(
            not set(plain) & set('/\\\r\n\0"<>|') and 0 < len(plain) <= attachment_rules.LONGEST_NAME,
            f"{name!r} -> {plain!r}",
        )
    api = site.council.api(DIAMOND)
    for name in chance.sample(NAMES, 5):
        sent = api.ask("POST", "/attachments", data={"file": (io.BytesIO(html), name)})
        outcome.expect(sent.status_code < 500, f"{name!r}: {sent.status_code}")
    manager = site.council.browser("home_manager", DIAMOND)
    for number, name in enumerate(NAMES):
        answer = manager.post(
            "/actions/new", subject=f"A-ONLY {number}", words="Look.", attachments=(io.BytesIO(html), name)
        )  # type: ignore[arg-type]
        outcome.expect(answer.status_code < 500, f"{name!r} in a form: {answer.status_code}")
    return outcome


@promise("A visits file under another type, name or encoding is refused with a sentence", 10)
def wrong_files(site: Site, chance: random.Random, times: int) -> Outcome:
    outcome, api = Outcome(), site.council.api(DIAMOND)
    good = a_file(a_row()).encode()
    for content_type in (
        "application/json",
        "text/html",
        "multipart/form-data",
        "application/x-www-form-urlencoded",
        "image/svg+xml",
    ):
        answer = api.ask("POST", "/visits-files", data=good, content_type=content_type)
        outcome.expect(answer.status_code == 415, f"{content_type}: {answer.status_code}")
    for content in (
        b"",
        b"\0" * 100,
        b"PK\x03\x04" + b"\0" * 100,
        b"%PDF-1.7",
        good.decode().encode("utf-16"),
        b"\xff" * 100,
        b"A,B\n1,2\n",
    ):
        answer = api.send("/visits-files", content)
        state = (answer.json or {}).get("state")
        outcome.expect(
            answer.status_code in (400, 422) or state == "refused",
            f"{content[:10]!r}: {answer.status_code} {state}",
        )
    return outcome
