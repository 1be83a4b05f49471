# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the collection's modules share; the only part of ``module_utils`` that knows Ansible."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible.module_utils.basic import missing_required_lib
from ansible.module_utils.common import warnings
from ansible_collections.amazon.aws.plugins.module_utils.botocore import get_aws_connection_info
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ._errors import FarmError, NotYetError
from ._s3.connection import Connection

_CHANGED: Mapping[str, Any] = {"changed": True}


def connection_from(module: AnsibleAWSModule) -> Connection:
    """Return the connection that the module's usual AWS options describe."""
    region, endpoint_url, parameters = get_aws_connection_info(module)
    return Connection(
        region=region,
        endpoint_url=endpoint_url,
        profile=parameters.get("profile_name"),
        access_key=parameters.get("aws_access_key_id"),
        secret_key=parameters.get("aws_secret_access_key"),
        session_token=parameters.get("aws_session_token"),
        verify=parameters.get("verify"),
    )


def warn(text: str) -> None:
    """Show a warning at the module's end.

    The module's own ``warn`` would, in amazon.aws 10, hand it to ``exit_json`` as well, which ansible-core deprecates.
    """
    warnings.warn(text)


def run_module(
    module: AnsibleAWSModule, work: Callable[[], dict[str, Any]], if_not_yet: Mapping[str, Any] = _CHANGED
) -> None:
    """Exit the module with the result of ``work``, or fail it with the message of its :class:`FarmError`.

    Args:
        module: the module.
        work: does what the module is for.
        if_not_yet: the result in check mode where ``work`` lacks what an earlier step would have written; a warning
            says what is missing.
    """
    try:
        result = work()
    except NotYetError as error:
        if not module.check_mode:
            module.fail_json(msg=str(error))
        warn(f"Check mode cannot tell what a real run would do here. {error}")
        result = dict(if_not_yet)
    except FarmError as error:
        module.fail_json(msg=str(error))
    except ImportError as error:
        module.fail_json(msg=missing_required_lib(error.name or "of requirements/node.in"), exception=str(error))
    module.exit_json(**result)
