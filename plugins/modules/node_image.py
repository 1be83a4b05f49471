#!/usr/bin/python
# Copyright: glossapi.farm contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: node_image
short_description: Have an image of a configured node
version_added: "1.1.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Makes an image of an instance of the farm that the role C(node_image) has prepared, launches one instance of it that
    shows that it can work, and only then gives the image the tag C(Digest), without which M(glossapi.farm.node_fleet)
    takes none.
  - Where there is such an image of the same content already, nothing is made.
  - The instance is stopped before, and B(terminated) after, as its keys were taken from it.
  - Keeps the last O(keep) images. One that the fleet or an instance is launched from is never removed, nor anything
    without the farm's tag. M(amazon.aws.ec2_ami) goes by the name of an image alone, and keeps all.
options:
  state:
    description: V(absent) removes all images of the farm that nothing is launched from, with their snapshots.
    type: str
    choices: [present, absent]
    default: present
  project:
    description: Value of the tag C(Project) of what is the farm's.
    type: str
    required: true
  instance_id:
    description: The instance. Required for O(state=present).
    type: str
  content:
    description:
      - All that the instance was made of, as values of any kind. The image that it was launched from is added. Required
        for O(state=present).
    type: dict
  results:
    description: The farm's prefix of results, where an instance of the image says whether it can work. Required for
      O(state=present).
    type: str
  keep:
    description: How many images are kept.
    type: int
    default: 3
  wait_timeout:
    description: Seconds to wait for each of the instance's stop, the image, and the trial.
    type: int
    default: 3600
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - glossapi.farm.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
  idempotent:
    support: full
"""

EXAMPLES = r"""
- name: Have an image of the first node
  glossapi.farm.node_image:
    project: glossapi-farm
    instance_id: i-0123456789abcdef0
    content: {collection: "{{ lookup('glossapi.farm.collection_digest') }}", driver: 580.95.05}
    results: s3://farm-results/openarchives
"""

RETURN = r"""
image_id:
  description: The image of this content; empty where in check mode it would be made.
  returned: success
  type: str
digest:
  description: Of the content.
  returned: success
  type: str
images:
  description: The farm's images, the newest first. One without a digest is not known to be any good.
  returned: success
  type: list
  elements: dict
  sample:
    - image_id: ami-0123456789abcdef0
      name: glossapi-farm-0123456789ab-1764000000
      created: "2026-11-28T10:00:00.000Z"
      digest: 0123456789ab
      size_gib: 200
steps:
  description: What was done, or in check mode would be.
  returned: success
  type: list
  elements: str
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._fleet.baking import Baker
from ansible_collections.glossapi.farm.plugins.module_utils._module import connection_from, run_module
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection

ARGUMENTS: dict[str, Any] = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "project": {"type": "str", "required": True},
    "instance_id": {"type": "str"},
    "content": {"type": "dict"},
    "results": {"type": "str"},
    "keep": {"type": "int", "default": 3},
    "wait_timeout": {"type": "int", "default": 3600},
}


def node_image(connection: Connection, parameters: Mapping[str, Any], *, check_mode: bool) -> dict[str, Any]:
    """Return the module's result after having an image, or none.

    Raises:
        FarmError: an option is out of its range, something is not the farm's, or AWS refuses something.
    """
    if parameters["keep"] < 1:
        raise FarmError(f"keep is {parameters['keep']}: give 1 or more; state=absent removes all images.")
    baker = Baker(connection, parameters["project"], parameters["wait_timeout"])
    if parameters["state"] == "absent":
        return baker.remove_all(check_mode=check_mode)
    return baker.bake(parameters, check_mode=check_mode)


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(
        argument_spec=ARGUMENTS,
        required_if=[("state", "present", ["instance_id", "content", "results"])],
        supports_check_mode=True,
    )
    run_module(module, lambda: node_image(connection_from(module), module.params, check_mode=module.check_mode))


if __name__ == "__main__":
    main()
