# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records.codec import LaterSchemaError
from ansible_collections.glossapi.farm.plugins.module_utils._records.fleet import (
    FleetNode,
    FleetSettings,
    FleetStage,
    NodeState,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage


def test_settings_are_read_as_they_were_written() -> None:
    stage = FleetStage(Stage.OCR, {"queue": "https://sqs/1/farm-ocr", "slots": ["0", "1"]})
    settings = FleetSettings("us-east-1", 5, 4, (stage,), "s3://m/shards", "secret", "/home/t", {"budget": 90.0})
    assert FleetSettings.from_json(settings.to_json(), "there") == settings
    assert settings.stages[0].queue == "https://sqs/1/farm-ocr"
    assert FleetStage(Stage.TEXT).queue == ""


def test_settings_of_a_later_version_are_refused() -> None:
    with pytest.raises(LaterSchemaError, match="update the collection"):
        FleetSettings.from_json(b'{"schema": 99}', "there")


def test_a_node_that_has_said_nothing_else_checks_itself() -> None:
    assert FleetNode.from_json(b"{}", "there").state is NodeState.CHECKING
    node = FleetNode("i-1", NodeState.UNFIT, "text", 7, "no GPU")
    assert FleetNode.from_json(node.to_json(), "there") == node
