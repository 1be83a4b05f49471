# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.support.kept_work import kept_code

_ROOT = Path(__file__).parents[4]


def test_a_source_is_compiled_once_and_another_by_itself(tmp_path: Path) -> None:
    asked: list[bytes] = []

    def value_of(source: bytes) -> object:
        def compiled() -> object:
            asked.append(source)
            return compile(source, "there.py", "exec")

        names: dict[str, object] = {}
        exec(kept_code(tmp_path, source, compiled), names)  # type: ignore[arg-type] # noqa: S102
        return names["value"]

    first, second = b"value = 1\n", b"value = 2\n"
    assert [value_of(first), value_of(second), value_of(first)] == [1, 2, 1]
    assert asked == [first, second]


def test_a_service_that_was_read_before_is_not_read_again_whichever_session_asks() -> None:
    program = """
from tests.support.kept_work import keep_service_models
keep_service_models(("sqs",))
import boto3
import botocore.loaders
botocore.loaders.JSONFileLoader.load_file = None
session = boto3.session.Session(region_name="eu-central-1", aws_access_key_id="a", aws_secret_access_key="b")
print(session.client("sqs").meta.service_model.service_name)
"""
    run = subprocess.run([sys.executable, "-c", program], cwd=_ROOT, capture_output=True, text=True, check=False)
    assert run.stdout == "sqs\n", run.stderr
