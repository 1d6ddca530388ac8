"""A throw-away PostgreSQL server, for the comparisons beside this file."""

import os
import pathlib
import pwd
import shutil
import socket
import subprocess


class Failed(RuntimeError):
    """A command that failed, and all that it said."""

    def __init__(self, message, said):
        super().__init__(message)
        self.said = said


def run(command, **more):
    """Runs a command to its end; says what it said when it fails."""
    command = [str(word) for word in command]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=900, **more)
    if done.returncode:
        raise Failed(f"{' '.join(command)}: exit {done.returncode}\n{done.stdout[-3000:]}", done.stdout)
    return done.stdout


def pg_bin():
    """The folder with PostgreSQL's programs."""
    if os.environ.get("PGPHASE_PG_BIN"):
        return pathlib.Path(os.environ["PGPHASE_PG_BIN"])
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent


class Server:
    """A throw-away cluster. The server does not run as root."""

    def __init__(self, place):
        self.bin = pg_bin()
        self.place = place
        self.number = 0
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.user = {}
        if os.getuid() == 0:
            self.user = {"user": "postgres", "group": pwd.getpwnam("postgres").pw_gid, "extra_groups": [], "cwd": "/"}
            shutil.chown(place, "postgres")
            place.chmod(0o755)
        data = place / "data"
        run([self.bin / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-N", "-E", "UTF8", "--locale=C.UTF-8"], **self.user)
        settings = f"listen_addresses='127.0.0.1'\nport={self.port}\nunix_socket_directories='{place}'\nfsync=off\n"
        with open(data / "postgresql.conf", "a", encoding="utf-8") as conf:
            conf.write(settings)
        self.ctl("start", "-w", "-l", place / "log")

    def ctl(self, what, *more):
        run([self.bin / "pg_ctl", "-D", self.place / "data", what, *more], **self.user)

    def url(self, name, scheme="postgres", more="?sslmode=disable"):
        return f"{scheme}://postgres@127.0.0.1:{self.port}/{name}{more}"

    def sql(self, name, *statements):
        words = [word for statement in statements for word in ("-c", statement)]
        return run([self.bin / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", self.url(name), *words])

    def database(self, template="template0"):
        self.number += 1
        name = f"d{self.number}"
        self.sql("postgres", f"CREATE DATABASE {name} TEMPLATE {template}")
        return name
