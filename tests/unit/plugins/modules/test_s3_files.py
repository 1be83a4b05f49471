# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.modules.s3_files import s3_files


def test_commands_are_programs_unless_the_folder_has_one_of_the_same_name(
    connection: Connection, bucket: S3Uri, tmp_path: Path
) -> None:
    (tmp_path / "split_manifest_by_pages.py").write_text("my own")
    parameters = {"destination": str(bucket), "folder": str(tmp_path), "contents": {}, "commands": True}
    result = s3_files(connection, parameters, check_mode=False)
    assert result["written"] == [f"{bucket}open_archive_page_counts.py", f"{bucket}split_manifest_by_pages.py"]
    program, own = result["diff"]
    assert re.fullmatch(r"\d+ bytes, SHA-256 [0-9a-f]{64}\n", program["after"])
    assert (program["before"], own["after"]) == ("", "my own")
    assert s3_files(connection, parameters, check_mode=False)["changed"] is False


def test_texts_win_over_files_of_the_folder_and_the_diff_shows_both(
    connection: Connection, bucket: S3Uri, tmp_path: Path
) -> None:
    (tmp_path / "a.sh").write_text("file")
    (tmp_path / "b.sh").write_text("file")
    parameters: dict[str, Any] = {
        "destination": str(bucket.join("s")),
        "folder": str(tmp_path),
        "contents": {"a.sh": "text"},
        "commands": False,
    }
    result = s3_files(connection, parameters, check_mode=False)
    assert result["written"] == [f"{bucket}s/a.sh", f"{bucket}s/b.sh"]
    assert [(item["before"], item["after"]) for item in result["diff"]] == [("", "text"), ("", "file")]
    assert s3_files(connection, parameters, check_mode=False)["changed"] is False
