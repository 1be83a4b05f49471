# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a node cannot be reached, in words, and whether waiting can help."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from .._aws.errors import describe_aws
from .._s3.errors import CREDENTIALS_MEANINGS
from .proxy import KEY, MACHINE

_AWS_ERROR = re.compile(
    r"An error occurred \((?P<code>[\w.]+)\) when calling the \w+ operation( \([^)]*\))?: ?(?P<detail>.*)"
)
# What the AWS command line says without asking AWS.
_UNASKED = {
    "Unable to locate credentials": "NoCredentialsError",
    "The config profile": "ProfileNotFound",
    "Partial credentials": "PartialCredentialsError",
    "Token has expired": "TokenRetrievalError",
    "Error loading SSO Token": "SSOTokenLoadError",
}
_NOT_ALLOWED = {"AccessDeniedException", "AccessDenied", "UnauthorizedOperation"}
_REFUSED = {"UnrecognizedClientException", "InvalidClientTokenId", "AuthFailure", "InvalidSignatureException"}
_MEANINGS = {
    "TargetNotConnected": (
        "Systems Manager has no connection to the node's agent: it has none yet, or the subnet has no way out, the "
        "role of the instance profile lacks what the agent needs (playbooks/provision.yml with tag node_iam_role gives "
        "the farm's own role that; give one of yours the same, or the managed policy AmazonSSMManagedInstanceCore), "
        "or the agent does not run"
    ),
    "EC2InstanceNotFoundException": "EC2 knows no such instance in this region",
    "EC2InstanceStateInvalidException": "the instance does not run",
    "EC2InstanceUnavailableException": "EC2 Instance Connect does not have the instance yet",
}
_SSH_MEANINGS = {
    "Permission denied": (
        "the node was reached, and does not take the key: ssh needs the private half of farm_ssh_public_key, in its "
        "agent or beside it"
    ),
    "Host key verification failed": "the node's host key is another than before: see ssh-keygen -R",
}


@dataclass(frozen=True)
class Cause:
    """Why a node cannot be reached.

    Attributes:
        text: a sentence's end, as in ``"the session: access is denied"``.
        is_final: whether it stays however long one waits.
    """

    text: str
    is_final: bool


def cause_of(record: Path | None, said: str) -> Cause:
    """Return why a node could not be reached.

    Args:
        record: what ssh's proxy left (:func:`~.proxy.record_path`); may be missing, as where it has none. ``None``
            where it is not ssh that the node is reached by.
        said: the connection's own message.
    """
    if record is None:
        return cause_in_text(" ".join(said.split()), "open a session")
    try:
        kept = json.loads(record.read_text())
        step, message = str(kept["step"]), str(kept["message"])
    except FileNotFoundError:
        return _of_ssh(said)
    except (OSError, ValueError, KeyError, TypeError) as error:
        return Cause(f"{_of_ssh(said).text} ({record} cannot be read: {error})", is_final=False)
    if step == MACHINE:
        return Cause(message, is_final=True)
    return cause_in_text(message, "let the key in by EC2 Instance Connect" if step == KEY else "open a session")


def _of_ssh(said: str) -> Cause:
    for beginning, meaning in _SSH_MEANINGS.items():
        if beginning in said:
            return Cause(f"{meaning} ({beginning})", is_final=False)
    return Cause(" ".join(said.split()), is_final=False)


def cause_in_text(message: str, action: str) -> Cause:
    """Return why an action failed, by what the AWS command line or botocore said of it.

    Args:
        action: what was tried, as in ``"open a session"``.
    """
    found = _AWS_ERROR.search(message)
    if not found:
        codes = [code for text, code in _UNASKED.items() if text in message]
        if codes:
            return Cause(_described(codes[0], message, action), is_final=True)
        return Cause(f"cannot {action}: {message}", is_final=False)
    code, detail = found["code"], found["detail"].rstrip(".")
    if code in _MEANINGS:
        return Cause(f"cannot {action}: {_MEANINGS[code]} ({code}: {detail})", is_final=False)
    is_final = code in _NOT_ALLOWED | _REFUSED or code in CREDENTIALS_MEANINGS
    return Cause(_described(code, detail, action), is_final)


def _described(code: str, detail: str, action: str) -> str:
    text = str(describe_aws(code, detail, action)).rstrip(".")
    return text[:1].lower() + text[1:]
