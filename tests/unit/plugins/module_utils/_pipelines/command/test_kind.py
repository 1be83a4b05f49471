# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.command.kind import COMMAND
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.command.pipeline import CommandPipeline
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.kind import GpuNeed, WorkerContext
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri


def test_a_command_is_needed() -> None:
    COMMAND.check({"command": "true"})
    with pytest.raises(FarmError, match="needs the option command"):
        COMMAND.check({})


def test_a_worker_has_the_command_with_the_shards_results(tmp_path: Path) -> None:
    options = {"command": "true"}
    worker = WorkerContext(options, 1, tmp_path, S3Uri("r", "shard-1"), Connection())
    assert isinstance(COMMAND.create(worker), CommandPipeline)
    assert COMMAND.environment(worker) == {}


def test_nobody_knows_whether_a_command_uses_a_gpu_and_all_of_it_may_change_the_output() -> None:
    options = {"command": "true"}
    assert COMMAND.gpu_need(options) is GpuNeed.PERHAPS
    assert COMMAND.output_options(options | {"text": False}) == options
    assert COMMAND.revision({}) == ""


def test_its_output_is_text_unless_an_option_says_otherwise() -> None:
    assert COMMAND.makes_text({"command": "true"})
    assert not COMMAND.makes_text({"command": "true", "text": False})


def test_a_command_that_is_told_where_its_results_go_uploads_them_itself() -> None:
    assert COMMAND.uploads_itself({"command": ["convert", "{input}", "--to={output}/markdown"]})
    assert not COMMAND.uploads_itself({"command": "convert {input} {{output}}"})
