# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The packages of a kernel as a filter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._nodes import kernel

DOCUMENTATION = r"""
name: kernel_packages
short_description: The packages that building modules for a kernel of Amazon Linux 2023 needs
version_added: "1.0.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Names, with their version, the packages C(devel) and C(modules-extra) of a kernel. Each line of kernels has its own.
options:
  _input:
    description: The kernel's release, as C(uname -r) says it.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Install what building modules needs
  ansible.builtin.dnf:
    name: "{{ ansible_facts['kernel'] | glossapi.farm.kernel_packages }}"
"""

RETURN = r"""
_value:
  description: Names of packages.
  type: list
  elements: str
  sample: [kernel6.12-devel-6.12.55-74.119.amzn2023.x86_64, kernel6.12-modules-extra-6.12.55-74.119.amzn2023.x86_64]
"""


def kernel_packages(release: str) -> list[str]:
    """Return the packages.

    Raises:
        AnsibleFilterError: the release is no kernel of Amazon Linux 2023.
    """
    try:
        return kernel.kernel_packages(release)
    except FarmError as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """The filter, for Ansible."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"kernel_packages": kernel_packages}
