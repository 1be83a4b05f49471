# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether nodes of an image begin to work by themselves."""

from __future__ import annotations

from typing import Any

from .._aws.errors import aws_errors
from .._aws.ownership import PROJECT_TAG, tags_of
from .._ec2.nodes import DIGEST_TAG
from .._errors import FarmError


def require_image(ec2: Any, image_id: str, project: str) -> None:
    """Check that nodes of the image do more than cost.

    Raises:
        AwsError: EC2 cannot be asked, or has no such image.
        FarmError: it is not known to be one of the farm's.
    """
    with aws_errors(f"look at the image {image_id}"):
        images = ec2.describe_images(ImageIds=[image_id])["Images"]
    tags = tags_of(images[0].get("Tags")) if images else {}
    if tags.get(PROJECT_TAG) != project or not tags.get(DIGEST_TAG):
        raise FarmError(
            f"Nobody says that nodes of the image {image_id} begin to work by themselves: it has not the tags "
            f"{PROJECT_TAG}={project} and {DIGEST_TAG}. Nodes of another are paid for and do nothing. "
            "playbooks/image.yml makes such an image of a configured node, and tries it."
        )
