"""What a list is: its words, the columns of its file, and how its page is made and taken along.

    LIST = Listing("hold", "holds", rows="holds", method="holds", columns={"Week": "week", "Client": "client"})

    @also_as_csv(pages)
    @pages.get("")
    @signed_in(rights.READ_HOLDS)
    def holds() -> ResponseReturnValue:
        found = payments().holds(…, limit=rows_wanted(SHOWN) + 1)
        …
        return render_list(LIST, "payments/holds.html", holds=found, more=more)

The template says `{{ list_head() }}` above its table. The file is made by the page's own view: it can't be limited
otherwise than the page. A list is counted by the very question that its page asks a service.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from flask import Blueprint, Flask, current_app, g, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from libs.common.seams.lists import COUNTED_TO
from services.portal.clients.disputes import DisputesClient
from services.portal.clients.ingest import IngestClient
from services.portal.clients.matching import MatchingClient
from services.portal.clients.payments import PaymentsClient
from services.portal.web import access
from services.portal.web.access import caller
from services.portal.web.calls import gateway, organisation_chosen
from services.portal.web.downloads.csv_out import csv_part
from services.portal.web.downloads.files import csv_in_parts, file_name
from services.portal.web.downloads.owners import today, whose_name
from services.portal.web.listing.columns import Cell, cell_of, in_a_file
from services.portal.web.listing.taking import Taking, taking_now
from services.portal.web.paging import BACK, cursor_asked

View = Callable[..., ResponseReturnValue]
MOST_ROWS: Final = 20_000
"""The longest file: what is left out is said in its last line."""
ENDS_HERE: Final = (
    f"The list goes on: a file holds its first {MOST_ROWS:,} rows. Limit it by the filters of its page."
)


NEWEST: Final = "These are the newest {rows:,} of {number:,}."
"""The last line of a file of a list that holds no others."""
_CLIENTS: Final = {
    client.service: client for client in (IngestClient, MatchingClient, PaymentsClient, DisputesClient)
}


@dataclass(frozen=True)
class Listing:
    """A list of a page.

    rows: the name that the template has for them. method: of the service that is asked for them, by which the whole
    list is counted; none where a page holds all. is_of_provider: whether it can be limited to one, as its name says.
    """

    one: str
    many: str
    columns: Mapping[str, Cell]
    rows: str = "rows"
    method: str | None = None
    is_of_provider: bool = True

    def cells(self, row: Any, page: Mapping[str, Any]) -> list[object]:
        """A row of its file."""
        return [in_a_file(cell_of(cell, row, page)) for cell in self.columns.values()]


@dataclass(frozen=True)
class Head:
    """What stands above a list. number: None where nobody could say; csv: the address of its file, if it has one."""

    number: int | None
    listing: Listing
    csv: str | None

    @property
    def words(self) -> str:
        """Such as: 1,000 or more disputes."""
        if self.number is None:
            return "How many there are in all is not known."
        if self.number > COUNTED_TO:
            return f"{COUNTED_TO:,} or more {self.listing.many}"
        return f"{self.number:,} {self.listing.one if self.number == 1 else self.listing.many}"


def register(app: Flask) -> None:
    """Make `list_head` known to templates."""
    app.jinja_env.globals["list_head"] = list_head


def render_list(
    listing: Listing,
    template: str,
    *,
    count: Callable[[], int | None] | None = None,
    number: int | None = None,
    csv: str | None = None,
    **page: Any,
) -> str:
    """The page of a list; nothing for its file. ``more`` leads on. The others: as of `keep_list`."""
    is_taken = keep_list(listing, page, count=count, number=number, csv=csv)
    return "" if is_taken else render_template(template, **page)


def keep_list(
    listing: Listing,
    page: Mapping[str, Any],
    *,
    count: Callable[[], int | None] | None = None,
    number: int | None = None,
    csv: str | None = None,
) -> bool:
    """Keep what a page has of a list, for its head; or, and that is said, its rows for the file that is asked for.

    count: for a list that no service's method counts; at most one more than COUNTED_TO, None where nobody can say.
    number: how many there are, where the page shows no more than the newest of them and leads nowhere.
    csv: the address of the file of a list that has one of its own.
    """
    rows, more = page[listing.rows], page.get("more")
    taking = taking_now()
    if taking is not None:
        provider = whose_name(organisation_chosen() if listing.is_of_provider else None)
        taking.name = file_name(listing.many, "csv", provider=provider, as_at=today())
        taking.headings = [*listing.columns]
        taking.cells = [listing.cells(row, page) for row in rows]
        if number is not None and number > len(rows):
            taking.cells.append([NEWEST.format(rows=len(rows), number=number)])
        taking.go_on(more)
        return True
    if number is None:
        is_whole = more is None and cursor_asked() is None
        number = len(rows) if is_whole else (count or (lambda: _count(listing.method)))()
    g.list_head = Head(number, listing, csv or _address_of_file())
    return False


def list_head() -> Markup:
    """How many there are in all and the link to the file, for templates, neither for a list of none; saved filters."""
    head: Head | None = g.get("list_head")
    shown = None if head is None or head.number == 0 else head
    return Markup(render_template("list_head.html", head=shown))  # noqa: S704 - a template's own


def also_as_csv(pages: Blueprint, path: str = "/list.csv") -> Callable[[View], View]:
    """Have the list of a page's view, which is `signed_in`, be taken as CSV too, at this path."""

    def registered(view: View) -> View:
        def as_csv(**named: Any) -> ResponseReturnValue:
            taking = g.taking = Taking()
            answer = view(**named)
            if taking.name is None:
                return answer  # it leads elsewhere, or asks which client is meant
            parts = _parts(taking, lambda: view(**named))
            return csv_in_parts(stream_with_context(parts), taking.name)

        as_csv.needs = access.needs_of_view(view)  # type: ignore[attr-defined]
        view.csv = f"{pages.name}.{view.__name__}_csv"  # type: ignore[attr-defined]
        pages.add_url_rule(path, f"{view.__name__}_csv", as_csv)
        return view

    return registered


def _parts(taking: Taking, ask: Callable[[], object]) -> Iterator[str]:
    """The file, part by part; the first was asked for before anything is sent, so that a refusal is an answer."""
    yield csv_part([taking.headings])
    sent = 0
    while True:
        sent += len(taking.cells)
        yield csv_part(taking.cells)
        if taking.cursor is None:
            return
        if sent >= MOST_ROWS:
            yield csv_part([[ENDS_HERE]])
            return
        ask()


def _count(method: str | None) -> int | None:
    """How long the list is that a service was asked for by this method; None where it does not say in time.

    The sum of what all services say that were asked so.
    """
    asked: dict[tuple[str, str], dict[str, Any]] = g.get("lists_asked", {})
    questions = {
        service: _question(service, name, payload)
        for (service, name), payload in asked.items()
        if name == method
    }
    answers = gateway().answers_by_now(questions)
    return sum(answers.values()) if questions and len(answers) == len(questions) else None


def _question(service: str, method: str, payload: dict[str, Any]) -> Callable[[], int]:
    client = _CLIENTS[service](gateway(), caller(), is_quick=True)
    return lambda: client.count_listed(listed=method, asked=payload)


def _address_of_file() -> str | None:
    """Of this page's list, limited as the page is; None on a page that shows a list again beside a form."""
    endpoint = getattr(current_app.view_functions[request.endpoint or ""], "csv", None)
    if endpoint is None:
        return None
    place = url_for(endpoint, **(request.view_args or {}))
    kept = [(name, text) for name, text in request.args.items(multi=True) if name not in (BACK, "cursor")]
    return f"{place}?{urlencode(kept)}" if kept else place
