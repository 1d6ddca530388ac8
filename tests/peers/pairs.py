#!/usr/bin/env python3
"""Compares pgphase with pgmold and pgevolve on the same work, in one run.

    cargo install pgmold pgevolve      # and GNU time
    tests/peers/pairs.py target/release/pgphase pgmold pgevolve --corpus ../shared/corpus [--every N] [--rounds N]

Pairs: a database is built from the first file of a pair, each program plans and applies the way to the second one, and pg_dump of the
result is compared with that of a database built from the second file. Every program gets the hand-written file as it is (pgevolve
with the line that says what unqualified names mean) and leave to delete what it wants.

Schemas: the time and the peak memory of an empty plan for a database built from the file, beside pg_dump --schema-only. The best of a
few rounds counts, the programs taking turns. Prints Markdown.

How much of a program counts as its memory depends on how its file came into the page cache, so all are copied to one place first: with
TMPDIR=/dev/shm the figures repeat.
"""

import argparse
import collections
import contextlib
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import tempfile
import time

from server import Failed, Server, run

LIMIT = 120


class Done:
    """A command that has ended: exit code, what it said, seconds, megabytes at most."""

    def __init__(self, command, folder):
        # GNU time starts the program, for a child of this process would begin with the memory of this process.
        with tempfile.NamedTemporaryFile() as measured:
            command = ["time", "--quiet", "-f", "%M", "-o", measured.name, "timeout", LIMIT, *command]
            started = time.perf_counter()
            done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=folder)
            self.seconds = time.perf_counter() - started
            self.code = done.returncode
            self.megabytes = int(measured.read().split()[-1]) / 1024
            self.said = done.stdout.decode(errors="replace")


class Tool:
    """A program: how it plans and applies. `folder` is its own, `file` the desired schema."""

    def __init__(self, program, folder):
        self.program = program
        self.folder = folder
        folder.mkdir()

    def done(self, *words):
        return Done([self.program, *words], self.folder)

    def prepare(self, file, namespaces):
        self.file = file
        self.namespaces = namespaces


class Pgphase(Tool):
    def plan(self, url):
        run(["rm", "-rf", self.folder / "plan"])
        return self.done("plan", "-d", url, "--to", self.file, "--out", "plan", "--approve", "all")

    def is_empty(self, plan):
        return "Nothing to do" in plan.said

    def apply(self, url):
        return self.done("apply", "plan", "-d", url, "--phase", "all", "--yes")


class Pgmold(Tool):
    def words(self, url):
        return ["-s", f"sql:{self.file}", "-d", url, "--target-schemas", ",".join(self.namespaces)]

    def plan(self, url):
        return self.done("plan", *self.words(url))

    def is_empty(self, plan):
        return "statements):" not in plan.said and "1 statement" not in plan.said

    def apply(self, url):
        return self.done("apply", "--allow-destructive", *self.words(url))


# Without this it would drop what every new database has.
PUBLIC = """CREATE SCHEMA public;
COMMENT ON SCHEMA public IS 'standard public schema';
GRANT USAGE ON SCHEMA public TO public;
"""


class Pgevolve(Tool):
    def prepare(self, file, namespaces):
        super().prepare(file, namespaces)
        (self.folder / "schema").mkdir(exist_ok=True)
        text = file.read_text()
        (self.folder / "schema/all.sql").write_text(f"-- @pgevolve schema=public\n{PUBLIC if 'public' in namespaces else ''}{text}")
        names = ", ".join(f'"{name}"' for name in namespaces)
        (self.folder / "pgevolve.toml").write_text(
            '[project]\nname = "p"\nschema_dir = "schema"\nplan_dir = "plans"\nlayout_profile = "free-form"\n'
            f'[managed]\nschemas = [{names}]\nignore_objects = []\n[planner]\nstrategy = "online"\n'
            '[environments.dev]\nurl = "postgres://localhost/none"\n'
        )

    def plan(self, url):
        run(["rm", "-rf", self.folder / "plan"])
        return self.done("plan", "--db", "dev", "--url", url, "-o", "plan")

    def is_empty(self, plan):
        return plan.code == 0 and re.search(r"\b0 step|[Nn]o (changes|differences)|nothing to|in sync|up to date", plan.said)

    def apply(self, url):
        intents = self.folder / "plan/intent.toml"
        if intents.exists():
            intents.write_text(intents.read_text().replace("approved = false", "approved = true"))
        return self.done("apply", "plan", "--db", "dev", "--url", url)


def entries(server, database):
    """The entries of a dump, sorted, each table's columns and constraints sorted too."""
    # Who has which privilege is left out: whether silence in the files takes one away is the choice of each program.
    words = ["--schema-only", "--no-owner", "--no-privileges", "--exclude-schema=pgphase", "--exclude-schema=pgevolve", "--exclude-schema=pgmold"]
    text = run([server.bin / "pg_dump", *words, "-d", server.url(database)])
    found = []
    for entry in re.split(r"\n--\n-- [^\n]*\n--\n", text)[1:]:
        lines = [line.rstrip(",") for line in entry.splitlines() if line and not re.match(r"--|SET |\\(un)?restrict", line)]
        lines = [re.sub(r"WITH \(([^()]*)\)", lambda options: f"WITH ({', '.join(sorted(options[1].split(', ')))})", line) for line in lines]
        if lines:
            found.append("\n".join([lines[0], *sorted(lines[1:])] if lines[0].startswith("CREATE TABLE") else lines))
    return sorted(found)


def built(server, file):
    database = server.database()
    run([server.bin / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", server.url(database), "-f", file])
    return database


def namespaces(server, *databases):
    """The namespaces in use."""
    query = """SELECT nspname FROM pg_namespace n WHERE nspname !~ '^pg_|^information_schema$' AND (nspname <> 'public'
        OR EXISTS (SELECT FROM pg_class WHERE relnamespace = n.oid) OR EXISTS (SELECT FROM pg_proc WHERE pronamespace = n.oid)
        OR EXISTS (SELECT FROM pg_type WHERE typnamespace = n.oid))"""
    return sorted({name for database in databases for name in server.sql(database, query).split()})


def tried(server, tool, template, wanted):
    """What became of one pair, and its plan."""
    database = server.database(template)
    url = server.url(database)
    plan = tool.plan(url)
    try:
        if plan.code not in (0, 2):
            return "refused or failed", plan
        if not tool.is_empty(plan) and tool.apply(url).code != 0:
            return "failed in apply", plan
        same = entries(server, database) == wanted
        again = tool.plan(url)
        empty = again.code in (0, 2) and tool.is_empty(again)
        if same:
            return ("converged" if empty else "converged, but sees a difference"), plan
        return ("wrong, and says in sync" if empty else "incomplete"), plan
    finally:
        server.sql("postgres", f"DROP DATABASE {database} WITH (FORCE)")


VERDICTS = [
    "converged", "converged, but sees a difference", "wrong, and says in sync", "incomplete", "failed in apply", "refused or failed",
]


def pairs(server, tools, corpus, every, out):
    results = {name: collections.Counter() for name in tools}
    plans = {name: [] for name in tools}
    cases = sorted(path.parent for path in (corpus / "pairs").glob("*/*/to.sql"))[::every]
    number = 0
    for case in cases:
        try:
            source, target = built(server, case / "from.sql"), built(server, case / "to.sql")
        except Failed:
            continue
        number += 1
        wanted = entries(server, target)
        names = namespaces(server, source, target)
        for name, tool in tools.items():
            tool.prepare(case / "to.sql", names)
            verdict, plan = tried(server, tool, source, wanted)
            results[name][verdict] += 1
            plans[name].append(plan)
            print(f"{case.parent.name}/{case.name}\t{name}\t{verdict}\t{plan.seconds:.3f}\t{plan.said.strip()[-300:]!r}", file=out, flush=True)
        for database in (source, target):
            server.sql("postgres", f"DROP DATABASE {database} WITH (FORCE)")
    print(f"{number} of {len(cases)} pairs load without roles of their own.\n")
    print("| program | " + " | ".join(VERDICTS) + " | plan, median | memory, median |")
    print("|---|" + "---|" * (len(VERDICTS) + 2))
    for name in tools:
        time_, memory = (statistics.median(getattr(plan, what) for plan in plans[name]) for what in ("seconds", "megabytes"))
        counts = " | ".join(str(results[name][verdict]) for verdict in VERDICTS)
        print(f"| {name} | {counts} | {time_ * 1000:.0f} ms | {memory:.0f} MB |")
    print()


def schemas(server, tools, corpus, rounds, out):
    print("| schema | objects | pg_dump | " + " | ".join(tools) + " |")
    print("|---|---|---|" + "---|" * len(tools))
    for file in sorted((corpus / "schemas").glob("*/*.sql")):
        if file.name not in ("schema.sql", "dump.sql"):
            continue
        try:
            database = built(server, file)
        except Failed:
            continue
        url = server.url(database)
        count = server.sql(database, "SELECT (SELECT count(*) FROM pg_class WHERE oid >= 16384) + (SELECT count(*) FROM pg_proc WHERE oid >= 16384)")
        names = namespaces(server, database)
        best = {}
        for _ in range(rounds):
            dump = Done([server.bin / "pg_dump", "--schema-only", "-d", url], "/")
            best.setdefault("pg_dump", []).append(dump)
            for name, tool in tools.items():
                tool.prepare(file, names)
                best.setdefault(name, []).append(tool.plan(url))
        cells = []
        for name, all_ in best.items():
            time_, memory = min(done.seconds for done in all_), min(done.megabytes for done in all_)
            verdict = ""
            if name in tools:
                plan = all_[0]
                verdict = ", fails" if plan.code not in (0, 2) else "" if tools[name].is_empty(plan) else ", not empty"
                print(f"{file.parent.name}/{file.name}\t{name}\t{verdict}\t{time_:.3f}\t{plan.said.strip()[-300:]!r}", file=out, flush=True)
            cells.append(f"{time_ * 1000:.0f} ms, {memory:.0f} MB{verdict}")
        print(f"| {file.parent.name}/{file.stem} | {count.strip()} | " + " | ".join(cells) + " |", flush=True)


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("pgphase")
    words.add_argument("pgmold")
    words.add_argument("pgevolve")
    words.add_argument("--corpus", type=pathlib.Path, required=True)
    words.add_argument("--every", type=int, default=4, help="one of how many pairs")
    words.add_argument("--rounds", type=int, default=3, help="rounds of the timing")
    words.add_argument("--out", type=argparse.FileType("w"), default=os.devnull, help="a line for each case")
    given = words.parse_args()
    with contextlib.ExitStack() as stack:
        place = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pgphase-peers-")))
        place.chmod(0o755)
        (place / "cluster").mkdir()
        server = Server(place / "cluster")
        stack.callback(server.ctl, "stop", "-m", "immediate")
        made = {"pgphase": Pgphase, "pgmold": Pgmold, "pgevolve": Pgevolve}
        tools = {}
        for name, kind in made.items():
            program = pathlib.Path(run(["which", getattr(given, name)]).strip()).resolve()
            tools[name] = kind(shutil.copy2(program, place / f"program-{name}"), place / name)
            print(f"{name}: {run([program, '--version']).strip()}")
        corpus = given.corpus.resolve()
        print(run([server.bin / "postgres", "--version"]))
        pairs(server, tools, corpus, given.every, given.out)
        schemas(server, tools, corpus, given.rounds, given.out)


if __name__ == "__main__":
    main()
