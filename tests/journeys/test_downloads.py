"""Every file that a page gives: its name says what it holds, and a spreadsheet reads its letters (RULES 15)."""

from __future__ import annotations

import re

from flask import Flask

from libs.common.rights import table
from tests.journeys.api_council import DIAMOND, ApiCouncil, shared
from tests.journeys.every_object import a_council, objects
from tests.journeys.route_map import Route, routes
from tests.support.portal.accounts import Browser

__all__ = ["a_council", "objects", "shared"]

MARK = b"\xef\xbb\xbf"
DAY = r"20\d\d-\d\d-\d\d"
NAMES = {
    "audit.download": rf"audit-trail_Diamond[\w-]+_as-at-{DAY}\.csv",
    "visits_files.blank": r"visits-to-fill-in\.csv",
    "actuals_files.rejected": rf"rejected-rows-of-actuals_Diamond[\w-]+_as-at-{DAY}\.csv",
    "actuals_files.blank": r"actuals-to-fill-in\.csv",
    "care_imports.rejected": rf"rejected-rows-of-[\w-]+_as-at-{DAY}\.csv",
    "care.commissioned_care": rf"commissioned-care_Diamond[\w-]+_as-at-{DAY}\.csv",
    "contract_documents.pdf": rf"contract-document-\d+-\d+_Diamond[\w-]+_as-at-{DAY}\.pdf",
    "breach_notices.as_pdf": rf"breach-notice-\d+_Diamond[\w-]+_as-at-{DAY}\.pdf",
    "under_delivery.as_csv": rf"under-delivery_Diamond[\w-]+_as-at-{DAY}\.csv",
    "charges.statement_csv": rf"charge-statement-A123456_(Diamond[\w-]+_)?{DAY}-to-{DAY}_as-at-{DAY}\.csv",
    "charges.statement_pdf": rf"charge-statement-A123456_(Diamond[\w-]+_)?{DAY}-to-{DAY}_as-at-{DAY}\.pdf",
}
"""What is not a provider's for a span of days. A statement is the client's; a provider's own copy has its name."""
OTHERS = rf"[a-z][\w-]+_Diamond[\w-]+_{DAY}-to-{DAY}_as-at-{DAY}\.(csv|pdf)"
LISTS = r"[a-z][\w-]+_(Diamond[\w-]+_)?" + rf"as-at-{DAY}\.csv"
"""A list as its page shows it, of one provider or of all."""
NOT_OURS = ("attachments.one", "concerns.file", "static", "account.app_picture", "branding.council")
"""These have the names that their senders gave, or are no files to take along."""


def files_of(browser: Browser, council: ApiCouncil, objects: dict[str, str]) -> dict[str, bytes]:
    """The content of every file that there is for this person, by its endpoint; their names are looked at."""
    found, lists = {}, {getattr(view, "csv", None) for view in council.app.view_functions.values()}
    for route in routes(council.app, objects):
        if route.is_api or route.method != "GET" or route.endpoint in NOT_OURS:
            continue
        answer = browser.client.get(route.path, query_string={"organisation": DIAMOND})
        if "attachment" in (name := answer.headers.get("Content-Disposition", "")):
            wanted = NAMES.get(route.endpoint, LISTS if route.endpoint in lists else OTHERS)
            assert re.fullmatch(rf"attachment; filename={wanted}", name), f"{route}: {name}"
            found[route.endpoint] = answer.get_data()
    return found


def is_csv(endpoint: str, content: bytes) -> bool:
    return not content.startswith(b"%PDF")


def test_every_file_says_what_it_is_and_every_csv_has_its_mark(
    a_council: ApiCouncil, objects: dict[str, str]
) -> None:
    for role, organisation, most in (("finance", None, 40), ("home_manager", DIAMOND, 30)):
        files = files_of(a_council.browser(role, organisation), a_council, objects)
        assert len(files) >= most, sorted(files)
        unmarked = [
            name for name, content in files.items() if is_csv(name, content) != content.startswith(MARK)
        ]
        assert unmarked == []
        assert not any(content.startswith(MARK * 2) for content in files.values())


def test_rejected_rows_come_back_in_with_their_mark(a_council: ApiCouncil, objects: dict[str, str]) -> None:
    manager, api = a_council.browser("home_manager", DIAMOND), a_council.api(DIAMOND)
    place = f"/visits-files/{objects['file_id']}"
    taken = manager.get(f"{place}/rejected.csv")
    assert taken.data.startswith(MARK + b"VisitRef,")
    assert re.fullmatch(
        rf"attachment; filename=rejected-rows-of-[\w-]+_Diamond[\w-]+_{DAY}-to-{DAY}_as-at-{DAY}\.csv",
        taken.headers["Content-Disposition"],
    )
    plain = api.get(f"{place}/rejected.csv")
    assert plain.data == taken.data.removeprefix(MARK)  # programs need no mark
    assert plain.headers["Content-Disposition"] == taken.headers["Content-Disposition"]
    again = api.file(taken.data)
    assert again["counts"]["read"] == api.get(place).json["counts"]["rejected"]
    assert again["state"] == "checked"


def test_files_of_the_api_have_the_same_names_and_but_for_the_remittance_no_mark(
    a_council: ApiCouncil, objects: dict[str, str]
) -> None:
    api, names = a_council.api(DIAMOND), []
    for route in routes(a_council.app, objects):
        if is_file(route) and "provider" in sides_that_may(a_council.app, route):
            answer = api.get(route.path.removeprefix("/api/v1"))
            assert answer.data.startswith(MARK) is route.path.endswith("remittance.csv"), route
            names.append(answer.headers["Content-Disposition"].partition("filename=")[2])
    assert len(names) == 11
    assert all("Diamond-Home-Care" in name for name in names), names


def sides_that_may(app: Flask, route: Route) -> set[str]:
    return table.sides_that_may(*app.view_functions[route.endpoint].operation.needs)  # type: ignore[attr-defined]


def is_file(route: Route) -> bool:
    return route.is_api and route.method == "GET" and route.path.endswith((".csv", ".pdf"))
