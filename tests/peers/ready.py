#!/usr/bin/env python3
"""Holds the files of examples/ci, and what lint reports, against the validators of the systems that they are for.

    tests/peers/ready.py [--installed]

Installs the validators into ${XDG_CACHE_HOME:-~/.cache}/pgphase-validators, from PyPI and the Go module proxy; with --installed only
those that are on the PATH are run, and a line says what was left out. systemd-analyze is Debian's (systemd) and never installed.
The reports are those of the program in $PGPHASE; the schema of SARIF comes with an npm package.
"""

import functools
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

READY = pathlib.Path(__file__).resolve().parent.parent.parent / "examples/ci"
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "pgphase-validators"
ONLY_INSTALLED = "--installed" in sys.argv[1:]
# The versions that are installed.
PIP = {"check-jsonschema": "0.39.0", "checkcrontab": "0.0.12", "junitparser": "5.0.3", "kubernetes-validate": "1.37.0", "pre-commit": "4.7.0"}
GO = {"actionlint": "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12", "helm": "helm.sh/helm/v3/cmd/helm@v3.8.1"}

SARIF = "@microsoft/sarif-multitool-linux@5.7.0"


class Missing(Exception):
    """A program that is not there."""


@functools.cache
def program(name):
    """The path of a validator, which is installed where it may be."""
    if ONLY_INSTALLED or name not in PIP | GO:
        found = shutil.which(name)
        if not found:
            raise Missing(name)
        return found
    place = CACHE / "py" / "bin" if name in PIP else CACHE / "go"
    if name in GO and not (place / name).exists():
        subprocess.run(["go", "install", GO[name]], env=os.environ | {"GOBIN": str(place)}, check=True)
    if name in PIP and not (place / name).exists():
        subprocess.run([sys.executable, "-m", "venv", CACHE / "py"], check=True)
        subprocess.run([place / "pip", "install", "-q", *(f"{name}=={version}" for name, version in PIP.items())], check=True)
    return place / name


def run(name, *words):
    """Runs a validator, which must be content; gives what it writes."""
    done = subprocess.run([program(name), *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120)
    if done.returncode:
        raise RuntimeError(f"{name} {' '.join(map(str, words))}: exit {done.returncode}\n{done.stdout}")
    return done.stdout


def github(place):
    files = sorted(READY.glob("github-*.yml"))
    run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *files)
    run("actionlint", *files)


def gitlab(place):
    run("check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", READY / "gitlab-ci.yml")


def pre_commit(place):
    run("pre-commit", "validate-config", READY / "pre-commit-config.yaml")


def kubernetes(place):
    run("kubernetes-validate", "--strict", READY / "kubernetes.yaml", READY / "argocd.yaml")


def helm(place):
    run("helm", "lint", "--strict", READY / "helm")
    text = run("helm", "template", "shop", READY / "helm")
    if text.count("kind: Job") < 3:
        raise RuntimeError(f"helm makes other objects than phases:\n{text}")
    (place / "helm.yaml").write_text(text)
    run("kubernetes-validate", "--strict", place / "helm.yaml")


def systemd(place):
    said = run("systemd-analyze", "verify", *sorted((READY / "systemd").iterdir()))
    # It says what it finds, and ends well; units of the machine itself are no matter of ours.
    ours = [line for line in said.splitlines() if "pgphase" in line]
    if ours:
        raise RuntimeError("\n".join(ours))


def cron(place):
    run("checkcrontab", READY / "crontab")


MIGRATION = """CREATE TABLE orders (id serial PRIMARY KEY, note varchar(10));
CREATE INDEX orders_note ON orders (note);
DROP TABLE IF EXISTS "old & <gone>";
"""


def reports(place):
    """SARIF by its schema, JUnit by a program that reads it."""
    if "PGPHASE" not in os.environ:
        raise Missing("$PGPHASE")
    (place / "migrations").mkdir()
    (place / "migrations/001.sql").write_text(MIGRATION)
    for form in ["sarif", "junit"]:
        done = subprocess.run([os.environ["PGPHASE"], "lint", "migrations", "--format", form], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=place, timeout=60)
        (place / form).write_bytes(done.stdout)
    if ONLY_INSTALLED:
        raise Missing("schema of SARIF without an installation")
    npm = CACHE / "npm"
    schema = npm / "node_modules" / SARIF.rsplit("@", 1)[0] / "sarif-2.1.0.json"
    if not schema.exists():
        subprocess.run(["npm", "install", "--silent", "--prefix", npm, SARIF], check=True)
    run("check-jsonschema", "--schemafile", schema, place / "sarif")
    reader = "from junitparser import JUnitXml; import sys; assert JUnitXml.fromfile(sys.argv[1]).failures > 0"
    program("junitparser")
    done = subprocess.run([CACHE / "py/bin/python", "-c", reader, place / "junit"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise RuntimeError(f"junitparser: {done.stdout}")


def main():
    failed = 0
    for check in [github, gitlab, pre_commit, kubernetes, helm, systemd, cron, reports]:
        with tempfile.TemporaryDirectory() as place:
            try:
                check(pathlib.Path(place))
                print(f"{check.__name__}: holds", flush=True)
            except Missing as missing:
                print(f"{check.__name__}: skipped: there is no {missing}", flush=True)
            except (RuntimeError, OSError, subprocess.SubprocessError) as error:
                failed += 1
                print(f"{check.__name__}: FAILED: {error}", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
