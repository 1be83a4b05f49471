# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role ``settings`` as an operator meets it: what it refuses, all at once, and what its defaults follow from."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.ansible_playbook import ansible_playbook

_REQUIRED = {
    "farm_input_bucket": "raw",
    "farm_manifests": "s3://work/farm",
    "farm_results": "s3://results/farm",
}
_NODES = {"node-1": {"farm_shard": 1}, "node-2": {"farm_shard": 2}}
# Reached by a setting's default, for what the role brings is known to the inventory's own variables.
_REACHED = {"ansible_connection": "{{ 'local' if farm_connection == 'ssh_over_ssm' else 'nothing' }}"}
_SHOW = """
- name: Show a value
  hosts: farm_nodes
  gather_facts: false
  roles:
    - role: glossapi.farm.settings
  tasks:
    - name: Show it from the node itself
      ansible.builtin.command:
        argv: [echo, "shown: {{ inventory_hostname }} {{ shown | ansible.builtin.to_json }} :shown"]
      changed_when: false
      register: echoed
    - name: Show the answer
      ansible.builtin.debug:
        var: echoed.stdout
"""
_GLOSSAPI = {"farm_pipeline": "glossapi", "farm_pipeline_options": {"math": False}}
_TESSERACT = {
    "farm_ocr_backend": "tesseract",
    "farm_ocr_options": {"tessdata": "/opt/tessdata", "languages": ["ell", "fra"]},
}
_DEEPSEEK = {"farm_pipeline": "glossapi", "farm_ocr_backend": "glossapi_deepseek"}
_OF_SERVERS = """[settings_ocr_environments, settings_weights_loaders, settings_weights_users,
    settings_driver_needs.server, settings_stages.ocr.pipeline_options.environment,
    settings_stages.ocr.pipeline_options.weights, settings_stages.ocr.pipeline_options.weights_digest | default('')]"""
_COMPARED = {
    "farm_stages": ["text"],
    "farm_compare_backends": [
        {"name": "one", "backend": "server", "preset": "{{ playbook_dir }}/newer.yml"},
        {"name": "two", "backend": "server", "preset": "dots-ocr"},
        {"name": "three", "backend": "server", "preset": "chandra-2"},
        {"name": "four", "backend": "server", "options": {"environment": "/opt/vllm"}},
        {"name": "five", "backend": "tesseract"},
    ],
}
# Of each node what it is given, as on the command line (-e farm_gpus=1 is text) or as JSON, and what is shown of it.
_SHOWN: dict[str, tuple[dict[str, Any], str]] = {
    "nothing": ({}, "farm_slots"),
    "one": ({"farm_gpus": "1"}, "farm_slots"),
    "none": ({"farm_gpus": "0"}, "farm_slots"),
    "slots": ({"farm_slots": ["2", "3"]}, "farm_slots"),
    "prefixes": ({}, "[farm_scripts, farm_ssm_bucket, farm_managed_buckets, settings_names.shards]"),
    "results-beside-documents": ({"farm_results": "s3://raw/farm"}, "farm_managed_buckets"),
    "glossapi": (_GLOSSAPI, "settings_stages.text.pipeline_options"),
    "weights": (_GLOSSAPI | {"farm_use_weights": True}, "settings_stages.text.pipeline_options"),
    "deepseek": (
        _DEEPSEEK | {"farm_ocr_options": {"commit": "0" * 40, "environment": "/opt/python"}},
        "[settings_weights_users, settings_stages.ocr.pipeline_options, settings_stages.ocr.commit]",
    ),
    "deepseek-weights": (
        _DEEPSEEK | {"farm_use_weights": True},
        "[settings_weights_users, settings_stages.ocr.pipeline_options, settings_stages.ocr.commit]",
    ),
    "deepseek-model": (
        _DEEPSEEK | {"farm_use_weights": True, "farm_ocr_options": {"model": "/model"}},
        "[settings_weights_users, settings_stages.ocr.pipeline_options, settings_stages.ocr.commit]",
    ),
    "tesseract": (
        {"farm_pipeline": "glossapi", "farm_use_weights": True, **_TESSERACT},
        "[settings_weights_users, settings_stages.ocr.pipeline_options]",
    ),
    "server": ({"farm_ocr_backend": "server"}, _OF_SERVERS),
    "server-weights": ({"farm_ocr_backend": "server", "farm_use_weights": True}, _OF_SERVERS),
    "server-elsewhere": (
        {"farm_ocr_backend": "server", "farm_ocr_options": {"environment": "/opt/vllm", "weights": "/opt/model"}},
        _OF_SERVERS,
    ),
    "compared": (
        _COMPARED,
        "[settings_gpu_needs, settings_driver_needs, settings_ocr_environments, settings_pipeline_names]",
    ),
}


@dataclass(frozen=True)
class _Operator:
    """Somebody with an inventory in a folder of his own."""

    repository: Path
    folder: Path
    nodes: Mapping[str, Mapping[str, Any]]

    def play(
        self, playbook: str, variables: dict[str, Any], *options: str, environment: Mapping[str, str] | None = None
    ) -> tuple[int, str]:
        """Run a playbook over the nodes, and return its status and its output in one line."""
        inventory = self.folder / "hosts.json"
        nodes = {"hosts": self.nodes, "vars": {**_REACHED, "ansible_python_interpreter": sys.executable}}
        inventory.write_text(json.dumps({"all": {"vars": variables, "children": {"farm_nodes": nodes}}}))
        finished = subprocess.run(
            [*ansible_playbook(), playbook, f"--inventory={inventory}", *options],
            cwd=self.repository,
            env={
                "PATH": os.defpath,
                "HOME": str(self.folder),
                "LC_ALL": "C.UTF-8",
                "ANSIBLE_CONFIG": str(self.repository / "ansible.cfg"),
                "ANSIBLE_LOCAL_TEMP": str(self.folder / "ansible"),
                "ANSIBLE_NOCOLOR": "1",
                **(environment or {}),
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        return finished.returncode, " ".join((finished.stdout + finished.stderr).split())


@pytest.fixture
def operator(repository: Path, tmp_path: Path) -> _Operator:
    return _Operator(repository, tmp_path, _NODES)


@pytest.fixture(scope="module")
def shown(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What each node says, by its name: one run shows them all."""
    folder = tmp_path_factory.mktemp("shown")
    nodes = {
        name: {"farm_shard": shard, "shown": f"{{{{ {expression} }}}}", **given}
        for shard, (name, (given, expression)) in enumerate(_SHOWN.items(), 1)
    }
    preset = (repository / "roles/settings/files/ocr_presets/deepseek-ocr-2.yml").read_text()
    (folder / "newer.yml").write_text(
        preset.replace("environment: vllm-cu130", f"environment: {folder}/newer.txt").replace('"580"', '"590"')
    )
    (folder / "newer.txt").write_text("")
    playbook = folder / "show.yml"
    playbook.write_text(_SHOW)
    status, output = _Operator(repository, folder, nodes).play(str(playbook), _REQUIRED)
    assert status == 0, output
    return {name: json.loads(value) for name, value in re.findall(r"shown: (\S+) (.*?) :shown", output)}


def test_all_that_is_missing_or_misspelt_is_told_at_once(operator: _Operator) -> None:
    status, output = operator.play("playbooks/plan.yml", {"farm_manifest": "s3://work", "farm_shrads": 3})
    assert status != 0
    for sentence in (
        "farm_input_bucket is missing",
        "farm_manifests is missing",
        "farm_results is missing",
        "farm_manifest is no setting: did you mean farm_manifests?",
        "farm_shrads is no setting: did you mean farm_shards?",
    ):
        assert sentence in output


def test_wrong_types_and_choices_are_told_at_once(operator: _Operator) -> None:
    status, output = operator.play(
        "playbooks/plan.yml", _REQUIRED | {"farm_shards": "many", "farm_connection": "telnet"}
    )
    assert status != 0
    assert "argument 'farm_shards' is of type str" in output
    assert "value of farm_connection must be one of: ssh_over_ssm, ssm, ssh, inventory, got: telnet" in output


def test_a_list_given_as_text_is_refused_with_how_to_give_it(operator: _Operator) -> None:
    status, output = operator.play("playbooks/plan.yml", _REQUIRED, "-e", "farm_slots=0,1")
    assert status != 0
    assert """farm_slots is text: give a list or a dictionary, on the command line as JSON""" in output


def test_settings_of_the_workers_are_refused_before_anything_costs_money(operator: _Operator) -> None:
    status, output = operator.play("playbooks/provision.yml", _REQUIRED | {"farm_pipeline": "pdftxt"})
    assert status != 0
    assert "value of farm_pipeline must be one of: command, glossapi, pdftext, got: pdftxt" in output


def test_names_that_are_no_settings_are_told_at_once_with_what_may_be_meant(operator: _Operator) -> None:
    unknown = {"farm_shrads": 4, "farm_result": "s3://results"}
    status, output = operator.play(
        "playbooks/stop.yml",
        _REQUIRED | unknown,
        *("-e", "farm_alarms_disk_percent=95", "-e", "farm_shard=9", "--tags=farm_iam"),
        *("-e", "retry_lable=first", "-e", "compare_anew=all", "-e", "own=1"),
    )
    assert status != 0
    for sentence in (
        "farm_alarms_disk_percent is called cloudwatch_alarms_disk_percent now.",
        "farm_iam is called node_iam_role now.",
        "farm_result is no setting: did you mean farm_results?",
        "farm_shrads is no setting: did you mean farm_shards?",
        "retry_lable is no variable of these playbooks: did you mean retry_label?",
        "compare_anew is no variable of these playbooks: did you mean compare_again?",
        # It would make every node work on the same shard.
        "farm_shard is no setting: did you mean farm_shards?",
    ):
        assert sentence in output
    assert "own is no variable" not in output


def test_settings_that_do_not_fit_are_told_at_once_with_what_to_do(operator: _Operator) -> None:
    preset = (operator.repository / "roles/settings/files/ocr_presets/deepseek-ocr-2.yml").read_text()
    (operator.folder / "own.yml").write_text(preset.replace("environment: vllm-cu130", "environment: vllm-cu99"))
    status, output = operator.play(
        "playbooks/plan.yml",
        {
            "farm_ocr_backend": "server",
            "farm_ocr_preset": str(operator.folder / "own.yml"),
            "farm_input_bucket": "s3://raw",
            "farm_manifests": "work/farm",
            "farm_results": "results",
            "farm_scripts": "s3://work",
            "farm_shards": 0,
            "farm_gpus": -1,
            "farm_slots": [],
            "farm_max_attempts": 0,
            "farm_use_alarms": True,
            "farm_connection": "ssh",
            "farm_count_workers": 0,
            "farm_count_chunk_size": -1,
            "farm_workdir": "work",
            "farm_wheels_lock": "wheels.txt",
            "farm_stages": ["math", "ocr"],
            "farm_tune_workers": [0, 2],
            "farm_workers_per_gpu": "many",
            "farm_dataset_glossapi_stages": ["annotate"],
            "farm_dataset_repository": "theses",
            "farm_managed_buckets": ["work", "s3://raw"],
            "farm_ssm_bucket": "s3://work",
            "farm_report_file": "reports/farm.json",
            "farm_report_page": "/no/farm.html",
        },
        environment={
            "AWS_ENDPOINT_URL_S3": "127.0.0.1:8333",
            "AWS_PROFILE": "work",
            "AWS_ACCESS_KEY_ID": "id",
        },
    )
    assert status != 0
    for sentence in (
        "farm_input_bucket is 's3://raw': give the name of the bucket alone",
        "farm_manifests is 'work/farm': give a prefix as s3://bucket/prefix.",
        "farm_results is 'results': give a prefix as s3://bucket/prefix.",
        "farm_scripts is 's3://work': give a folder as s3://bucket/scripts.",
        "farm_shards is 0: give the number of nodes, 1 or more.",
        "farm_gpus is -1: give the number of GPUs that each node has, or 0.",
        "farm_count_workers is 0: give how many documents are read at a time, 1 or more.",
        "farm_count_chunk_size is -1: give the number of rows of a chunk, 1 or more.",
        "farm_workdir is 'work': give an absolute path, as /mnt/data.",
        "farm_wheels_lock is 'wheels.txt': give an absolute path on this machine, or nothing.",
        "farm_slots is []: give at least one, and each once.",
        "glossapi/farm/roles/inference_server/files/vllm-cu99.txt: name one of",
        "farm_stages is ['math', 'ocr']: give [text, ocr, math], or some of them in this order.",
        "farm_dataset_glossapi_stages is ['annotate']: give some of",
        "farm_dataset_glossapi_python is '': give the absolute path of the Python on this",
        "farm_dataset_repository is 'theses': give organisation/name, or nothing.",
        "farm_stages has math, which goes on with the formulas that docling finds at stage text: set farm_pipeline to",
        "farm_tune_minutes is empty or not above 0: give numbers above it.",
        "farm_workers_per_gpu is 'many': give a number, or auto.",
        "farm_max_attempts is 0: it must be at least 1.",
        "farm_use_alarms needs the metrics that nodes send: set farm_use_cloudwatch to true as well.",
        "farm_managed_buckets has s3://raw, the bucket of the documents, which is never created nor changed",
        "farm_connection is ssh, and no address may reach port 22: give yours in farm_ssh_cidr",
        "farm_managed_buckets or farm_ssm_bucket has s3://raw, s3://work: give the names of buckets alone",
        "farm_report_file is 'reports/farm.json', whose folder is not there",
        "farm_report_page is '/no/farm.html', whose folder is not there",
        "AWS_ENDPOINT_URL_S3 are 127.0.0.1:8333: write an address of a server as http://host:port.",
        "The environment has both AWS_PROFILE and AWS_ACCESS_KEY_ID, which may be two accounts: unset one of them.",
    ):
        assert sentence in output


def test_slots_follow_from_the_gpus_unless_they_are_given(shown: dict[str, Any]) -> None:
    assert shown["nothing"] == ["0", "1", "2", "3"]
    assert shown["one"] == shown["none"] == ["0"]
    assert shown["slots"] == ["2", "3"]


def test_buckets_follow_from_the_prefixes_and_names_in_s3_from_both(shown: dict[str, Any]) -> None:
    assert shown["prefixes"] == [
        "s3://work/glossapi-farm/scripts",
        "work",
        ["work", "results"],
        "s3://work/farm/shards",
    ]
    assert shown["results-beside-documents"] == ["work"]


def test_nodes_without_gpus_need_no_driver(operator: _Operator) -> None:
    options = ("--tags=nvidia_driver", "--limit=node-1", "--check", "-e", "ansible_become=false", "-e", "farm_gpus=0")
    status, output = operator.play("playbooks/configure.yml", _REQUIRED, *options)
    assert status == 0, output
    driver = output.partition("TASK [glossapi.farm.nvidia_driver : Validating")[2].partition("TASK [glossapi.farm.mini")
    assert "skipping: [node-1]" in driver[0]
    assert "ok: [node-1]" not in driver[0]


def test_the_pipeline_gets_its_pinned_weights_where_they_are_used(shown: dict[str, Any]) -> None:
    assert shown["glossapi"] == {"math": False}
    given = dict(shown["weights"])
    assert re.fullmatch("[0-9a-f]{64}", given.pop("weights_digest"))
    assert given == {"math": False, "weights": "/mnt/data/weights"}


def test_deepseek_has_its_places_below_the_data_and_its_model_from_one_place_alone(shown: dict[str, Any]) -> None:
    places = {"checkout": "/mnt/data/glossapi-deepseek", "environment": "/mnt/data/environments/glossapi-deepseek"}
    given = {"commit": "0" * 40, "environment": "/opt/python"}
    model = {"model": "/mnt/data/models/deepseek-ocr-2"}
    assert shown["deepseek"] == [[], places | model | given, "0" * 40]
    users, options, commit = shown["deepseek-weights"]
    assert re.fullmatch("[0-9a-f]{64}", options.pop("weights_digest"))
    assert (sorted(users), options, commit) == (
        ["glossapi", "glossapi_deepseek"],
        places | {"weights": "/mnt/data/weights"},
        "",
    )
    assert shown["deepseek-model"] == [["glossapi"], places | {"model": "/model"}, ""]


def test_tesseract_reads_the_language_data_that_is_named_whatever_weights_the_pipeline_has(
    shown: dict[str, Any],
) -> None:
    assert shown["tesseract"] == [["glossapi"], _TESSERACT["farm_ocr_options"]]


def test_a_server_has_the_environment_and_the_model_of_its_preset_or_those_that_are_named(
    shown: dict[str, Any],
) -> None:
    environment = "/mnt/data/environments/vllm-cu130"
    model = "/mnt/data/models/deepseek-ocr-2"
    installed = [{"lock": "vllm-cu130", "minimum_driver": "580"}]
    assert shown["server"] == [installed, ["server"], [], "580", environment, model, ""]
    *pinned, digest = shown["server-weights"]
    assert pinned == [installed, ["server"], ["deepseek-ocr-2"], "580", environment, "/mnt/data/weights"]
    assert re.fullmatch("[0-9a-f]{64}", digest)
    assert shown["server-elsewhere"] == [[], [], [], "580", "/opt/vllm", "/opt/model", ""]


def test_what_is_only_compared_has_its_needs_and_each_its_own_environment(shown: dict[str, Any]) -> None:
    gpus, drivers, environments, names = shown["compared"]
    assert gpus == ["never", "always", "always", "always", "always", "never"]
    assert drivers == {
        "pdftext": "",
        "one of farm_compare_backends": "590",
        "two of farm_compare_backends": "580",
        "three of farm_compare_backends": "580",
        "four of farm_compare_backends": "580",
        "five of farm_compare_backends": "",
    }
    assert environments == [
        {"lock": environments[0]["lock"], "minimum_driver": "590"},
        {"lock": "vllm-cu130", "minimum_driver": "580"},
    ]
    assert environments[0]["lock"].endswith("/newer.txt")
    assert names == ["pdftext", "server", "tesseract"]


def test_a_node_gets_the_environment_of_each_preset_that_is_compared(operator: _Operator) -> None:
    preset = (operator.repository / "roles/settings/files/ocr_presets/deepseek-ocr-2.yml").read_text()
    lock = operator.folder / "own.txt"
    lock.write_text("")
    (operator.folder / "own.yml").write_text(preset.replace("environment: vllm-cu130", f"environment: {lock}"))
    compared = [
        {"name": name, "backend": "server", "preset": each}
        for name, each in (("dots", "dots-ocr"), ("own", f"{operator.folder}/own.yml"))
    ]
    _status, output = operator.play(
        "playbooks/configure.yml",
        {**_REQUIRED, "farm_compare_backends": compared},
        *("--tags=inference_server", "--limit=node-1", "--check", "-e", "ansible_become=false"),
    )
    for name in ("vllm-cu130", str(lock)):
        assert f"included: glossapi.farm.inference_server for node-1 => (item={name})" in output


def test_backends_that_cannot_be_compared_are_refused_before_anything_costs_money(operator: _Operator) -> None:
    preset = (operator.repository / "roles/settings/files/ocr_presets/deepseek-ocr-2.yml").read_text()
    for name in ("one", "other"):
        (operator.folder / name).mkdir()
        lock = operator.folder / name / "vllm.txt"
        lock.write_text("")
        own = preset.replace("environment: vllm-cu130", f"environment: {lock}")
        (operator.folder / f"{name}.yml").write_text(own)
    backends = [
        {"name": "first", "backend": "tesract"},
        {"name": "second", "backend": "tesseract", "options": {"tesdata": "/"}},
        *(
            {"name": "both", "backend": "server", "preset": f"{operator.folder}/{each}.yml"}
            for each in ("one", "other")
        ),
    ]
    status, output = operator.play("playbooks/validate.yml", {**_REQUIRED, "farm_compare_backends": backends})
    assert status != 0
    for sentence in (
        "farm_compare_backends, first: value of backend must be one of: glossapi_deepseek, glossapi_rapidocr, server,",
        "farm_compare_backends, second: OCR backend tesseract does not know the option 'tesdata'",
        f"The OCR presets name the locks {operator.folder}/one/vllm.txt, {operator.folder}/other/vllm.txt, of which",
        "farm_compare_backends has first, second, both, both: give each a name of its own.",
    ):
        assert sentence in output
    status, output = operator.play(
        "playbooks/validate.yml",
        {**_REQUIRED, "farm_compare_backends": [{"name": "dots", "backend": "server", "preset": "dots"}]},
    )
    assert status != 0
    assert "There is no OCR preset 'dots': give one of chandra-2" in output
