# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._fleet.digest import (
    collection_files,
    files_digest,
    image_digest,
)

_CONTENT: dict[str, Any] = {"driver": "580.95.05", "base_image": "ami-1", "settings": {"gpus": 4, "wheels": "b"}}


def test_the_same_content_in_another_order_has_the_same_digest() -> None:
    other = {"settings": {"wheels": "b", "gpus": 4}, "base_image": "ami-1", "driver": "580.95.05"}
    assert image_digest(_CONTENT) == image_digest(other)
    assert len(image_digest(_CONTENT)) == 64


@pytest.mark.parametrize(
    "change",
    [{"driver": "580.95.06"}, {"base_image": "ami-2"}, {"settings": {"gpus": "4", "wheels": "b"}}, {"more": None}],
)
def test_any_other_content_has_another(change: dict[str, Any]) -> None:
    assert image_digest({**_CONTENT, **change}) != image_digest(_CONTENT)


def test_files_are_told_apart_by_name_and_content() -> None:
    files = {"a": b"one", "b": b"two"}
    assert files_digest(files) == files_digest({"b": b"two", "a": b"one"})
    digests = {files_digest(each) for each in (files, {"a": b"onet", "b": b"wo"}, {"a": b"two", "b": b"one"}, {})}
    assert len(digests) == 4


def test_documentation_and_what_python_leaves_make_no_other_image(tmp_path: Path) -> None:
    for name in ("plugins/a.py", "plugins/a.pyc", "roles/x/README.md", "roles/x/files/lock.txt", "docs/page.md"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    assert collection_files(tmp_path) == {
        "plugins/a.py": b"plugins/a.py",
        "roles/x/files/lock.txt": b"roles/x/files/lock.txt",
    }
