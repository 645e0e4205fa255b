"""Cells of tables say the words of their column, so that a narrow screen can show rows as stacks."""

from __future__ import annotations

import re

from markupsafe import Markup

from services.portal.web.stacking import label_cells


def labels(html: str) -> list[tuple[str, str]]:
    """What each labelled cell holds, and its label."""
    found = re.findall(r'<t[dh][^>]* data-label="([^"]*)">([^<]*)', label_cells(Markup(html)))
    return [(text.strip(), label) for label, text in found]


def test_each_cell_has_the_words_of_its_column_and_those_of_the_table_that_it_is_in() -> None:
    outer = "<thead><tr><th>Item</th><th>Why</th><th>Amount</th></tr></thead>"
    inner = "<table><thead><tr><th>Rate</th></tr></thead><tbody><tr><td>£9.50</td></tr></tbody></table>"
    html = f"<table>{outer}<tbody><tr><th scope='row'>1</th><td>How{inner}</td><td>£19.00</td></tr></tbody></table>"
    assert labels(html) == [("1", "Item"), ("How", "Why"), ("£9.50", "Rate"), ("£19.00", "Amount")]


def test_headings_over_several_columns_stand_before_those_below_them() -> None:
    heads = (
        '<tr><td colspan="1"></td><th colspan="2">Cost</th><th rowspan="2">Note</th></tr>'
        "<tr><th>Week</th><th>Comm.</th><th>Actual</th></tr>"
    )
    html = f"<table><thead>{heads}</thead><tbody><tr><td>3 Oct</td><td>£7</td><td>£5</td><td>Late</td></tr></tbody></table>"
    assert labels(html) == [("3 Oct", "Week"), ("£7", "Cost Comm."), ("£5", "Cost Actual"), ("Late", "Note")]


def test_a_cell_that_goes_on_below_moves_what_stands_beside_it() -> None:
    heads = "<thead><tr><th>CPLI</th><th>Field</th><th>New</th></tr></thead>"
    rows = '<tr><th rowspan="2">1</th><td>Cost</td><td>£2</td></tr><tr><td>End</td><td>May</td></tr>'
    found = labels(f"<table>{heads}<tbody>{rows}<tr><td>2</td><td>Unit</td><td>£3</td></tr></tbody></table>")
    assert found[3:5] == [("End", "Field"), ("May", "New")]
    assert found[5:] == [("2", "CPLI"), ("Unit", "Field"), ("£3", "New")]


def test_what_is_only_heard_empty_or_over_several_columns_has_no_label() -> None:
    heads = '<thead><tr><th><span class="govuk-visually-hidden">Open</span></th><th>Sum &amp; tax</th></tr></thead>'
    rows = '<tr><td>View</td><td> </td></tr><tr><td colspan="2">In all</td></tr><tr><td>View</td><td>£1</td></tr>'
    assert labels(f"<table>{heads}<tbody>{rows}</tbody></table>") == [("£1", "Sum &amp; tax")]
