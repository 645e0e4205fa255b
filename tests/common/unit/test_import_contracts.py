"""The contracts of imports that are said by names hold what they promise."""

from __future__ import annotations

import grimp
import pytest

from tests.support.import_contracts import NamesApart, child_of


def find_broken_chains(imports: list[tuple[str, str]], **options: object) -> list[tuple[str, ...]]:
    """The chains that break a contract on a graph of these imports, in a package `shop`."""
    graph = grimp.ImportGraph()
    for importer, imported in imports:
        graph.add_import(importer=importer, imported=imported)
    contract = NamesApart("named", {"root_packages": ["shop"]}, {"name": "named", **options})
    found: list[tuple[str, ...]] = contract.check(graph, verbose=False).metadata["chains"]
    return found


AREAS = {"importers": ["shop.*"], "forbidden": ["*.pages", "*_pages"], "siblings_of": "shop"}


@pytest.mark.parametrize(
    ("importer", "imported", "is_broken"),
    [
        ("shop.tills.views", "shop.goods.pages", True),
        ("shop.tills.views", "shop.goods.fruit.apple_pages", True),
        ("shop.tills.views", "shop.goods.views", False),
        ("shop.tills.open.pages", "shop.tills.shut.more_pages", False),
        ("shop.app", "shop.goods.pages", True),
    ],
)
def test_an_area_has_its_pages_for_itself(importer: str, imported: str, is_broken: bool) -> None:
    assert find_broken_chains([(importer, imported)], **AREAS) == (
        [(importer, imported)] if is_broken else []
    )


def test_what_puts_all_together_is_exempt_by_name() -> None:
    assert (
        find_broken_chains([("shop.app", "shop.goods.pages")], **AREAS, exempt_importers=["shop.app"]) == []
    )


def test_a_page_is_not_reached_by_way_of_another_module_either() -> None:
    imports = [("shop.goods.api", "shop.goods.views"), ("shop.goods.views", "shop.goods.pages")]
    found = find_broken_chains(imports, importers=["*.api"], forbidden=["*.pages"])
    assert found == [("shop.goods.api", "shop.goods.views", "shop.goods.pages")]


def test_a_child_is_named_to_its_depth() -> None:
    assert child_of("services.portal", "services.portal.money.runs.api") == "services.portal.money"
    assert child_of("services.portal", "services.portal.app") == "services.portal.app"
