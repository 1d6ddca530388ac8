#!/usr/bin/env python3
"""Runs exported plans with the real migration runners: up, down and up again, against a throw-away PostgreSQL.

    tests/peers/runners.py target/debug/pgphase [RUNNER...]

Installs what is missing into ${XDG_CACHE_HOME:-~/.cache}/pgphase-runners, from npm, PyPI, crates.io, the Go module proxy and Maven Central. Rails, Laravel
and Sqitch are taken from Debian: apt-get install sqitch libdbd-pg-perl ruby-activerecord ruby-pg php-cli php-pgsql
php-illuminate-database php-illuminate-events php-illuminate-filesystem php-illuminate-console. Needs PostgreSQL's programs ($PGPHASE_PG_BIN, or
Debian's). After up the dump of the schema and the rows must be those that `pgphase apply` leaves, after down those from before. Each migration must have had a transaction of its own, and the way
back over a deleted column must fail.
"""

import contextlib
import functools
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

from server import Failed, Server, run

HERE = pathlib.Path(__file__).resolve().parent.parent / "export"
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "pgphase-runners"
FIRST = "20261121120000"
ROWS = """
INSERT INTO customers (name, email, extra) SELECT 'name ' || n, 'n' || n || '@example.org', '{"a": 1}' FROM generate_series(1, 2000) n;
INSERT INTO orders (customer_id, state, total) SELECT n, 'new', n FROM generate_series(1, 2000) n;
"""
SUMS = """
SELECT md5(string_agg((to_jsonb(c) - 'token')::text, ',' ORDER BY id)) FROM customers c;
SELECT md5(string_agg(concat_ws('|', id, customer_id, state, total), ',' ORDER BY id)) FROM orders;
"""
# The versions that are tried.
NPM = {
    "dbmate": "2.36.0", "drizzle-kit": "0.31.11", "drizzle-orm": "0.45.4", "knex": "3.3.0", "liquibase": "4.28.1",
    "node-pg-migrate": "9.0.0", "pg": "8.23.1", "prisma": "6.19.0", "@prisma/adapter-pg": "6.19.0", "reflect-metadata": "0.2.2",
    "typeorm": "1.1.1",
}
PIP = ["alembic==1.20.1", "django==5.2.19", "psycopg[binary]==3.3.9", "sqlalchemy==2.1.9"]
# What is said where there is no way back.
ONE_WAY = ["cannot be undone", "is not reversible", "does not support automatic rollback", "disabled down"]
# Where runners remember what has run.
OWN = [
    "schema_migrations", "alembic_version", "django_migrations", "knex_migrations", "knex_migrations_lock", "typeorm_migrations",
    "pgmigrations", "databasechangelog", "databasechangeloglock", "goose_db_version", "ar_internal_metadata", "migrations",
    "flyway_schema_history", "_sqlx_migrations", "__diesel_schema_migrations", "refinery_schema_history", "_prisma_migrations",
]


class Cluster(Server):
    """A server whose databases runners have worked on."""

    def state(self, name):
        """The schema as text, and sums of the rows."""
        words = [f"--exclude-table=public.{table}*" for table in OWN]
        dump = run([self.bin / "pg_dump", "--schema-only", "--no-owner", "--exclude-schema=pgphase", "--exclude-schema=sqitch", "--exclude-schema=drizzle", *words, "-d", self.url(name)])
        lines = [line for line in dump.splitlines() if line and not re.match(r"--|\\(un)?restrict|SET ", line)]
        return "\n".join(lines), self.sql(name, SUMS)


class Runner:
    """A runner: how it is installed, and its ways up and down."""

    plan = "after"
    version_from = FIRST
    has_down = True
    migrations = "migrations"

    def __init__(self, server, folder, database):
        self.server, self.folder, self.database = server, folder, database
        self.url = server.url(database)

    def prepare(self):
        """Puts the runner's own files into the folder."""

    def count(self):
        return len(list((self.folder / self.migrations).iterdir()))


def npm(*names):
    """Installs packages, in the versions of `NPM`; gives the folder with their programs."""
    place = CACHE / "npm"
    place.mkdir(parents=True, exist_ok=True)
    if not all((place / "node_modules" / name).exists() and npm_version(name) == NPM[name] for name in names):
        if not (place / "package.json").exists():
            (place / "package.json").write_text('{"private": true}')
        run(["npm", "install", "--no-audit", "--no-fund", *(f"{name}@{NPM[name]}" for name in names)], cwd=place)
    return place / "node_modules" / ".bin"


def npm_version(name):
    text = (CACHE / "npm/node_modules" / name / "package.json").read_text()
    return re.search(r'"version": *"([^"]+)"', text)[1]


@functools.cache
def pip():
    """Installs the packages of `PIP`; gives the folder with their programs."""
    place = CACHE / "py"
    if not (place / "bin/pip").exists():
        run([sys.executable, "-m", "venv", place])
    run([place / "bin/pip", "install", "-q", *PIP])
    return place / "bin"


class Dbmate(Runner):
    def command(self, what):
        return run([npm("dbmate") / "dbmate", "--url", self.url, "-d", self.folder / self.migrations, "--no-dump-schema", what])

    def up(self):
        self.command("up")

    def down(self):
        for _ in range(self.count()):
            self.command("rollback")

    def version(self):
        return npm_version("dbmate")


class Alembic(Runner):
    migrations = "alembic/versions"

    def prepare(self):
        (self.folder / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s/alembic\n")
        url = self.server.url(self.database, "postgresql+psycopg")
        (self.folder / "alembic/env.py").write_text(
            "from alembic import context\nfrom sqlalchemy import create_engine\n"
            f"with create_engine({url!r}).connect() as connection:\n"
            "    context.configure(connection=connection)\n    with context.begin_transaction():\n        context.run_migrations()\n"
        )

    def command(self, *words):
        return run([pip() / "alembic", *words], cwd=self.folder)

    def up(self):
        self.command("upgrade", "head")

    def down(self):
        self.command("downgrade", "base")

    def version(self):
        return re.search(r"[\d.]+", self.command("--version"))[0]


class Django(Runner):
    migrations = "shop/migrations"
    version_from = None

    def prepare(self):
        (self.folder / "shop/__init__.py").write_text("")
        database = {"ENGINE": "django.db.backends.postgresql", "NAME": self.database, "USER": "postgres", "HOST": "127.0.0.1", "PORT": self.server.port}
        (self.folder / "settings.py").write_text(f"INSTALLED_APPS = ['shop']\nDATABASES = {{'default': {database!r}}}\n")

    def command(self, *words):
        return run([pip() / "python", "-m", "django", *words, "--settings=settings"], cwd=self.folder, env={**os.environ, "PYTHONPATH": "."})

    def up(self):
        self.command("migrate", "shop")

    def down(self):
        self.command("migrate", "shop", "zero")

    def version(self):
        return self.command("version").strip()


class Knex(Runner):
    def prepare(self):
        npm("knex", "pg")
        (self.folder / "node_modules").symlink_to(CACHE / "npm/node_modules")
        (self.folder / "knexfile.js").write_text(f"module.exports = {{ client: 'pg', connection: {self.url!r} }};\n")

    def up(self):
        run([npm("knex") / "knex", "migrate:latest"], cwd=self.folder)

    def down(self):
        run([npm("knex") / "knex", "migrate:rollback", "--all"], cwd=self.folder)

    def version(self):
        return npm_version("knex")


class TypeOrm(Runner):
    def prepare(self):
        npm("typeorm", "pg", "reflect-metadata", "drizzle-kit")
        (self.folder / "node_modules").symlink_to(CACHE / "npm/node_modules")
        files = sorted((self.folder / self.migrations).glob("*.ts"))
        run([npm("drizzle-kit") / "esbuild", *files, "--format=cjs", "--platform=node", f"--outdir={self.folder / 'built'}"])
        (self.folder / "source.js").write_text(
            "const { DataSource } = require('typeorm');\nmodule.exports = new DataSource({ type: 'postgres', "
            f"url: {self.url!r}, migrations: [__dirname + '/built/*.js'], migrationsTableName: 'typeorm_migrations', migrationsTransactionMode: 'each' }});\n"
        )

    def command(self, what):
        run([npm("typeorm") / "typeorm", what, "-d", "source.js"], cwd=self.folder)

    def up(self):
        self.command("migration:run")

    def down(self):
        for _ in range(self.count()):
            self.command("migration:revert")

    def version(self):
        return npm_version("typeorm")


class NodePgMigrate(Runner):
    def command(self, *words):
        npm("node-pg-migrate", "pg")
        run([npm("node-pg-migrate") / "node-pg-migrate", *words, "-m", self.migrations], cwd=self.folder, env={**os.environ, "DATABASE_URL": self.url})

    def up(self):
        self.command("up")

    def down(self):
        self.command("down", self.count())

    def version(self):
        return npm_version("node-pg-migrate")


class Drizzle(Runner):
    plan = "plain"
    has_down = False

    def prepare(self):
        npm("drizzle-kit", "drizzle-orm", "pg")
        (self.folder / "node_modules").symlink_to(CACHE / "npm/node_modules")
        config = {"dialect": "postgresql", "out": "./migrations", "dbCredentials": {"url": self.url}}
        (self.folder / "drizzle.config.js").write_text(f"module.exports = {config!r};\n")

    def up(self):
        run([npm("drizzle-kit") / "drizzle-kit", "migrate", "--config=drizzle.config.js"], cwd=self.folder)

    def version(self):
        return npm_version("drizzle-kit")


class Liquibase(Runner):
    def prepare(self):
        npm("liquibase")
        names = sorted(path.name for path in (self.folder / self.migrations).glob("*.sql"))
        text = "databaseChangeLog:\n" + "".join(f"- include: {{file: {name}, relativeToChangelogFile: true}}\n" for name in names)
        (self.folder / self.migrations / "all.yaml").write_text(text)

    def command(self, *words):
        program = next((CACHE / "npm/node_modules/liquibase").glob("**/liquibase/liquibase"))
        program.chmod(0o755)
        url = self.server.url(self.database, "jdbc:postgresql", "").replace("postgres@", "")
        common = [f"--url={url}", "--username=postgres", "--changelog-file=all.yaml", f"--search-path={self.folder / self.migrations}"]
        return run(["bash", program, *common, *words])

    def up(self):
        self.command("update")

    def down(self):
        sets = sum(path.read_text().count("\n--changeset ") for path in (self.folder / self.migrations).glob("*.sql"))
        self.command("rollback-count", sets)

    def version(self):
        return npm_version("liquibase")


class GoRunner(Runner):
    """A program that `go install` builds; its version is what the build says of itself."""

    program = package = release = tags = ""

    def command(self, *words):
        program = CACHE / "go" / self.program
        if not program.exists() or self.version() != self.release:
            run(["go", "install", "-tags", self.tags, f"{self.package}@{self.release}"], env={**os.environ, "GOBIN": str(CACHE / "go")})
        return run([program, *words])

    def version(self):
        return re.search(r"^\s*mod\s+\S+\s+(\S+)", run(["go", "version", "-m", CACHE / "go" / self.program]), re.M)[1]


class Goose(GoRunner):
    program, package, release = "goose", "github.com/pressly/goose/v3/cmd/goose", "v3.29.0"
    tags = "no_clickhouse no_libsql no_mssql no_mysql no_sqlite3 no_vertica no_ydb"

    def goose(self, *words):
        self.command("-dir", self.folder / self.migrations, "postgres", self.url, *words)

    def up(self):
        self.goose("up")

    def down(self):
        self.goose("down-to", "0")


class GolangMigrate(GoRunner):
    version_from = None
    program, package, release = "migrate", "github.com/golang-migrate/migrate/v4/cmd/migrate", "v4.20.1"
    tags = "postgres"

    def migrate(self, *words):
        self.command("-path", self.folder / self.migrations, "-database", self.url, *words)

    def up(self):
        self.migrate("up")

    def down(self):
        self.migrate("down", "-all")


class CargoRunner(Runner):
    """A program that `cargo install` builds, without optimisation; `release` is its package and version."""

    program = package = release = features = ""

    def command(self, *words):
        program = CACHE / "cargo/bin" / self.program
        if not program.exists() or self.version() != self.release:
            how = ["--debug", "--no-default-features", "--features", self.features, "--root", CACHE / "cargo"]
            run(["cargo", "install", *how, f"{self.package}@{self.release}"], env=os.environ | {"CARGO_PROFILE_DEV_DEBUG": "0"})
        return run([program, *words], cwd=self.folder, env=os.environ | {"DATABASE_URL": self.url})

    def version(self):
        installed = (CACHE / "cargo/.crates.toml").read_text()
        return re.search(rf'"{self.package} (\S+) ', installed)[1]


class Sqlx(CargoRunner):
    program, package, release, features = "sqlx", "sqlx-cli", "0.9.0", "postgres,rustls"

    def up(self):
        self.command("migrate", "run")

    def down(self):
        self.command("migrate", "revert", "--target-version", "0")


class Diesel(CargoRunner):
    program, package, release, features = "diesel", "diesel_cli", "2.3.14", "postgres-bundled"

    def prepare(self):
        (self.folder / "diesel.toml").write_text('[migrations_directory]\ndir = "migrations"\n')

    def up(self):
        self.command("migration", "run")

    def down(self):
        self.command("migration", "revert", "--all")


class Refinery(CargoRunner):
    plan = "plain"
    version_from = None
    has_down = False
    program, package, release, features = "refinery", "refinery_cli", "0.10.0", "postgresql"

    def up(self):
        self.command("migrate", "-e", "DATABASE_URL", "-p", "migrations")


class Prisma(Runner):
    """Its engine for schemas is the one that the npm package carries, in WebAssembly; the native one comes from a host of Prisma's."""

    has_down = False
    # The driver that this engine takes does not know the type `name`, in which the catalogs keep names (prisma/orm, issue 27403), and
    # cuts a file at each semicolon, in bodies too, where the native engine sends it as one query.
    config = """
import pg from 'pg';
import { PrismaPg } from '@prisma/adapter-pg';
const addFields = pg.Result.prototype.addFields;
pg.Result.prototype.addFields = function (fields) {
  for (const field of fields) field.dataTypeID = { 19: 25, 1003: 1009 }[field.dataTypeID] ?? field.dataTypeID;
  return addFields.call(this, fields);
};
export default {
  schema: 'schema.prisma', migrations: { path: 'migrations' }, experimental: { adapter: true }, engine: 'js',
  adapter: async () => {
    const factory = new PrismaPg({ connectionString: process.env.DATABASE_URL });
    const connect = factory.connect.bind(factory);
    factory.connect = async () => {
      const connection = await connect();
      connection.executeScript = async (script) => { await connection.client.query(script); };
      return connection;
    };
    return factory;
  },
};
"""

    def prepare(self):
        npm("prisma", "@prisma/adapter-pg", "pg")
        (self.folder / "node_modules").symlink_to(CACHE / "npm/node_modules")
        (self.folder / "migrations/migration_lock.toml").write_text('provider = "postgresql"\n')
        (self.folder / "schema.prisma").write_text('datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n')
        (self.folder / "prisma.config.mjs").write_text(self.config)
        # What was there before the first migration is a baseline, or it refuses the database.
        (self.folder / "migrations/0_before").mkdir()
        (self.folder / "migrations/0_before/migration.sql").write_text((HERE / "before.sql").read_text())
        self.command("resolve", "--applied", "0_before")

    def command(self, *words):
        # It looks for native engines even where it uses none.
        unused = {"PRISMA_QUERY_ENGINE_LIBRARY": "schema.prisma", "PRISMA_SCHEMA_ENGINE_BINARY": "schema.prisma"}
        own = {"CHECKPOINT_DISABLE": "1", "DATABASE_URL": self.url, **unused}
        run([npm("prisma") / "prisma", "migrate", *words], cwd=self.folder, env=os.environ | own)

    def up(self):
        self.command("deploy")

    def version(self):
        return npm_version("prisma")


class Sqitch(Runner):
    migrations = "."

    def prepare(self):
        (self.folder / "sqitch.conf").write_text(f"[core]\n\tengine = pg\n[engine \"pg\"]\n\tclient = {self.server.bin / 'psql'}\n")

    def command(self, *words):
        target = self.server.url(self.database, "db:pg", "")
        return run(["sqitch", *words, target], cwd=self.folder, env={**os.environ, "SQITCH_EMAIL": "a@example.org", "SQITCH_FULLNAME": "A"})

    def up(self):
        self.command("deploy")

    def down(self):
        self.command("revert", "-y")

    def version(self):
        return re.search(r"[\d.]+\d", run(["sqitch", "--version"]))[0]


class Rails(Runner):
    def script(self, what):
        text = f"""
require 'active_record'
ActiveRecord::Base.establish_connection({self.url!r})
ActiveRecord::Migration.verbose = false
context = ActiveRecord::MigrationContext.new({str(self.folder / self.migrations)!r}, ActiveRecord::SchemaMigration)
{what}
"""
        return run(["ruby", "-e", text])

    def up(self):
        self.script("context.migrate")

    def down(self):
        self.script(f"context.rollback({self.count()})")

    def version(self):
        return run(["ruby", "-e", "require 'active_record'; print ActiveRecord.version"])


class Laravel(Runner):
    def script(self, what):
        text = f"""
foreach (['Container', 'Database', 'Events', 'Filesystem', 'Support', 'Console'] as $part) require_once "Illuminate/$part/autoload.php";
$capsule = new Illuminate\\Database\\Capsule\\Manager;
$capsule->addConnection(['driver' => 'pgsql', 'host' => '127.0.0.1', 'port' => {self.server.port}, 'database' => '{self.database}', 'username' => 'postgres', 'charset' => 'utf8']);
$container = $capsule->getContainer();
$container->instance('db', $capsule->getDatabaseManager());
Illuminate\\Support\\Facades\\Facade::setFacadeApplication($container);
$store = new Illuminate\\Database\\Migrations\\DatabaseMigrationRepository($capsule->getDatabaseManager(), 'migrations');
if (!$store->repositoryExists()) $store->createRepository();
$migrator = new Illuminate\\Database\\Migrations\\Migrator($store, $capsule->getDatabaseManager(), new Illuminate\\Filesystem\\Filesystem);
$migrator->{what};
"""
        return run(["php", "-d", "include_path=/usr/share/php", "-r", text])

    def up(self):
        self.script(f"run(['{self.folder / self.migrations}'])")

    def down(self):
        self.script(f"reset(['{self.folder / self.migrations}'])")

    def version(self):
        return re.search(r"[\d.]+\d", run(["dpkg-query", "-W", "-f", "${Version}", "php-illuminate-database"]))[0]


class Flyway(Runner):
    version_from = None
    has_down = False
    pom = """<project><modelVersion>4.0.0</modelVersion><groupId>x</groupId><artifactId>x</artifactId><version>1</version><dependencies>
<dependency><groupId>org.flywaydb</groupId><artifactId>flyway-database-postgresql</artifactId><version>11.8.2</version></dependency>
<dependency><groupId>org.postgresql</groupId><artifactId>postgresql</artifactId><version>42.7.4</version></dependency>
</dependencies></project>"""

    def prepare(self):
        place = CACHE / "flyway"
        if not (place / "libs").exists():
            place.mkdir(parents=True, exist_ok=True)
            (place / "pom.xml").write_text(self.pom)
            run(["mvn", "-q", "-B", "dependency:copy-dependencies", "-DoutputDirectory=libs"], cwd=place)
        url = self.server.url(self.database, "jdbc:postgresql", "").replace("postgres@", "")
        (self.folder / "Up.java").write_text(
            "public class Up { public static void main(String[] words) { org.flywaydb.core.Flyway.configure()"
            f".dataSource(\"{url}\", \"postgres\", \"\").locations(\"filesystem:{self.folder / self.migrations}\")"
            ".configuration(java.util.Map.of(\"flyway.postgresql.transactional.lock\", \"false\", \"flyway.baselineOnMigrate\", \"true\", "
            "\"flyway.baselineVersion\", \"0\")).load().migrate(); } }\n"
        )

    def up(self):
        run(["java", "-cp", f"{CACHE / 'flyway/libs'}/*", self.folder / "Up.java"])

    def version(self):
        return re.search(r"flyway-core-([\d.]+)\.jar", " ".join(os.listdir(CACHE / "flyway/libs")))[1]


RUNNERS = {
    "dbmate": Dbmate, "alembic": Alembic, "django": Django, "knex": Knex, "typeorm": TypeOrm, "node-pg-migrate": NodePgMigrate,
    "drizzle": Drizzle, "liquibase": Liquibase, "goose": Goose, "golang-migrate": GolangMigrate, "sqitch": Sqitch,
    "rails": Rails, "laravel": Laravel, "flyway": Flyway, "sqlx": Sqlx, "diesel": Diesel, "refinery": Refinery, "prisma": Prisma,
}


def same(what, got, wanted):
    """Fails with the lines that differ."""
    if got == wanted:
        return
    lines, others = got[0].splitlines(), wanted[0].splitlines()
    missing = [f"- {line}" for line in others if line not in lines]
    extra = [f"+ {line}" for line in lines if line not in others]
    raise RuntimeError(f"{what}:\n" + "\n".join(missing + extra + ([] if got[1] == wanted[1] else [f"rows: {got[1]} {wanted[1]}"])))


def one_each(server, database):
    """Fails when two migrations were remembered in one transaction: the locks of the first were held by the second."""
    for table in OWN:
        if server.sql(database, f"SELECT to_regclass('public.{table}')").strip():
            shared = server.sql(database, f"SELECT count(*) - count(DISTINCT xmin::text) FROM public.{table}").strip()
            if shared != "0":
                raise RuntimeError(f"{shared} rows of {table} were written together with others")


def exported(name, which, pgphase, server, plans, place):
    """A new database, and a runner with the migrations of a plan."""
    kind = RUNNERS[name]
    template, plan, _ = plans[which]
    folder = place / f"{name}-{which}"
    (folder / kind.migrations).mkdir(parents=True)
    database = server.database(template)
    words = ["--version-from", kind.version_from] if kind.version_from else []
    run([pgphase, "export", plan, "--runner", name, "--out", folder / kind.migrations, *words])
    runner = kind(server, folder, database)
    runner.prepare()
    return runner


def tried(name, pgphase, server, plans, place):
    kind = RUNNERS[name]
    wanted = plans[kind.plan][2]
    runner = exported(name, kind.plan, pgphase, server, plans, place)
    before = server.state(runner.database)
    runner.up()
    same("after up", server.state(runner.database), wanted)
    one_each(server, runner.database)
    if kind.has_down:
        runner.down()
        same("after down", server.state(runner.database), before)
        runner.up()
        same("after up again", server.state(runner.database), wanted)
        one_way = exported(name, "loss", pgphase, server, plans, place)
        one_way.up()
        left = server.state(one_way.database)
        try:
            one_way.down()
        except Failed as error:
            if not any(word in error.said for word in ONE_WAY):
                raise
        else:
            raise RuntimeError("the way back over a deleted column did not fail")
        same("after a way back that fails", server.state(one_way.database), left)
    return f"{runner.version()}: " + ("up, down, up; no way back over a loss" if kind.has_down else "up")


def main():
    pgphase = pathlib.Path(sys.argv[1]).resolve()
    names = sys.argv[2:] or list(RUNNERS)
    CACHE.mkdir(parents=True, exist_ok=True)
    failed = 0
    with contextlib.ExitStack() as stack:
        place = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pgphase-runners-")))
        place.chmod(0o755)
        cluster = place / "cluster"
        cluster.mkdir()
        server = Cluster(cluster)
        stack.callback(server.ctl, "stop", "-m", "immediate")
        plans = {}
        for kind in ["after", "plain", "loss"]:
            template = server.database()
            server.sql(template, (HERE / "before.sql").read_text(), ROWS)
            plan = place / f"plan-{kind}"
            run([pgphase, "plan", "-d", server.url(template), "--to", HERE / f"{kind}.sql", "--approve", "all", "--out", plan])
            applied = server.database(template)
            run([pgphase, "apply", plan, "-d", server.url(applied), "--phase", "all", "--yes"])
            plans[kind] = (template, plan, server.state(applied))
        for name in names:
            started = time.monotonic()
            try:
                print(f"{name}: {tried(name, pgphase, server, plans, place)}, {time.monotonic() - started:.1f} s", flush=True)
            except FileNotFoundError as error:
                failed += 1
                print(f"{name}: FAILED: there is no {error.filename}; the head of this file names the packages of Debian", flush=True)
            except (RuntimeError, OSError, subprocess.TimeoutExpired, StopIteration) as error:
                failed += 1
                print(f"{name}: FAILED: {error}", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
