# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A module's documented options, to be compared with the arguments it takes."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import Any

import yaml

_OWN = "glossapi.farm."
_FOR_READERS = {"description", "version_added"}


def documented_options(module: ModuleType) -> dict[str, dict[str, Any]]:
    """Return the options that a module documents, itself and by the collection's fragments, without their texts."""
    documentation = yaml.safe_load(module.DOCUMENTATION)
    options = dict(documentation.get("options", {}))
    for name in documentation["extends_documentation_fragment"]:
        if name.startswith(_OWN):
            fragment = import_module(f"ansible_collections.glossapi.farm.plugins.doc_fragments.{name[len(_OWN) :]}")
            options |= yaml.safe_load(fragment.ModuleDocFragment.DOCUMENTATION)["options"]
    return {
        name: {key: value for key, value in option.items() if key not in _FOR_READERS}
        for name, option in options.items()
    }
