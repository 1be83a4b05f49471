# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every page is on the site that ``make docs`` builds, and every link in a page leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

# Some of these files are not in the package, where ansible-test runs the unit tests, too.
_ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(not (_ROOT / ".github").exists(), reason="needs a clone: make unit runs this")

_DOCS = _ROOT / "docs"
_PAGES = sorted([*_ROOT.glob("*.md"), *_DOCS.glob("*.md"), _DOCS / "docsite/index.md"])
# What `make docs` puts beside the pages of docs.
_BUILT = {"benchmarks", "collections/index", "collections/settings_role", "contributing", "roles/index"}


def _anchors(page: Path) -> set[str]:
    """Return what GitHub and the site call the page's headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_page_is_in_the_index_once() -> None:
    trees = re.findall(r"```\{toctree\}\n(.*?)```", (_DOCS / "docsite/index.md").read_text(), re.DOTALL)
    lines = [line for tree in trees for line in tree.splitlines() if line and not line.startswith(":")]
    entries = [re.sub(r".*<(.+)>", r"\1", line) for line in lines]
    assert sorted(entries) == sorted({page.stem for page in _DOCS.glob("*.md")} | _BUILT)


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: str(page.relative_to(_ROOT)))
def test_a_link_leads_to_a_page_and_a_heading_that_are_there(page: Path) -> None:
    folder = _DOCS if page.parent.name == "docsite" else page.parent
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        if re.match(r"https?:", target):
            continue
        path, _hash, anchor = target.partition("#")
        linked = folder / path if path else page
        assert linked.exists(), target
        assert not anchor or anchor in _anchors(linked), target
