# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Python for Ansible's modules that has imported what nearly all of them import.

A module of a task is a new Python, which compiles and imports Ansible's library and boto3, and reads what boto3 knows
of a service, before it does anything; on this machine's own nodes that is most of what a playbook costs. Here a server
has done it once, and forks for each module, which has a process of its own with its caller's environment, folder and
streams. The collections' code still comes from the archive that Ansible packed; what is compiled of it is kept, as
Python itself does of files alone.
The demo, and all that is not played by tests/support, has a new Python.
"""

from __future__ import annotations

import array
import atexit
import functools
import gc
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from types import CodeType
from typing import NoReturn

# A program in place of Python: a module comes by its standard input. Whatever else is asked is Python's own to do, and
# so is what a variable of Python's own changes, and what another user asks.
_CLIENT = """#!{python} -IS
import array, json, os, socket, sys

path, python = {socket!r}, {python!r}
own = any(name.startswith("PYTHON") for name in os.environ)
if len(sys.argv) > 1 or own or os.stat(path).st_uid != os.geteuid():
    os.execv(python, [python, *sys.argv[1:]])
umask = os.umask(0)
caller = {{"folder": os.getcwd(), "environment": dict(os.environ), "umask": umask}}
with socket.socket(socket.AF_UNIX) as server:
    server.connect(path)
    streams = array.array("i", [0, 1, 2]).tobytes()
    server.sendmsg([b"streams"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, streams)])
    server.sendall(json.dumps(caller).encode())
    server.shutdown(socket.SHUT_WR)
    answer = server.recv(16)
sys.exit(int(answer) if answer else "the server of {socket} has ended")
"""
_IMPORTED = (
    "ansible.module_utils.basic",
    "ansible.module_utils._internal._ansiballz._loader",
)
# Those that the collection's modules ask, and the modules of amazon.aws.
_SERVICES = (
    "autoscaling",
    "cloudwatch",
    "ec2",
    "iam",
    "logs",
    "s3",
    "secretsmanager",
    "service-quotas",
    "sqs",
    "ssm",
    "sts",
)


@functools.cache
def warm_python() -> str:
    """Start the server, once for this process and as long as it lives; return what to use as interpreter."""
    # The server, which is this file too, does not have the tests in its path.
    from tests.support.run_folder import run_folder

    folder = Path(tempfile.mkdtemp(prefix="warm-python-"))
    client = folder / "python"
    path = str(folder / "socket")
    client.write_text(_CLIENT.format(python=sys.executable, socket=path))
    client.chmod(0o755)
    _lay_out(folder / "library")
    server = subprocess.Popen(
        [sys.executable, "-I", __file__, path, str(folder / "library"), str(run_folder("compiled"))],
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )

    def end() -> None:
        server.communicate()
        shutil.rmtree(folder)

    atexit.register(end)
    assert server.stdout is not None
    assert server.stdout.readline() == b"ready\n", "the Python for modules has not started"
    return str(client)


def _lay_out(library: Path) -> None:
    """Have of Ansible what modules are given: beside the rest, its library takes itself for a controller's."""
    spec = find_spec("ansible")
    assert spec is not None
    assert spec.origin is not None
    ansible = Path(spec.origin).parent
    (library / "ansible").mkdir(parents=True)
    (library / "ansible" / "__init__.py").write_text("from ansible.release import __author__, __version__\n")
    for name in ("release.py", "module_utils", "modules"):
        (library / "ansible" / name).symlink_to(ansible / name)


def _keep_compiled(folder: Path) -> None:
    """Compile what archives hold once for each content, whichever module of whichever task imports it."""
    import _imp
    import zipimport

    from tests.support.kept_work import kept_code

    compiler = vars(zipimport)["_compile_source"]

    def compiled(path: str, source: bytes) -> CodeType:
        code = kept_code(folder, source, lambda: compiler(path, source))
        vars(_imp)["_fix_co_filename"](code, path)
        return code

    vars(zipimport)["_compile_source"] = compiled


def _serve(path: str, library: str, compiled: str) -> NoReturn:
    """Fork for each caller, until standard input ends with the process that started this."""
    import importlib

    sys.path.insert(0, str(Path(__file__).parents[2]))
    from tests.support.kept_work import keep_service_models

    _keep_compiled(Path(compiled))
    del sys.path[0]
    sys.path.insert(0, library)
    for name in _IMPORTED:
        importlib.import_module(name)
    sys.path.remove(library)
    keep_service_models(_SERVICES)
    # No module is to look for rubbish in what was there before it.
    gc.freeze()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(64)
    # Nobody waits for those who wait for the modules.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    while True:
        ready, _, _ = select.select([listener, sys.stdin], [], [])
        if sys.stdin in ready:
            os._exit(0)
        caller, _address = listener.accept()
        if os.fork() == 0:
            listener.close()
            _attend(caller)
        caller.close()


def _attend(caller: socket.socket) -> NoReturn:
    """Run one module, and tell its caller the status; a caller that ends before takes the module with it."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _data, control, _flags, _address = caller.recvmsg(7, socket.CMSG_SPACE(3 * array.array("i").itemsize))
    streams = array.array("i")
    streams.frombytes(control[0][2])
    with caller.makefile("rb") as file:
        given = json.loads(file.read())
    module = os.fork()
    if module == 0:
        caller.close()
        _become(streams, given)
        _run()
    for stream in streams:
        os.close(stream)
    ended = os.pidfd_open(module)
    poll = select.poll()
    poll.register(ended, select.POLLIN)
    # It has shut down what it writes; hung up is when it is gone.
    poll.register(caller, 0)
    if ended not in dict(poll.poll()):
        os.kill(module, signal.SIGKILL)
    _, status = os.waitpid(module, 0)
    try:
        caller.sendall(str(os.waitstatus_to_exitcode(status) & 0xFF).encode())
    finally:
        os._exit(0)


def _become(streams: array.array[int], given: Mapping[str, object]) -> None:
    """Take on what the caller has."""
    os.setsid()
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    environment = given["environment"]
    assert isinstance(environment, dict)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(str(given["folder"]))
    os.umask(int(str(given["umask"])))


def _run() -> NoReturn:
    """Run what standard input says as Python does, and end."""
    import traceback

    import __main__

    del __main__.__file__
    sys.argv = [""]
    status = 0
    try:
        names = {"__name__": "__main__", "__builtins__": __builtins__}
        exec(compile(sys.stdin.read(), "<stdin>", "exec"), names)  # noqa: S102
    except SystemExit as end:
        if isinstance(end.code, int | None):
            status = end.code or 0
        else:
            print(end.code, file=sys.stderr)
            status = 1
    except BaseException:
        traceback.print_exc()
        status = 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    _serve(*sys.argv[1:])
