# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

from ansible_collections.glossapi.farm.plugins.plugin_utils.log_tail import LogTail


def test_only_complete_new_lines_of_level_info_are_shown(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("1 INFO of an earlier run\n")
    shown: list[str] = []
    with LogTail(log, shown.append), log.open("a") as output:
        output.write("2 INFO half done\n3 WARNING one bad document\n4 INFO all done\n5 INFO cut o")
    assert shown == ["2 INFO half done", "4 INFO all done"]


def test_a_file_that_never_comes_is_no_error(tmp_path: Path) -> None:
    shown: list[str] = []
    with LogTail(tmp_path / "log", shown.append):
        pass
    assert shown == []
