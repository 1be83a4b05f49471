# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The farm's state as a page, as a filter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.glossapi.farm.plugins.plugin_utils.report.page import render

DOCUMENTATION = r"""
name: html_report
short_description: The state of a farm as one HTML file
version_added: "1.0.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Turns what M(glossapi.farm.shard_info) returns into a page that needs nothing else - no script, no font, no network.
  - The same state gives the same page.
options:
  _input:
    description:
      - What M(glossapi.farm.shard_info) returned, of each stage in their order. The account is the last one's.
      - What it returned of one stage may be given without a list.
    type: list
    elements: dict
    required: true
  title:
    description: Name of the farm.
    type: str
    required: true
  console_region:
    description:
      - Region of the results' bucket. Logs then link to AWS's console, for whoever is logged in there.
      - Where it is empty their addresses are shown without links.
    type: str
    default: ""
"""

EXAMPLES = r"""
- name: Read what became of every document
  glossapi.farm.shard_info:
    manifests: s3://farm-manifests/openarchives
    results: s3://farm-results/openarchives
  register: farm

# Of both stages: [farm_text, farm_ocr] | glossapi.farm.html_report(...)
- name: Write the report
  ansible.builtin.copy:
    content: "{{ farm | glossapi.farm.html_report('OpenArchives', console_region='us-east-1') }}"
    dest: report.html
    mode: "0644"
"""

RETURN = r"""
_value:
  description: The page.
  type: str
"""


def html_report(values: Mapping[str, Any] | Sequence[Mapping[str, Any]], title: str, console_region: str = "") -> str:
    """Return the page.

    Raises:
        AnsibleFilterError: the values are not what shard_info returned.
    """
    reports = [values] if isinstance(values, Mapping) else list(values)
    if not reports:
        raise AnsibleFilterError("html_report takes what shard_info returned of at least one stage, and this is empty.")
    try:
        return render(reports, title, console_region)
    except KeyError as error:
        raise AnsibleFilterError(f"html_report takes what shard_info returned, and this has no {error}.") from error


class FilterModule:
    """The filter, for Ansible."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"html_report": html_report}
