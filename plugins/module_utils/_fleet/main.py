# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ``glossapi-farm-fleet.service`` runs on a node that was launched from an image: work without a controller."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from .._aws.clients import service_client
from .._aws.errors import AwsError, aws_errors
from .._aws.metadata import GROUP_STATE_PATH, LEAVING, Instance, InstanceMetadata, metadata_service, read_instance
from .._aws.secrets import holds, read_secret, write_private
from .._errors import FarmError
from .._files import write_atomically
from .._queue.sqs import Queue, queue_client
from .._records.fleet import FleetNode, FleetSettings, FleetStage
from .._records.names import fleet_node_uri
from .._runner.watch.gpus import is_installed, read_gpus
from .._runner.watch.interruption import read_notice
from .._s3.connection import Connection
from .._s3.errors import S3Error
from .._s3.objects import put_bytes
from .._s3.uri import S3Uri
from .._smoke.trial import try_pipeline
from .claim import Place, claim_number
from .hook import complete_hook
from .member import Hands, Member, UnfitError
from .numbered import NumberedSupervisor, running_supervisor
from .settings import config_for, read_settings, trial_config_for
from .wanted import fleet_name

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_LOG = logging.getLogger(__name__)
# Another start may go further, and systemd makes one; not with the other, which is EX_CONFIG of sysexits.h.
EXIT_RESTART = 1
EXIT_UNFIT = 78
# Where the timer of the role node_lifetime looks for what is newer than what came with the image.
_LIFETIME = "lifetime.json"


@dataclass(frozen=True)
class Farm:
    """What user data tells a node.

    Attributes:
        project: value of the tag ``Project``.
        results: the farm's prefix of results.
        trial: whether the node is to show that it can work, and nothing else.
    """

    project: str
    region: str
    results: S3Uri
    trial: bool = False

    @classmethod
    def load(cls, path: Path) -> Farm:
        """Return what the file says.

        Raises:
            FarmError: it cannot be read, or is something else.
        """
        try:
            told = json.loads(path.read_text())
            return cls(str(told["project"]), str(told["region"]), S3Uri.parse(told["results"]), bool(told.get("trial")))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise FarmError(
                f"{path} is not what user data of the fleet writes ({type(error).__name__}: {error}): run "
                "playbooks/fleet.yml, and launch the node anew."
            ) from error


class Node:
    """This machine as a node of a farm.

    Args:
        farm: which one.
        instance: which machine it is.
        metadata: the machine's metadata service.
        run: folder of this program's own, gone after a reboot.
    """

    def __init__(self, farm: Farm, instance: Instance, metadata: InstanceMetadata, run: Path) -> None:
        self._farm = farm
        self._instance = instance
        self._metadata = metadata
        self._run = run
        self._connection = Connection(region=farm.region)
        self._client: S3Client = self._connection.client()
        self._gpus = count_gpus()

    def hands(self, workdir: Path) -> Hands:
        """Return what the node does and sees; ``workdir`` is where its supervisors keep their files."""
        return Hands(
            read_settings=self.read_settings,
            try_stage=self.try_stage,
            waiting=self.waiting,
            claim=self.claim,
            running=partial(running_supervisor, workdir, self._connection, self._client),
            notice=self.notice,
            leave=self.leave,
            tell=self.tell,
        )

    def read_settings(self) -> FleetSettings:
        """Return what the nodes are told, and have the timer that ends this node go by it, and its token there.

        Raises:
            FarmError: it cannot be read, or the token not be written.
            AwsError: the secret cannot be read.
            S3Error: S3 cannot be read.
        """
        settings = read_settings(self._client, self._farm.results)
        lifetime = json.dumps({**settings.lifetime, "node": self._instance.id}, indent=1, sort_keys=True).encode()
        write_atomically(self._run / _LIFETIME, lifetime)
        if settings.secret:
            have_token(self._connection, settings.secret, Path(settings.token))
        return settings

    def try_stage(self, settings: FleetSettings, stage: FleetStage) -> None:
        """Try the pipeline of a stage as ``playbooks/smoke.yml`` does.

        Raises:
            FarmError: the node is not fit for it.
            S3Error: S3 is out of reach.
        """
        if settings.gpus and not self._gpus:
            raise FarmError(
                f"The farm's nodes have {settings.gpus} GPUs, and nvidia-smi lists none here: the image's driver does "
                "not run on this instance type. Look at journalctl -k, and bake another image."
            )
        config = trial_config_for(settings, stage, node=self._instance.id, gpus=self._gpus, warn=_LOG.warning)
        outcome = try_pipeline(config, self._connection, check_mode=False)
        _LOG.info("tried stage %s: %s", stage.stage, outcome.untried or f"{outcome.done} documents done")

    def waiting(self, url: str) -> int:
        """Return how many pieces wait in a queue, about; looking does not count as a receive.

        Raises:
            AwsError: the queue cannot be asked.
            FarmError: it is no URL of a queue.
        """
        depth = Queue(queue_client(self._connection, url), url).depth()
        return depth.visible + depth.delayed

    def claim(self, settings: FleetSettings, stage: FleetStage) -> NumberedSupervisor:
        """Claim a number for a supervisor of a stage.

        Raises:
            FarmError: all are taken, or an option makes no sense.
            S3Error: S3 cannot be read or written.
        """
        workdir = Path(stage.options["workdir"])
        place = Place(self._farm.results, stage.stage, settings.first_number, workdir, self._instance.id)
        claim = claim_number(self._client, place)
        node = self._instance.id
        try:
            config = config_for(settings, stage, number=claim.number, node=node, gpus=self._gpus, warn=_LOG.warning)
        except FarmError:
            claim.release()
            raise
        return NumberedSupervisor(config, self._connection, self._client, claim)

    def notice(self) -> str:
        """Return in words that the machine is taken away; empty where it is not, or nobody can tell."""
        try:
            return read_notice(self._metadata) or ""
        except (OSError, ValueError) as error:
            _LOG.warning("the instance metadata service does not tell of interruptions: %s", error)
            return ""

    def leave(self) -> None:
        """Have the Auto Scaling group go on, where it waits until nothing is in work here.

        A failure only shows in the log: the group then ends the node when its hook's time is over.
        """
        try:
            if (self._metadata.read(GROUP_STATE_PATH) or "").strip() != LEAVING:
                return
            with aws_errors("reach Auto Scaling"):
                client = service_client(self._connection, "autoscaling")
            if complete_hook(client, fleet_name(self._farm.project), self._instance.id):
                _LOG.info("the Auto Scaling group ends this node now")
        except (OSError, AwsError) as error:
            _LOG.warning("the Auto Scaling group may wait until its hook's time is over: %s", error)

    def tell(self, said: FleetNode) -> None:
        """Say in S3 what the node does; a failure only shows in the log."""
        try:
            uri = fleet_node_uri(self._farm.results, self._instance.id)
            put_bytes(self._client, uri, said.to_json(), "application/json")
        except S3Error as error:
            _LOG.warning("%s", error)


def main(arguments: list[str]) -> int:
    """Work until the machine is taken away.

    Args:
        arguments: the file that user data wrote, the supervisors' work directory, and this program's own folder.

    Returns:
        0 where it is, or where a trial has succeeded; :data:`EXIT_UNFIT` where the node cannot work,
        :data:`EXIT_RESTART` where another start may go further.
    """
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    told, workdir, run = map(Path, arguments)
    try:
        farm = Farm.load(told)
        metadata, instance = this_instance()
    except FarmError as error:
        _LOG.error("%s", error)
        return EXIT_RESTART
    member = Member(instance.id, Node(farm, instance, metadata, run).hands(workdir))
    try:
        member.prove() if farm.trial else member.run()
    except UnfitError as error:
        _LOG.error("this node is not fit, and does nothing more: %s", error)
        member.tell_unfit(str(error))
        return EXIT_UNFIT
    except S3Error as error:
        _LOG.error("%s", error)
        return EXIT_RESTART
    except FarmError as error:
        _LOG.error("%s", error)
        member.tell_unfit(str(error))
        return EXIT_RESTART
    return 0


def this_instance() -> tuple[InstanceMetadata, Instance]:
    """Return this machine's metadata service, and which instance it is.

    Raises:
        FarmError: the service is turned off or does not answer.
    """
    service = metadata_service()
    try:
        if service is not None:
            return service, read_instance(service)
        problem = "it is turned off (AWS_EC2_METADATA_DISABLED)"
    except (OSError, ValueError) as error:
        problem = str(error)
    raise FarmError(f"The instance metadata service does not say which instance this is: {problem}.")


def count_gpus() -> int:
    """Return how many GPUs answer here; 0 without NVIDIA's tools."""
    if not is_installed():
        return 0
    try:
        return len(asyncio.run(read_gpus(())).gpus)
    except FarmError as error:
        _LOG.warning("%s", error)
        return 0


def have_token(connection: Connection, secret: str, path: Path) -> None:
    """Have the secret's text in the file, which its owner alone can read.

    Raises:
        AwsError: it cannot be read.
        FarmError: there is none, or the file cannot be written.
    """
    with aws_errors("reach Secrets Manager"):
        client = service_client(connection, "secretsmanager")
    text = read_secret(client, secret)
    if not holds(path, text):
        write_private(path, text)


def run_and_exit(arguments: list[str]) -> None:
    """Run :func:`main`, and end at once: a thread may be waiting for S3 to answer."""
    status = main(arguments)
    logging.shutdown()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    run_and_exit(sys.argv[1:])
