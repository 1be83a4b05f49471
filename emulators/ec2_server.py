# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The process behind :class:`emulators.ec2.Ec2Server`: moto with a memory and with limits.

The requests that changed anything are recorded and replayed at the next start. They name networks,
instances and volumes, so that each request draws its ids from a generator seeded with its body: a
replayed one makes the same. moto has neither vCPU quotas, nor zones without capacity, nor the agents of Systems
Manager; here they are.
"""

from __future__ import annotations

import argparse
import base64
import gc
import hashlib
import io
import json
import os
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import boto3

from emulators.process import LOOPBACK, free_ports
from emulators.s3 import REGION

_SEED = 20261124
_READING = ("Describe", "Get", "List", "AssumeRole")
_EC2_VCPUS = 1000
# What was asked of the account, a line each, beside the requests that changed it.
CALLS = "calls.txt"
# Of S3's parts of a bucket or an object, those that have a permission of their own.
_PARTS = {"tagging", "publicAccessBlock", "encryption", "location", "uploads", "uploadId", "policy", "versioning"}

_Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def changes_something(entry: str) -> bool:
    """Return whether a recorded request (a line of JSON) is one that alters the emulated account."""
    request = json.loads(entry)
    body = base64.b64decode(request["body"]).decode("utf-8", "replace")
    headers = {name.lower(): value for name, value in request["headers"].items()}
    # Query protocol names the action in the form, JSON protocol in a header.
    action = headers.get("x-amz-target", "").rpartition(".")[2] or parse_qs(body).get("Action", [""])[0]
    return bool(action) and not action.startswith(_READING)


def called(environ: Mapping[str, Any], body: bytes) -> str:
    """Return what a request asks of AWS, as ``ec2:RunInstances``.

    S3 names no action: of it the method is told, whether it is for the ``bucket`` or an ``object``, and the part that
    is asked for, as in ``s3:PUT bucket tagging``.
    """
    scope = str(environ.get("HTTP_AUTHORIZATION", "")).partition("Credential=")[2].split("/")
    service = scope[3] if len(scope) > 3 else ""
    path = str(environ.get("PATH_INFO", ""))
    if service == "s3":
        parts = set(parse_qs(str(environ.get("QUERY_STRING", "")), keep_blank_values=True)) & _PARTS
        place = "object" if path.strip("/").partition("/")[2] else "bucket"
        return " ".join([f"s3:{environ['REQUEST_METHOD']}", place, *sorted(parts)])
    action = (
        str(environ.get("HTTP_X_AMZ_TARGET", "")).rpartition(".")[2]
        or path.partition("/operation/")[2]
        or parse_qs(body.decode("utf-8", "replace")).get("Action", [""])[0]
    )
    return f"{service}:{action}"


class Memory:
    """A WSGI application around moto's: seeds its ids, and records what changed something.

    Args:
        application: moto's.
        seed: seeds moto's generator.
    """

    def __init__(self, application: _Application, seed: Callable[[int], None]) -> None:
        self._application = application
        self._seed = seed
        self._seen: Counter[bytes] = Counter()
        self.recording: Path | None = None
        self.calls: Path | None = None

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request as WSGI has it."""
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        if body:
            # The same request again makes another instance, as at the first time.
            self._seen[body] += 1
            self._seed(int.from_bytes(hashlib.sha256(b"%d %b" % (self._seen[body], body)).digest()[:8]))
        statuses: list[str] = []

        def note_status(status: str, *arguments: Any) -> Any:
            statuses.append(status)
            return start_response(status, *arguments)

        if self.calls is not None:
            with self.calls.open("a") as file:
                file.write(f"{called(environ, body)}\n")
        answer = self._application(environ, note_status)
        if self.recording is not None and statuses and statuses[0].startswith("2"):
            entry = _entry(environ, body)
            if changes_something(entry):
                with self.recording.open("a") as file:
                    file.write(f"{entry}\n")
        return answer


def _entry(environ: dict[str, Any], body: bytes) -> str:
    """Return a request as moto's recorder writes it."""
    headers = {
        name.removeprefix("HTTP_").replace("_", "-").title(): value
        for name, value in environ.items()
        if name.startswith("HTTP_") or name == "CONTENT_TYPE"
    }
    url = f"http://{environ['HTTP_HOST']}{environ['PATH_INFO']}"
    return json.dumps(
        {
            "headers": headers,
            "method": environ["REQUEST_METHOD"],
            "url": url,
            "body": base64.b64encode(body).decode(),
            "body_encoded": True,
        }
    )


def read_limits(path: Path) -> dict[str, Any]:
    """Return what an :class:`~emulators.ec2.Ec2Server` was told of its limits; empty without a file."""
    return dict(json.loads(path.read_text())) if path.exists() else {}


def _take_from_template() -> None:
    """Have moto heed of a launch template: metadata options, instance profile, spot, and what a shutdown means."""
    from moto.ec2.models import EC2Backend
    from moto.ec2.models.instances import MetadataOptions
    from moto.iam.models import iam_backends

    ec2: Any = EC2Backend
    run_instances = ec2.run_instances
    replace_iam_instance_profile_association = ec2.replace_iam_instance_profile_association

    def run_with_options(self: Any, *arguments: Any, **options: Any) -> Any:
        reservation = run_instances(self, *arguments, **options)
        if options.get("launch_template"):
            template = self._get_template_from_args(options["launch_template"]).data
            for instance in reservation.instances:
                instance.metadata_options = MetadataOptions(template.get("MetadataOptions"))
                # What a request says comes before it.
                instance.instance_initiated_shutdown_behavior = options.get(
                    "instance_initiated_shutdown_behavior"
                ) or template.get("InstanceInitiatedShutdownBehavior", "stop")
                if template.get("InstanceMarketOptions"):
                    instance.lifecycle = "spot"
                profile = template.get("IamInstanceProfile", {}).get("Name")
                if profile in iam_backends[self.account_id][self.partition].instance_profiles:
                    self.associate_iam_instance_profile(instance.id, iam_instance_profile_name=profile)
        return reservation

    def replace_association(self: Any, *arguments: Any, **options: Any) -> Any:
        association = replace_iam_instance_profile_association(self, *arguments, **options)
        association.instance.iam_instance_profile["Arn"] = association.iam_instance_profile.arn
        return association

    ec2.run_instances = run_with_options
    ec2.replace_iam_instance_profile_association = replace_association


def _keep_template_tags_apart() -> None:
    """Have moto keep a launch template's own tags out of what it says of instances, as EC2 does."""
    from moto.ec2.models import EC2Backend

    ec2: Any = EC2Backend
    create_launch_template = ec2.create_launch_template

    def create_apart(self: Any, name: str, description: str, data: dict[str, Any], tags: Any) -> Any:
        given = data.pop("TagSpecifications", [])
        of_instances = [each for each in given if each["ResourceType"] != "launch-template"]
        return create_launch_template(
            self, name, description, data | ({"TagSpecifications": of_instances} if of_instances else {}), tags
        )

    ec2.create_launch_template = create_apart


def _change_shutdowns() -> None:
    """Have moto change, among an instance's attributes, what a shutdown makes of it, too."""
    from moto.ec2.responses.instances import InstanceResponse

    response: Any = InstanceResponse
    change_others = response._dot_value_instance_attribute_handler

    def change(self: Any) -> bool:
        value = self._get_param("InstanceInitiatedShutdownBehavior.Value")
        if value is None:
            return bool(change_others(self))
        name = "instance_initiated_shutdown_behavior"
        self.ec2_backend.modify_instance_attribute(self._get_param("InstanceId"), name, value)
        return True

    response._dot_value_instance_attribute_handler = change


def _lead_out() -> None:
    """Have moto's default network lead to the internet, as AWS's does."""
    from moto.ec2.models import EC2Backend

    ec2: Any = EC2Backend
    create = ec2.__init__

    def create_leading_out(self: Any, *arguments: Any, **options: Any) -> None:
        create(self, *arguments, **options)
        gateway = self.create_internet_gateway()
        self.attach_internet_gateway(gateway.id, self.default_vpc.id)
        (table,) = self.describe_route_tables(filters={"vpc-id": [self.default_vpc.id]})
        self.create_route(table.id, "0.0.0.0/0", None, gateway_id=gateway.id)

    ec2.__init__ = create_leading_out


def _limit(limits_file: Path) -> None:
    """Have moto know vCPU quotas, zones that take no more instances, and instances that end at their launch."""
    from moto.ec2.exceptions import EC2ClientError
    from moto.ec2.models import EC2Backend
    from moto.ec2.models.instances import StateReason
    from moto.servicequotas.models import ServiceQuotasBackend

    quotas: Any = ServiceQuotasBackend
    ec2: Any = EC2Backend
    get_service_quota = quotas.get_service_quota
    run_instances = ec2.run_instances

    def get_limited(self: Any, service_code: str, quota_code: str) -> Any:
        if service_code != "ec2":
            return get_service_quota(self, service_code, quota_code)
        vcpus = read_limits(limits_file).get("vcpus", _EC2_VCPUS)
        return {"ServiceCode": service_code, "QuotaCode": quota_code, "Value": float(vcpus), "Unit": "None"}

    def run_limited(self: Any, image_id: str, count: int, *arguments: Any, **options: Any) -> Any:
        if not options.get("subnet_id"):
            # EC2 takes a zone of its own choice, which may be full as well.
            defaults = self.describe_subnets(filters={"default-for-az": ["true"]})
            options["subnet_id"] = min(defaults, key=lambda subnet: subnet.availability_zone).id
        zone = self.get_subnet(options["subnet_id"]).availability_zone
        room = read_limits(limits_file).get("zones", {}).get(zone)
        there = sum(
            1
            for reservation in self.all_reservations()
            for instance in reservation.instances
            if instance.availability_zone == zone and instance.state in ("pending", "running")
        )
        if room is not None and there + count > room:
            raise EC2ClientError(
                "InsufficientInstanceCapacity",
                f"We currently do not have sufficient capacity in the Availability Zone you requested ({zone}).",
            )
        reservation = run_instances(self, image_id, count, *arguments, **options)
        reason = read_limits(limits_file).get("ended", "")
        for instance in reservation.instances if reason else ():
            instance.terminate()
            instance.state_reason = StateReason(reason, "Client.InternalError")
        return reservation

    quotas.get_service_quota = get_limited
    ec2.run_instances = run_limited


def _keep_groups_in_use() -> None:
    """Have moto refuse to delete a security group that an instance is in, or a rule of another group names."""
    from moto.ec2.exceptions import EC2ClientError
    from moto.ec2.models import EC2Backend

    ec2: Any = EC2Backend
    delete_security_group = ec2.delete_security_group

    def delete_unused(self: Any, name: str | None = None, group_id: str | None = None) -> Any:
        in_use = {
            group.id
            for reservation in self.all_reservations()
            for instance in reservation.instances
            if instance.state != "terminated"
            for group in instance.security_groups
        } | {
            rule.source_group.get("GroupId")
            for group in self.describe_security_groups()
            if group.id != group_id
            for rule in [*group.ingress_rules, *group.egress_rules]
        }
        if group_id in in_use:
            raise EC2ClientError("DependencyViolation", f"resource {group_id} has a dependent object")
        return delete_security_group(self, name, group_id)

    ec2.delete_security_group = delete_unused


def _know_agents(limits_file: Path) -> None:
    """Have moto tell of the agents of Systems Manager: of each instance that runs, but for those that are offline."""
    from moto.core.responses import ActionResult
    from moto.ec2.models import ec2_backends
    from moto.ssm.responses import SimpleSystemManagerResponse

    response: Any = SimpleSystemManagerResponse

    def describe_instance_information(self: Any) -> Any:
        asked = {value for each in self._get_param("Filters", []) for value in each["Values"]}
        offline = read_limits(limits_file).get("offline", [])
        running = [
            instance.id
            for reservation in ec2_backends[self.current_account][self.region].all_reservations()
            for instance in reservation.instances
            if instance.state == "running" and instance.id not in offline
        ]
        listed = [{"InstanceId": each, "PingStatus": "Online"} for each in running if each in asked]
        return ActionResult({"InstanceInformationList": listed})

    response.describe_instance_information = describe_instance_information


def main() -> None:
    """Serve until a SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--recording", type=Path, required=True)
    parser.add_argument("--limits", type=Path, required=True)
    arguments = parser.parse_args()

    recording: Path = arguments.recording
    recording.parent.mkdir(parents=True, exist_ok=True)
    recording.touch()
    os.environ["MOTO_RECORDER_FILEPATH"] = str(recording)

    # After the environment is set: moto reads it when it is imported.
    from moto.moto_api import recorder
    from moto.moto_api._internal import mock_random
    from moto.moto_server import threaded_moto_server
    from moto.server import ThreadedMotoServer

    memories: list[Memory] = []

    def remembering(create_app: Any) -> Memory:
        # One memory for both servers: it counts on where the replay ended.
        if not memories:
            memories.append(Memory(dispatcher(create_app), mock_random.seed))
        return memories[0]

    server_module: Any = threaded_moto_server
    dispatcher = server_module.DomainDispatcherApplication
    server_module.DomainDispatcherApplication = remembering
    mock_random.seed(_SEED)
    _take_from_template()
    _change_shutdowns()
    _keep_groups_in_use()
    _keep_template_tags_apart()
    _lead_out()
    _know_agents(arguments.limits)
    # The world is rebuilt behind a port nobody knows: who gets an answer on the given one finds it whole.
    (private_port,) = free_ports(1)
    rebuilding = ThreadedMotoServer(LOOPBACK, private_port, verbose=False)
    rebuilding.start()
    _create_default_network(f"http://{LOOPBACK}:{private_port}")
    recorder.replay_recording(target_host=f"http://{LOOPBACK}:{private_port}")
    rebuilding.stop()

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    # What was launched already keeps its place, whatever the limits are now.
    _limit(arguments.limits)
    memories[0].recording = recording
    memories[0].calls = recording.with_name(CALLS)
    server = ThreadedMotoServer(LOOPBACK, arguments.port, verbose=False)
    # What moto knows of AWS is no rubbish, however often it is looked at.
    gc.freeze()
    server.start()
    stop.wait()
    server.stop()


def _create_default_network(endpoint: str) -> None:
    """Ask for the networks once: moto makes the default ones, and draws their ids, at the first request."""
    client = boto3.client(
        "ec2", endpoint_url=endpoint, region_name=REGION, aws_access_key_id="local", aws_secret_access_key="local"
    )
    client.describe_vpcs()


if __name__ == "__main__":
    main()
