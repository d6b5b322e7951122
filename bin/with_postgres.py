#!/usr/bin/env python3
"""Run a command against a throw-away PostgreSQL server: `bin/with_postgres.py COMMAND…`

Starts a server of its own on a free loopback port, with its data in a temporary folder,
sets DATABASE_URL for the command, and takes everything away afterwards. As root the server
runs as the system user `postgres`, because PostgreSQL refuses to run as root.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path


def binaries() -> Path:
    """Return the folder of initdb and pg_ctl, newest version first."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    if found:
        return found[0].parent
    sys.exit("PostgreSQL's server programs are missing: install the package `postgresql`.")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def server_user() -> pwd.struct_passwd | None:
    """Return whom to run the server as, or None for ourselves."""
    return pwd.getpwnam("postgres") if os.geteuid() == 0 else None


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="visavis-postgres-"))
    user = server_user()
    become = {"user": user.pw_uid, "group": user.pw_gid, "cwd": folder} if user else {"cwd": folder}
    if user:
        os.chown(folder, user.pw_uid, user.pw_gid)
    programs, port = binaries(), free_port()

    def run(*command: str) -> None:
        done = subprocess.run(command, capture_output=True, text=True, **become)
        if done.returncode:
            sys.exit(f"{command[0]} failed:\n{done.stdout}{done.stderr}")

    try:
        run(
            f"{programs}/initdb",
            "-D",
            f"{folder}/data",
            "-U",
            "visavis",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-locale",
            "--no-sync",
        )
        # Nothing here must survive a crash, so durability only costs time; so does compiling
        # what is asked once.
        options = f"-c listen_addresses=127.0.0.1 -p {port} -k {folder} -c max_connections=200"
        if not os.environ.get("POSTGRES_DURABLE"):
            options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c jit=off"
        run(
            f"{programs}/pg_ctl",
            "-D",
            f"{folder}/data",
            "-w",
            "-l",
            f"{folder}/log",
            "-o",
            options,
            "start",
        )
        try:
            run(
                f"{programs}/createdb",
                "-h",
                "127.0.0.1",
                "-p",
                str(port),
                "-U",
                "visavis",
                "visavis",
            )
            url = f"postgres://visavis@127.0.0.1:{port}/visavis"
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            return subprocess.run(sys.argv[1:], env={**os.environ, "DATABASE_URL": url}).returncode
        finally:
            run(f"{programs}/pg_ctl", "-D", f"{folder}/data", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
