# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report's page in a real browser."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from ansible_collections.glossapi.farm.plugins.plugin_utils.report.page import render
from emulators.debian_packages import install_missing
from tests.support.report_values import farm_of_days, report_values

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# A browser looks things up by itself; here it has nothing to look up, and nobody to ask.
_QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)
_HOSTILE = [
    '"><script>document.title = "taken"</script>.pdf',
    "'><img src=http://127.0.0.1:9/x onerror=\"document.title = 'taken'\">.pdf",
    "</td></table><style>* { display: none }</style>.pdf",
    "\u202efdp.reversed\x00\udcff.pdf",
    "a" * 900 + ".pdf",
]
_PHONE = {"width": 360, "height": 740}
_LAPTOP = {"width": 1440, "height": 900}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium, installed where it is missing and may be."""
    if not any(map(shutil.which, _BROWSERS)):
        if shutil.which("apt-get") is None or os.geteuid() != 0:
            pytest.skip(f"needs one of the browsers {', '.join(_BROWSERS)}, or root on Debian to install the first")
        install_missing({"chromium": "chromium"})
    program = next(filter(None, map(shutil.which, _BROWSERS)))
    # As root Chromium starts only without its sandbox; it sees nothing but the pages of these tests.
    arguments = [*_QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=arguments)
        yield running
        running.close()


@dataclass
class Opened:
    """A page, what it said to the console, and what it asked for besides itself."""

    page: Page
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def run(self, script: str, argument: str | None = None) -> Any:
        """Return what a script of the test's own finds."""
        return self.page.evaluate(script, argument)


def _open(browser: Browser, folder: Path, *reports: dict[str, Any], **options: Any) -> Opened:
    file = folder / "report.html"
    file.write_text(render(reports, "Open <Archives>", "us-east-1"), encoding="utf-8")
    opened = Opened(browser.new_page(**options))
    opened.page.on("console", lambda message: opened.said.append(message.text))
    opened.page.on("request", lambda request: opened.asked.append(request.url))
    opened.page.goto(file.as_uri())
    opened.asked.remove(file.as_uri())
    return opened


def _contrast(opened: Opened, selector: str) -> float:
    """Return the contrast of an element's text to what is behind it, as WCAG 2 has it."""
    colours = opened.run(
        "selector => { let e = document.querySelector(selector); const colour = getComputedStyle(e).color;"
        " while (getComputedStyle(e).backgroundColor === 'rgba(0, 0, 0, 0)') e = e.parentElement;"
        " return [colour, getComputedStyle(e).backgroundColor]; }",
        selector,
    )

    def luminance(colour: str) -> float:
        parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
        red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    darker, lighter = sorted(map(luminance, colours))
    return (lighter + 0.05) / (darker + 0.05)


def test_hostile_names_are_shown_and_do_nothing(browser: Browser, tmp_path: Path) -> None:
    opened = _open(browser, tmp_path, report_values(_HOSTILE, message="<b>bold</b>"))
    assert opened.page.title() == "Open <Archives>: report"
    assert (opened.said, opened.asked) == ([], [])
    opened.page.click("#failures summary")
    shown = opened.page.inner_text("#failures")
    assert "s3://raw/" + _HOSTILE[0] in shown
    assert "s3://raw/" + _HOSTILE[2] in shown
    assert r"\u202efdp.reversed\x00\udcff.pdf" in shown
    assert "<b>bold</b>" in shown
    assert opened.run("document.querySelectorAll('script, img, b').length") == 0


def test_a_script_that_got_in_would_not_run(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    page = render([report_values()], "farm", "").replace("</body>", "<script>document.title = 'taken'</script></body>")
    file.write_text(page, encoding="utf-8")
    opened = browser.new_page()
    opened.goto(file.as_uri())
    assert opened.title() == "farm: report"


def test_everything_is_drawn(browser: Browser, tmp_path: Path) -> None:
    opened = _open(browser, tmp_path, report_values())
    opened.run("document.querySelectorAll('details').forEach(e => e.open = true)")
    sizes = opened.run("[...document.querySelectorAll('svg')].map(e => [e.clientWidth, e.clientHeight])")
    assert sizes
    assert all(width > 50 and height > 10 for width, height in sizes)
    for section in opened.page.query_selector_all("section, .tiles"):
        inside = section.evaluate("e => [e.scrollHeight - e.clientHeight, e.scrollWidth - e.clientWidth]")
        assert max(inside) <= 1, "nothing is drawn over what follows"
    assert opened.run("document.querySelector('.throughput path.line').getTotalLength()") > 100
    assert opened.page.inner_text("#account .equation") == "201 input = 80 done + 1 failed + 120 pending"


@pytest.mark.parametrize("names", [["θέσεις/πρώτη.pdf"], _HOSTILE])
def test_it_is_as_wide_as_a_phone_and_readable_there(browser: Browser, tmp_path: Path, names: list[str]) -> None:
    opened = _open(browser, tmp_path, report_values(names, shards=5), viewport=_PHONE)
    opened.run("document.querySelectorAll('details').forEach(e => e.open = true)")
    assert opened.run("document.documentElement.scrollWidth") <= _PHONE["width"]
    assert _cut_off(opened) == []
    sizes = opened.run(
        "[...document.querySelectorAll('p, td, th, dt, dd, .axis span, .scale span, summary')]"
        ".filter(e => e.textContent.trim()).map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert min(sizes) >= 12


def _cut_off(opened: Opened) -> list[str]:
    """Return what has words that reach beyond it or beyond the screen, or that only scrolling sideways would show."""
    found: list[str] = opened.run(
        "[...document.querySelectorAll('p, li, td, th, dt, dd, h1, h2, h3, h4, summary, table, section')]"
        ".filter(e => e.getClientRects().length)"
        ".filter(e => e.scrollWidth > e.clientWidth + 1 || e.getBoundingClientRect().right > innerWidth + 1)"
        ".map(e => e.outerHTML.slice(0, 200))"
    )
    return found


def test_of_both_stages_nothing_is_cut_off_on_a_phone(browser: Browser, tmp_path: Path) -> None:
    opened = _open(browser, tmp_path, *farm_of_days(4), viewport=_PHONE)
    opened.run("document.querySelectorAll('details').forEach(e => e.open = true)")
    assert opened.run("document.documentElement.scrollWidth") <= _PHONE["width"]
    assert _cut_off(opened) == []


def test_forty_nodes_take_four_screens_at_most_and_trouble_is_on_the_first(browser: Browser, tmp_path: Path) -> None:
    opened = _open(browser, tmp_path, *farm_of_days(40), viewport=_LAPTOP)
    assert opened.run("document.documentElement.scrollHeight") <= 4 * _LAPTOP["height"]
    assert _cut_off(opened) == []
    for place in ("#attention", "#account", ".tiles", "#failures"):
        assert opened.run(f"document.querySelector('{place}').getBoundingClientRect().top") < _LAPTOP["height"], place


def test_a_silent_and_a_broken_shard_are_told_by_word_and_by_colour(browser: Browser, tmp_path: Path) -> None:
    opened = _open(browser, tmp_path, *farm_of_days(5))
    assert [row.inner_text().split("\t")[2] for row in opened.page.query_selector_all("tr.ill")] == ["silent", "broken"]
    colours = opened.run(
        "[...document.querySelectorAll('#stage-ocr tr td')].map(e => getComputedStyle(e).backgroundColor)"
    )
    assert len(set(colours)) == 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_in_light_and_dark(browser: Browser, tmp_path: Path, scheme: str) -> None:
    opened = _open(browser, tmp_path, *farm_of_days(5), color_scheme=scheme)
    for selector in ("body", ".muted", ".problem", "a", ".axis", "tr.ill td:nth-child(3)", ".node.ill .state"):
        assert _contrast(opened, selector) >= 4.5, selector
    background = opened.run("getComputedStyle(document.body).backgroundColor")
    assert (background == "rgb(255, 255, 255)") == (scheme == "light")


def test_in_print_nothing_is_folded_away(browser: Browser, tmp_path: Path) -> None:
    values = report_values(["a.pdf"])
    values["shards"][1]["failures"] = {"crash": 1}
    values["failed_documents"].append(dict(values["failed_documents"][0]) | {"class": "crash", "uri": "s3://raw/z.pdf"})
    opened = _open(browser, tmp_path, values, color_scheme="dark")
    opened.page.pdf(path=tmp_path / "report.pdf", format="A4")
    document = pypdfium2.PdfDocument(tmp_path / "report.pdf")
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    assert "s3://raw/a.pdf" in text
    assert "s3://raw/z.pdf" in text
