#!/usr/bin/env python3
"""Compares pgphase lint with squawk, rule by rule, on the same SQL.

    pip install squawk-cli
    tests/peers/squawk.py target/debug/pgphase squawk

Two sets of files: the bad example of each rule of pgphase, and one file for each rule of squawk (written here). Each is given to both
programs, with every rule switched on. Prints which of the other's rules fire for each, as Markdown.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

# One file for each rule of squawk, after its documentation.
SQUAWK = {
    "adding-field-with-default": "ALTER TABLE t ADD COLUMN c uuid DEFAULT gen_random_uuid();",
    "adding-foreign-key-constraint": "ALTER TABLE t ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES u (id);",
    "adding-not-nullable-field": "ALTER TABLE t ALTER COLUMN c SET NOT NULL;",
    "adding-required-field": "ALTER TABLE t ADD COLUMN c text NOT NULL;",
    "adding-serial-primary-key-field": "ALTER TABLE t ADD COLUMN id serial PRIMARY KEY;",
    "ban-alter-domain-with-add-constraint": "ALTER DOMAIN d ADD CONSTRAINT k CHECK (VALUE > 0);",
    "ban-char-field": "CREATE TABLE t (id bigint PRIMARY KEY, c char(3));",
    "ban-concurrent-index-creation-in-transaction": "BEGIN;\nCREATE INDEX CONCURRENTLY i ON t (c);\nCOMMIT;",
    "ban-create-domain-with-constraint": "CREATE DOMAIN d AS integer CHECK (VALUE > 0);",
    "ban-drop-column": "ALTER TABLE t DROP COLUMN c;",
    "ban-drop-constraint": "ALTER TABLE t DROP CONSTRAINT k;",
    "ban-drop-database": "DROP DATABASE d;",
    "ban-drop-schema": "DROP SCHEMA s;",
    "ban-drop-sequence": "DROP SEQUENCE s;",
    "ban-drop-view": "DROP VIEW v;",
    "ban-drop-not-null": "ALTER TABLE t ALTER COLUMN c DROP NOT NULL;",
    "ban-drop-table": "DROP TABLE t;",
    "ban-truncate-cascade": "TRUNCATE t CASCADE;",
    "ban-uncommitted-transaction": "BEGIN;\nALTER TABLE t ADD COLUMN c text;",
    "changing-column-type": "ALTER TABLE t ALTER COLUMN c TYPE bigint;",
    "constraint-missing-not-valid": "ALTER TABLE t ADD CONSTRAINT k CHECK (c > 0);",
    "disallowed-unique-constraint": "ALTER TABLE t ADD CONSTRAINT k UNIQUE (c);",
    "identifier-too-long": "CREATE TABLE %s (id bigint PRIMARY KEY);" % ("a_long_name_" * 6),
    "prefer-bigint-over-int": "CREATE TABLE t (id bigint PRIMARY KEY, c integer);",
    "prefer-bigint-over-smallint": "CREATE TABLE t (id bigint PRIMARY KEY, c smallint);",
    "prefer-identity": "CREATE TABLE t (id bigserial PRIMARY KEY);",
    "prefer-robust-stmts": "CREATE INDEX CONCURRENTLY i ON t (c);",
    "prefer-text-field": "CREATE TABLE t (id bigint PRIMARY KEY, c varchar(10));",
    "prefer-timestamp-tz": "CREATE TABLE t (id bigint PRIMARY KEY, c timestamp);",
    "renaming-column": "ALTER TABLE t RENAME COLUMN a TO b;",
    "renaming-object": "ALTER VIEW v RENAME TO w;",
    "renaming-table": "ALTER TABLE t RENAME TO u;",
    "require-concurrent-index-creation": "CREATE INDEX i ON t (c);",
    "require-concurrent-index-deletion": "DROP INDEX i;",
    "require-concurrent-partition-detach": "ALTER TABLE t DETACH PARTITION p;",
    "require-concurrent-reindex": "REINDEX TABLE t;",
    "require-enum-value-ordering": "ALTER TYPE e ADD VALUE 'x';",
    "require-lock-timeout": "ALTER TABLE t ADD COLUMN c text;",
    "require-statement-timeout": "ALTER TABLE t ADD COLUMN c text;",
    "require-table-schema": "CREATE TABLE t (id bigint PRIMARY KEY);",
    "syntax-error": "CREATE TABLE t (id bigint,);",
    "transaction-nesting": "BEGIN;\nBEGIN;\nCREATE TABLE t (id bigint PRIMARY KEY);\nCOMMIT;",
}
# Squawk's rules of habit fire nearly everywhere; they are named only where they are the ones asked for.
HABITS = {
    "prefer-robust-stmts",
    "require-lock-timeout",
    "require-statement-timeout",
    "require-timeout-settings",
    "require-table-schema",
    "prefer-bigint-over-int",
}
OWN_HABITS = {"missing-lock-timeout", "unqualified-name", "not-repeatable"}


def run(words, **more):
    return subprocess.run(words, capture_output=True, text=True, check=False, **more)


def main():
    pgphase, squawk = (str(pathlib.Path(word).resolve()) if "/" in word else word for word in sys.argv[1:3])
    listed = [line.split()[0] for line in run([pgphase, "lint", "--rules"]).stdout.splitlines()]
    with tempfile.TemporaryDirectory() as folder:
        config = pathlib.Path(folder, "pgphase.yaml")
        config.write_text("lint: {rules: {%s}}\n" % ", ".join(f"{rule}: error" for rule in listed))

        def both(name, sql):
            file = pathlib.Path(folder, "migration.sql")
            file.write_text(sql + "\n")
            words = [pgphase, "lint", "--as", "migrations", "--format", "json", "-q", "-c", str(config), str(file)]
            done = run(words)
            if done.returncode not in (0, 2):
                own = {"(refused: %s)" % done.stderr.splitlines()[0].removeprefix("error: ")}
            else:
                own = {finding["rule"] for finding in json.loads(done.stdout)["findings"]}
            words = [squawk, "--reporter", "json", "--include", "require-table-schema", str(file)]
            theirs = {finding["rule_name"] for finding in json.loads(run(words).stdout or "[]")}
            return own, theirs

        print("| rule of squawk | squawk | pgphase |\n|---|---|---|")
        for rule, sql in SQUAWK.items():
            own, theirs = both(rule, sql)
            fires = "fires" if rule in theirs else "silent"
            left = own if own <= OWN_HABITS else own - OWN_HABITS
            print(f"| {rule} | {fires} | {', '.join(sorted(left)) or '-'} |")
        print("\n| rule of pgphase | squawk |\n|---|---|")
        for rule in listed:
            text = run([pgphase, "explain", rule]).stdout
            block = text[text.rindex("\nbad") :]
            lines = block.split("\n\ngood:")[0].splitlines()[2:] if "\n\ngood:" in block else []
            if not lines:
                lines = block.split("\ngood:")[0].splitlines()[2:]
            _, theirs = both(rule, "\n".join(line[4:] for line in lines))
            print(f"| {rule} | {', '.join(sorted(theirs - HABITS)) or '-'} |")


if __name__ == "__main__":
    main()
