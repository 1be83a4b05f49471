# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How Sphinx makes the site; ``make docs`` puts its pages together."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes

project = "glossapi.farm"
author = "glossapi.farm contributors"
project_copyright = "2026, glossapi.farm contributors"

extensions = ["myst_parser", "sphinx_antsibull_ext", "sphinxcontrib.mermaid"]
myst_fence_as_directive = ["mermaid"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = project

_ANSIBLE = "https://docs.ansible.com/ansible/latest"
# What pages of modules point to in Ansible's own documentation. Its list of labels would have to be fetched.
_ANSIBLE_PAGES = {
    "action_plugins": "plugins/action.html",
    "ansible_configuration_settings": "reference_appendices/config.html",
    "common_return_values": "reference_appendices/common_return_values.html",
}
_OTHER_COLLECTION = re.compile(r"ansible_collections\.(amazon|community)\.aws\.(\w+_(?:connection|inventory|module))")


def link_to_ansible(_app: Any, _environment: Any, node: Any, content: Any) -> nodes.reference | None:
    """Return a link for a label of Ansible's documentation; ``None``, and so a warning, for any other."""
    page = _ANSIBLE_PAGES.get(node["reftarget"])
    other = _OTHER_COLLECTION.fullmatch(node["reftarget"])
    if other:
        page = f"collections/{other[1]}/aws/{other[2]}.html"
    return nodes.reference("", "", content, refuri=f"{_ANSIBLE}/{page}", internal=False) if page else None


def setup(app: Any) -> None:
    """Have Sphinx ask for labels that it does not know."""
    app.connect("missing-reference", link_to_ansible)
