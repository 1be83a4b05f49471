#!/usr/bin/python
# Copyright: glossapi.farm contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: dataset_upload
short_description: Upload a farm's dataset to a Hugging Face repository
version_added: "1.1.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Uploads what M(glossapi.farm.corpus_dataset) has made and the repository has otherwise, file by file, and makes one
    commit of it. Files of a dataset that are no more are deleted with it, others in the repository are left alone.
  - A repository that is missing is made, for its owner alone where O(private) is not set otherwise.
  - What an interrupted run has uploaded is not sent again.
  - Reads the token from Secrets Manager itself, where it runs. It is no option of this module, is not returned, and is
    in no message.
  - The hub is the one that C(HF_ENDPOINT) names in the environment, or else huggingface.co.
options:
  results:
    description: Prefix of the results, as C(s3://bucket/prefix).
    type: str
    required: true
  label:
    description: Name of the dataset.
    type: str
    required: true
  repository:
    description: Takes it, as C(organisation/name).
    type: str
    required: true
  private:
    description: Whether a repository that is made now is seen by its owner alone. One that is there stays what it is.
    type: bool
    default: true
  token_secret:
    description: Name or ARN of the secret with a token that may write to the repository.
    type: str
    required: true
  only_check:
    description:
      - Whether to upload nothing, and to look only whether that will be possible - huggingface_hub is installed, the
        secret has a token, and the hub answers and knows it.
      - The dataset need not be there, so that it is told before the hours that making one may take.
    type: bool
    default: false
  log_file:
    description:
      - File on the host that runs the module. Gets a line for each file that was uploaded.
      - On the controller itself the task shows these lines as they are written.
    type: path
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - glossapi.farm.attributes
attributes:
  check_mode:
    support: full
    details: Asks the hub what it has, and sends nothing.
  diff_mode:
    support: none
  idempotent:
    support: full
requirements:
  - huggingface_hub >= 1.0
"""

EXAMPLES = r"""
- name: Upload the dataset
  glossapi.farm.dataset_upload:
    results: s3://farm-results/openarchives
    label: openarchives
    repository: gfoss/openarchives
    token_secret: glossapi-farm/hf-token
"""

RETURN = r"""
created:
  description: Whether the repository is new.
  returned: success, without O(only_check)
  type: bool
uploaded:
  description: Files that differed.
  returned: success, without O(only_check)
  type: int
bytes:
  description: Bytes of these.
  returned: success, without O(only_check)
  type: int
deleted:
  description: Files of a dataset that had more.
  returned: success, without O(only_check)
  type: int
commit:
  description: The repository's newest commit; empty in check mode where there is none.
  returned: success, without O(only_check)
  type: str
"""

from importlib.util import find_spec
from typing import Any

from ansible.module_utils.basic import missing_required_lib
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.glossapi.farm.plugins.module_utils._aws.clients import service_client
from ansible_collections.glossapi.farm.plugins.module_utils._aws.secrets import read_secret
from ansible_collections.glossapi.farm.plugins.module_utils._corpus.hub import (
    LOG,
    HubOptions,
    require_token,
    token_of,
    upload_dataset,
)
from ansible_collections.glossapi.farm.plugins.module_utils._module import connection_from, run_module
from ansible_collections.glossapi.farm.plugins.module_utils._output_files import append_log
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import dataset_folder
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

ARGUMENTS: dict[str, dict[str, Any]] = {
    "results": {"type": "str", "required": True},
    "label": {"type": "str", "required": True},
    "repository": {"type": "str", "required": True},
    "private": {"type": "bool", "default": True},
    # The secret's name, which is none.
    "token_secret": {"type": "str", "required": True, "no_log": False},
    "only_check": {"type": "bool", "default": False},
    "log_file": {"type": "path"},
}


def work(module: AnsibleAWSModule) -> dict[str, Any]:
    """Upload the dataset and return the module's answer.

    Raises:
        FarmError: it could not be uploaded.
    """
    parameters = module.params
    options = HubOptions(parameters["repository"], parameters["private"])
    folder = dataset_folder(S3Uri.parse(parameters["results"]), parameters["label"])
    if parameters["log_file"] and not module.check_mode:
        append_log(LOG, parameters["log_file"], "INFO")
    connection = connection_from(module)
    secret = parameters["token_secret"]
    token = token_of(read_secret(service_client(connection, "secretsmanager"), secret), secret)
    # What this module says, whatever it is, goes through Ansible's mask for secrets.
    module.no_log_values.add(token)
    if parameters["only_check"]:
        require_token(connection.client(), folder, options, token)
        return {"changed": False}
    made = upload_dataset(connection.client(), folder, options, token, check_mode=module.check_mode)
    return vars(made).copy()


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    if find_spec("huggingface_hub") is None:
        module.fail_json(msg=missing_required_lib("huggingface_hub", reason="to upload the dataset"))
    run_module(module, lambda: work(module))


if __name__ == "__main__":
    main()
