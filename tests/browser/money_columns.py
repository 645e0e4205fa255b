"""Whether tables keep their money on the screen: measured in a real browser at the widths that people have."""

from __future__ import annotations

from playwright.sync_api import Page

WIDTHS = (1280, 375, 320)
"""A desk, a telephone, and the narrowest screen that a page must fit (WCAG 1.4.10)."""
HIDDEN_MONEY = """width => {
    const hidden = [], short = (node, length) => node.textContent.trim().replace(/\\s+/g, " ").slice(0, length);
    for (const cell of document.querySelectorAll("main td, main th")) {
        const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
        while (texts.nextNode()) {
            const text = texts.currentNode, words = document.createRange();
            if (!/£[\\d,.]*\\d/.test(text.data) || text.parentElement.closest("td, th") !== cell) continue;
            if (text.parentElement.closest(".govuk-visually-hidden")) continue;
            words.selectNodeContents(text);
            const box = words.getBoundingClientRect();
            let [left, right] = [0, width];
            for (let frame = cell.parentElement; frame; frame = frame.parentElement) {
                if (getComputedStyle(frame).overflowX === "visible") continue;
                const edge = frame.getBoundingClientRect();
                [left, right] = [Math.max(left, edge.left), Math.min(right, edge.right)];
            }
            if (box.width === 0 || box.left < left - 1 || box.right > right + 1)
                hidden.push(`${short(text, 40)} under ${short(cell.closest("table").rows[0], 90)}: from`
                    + ` ${Math.round(box.left)} to ${Math.round(box.right)}, seen ${Math.round(left)} to ${Math.round(right)}`);
        }
    }
    return hidden;
}"""
"""Money in tables of which a part lies beyond the screen or its frame, as both are without any scrolling."""


OPEN_ALL = """() => document.querySelectorAll("details, .govuk-tabs__panel").forEach(each => {
    each.open = true;
    each.classList.remove("govuk-tabs__panel--hidden");
})"""


def find_hidden_money(page: Page) -> list[str]:
    """Each amount that has to be scrolled to, with its table, where it lies and what is seen, at any of the widths.

    Everything that can be opened is opened first, *How it came about* among it.
    """
    page.evaluate(OPEN_ALL)
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{width}: {each}" for each in page.evaluate(HIDDEN_MONEY, width)]
    return found
