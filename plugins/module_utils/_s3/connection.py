# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How to reach S3: the values of the usual connection options, and clients made from them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from .._errors import FarmError

if TYPE_CHECKING:
    import boto3
    from botocore.awsrequest import AWSRequest
    from botocore.loaders import Loader
    from mypy_boto3_s3 import S3Client

# Attempts of one request, the first included. With standard mode's jittered backoff of at most
# 20 s each this outlives the minutes S3 answers 503 while it splits a prefix.
MAX_ATTEMPTS = 8
DEFAULT_REGION = "us-east-1"
_ENDPOINT_VARIABLES = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")


@dataclass(frozen=True)
class Connection:
    """Endpoint and credentials; what is ``None`` comes from boto3's own chain.

    Attributes:
        verify: ``True``, ``False``, or the path of a CA bundle.
        requester_pays: whether to say that requests are on this account's bill, as some buckets of documents demand.
    """

    region: str | None = None
    endpoint_url: str | None = None
    profile: str | None = None
    access_key: str | None = None
    secret_key: str | None = None
    session_token: str | None = None
    verify: bool | str | None = None
    requester_pays: bool = False

    def __post_init__(self) -> None:
        """Refuse what botocore would end at, or would settle without a word.

        Raises:
            FarmError: an endpoint, of the environment too, has no scheme, or there are both a profile and keys.
        """
        _check_endpoint("endpoint_url", self.endpoint_url)
        for name in _ENDPOINT_VARIABLES:
            _check_endpoint(name, os.environ.get(name))
        if self.profile and self.access_key:
            raise FarmError(f"Both the profile {self.profile} and keys are given: leave one of them out.")
        if not (self.profile or self.access_key) and os.environ.get("AWS_ACCESS_KEY_ID"):
            profile = os.environ.get("AWS_PROFILE")
            if profile:
                raise FarmError(
                    f"The environment has both AWS_PROFILE ({profile}) and AWS_ACCESS_KEY_ID, which may be two "
                    "accounts: unset one of them."
                )

    def __repr__(self) -> str:
        """Show where it goes and never with which secret."""
        return f"Connection(region={self.region!r}, endpoint_url={self.endpoint_url!r}, profile={self.profile!r})"

    def session(self) -> boto3.session.Session:
        """Return a boto3 session with these credentials.

        Raises:
            botocore.exceptions.ProfileNotFound: there is no such profile.
        """
        import boto3
        from botocore.session import get_session

        core = get_session()
        if self.profile:
            core.set_config_variable("profile", self.profile)
        core.register_component("data_loader", _loader(core.get_config_variable("data_path")))
        core.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=_timestamp)
        return boto3.session.Session(
            botocore_session=core,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            aws_session_token=self.session_token,
            region_name=self.region,
            profile_name=self.profile,
        )

    def can_renew(self) -> bool:
        """Return whether a new client may have other credentials: not those that this process was given once."""
        return not self.access_key and not os.environ.get("AWS_ACCESS_KEY_ID")

    def own_endpoint_url(self) -> str | None:
        """Return the endpoint where it is another than AWS's, else ``None``.

        It may come from the option, the environment (``AWS_ENDPOINT_URL_S3``) or the profile.
        """
        if self.endpoint_url:
            return self.endpoint_url
        session = self.session()
        configured = session.client("s3", region_name=session.region_name or DEFAULT_REGION).meta.endpoint_url
        host = urlsplit(configured).hostname or ""
        return None if host.endswith((".amazonaws.com", ".amazonaws.com.cn")) else configured

    def client(self, *, pool_size: int = 10) -> S3Client:
        """Return an S3 client that keeps up to ``pool_size`` connections open.

        Checksums are only sent or checked where S3 requires them: other servers than AWS's
        reject or lack them. Buckets are addressed by path on other endpoints than AWS's.
        """
        from botocore.config import Config

        options: dict[str, Any] = {
            # Not max_attempts, which leaves the first attempt out.
            "retries": {"mode": "standard", "total_max_attempts": MAX_ATTEMPTS},
            "max_pool_connections": pool_size,
            "request_checksum_calculation": "when_required",
            "response_checksum_validation": "when_required",
        }
        if self.own_endpoint_url():
            options["s3"] = {"addressing_style": "path"}
        client = self.session().client(
            "s3", endpoint_url=self.endpoint_url, verify=self.verify, config=Config(**options)
        )
        if self.requester_pays:
            client.meta.events.register("before-sign.s3", _offer_to_pay)
        return client


def _check_endpoint(name: str, url: str | None) -> None:
    if url and not url.startswith(("http://", "https://")):
        raise FarmError(f"{name} is {url!r}, which is no address of a server: write it as http://host:port.")


@cache
def _loader(data_path: str | None) -> Loader:
    """Return what reads descriptions of services; every session's own would read those of S3 for 0.1 s again."""
    from botocore.loaders import create_loader

    return create_loader(data_path)


def _offer_to_pay(request: AWSRequest, **_event: object) -> None:
    request.headers["x-amz-request-payer"] = "requester"


def _timestamp(value: Any) -> datetime:
    """Return the time that an answer has.

    Listings write it in ISO 8601, for which botocore's own parser takes three quarters of a listing's core time.
    """
    from botocore.utils import parse_timestamp

    try:
        parsed = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return parse_timestamp(value)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
