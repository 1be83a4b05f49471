# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every source file has a unit test file of its own, in the same place below ``tests/unit``."""

from __future__ import annotations

from pathlib import Path

_SOURCES = ("plugins", "demo", "emulators")
# Documentation alone: ansible-test checks it.
_WITHOUT_CODE = "plugins/doc_fragments/"
# Definitions, with no logic that a test would not repeat; the tests of what uses them reach them.
_DEFINITIONS = {
    "plugins/module_utils/_pdf/errors.py",
    "plugins/module_utils/_pdf/model.py",
    "plugins/module_utils/_pipelines/task.py",
    "plugins/module_utils/_pipelines/canary/documents.py",
    "plugins/module_utils/_pipelines/canary/text.py",
    "plugins/module_utils/_runner/work/borrowed.py",
    "plugins/module_utils/_runner/work/source.py",
    "plugins/module_utils/_text/common.py",
    "plugins/module_utils/_text/trigram_tables.py",
}


def _sources(repository: Path) -> set[str]:
    return {
        str(path.relative_to(repository))
        for folder in _SOURCES
        for path in (repository / folder).rglob("*.py")
        if path.name != "__init__.py" and not str(path.relative_to(repository)).startswith(_WITHOUT_CODE)
    }


def _has_test(repository: Path, source: str) -> bool:
    path = Path(source)
    return (repository / "tests" / "unit" / path.parent / f"test_{path.name}").exists()


def test_every_source_file_has_a_test_file(repository: Path) -> None:
    untested = {source for source in _sources(repository) if not _has_test(repository, source)}
    assert untested - _DEFINITIONS == set()


def test_nothing_is_excused_that_has_its_test_or_is_gone(repository: Path) -> None:
    sources = _sources(repository)
    assert {source for source in _DEFINITIONS if source not in sources or _has_test(repository, source)} == set()
