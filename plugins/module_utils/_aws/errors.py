# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an AWS error means for the operator, outside S3."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from .._errors import FarmError
from .._s3.errors import describe, from_botocore, in_words

_MEANINGS = {
    "AuthFailure": "AWS does not accept the credentials: check the profile or the environment",
    "InvalidClientTokenId": "AWS does not accept the credentials: check the profile or the environment",
    "UnrecognizedClientException": "AWS does not accept the credentials: check the profile or the environment",
    "RequestExpired": "the session's credentials have expired: renew them and run the command again",
    "UnauthorizedOperation": "the credentials may not do this: docs/operations.md lists what the controller needs",
    "AccessDeniedException": "the credentials may not do this: docs/operations.md lists what the controller needs",
    "VcpuLimitExceeded": "the account's vCPU quota is used up: playbooks/validate.yml says what to ask for",
    "MaxSpotInstanceCountExceeded": "the account's spot quota is used up: playbooks/validate.yml says what to ask for",
    "InvalidKeyPair.NotFound": "there is no such key pair in this region",
    "InvalidAMIID.NotFound": "there is no such image in this region",
    "InvalidAMIID.Malformed": "that is no image id: it looks like ami-0123456789abcdef0",
    "InvalidSubnetID.NotFound": "there is no such subnet in this region",
    "ParameterNotFound": "there is no such SSM parameter in this region",
    "OptInRequired": "the account is not signed up for this: open the region or service in the console once",
    "PendingVerification": "AWS is still verifying the account: run the command again in some minutes",
}


class AwsError(FarmError):
    """A request to AWS failed for good.

    Attributes:
        code: AWS's error code, or the name of the client's exception where no answer came.
    """

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


def describe_aws(code: str, detail: str, action: str) -> AwsError:
    """Return the error to raise for AWS's ``code``.

    Args:
        code: AWS's error code, or the name of the client's exception.
        detail: what AWS or the client said.
        action: what was tried, as in ``"launch shard 1 in us-east-1a"``.
    """
    if code in _MEANINGS:
        return AwsError(f"Cannot {action}: {_MEANINGS[code]} ({code}: {in_words(detail)}).", code)
    return AwsError(str(describe(code, detail, action)), code)


@contextmanager
def aws_errors(action: str) -> Iterator[None]:
    """Turn what botocore raises into :class:`AwsError`.

    Args:
        action: what is tried, as in ``"launch shard 1 in us-east-1a"``.

    Raises:
        AwsError: botocore failed; the message says what that means.
    """
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError

    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", "Unknown"))
        if code in _MEANINGS:
            raise describe_aws(code, error.response["Error"].get("Message", ""), action) from error
        raise AwsError(str(from_botocore(error, action)), code) from error
    except (BotoCoreError, ResponseParserError) as error:
        raise AwsError(str(from_botocore(error, action)), type(error).__name__) from error
