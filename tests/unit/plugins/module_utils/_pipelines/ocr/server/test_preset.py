# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.server.preset import Preset
from tests.support.inference import a_preset


def test_a_preset_has_what_its_file_says_and_defaults_for_the_rest() -> None:
    preset = Preset.parse(a_preset(Path("/t"), request={"top_p": 1}))
    assert (preset.model, preset.dpi, preset.health, preset.page_seconds) == ("tesseract", 300, "/health", 180.0)
    assert preset.request == {"top_p": 1}
    assert preset.revision == "tesseract-by-http tesseract-ocr/tessdata@4.1.0"


def test_repositories_that_nobody_has_pinned_have_no_commit_in_the_revision() -> None:
    assert Preset.parse(a_preset(Path("/t"), weights=[{"repo": "a/b"}])).revision == "tesseract-by-http a/b"


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"promt": "x"}, "Preset 'tesseract-by-http' has an unknown key 'promt': it may have name, source,"),
        ({"dpi": "300"}, "Expected .int., got .str. - at .[$].dpi"),
        ({"dpi": 0}, "has dpi 0: it must be above 0"),
        ({"page_seconds": float("inf")}, "has page_seconds inf"),
        ({"prompt": " "}, "has nothing at prompt"),
        ({"licence_source": ""}, "has nothing at licence_source"),
        ({"command": ["serve"]}, "has a command without {port}"),
        ({"command": []}, "has no command"),
        ({"command": "serve --port {port}"}, "at .[$].command"),
        ({"start_seconds": 701}, "has start_seconds 701: a worker waits 700 s at most"),
        ({"health": "health"}, "give a path, as /health"),
        ({"minimum_driver": "new"}, "give a version, as 580.65"),
        ({"request": {"max_tokens": 1}}, "has max_tokens in request"),
        ({"second_request": {"stream": True}}, "has stream in second_request"),
    ],
)
def test_what_is_wrong_with_a_preset_is_told_by_its_key(keys: dict[str, Any], told: str) -> None:
    with pytest.raises(FarmError, match=told) as raised:
        Preset.parse(a_preset(Path("/t"), **keys))
    assert "tesseract-by-http" in str(raised.value)


@pytest.mark.parametrize("content", [None, "name: x", ["name"]])
def test_a_file_that_is_no_preset_is_refused(content: object) -> None:
    with pytest.raises(FarmError, match="give its keys with their values"):
        Preset.parse(content)


def test_a_missing_key_is_named() -> None:
    content = a_preset(Path("/t"))
    del content["prompt"]
    with pytest.raises(FarmError, match=r"missing required field .prompt."):
        Preset.parse(content)


@pytest.mark.parametrize(
    "keys",
    [
        {"prompt": "Other"},
        {"model": "other"},
        {"dpi": 200},
        {"weights": [{"repo": "tesseract-ocr/tessdata", "revision": "4.1.1"}]},
        {"second_request": {}},
    ],
)
def test_what_changes_the_text_is_in_the_hash(keys: dict[str, Any]) -> None:
    assert Preset.parse(a_preset(Path("/t"))).for_hash() != Preset.parse(a_preset(Path("/t"), **keys)).for_hash()


def test_how_the_server_runs_is_not() -> None:
    keys: dict[str, Any] = {
        "command": ["serve", "{port}"],
        "start_seconds": 9,
        "page_seconds": 9,
        "health": "/up",
    }
    assert Preset.parse(a_preset(Path("/t"))).for_hash() == Preset.parse(a_preset(Path("/t"), **keys)).for_hash()
