# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A comparison of OCR backends as a page, as a filter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.glossapi.farm.plugins.plugin_utils.comparison.page import render

DOCUMENTATION = r"""
name: html_comparison
short_description: A comparison of OCR backends as one HTML file
version_added: "1.1.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Turns what M(glossapi.farm.ocr_comparison_info) returns into a page that needs nothing else - no script, no font, no
    network. It has each page's picture with the texts of all backends beside it, and marks the words that differ.
  - The same comparison gives the same page.
options:
  _input:
    description: What M(glossapi.farm.ocr_comparison_info) returned.
    type: dict
    required: true
  title:
    description: Name of the farm.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Read the comparison
  glossapi.farm.ocr_comparison_info:
    results: s3://farm-results/openarchives
    label: openarchives
  register: comparison

- name: Write it as a page
  ansible.builtin.copy:
    content: "{{ comparison | glossapi.farm.html_comparison('OpenArchives') }}"
    dest: compare.html
    mode: "0644"
"""

RETURN = r"""
_value:
  description: The page.
  type: str
"""


def html_comparison(comparison: Mapping[str, Any], title: str) -> str:
    """Return the page.

    Raises:
        AnsibleFilterError: it is not what ocr_comparison_info returned.
    """
    try:
        return render(comparison, title)
    except KeyError as error:
        raise AnsibleFilterError(
            f"html_comparison takes what ocr_comparison_info returned, and this has no {error}."
        ) from error


class FilterModule:
    """The filter, for Ansible."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"html_comparison": html_comparison}
