# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mend what differs about instances while they run, in one call each that nothing waits for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._aws.errors import aws_errors
from .._aws.ownership import tag_list
from .nodes import METADATA_OPTIONS, Node, node_name
from .plan import ROOT_VOLUME_TYPE, Plan, Wanted


@dataclass
class Mender:
    """Mends the farm's instances.

    Attributes:
        done: takes a sentence for each thing that was mended.
    """

    ec2: Any
    wanted: Wanted
    done: list[str]

    def run(self, plan: Plan) -> None:
        """Carry out what the plan has of this kind.

        Raises:
            AwsError: AWS refuses something.
        """
        for resource, tags in plan.retag.items():
            self._retag(resource, tags)
        for node in plan.regroup:
            self._regroup(node)
        for node in plan.reprofile:
            self._reprofile(node)
        for node in plan.protect:
            self._protect(node)
        for node in plan.behave:
            self._behave(node)
        for node in plan.grow:
            self._grow(node)

    def _retag(self, resource: str, tags: Mapping[str, str]) -> None:
        with aws_errors(f"tag {resource}"):
            self.ec2.create_tags(Resources=[resource], Tags=tag_list(tags))
        self.done.append(f"Set {', '.join(sorted(tags))} on {resource}.")

    def _regroup(self, node: Node) -> None:
        groups = sorted(self.wanted.security_groups)
        name = node_name(node.shard or 0)
        with aws_errors(f"put {name} ({node.id}) in {', '.join(groups)}"):
            self.ec2.modify_instance_attribute(InstanceId=node.id, Groups=groups)
        self.done.append(f"Put {name} in {', '.join(groups)} alone.")

    def _reprofile(self, node: Node) -> None:
        name, profile = node_name(node.shard or 0), {"Name": self.wanted.instance_profile}
        with aws_errors(f"give {name} ({node.id}) the instance profile {self.wanted.instance_profile}"):
            found = self.ec2.describe_iam_instance_profile_associations(
                Filters=[
                    {"Name": "instance-id", "Values": [node.id]},
                    {"Name": "state", "Values": ["associating", "associated"]},
                ]
            )["IamInstanceProfileAssociations"]
            if found:
                self.ec2.replace_iam_instance_profile_association(
                    AssociationId=found[0]["AssociationId"], IamInstanceProfile=profile
                )
            else:
                self.ec2.associate_iam_instance_profile(InstanceId=node.id, IamInstanceProfile=profile)
        self.done.append(f"Gave {name} the instance profile {self.wanted.instance_profile}.")

    def _protect(self, node: Node) -> None:
        name = node_name(node.shard or 0)
        with aws_errors(f"change the metadata options of {name} ({node.id})"):
            self.ec2.modify_instance_metadata_options(InstanceId=node.id, **METADATA_OPTIONS)
        self.done.append(f"Had the metadata service of {name} answer by IMDSv2 alone.")

    def _behave(self, node: Node) -> None:
        name, shutdown = node_name(node.shard or 0), self.wanted.shutdown
        with aws_errors(f"have {name} ({node.id}) {shutdown} when it shuts itself down"):
            self.ec2.modify_instance_attribute(
                InstanceId=node.id, InstanceInitiatedShutdownBehavior={"Value": shutdown}
            )
        self.done.append(f"Had {name} {shutdown} when it shuts itself down.")

    def _grow(self, node: Node) -> None:
        if node.root is None:
            return
        gib = self.wanted.root_gib
        with aws_errors(f"change the volume {node.root.id} to {gib} GiB {ROOT_VOLUME_TYPE}"):
            self.ec2.modify_volume(VolumeId=node.root.id, Size=gib, VolumeType=ROOT_VOLUME_TYPE)
        self.done.append(
            f"Changed {node.root.id} of {node_name(node.shard or 0)} to {gib} GiB {ROOT_VOLUME_TYPE}: the role "
            "root_volume grows the filesystem."
        )
