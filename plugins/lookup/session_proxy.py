# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The command through which ssh reaches a node by Systems Manager."""

from __future__ import annotations

DOCUMENTATION = r"""
name: session_proxy
short_description: How ssh reaches a node through Systems Manager
version_added: "1.1.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - A command for the option C(ProxyCommand) of ssh, to a host whose name is the id of an EC2 instance.
  - It lets a public key in by EC2 Instance Connect, opens a session, and keeps why that failed for
    M(glossapi.farm.reach_node) to tell, as ssh does not.
options:
  region:
    description: The instance's region.
    type: str
    required: true
  public_key:
    description: File of the public key; empty where the image has one.
    type: str
    default: ""
"""

EXAMPLES = r"""
- name: Show how nodes are reached
  ansible.builtin.debug:
    msg: "{{ lookup('glossapi.farm.session_proxy', region='us-east-1', public_key='~/.ssh/id_ed25519.pub') }}"
"""

RETURN = r"""
_raw:
  description: The command.
  type: list
  elements: str
"""

import shlex
import sys
from pathlib import Path

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase

from ansible_collections.glossapi.farm.plugins.module_utils._reach import proxy


class LookupModule(LookupBase):  # type: ignore[misc]
    """The lookup, for Ansible."""

    def run(self, _terms: list[str], variables: object = None, *, region: str = "", public_key: str = "") -> list[str]:
        """Return the command.

        Raises:
            AnsibleLookupError: there is no region.
        """
        del variables
        if not region:
            raise AnsibleLookupError("session_proxy needs the instance's region: region='us-east-1'.")
        own = [sys.executable, "-I", str(Path(proxy.__file__)), "--region", region]
        own += ["--key", str(Path(public_key).expanduser())] if public_key else []
        # ssh replaces what begins with %.
        command = shlex.join(own).replace("%", "%%")
        return [f"{command} --instance %h --port %p --user %r"]
