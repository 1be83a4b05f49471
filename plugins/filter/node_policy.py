# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The nodes' policy document as a filter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.glossapi.farm.plugins.module_utils._ec2.policy import NodeAccess, node_policy
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

DOCUMENTATION = r"""
name: node_policy
short_description: The IAM policy document of the farm's nodes
version_added: "1.0.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Reads inputs, manifests, results and scripts, writes manifests and results, reads one secret, writes one log group,
    and can be reached by Session Manager. No object may be deleted, and no script changed.
options:
  _input:
    description:
      - Mapping with C(account), C(region), C(secret) and C(log_group), and with C(inputs), C(manifests), C(results)
        and C(scripts) as C(s3://bucket/prefix). C(metrics_namespace) is the CloudWatch namespace of metrics, where the
        nodes send some. C(alarms_project) is the farm's name, where nodes remove the alarm of a silent node as they end
        themselves. C(fleet) is the name of the Auto Scaling group that nodes leave by themselves. C(kms_key) is the ARN
        of the key that S3 encrypts with, where that is one of yours. C(queues) are the names of the SQS queues that
        nodes take pieces from.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show the policy
  ansible.builtin.debug:
    msg: >-
      {{ {'account': '123456789012', 'region': 'us-east-1', 'secret': 'glossapi-farm/hf-token',
          'log_group': '/glossapi-farm', 'inputs': 's3://raw', 'manifests': 's3://m/farm', 'results': 's3://r/farm',
          'scripts': 's3://m/scripts'} | glossapi.farm.node_policy }}
"""

RETURN = r"""
_value:
  description: The policy document.
  type: dict
"""


def policy_of(access: Mapping[str, Any]) -> dict[str, Any]:
    """Return the policy document.

    Raises:
        AnsibleFilterError: a value is missing or not what it must be.
    """
    try:
        wanted = NodeAccess(
            account=str(access["account"]),
            region=access["region"],
            inputs=S3Uri.parse(access["inputs"]),
            manifests=S3Uri.parse(access["manifests"]),
            results=S3Uri.parse(access["results"]),
            scripts=S3Uri.parse(access["scripts"]),
            secret=access["secret"],
            log_group=access["log_group"],
            metrics_namespace=access.get("metrics_namespace", ""),
            alarms_project=access.get("alarms_project", ""),
            fleet=access.get("fleet", ""),
            kms_key=access.get("kms_key", ""),
            queues=tuple(access.get("queues", ())),
        )
        return node_policy(wanted)
    except KeyError as error:
        raise AnsibleFilterError(f"node_policy: {error} is missing.") from error
    except FarmError as error:
        raise AnsibleFilterError(f"node_policy: {error}") from error


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters by name."""
        return {"node_policy": policy_of}
