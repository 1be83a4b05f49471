# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.modules.s3_files import s3_files


def test_texts_win_over_files_of_the_folder_and_the_diff_shows_both(
    connection: Connection, bucket: S3Uri, tmp_path: Path
) -> None:
    (tmp_path / "a.sh").write_text("file")
    (tmp_path / "b.sh").write_text("file")
    parameters = {"destination": str(bucket.join("s")), "folder": str(tmp_path), "contents": {"a.sh": "text"}}
    result = s3_files(connection, parameters, check_mode=False)
    assert result["written"] == [f"{bucket}s/a.sh", f"{bucket}s/b.sh"]
    assert [(item["before"], item["after"]) for item in result["diff"]] == [("", "text"), ("", "file")]
    assert s3_files(connection, parameters, check_mode=False)["changed"] is False
