# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The farm's names in S3 as a filter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import playbook_names

DOCUMENTATION = r"""
name: s3_names
short_description: Where a farm has what in S3
version_added: "1.1.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Names the objects and folders below the prefixes of manifests and of results, so that no playbook types them.
options:
  _input:
    description: Prefix of page counts and manifests, as C(s3://bucket/prefix).
    type: str
    required: true
  results:
    description: Prefix of results and markers, as C(s3://bucket/prefix).
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Read what became of every document
  glossapi.farm.shard_info:
    manifests: "{{ ('s3://farm-work/theses' | glossapi.farm.s3_names('s3://farm-results/theses')).shards }}"
    results: s3://farm-results/theses
"""

RETURN = r"""
_value:
  description: Addresses, as C(s3://bucket/key).
  type: dict
  contains:
    table:
      description: The table of page counts.
      type: str
    shards:
      description: Prefix of the shards' manifests.
      type: str
    ocr_shards:
      description: Prefix of the manifests of stage C(ocr).
      type: str
    summary:
      description: The cut's summary.
      type: str
    status:
      description: Prefix of the documents' markers.
      type: str
    report:
      description: Prefix of the report.
      type: str
    report_page:
      description: The report's page.
      type: str
"""


def s3_names(manifests: str, results: str) -> dict[str, str]:
    """Return the addresses by what they have.

    Raises:
        AnsibleFilterError: a prefix is no S3 address.
    """
    try:
        return playbook_names(manifests, results)
    except FarmError as error:
        raise AnsibleFilterError(f"s3_names: {error}") from error


class FilterModule:
    """The filter, for Ansible."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"s3_names": s3_names}
