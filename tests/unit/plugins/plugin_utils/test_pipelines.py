# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.glossapi.farm.plugins.plugin_utils.pipelines import ask


def test_a_pipeline_is_asked_with_options_as_a_module_gets_them() -> None:
    class OfAnsible(dict[str, object]):
        """As Ansible has dictionaries of its own."""

    options = {"backend": "safe"}
    asked = ask("glossapi", OfAnsible(options), lambda kind, plain: f"{kind.name} {type(plain).__name__} {plain}")
    assert asked == f"glossapi dict {options}"


@pytest.mark.parametrize(("pipeline", "options"), [("pdftxt", {}), ("pdftext", {"odd": 1})])
def test_what_is_unknown_is_an_error_of_the_filter(pipeline: str, options: dict[str, object]) -> None:
    with pytest.raises(AnsibleFilterError):
        ask(pipeline, options, lambda _kind, _plain: "")
