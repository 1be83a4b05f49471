# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A secret from Secrets Manager in a file."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from .._errors import FarmError
from .errors import AwsError, aws_errors


def read_secret(secrets_manager: Any, name: str) -> str:
    """Return the secret's text.

    Raises:
        AwsError: it cannot be read; the message does not have its text.
        FarmError: there is none, or it is binary.
    """
    try:
        with aws_errors(f"read the secret {name}"):
            answer = secrets_manager.get_secret_value(SecretId=name)
    except AwsError as error:
        if error.code != "ResourceNotFoundException":
            raise
        raise FarmError(
            f"There is no secret {name} in this region: store the token first (playbooks/provision.yml with HF_TOKEN "
            "in the environment), or set farm_use_hf_token to false where no model needs it."
        ) from error
    if "SecretString" not in answer:
        raise FarmError(f"The secret {name} is binary: store the token as text.")
    return str(answer["SecretString"])


def write_private(path: Path, text: str) -> None:
    """Write ``text`` in place of what ``path`` has, in one step; nobody but the owner can ever read it.

    Raises:
        FarmError: the file cannot be written.
    """
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise FarmError(f"Cannot write {path}: {error.strerror}.") from error


def holds(path: Path, text: str) -> bool:
    """Return whether the file exists and has exactly ``text``.

    Raises:
        FarmError: it exists and cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8") == text
    except FileNotFoundError:
        return False
    except UnicodeDecodeError:
        return False
    except OSError as error:
        raise FarmError(f"Cannot read {path}: {error.strerror}.") from error
