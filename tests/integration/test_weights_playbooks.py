# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The weights as an operator brings them to nodes: weights.yml, then configure.yml with its tag."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.lookup.weights import read
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.kind import WorkerContext
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.registry import kind_of
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.module_utils._weights.folder import placed, verify
from emulators.s3 import S3Server
from tests.support.local_node import Play, play_here
from tests.support.model_hub import CONFIG, LAYOUT, a_list, layout, stored


@pytest.fixture
def settings(bucket: S3Uri, tmp_path: Path) -> dict[str, Any]:
    """Settings of a farm with a list of weights of its own, whose files a folder has."""
    for each, body in zip(placed(a_list()), (LAYOUT, CONFIG), strict=True):
        path = tmp_path / "local" / each.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    (tmp_path / "list.json").write_bytes(stored(a_list()))
    return {
        "farm_input_bucket": bucket.bucket,
        "farm_manifests": str(bucket.join("farm")),
        "farm_results": str(bucket.join("results")),
        "farm_pipeline": "glossapi",
        "farm_use_weights": True,
        "farm_weights_list": str(tmp_path / "list.json"),
        "farm_local_weights": str(tmp_path / "local"),
        "farm_use_hf_token": False,
        "farm_data": str(tmp_path / "data"),
        "farm_user": "root",
        "farm_node_python": sys.executable,
    }


@pytest.fixture
def play(settings: dict[str, Any], repository: Path, s3_server: S3Server, tmp_path: Path) -> Play:
    (tmp_path / "data").mkdir()
    return play_here(settings, repository, s3_server.endpoint_url, tmp_path)


def test_weights_come_to_a_node_once_and_an_altered_one_again(play: Play, tmp_path: Path) -> None:
    folder = tmp_path / "data" / "weights"
    assert play("weights", "--check")[2] == {"localhost": 1}
    for changes in (1, 0):
        status, output, changed = play("weights")
        assert (status, changed) == (0, {"localhost": changes}), output
    # The folder, and what is in it.
    for options, changes in ((["--check"], 2), ([], 2), ([], 0), (["--check"], 0)):
        status, output, changed = play("configure", "--tags=weights", *options)
        assert (status, changed) == (0, {"localhost": 0, "node-1": changes}), output
    verify(folder, "glossapi", a_list().digest)
    first = folder / next(placed(a_list())).path
    first.write_bytes(b"altered")
    status, output, changed = play("configure", "--tags=weights", "--diff")
    assert (status, changed) == (0, {"localhost": 0, "node-1": 1}), output
    assert f"+{first}" in output
    verify(folder, "glossapi", a_list().digest)


def test_a_node_of_the_default_pipeline_gets_what_tesseract_reads_greek_by(
    play: Play, settings: dict[str, Any], tessdata: Path, tmp_path: Path
) -> None:
    local = tmp_path / "files"
    local.mkdir()
    (local / "tessdata").symlink_to(tessdata)
    settings |= {"farm_pipeline": "pdftext", "farm_weights_list": "", "farm_local_weights": str(local)}
    for playbook, tags in (("weights", ()), ("configure", ("--tags=weights",))):
        status, output, _changed = play(playbook, *tags)
        assert status == 0, output
    options = {"weights": str(tmp_path / "data" / "weights"), "weights_digest": read("")["digests"]["tesseract"]}
    worker = WorkerContext(options, 1, tmp_path, S3Uri("r"), Connection())
    # As a worker does before its first document: it reads a scan whose text is known.
    assert kind_of("tesseract").create(worker)
    assert kind_of("tesseract").output_options(options)["weights_digest"] == options["weights_digest"]


def test_what_nobody_pinned_in_the_collections_list_is_refused_with_how_to_pin_it(
    play: Play, settings: dict[str, Any]
) -> None:
    settings["farm_weights_list"] = ""
    status, output, _changed = play("weights")
    assert status != 0
    assert "No digest is known of these weights" in output
    assert "_weights.pin LIST" in output


def test_a_list_of_the_operators_is_pinned_first_and_stays_where_the_hub_is_not_reached(
    play: Play, settings: dict[str, Any]
) -> None:
    path, before = Path(settings["farm_weights_list"]), stored(a_list(layout(pinned=False)))
    path.write_bytes(before)
    status, output, _changed = play("weights")
    assert status != 0
    assert "The model hub cannot be asked: https://huggingface.co/api/models/docling-project/layout" in output
    assert path.read_bytes() == before


def test_a_pipeline_without_weights_is_told_before_anything(play: Play, settings: dict[str, Any]) -> None:
    settings |= {"farm_pipeline": "pdftext", "farm_stages": ["text"]}
    status, output, _changed = play("weights")
    assert status != 0
    assert "farm_use_weights is true, and neither pipeline pdftext nor the OCR backend loads weights" in " ".join(
        output.split()
    )
