"""Guides by task: each is rendered, names what pages show, and has the pictures that it wants (RULES 20)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.exceptions import NotFound

from libs.common.rights import table
from services.portal.app import create_app
from services.portal.help.rendering import html_of, size_of, tokens_of
from services.portal.help.tasks import FOLDER, ORDER, Guide, every_guide, guides_for, parse
from tests.support.portal.accounts import NoGateway, nowhere
from tests.support.portal.without_services import page_of

PORTAL = FOLDER.parents[1]
ROOT = PORTAL.parents[1]
SHOWN = (PORTAL, ROOT / "libs" / "common" / "casework")
"""Where the words of pages are: in the portal, and the states of cases."""
PICTURES = PORTAL / "static" / "guides"
INDEX = ROOT / "docs" / "guides" / "README.md"
GUIDES = [pytest.param(guide, id=guide.name) for guide in every_guide().values()]
MOST_BYTES, MOST_PICTURES = 60_000, 12


@pytest.fixture(scope="module")
def app() -> Flask:
    return create_app(NoGateway(), nowhere())  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def written() -> str:
    """All that pages may show: templates, and modules with their words."""
    return "\n".join(
        path.read_text()
        for folder in SHOWN
        for ending in ("html", "py")
        for path in sorted(folder.rglob(f"*.{ending}"))
    )


def bold_words(guide: Guide) -> Iterator[str]:
    for token in tokens_of(guide.text):
        is_bold = False
        for child in token.children or ():
            is_bold = {"strong_open": True, "strong_close": False}.get(child.type, is_bold)
            if is_bold and child.type == "text":
                yield child.content


def addresses(guide: Guide, kind: str, attribute: str) -> list[str]:
    return [str(token.attrs[attribute]) for token in tokens_of(guide.text) if token.type == kind]


def stands_on_a_page(words: str, written: str) -> bool:
    """Whether the words are all of a text between tags or quotes, but for a number before or what is counted after."""
    return bool(re.search(rf"""[>"'}}]\s*(?:\d\. )?{re.escape(words)}\s*(?:[<"'{{]|: \{{\{{)""", written))


def test_every_file_is_listed() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*")) == sorted(ORDER)
    for name in ORDER:
        assert f"../../services/portal/help/guides/{name}.md)" in INDEX.read_text()


@pytest.mark.parametrize("guide", GUIDES)
def test_it_names_what_pages_show(guide: Guide, written: str) -> None:
    named = list(bold_words(guide))
    assert len(named) > 5
    assert [words for words in named if not stands_on_a_page(words, written)] == []


@pytest.mark.parametrize("words", ["Uptade", "the", "Check the", "file"])
def test_words_of_no_page_are_told(words: str) -> None:
    assert not stands_on_a_page(words, '{{ button("Check the file") }}<p>See the check, then Update.</p>')


@pytest.mark.parametrize("guide", GUIDES)
def test_its_links_lead_to_pages(guide: Guide, app: Flask) -> None:
    hrefs = addresses(guide, "link_open", "href")
    guides = {href.removesuffix(".md") for href in hrefs if href.endswith(".md")}
    assert guides <= guides_for(guide.side).keys()
    views = {app.url_map.bind("").match(href)[0] for href in hrefs if not href.endswith(".md")}
    for endpoint in views:
        needs = getattr(app.view_functions[endpoint], "needs", ())
        roles = table.roles_that_may(*needs) if needs else table.ROLES
        assert guide.side in map(table.side_of, roles), endpoint


@pytest.mark.parametrize("guide", GUIDES)
def test_its_pictures_are_there_small_and_described(guide: Guide) -> None:
    shown = [token for token in tokens_of(guide.text) if token.type == "image"]
    assert all(len(token.content) > 20 for token in shown)
    assert [token.attrs["src"] for token in shown] == [
        f"../../static/guides/{picture.file_name}" for picture in guide.pictures
    ]
    for picture in guide.pictures:
        path = PICTURES / picture.file_name
        assert path.stat().st_size <= MOST_BYTES
        assert min(size_of(path)) > 100


def test_no_picture_is_left_over() -> None:
    used = {picture.file_name for guide in every_guide().values() for picture in guide.pictures}
    assert {path.name for path in PICTURES.glob("*.png")} == used
    assert len(used) <= MOST_PICTURES


@pytest.mark.parametrize("guide", GUIDES)
def test_help_shows_it_to_whom_it_is_for(guide: Guide) -> None:
    role, organisation = {
        "provider": ("home_manager", "Diamond Home Care Ltd"),
        "council": ("finance", None),
    }[guide.side]
    page = page_of("guide.task", {}, role=role, organisation=organisation, guide=guide.name)
    assert f'id="guide">{guide.title}</h1>' in page
    assert page.count('class="portal-picture"') == len(guide.pictures)
    assert "**" not in page
    assert ".md" not in page
    contents = page_of("guide.contents", {}, role=role, organisation=organisation)
    assert f'href="/help/tasks/{guide.name}">{guide.title}</a>' in contents


def test_a_provider_reads_its_own_and_the_council_all() -> None:
    assert {guide.side for guide in guides_for("provider").values()} == {"provider"}
    assert guides_for("council") == every_guide()
    provider = {"role": "home_manager", "organisation": "Diamond Home Care Ltd"}
    assert "/help/tasks/close-a-period" not in page_of("guide.contents", {}, **provider)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        page_of("guide.task", {}, **provider, guide="close-a-period")  # type: ignore[arg-type]


def test_a_page_that_the_reader_may_not_open_is_named_without_a_link() -> None:
    shown = page_of("guide.task", {}, role="finance", guide="import-care")
    assert '<a href="/care-imports" class="govuk-link">Care imports</a>' in shown
    hidden = page_of("guide.task", {}, role="helpdesk", guide="import-care")
    assert "/care-imports" not in hidden
    assert "Open Care imports." in hidden


def test_html_in_a_guide_is_text() -> None:
    shown = html_of("<script>alert(1)</script> [x](javascript:alert(1))", str, str, PICTURES)
    assert "<script" not in shown
    assert "href" not in shown


@pytest.mark.parametrize(
    "written",
    [
        "",
        "# A title\n",
        "---\nfor: provider\n---\n# T",
        "---\nfor: nobody\nsays: x\n---\n# T",
        "---\nfor\n---\n# T",
    ],
)
def test_a_file_without_what_it_must_say_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="bad"):
        parse("bad", written)


def test_what_a_file_says() -> None:
    guide = parse(
        "x", "---\nfor: council\nsays: How.\na.png: finance /lists > * > Try a visit\n---\n# T\n\nText\n"
    )
    (picture,) = guide.pictures
    assert (guide.title, guide.says, guide.side, guide.text) == ("T", "How.", "council", "Text")
    assert (picture.account, picture.address, picture.links) == ("finance", "/lists", ("*", "Try a visit"))
