//! What the measurements of backfills share: the table, a plan that fills it, and psql.

use std::process::Command;
use std::time::Duration;

use pgphase::apply::progress::Silent;
use pgphase::apply::retry::Patience;
use pgphase::apply::{Options, Stop, backfill, run};
use pgphase::cluster::Cluster;
use pgphase::conn::{Environment, Params, conninfo, resolve};
use pgphase::name::{Ident, QualifiedName};
use pgphase::operation::Operation;
use pgphase::plan::file::PlanFolder;
use pgphase::plan::{Baseline, Class, FORMAT_VERSION, Facts, Phase, Plan, Step};
use pgphase::schema::Schema;

pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The table: no fillfactor, no free space, indexes as tables of applications have them.
pub fn setup(rows: u32) -> String {
    format!(
        "drop schema if exists pgphase cascade; drop table if exists t;
         create table t (id bigint primary key, a int, name text, note text, created timestamptz default now(), b text);
         insert into t select g, g % 1000, 'user ' || g, repeat('x', 60) from generate_series(1, {rows}) g;
         create index on t (a); create index on t (name);
         vacuum (freeze, analyze) t; checkpoint"
    )
}

/// Waits for work on a runtime of its own.
pub fn within<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(work)
}

/// Runs a plan with one backfill.
pub async fn apply(cluster: &Cluster, settings: backfill::Settings) -> Result<(), Failure> {
    let operation = Operation::Backfill {
        table: QualifiedName::new("public", "t"),
        set: vec![(Ident::from("b"), "upper(name)".into())],
        condition: "b IS NULL".into(),
    };
    let step = Step {
        id: "backfill-1".into(),
        phase: Phase::Backfill,
        title: "fill b".into(),
        why: String::new(),
        class: Class::Backfill,
        operations: vec![operation],
        facts: Facts::default(),
        hazards: vec![],
        turn: Default::default(),
        search_path: Default::default(),
    };
    let plan = Plan {
        background: Default::default(),
        format_version: FORMAT_VERSION.into(),
        name: "fill".into(),
        server_version: 14,
        cool_down: None,
        baseline: Baseline {
            fingerprint: Schema::new().fingerprint(),
            ..Baseline::default()
        },
        steps: vec![step],
        approvals: vec![],
        notes: vec![],
    };
    let folder = PlanFolder::new(plan, &Schema::new(), &pgphase::render::statements::statements);
    let given = conninfo::parse(&cluster.conninfo("postgres"))?;
    let target = resolve(&Params::new(), &given, &Environment::default())?;
    let options = Options {
        phases: vec![Phase::Backfill],
        patience: Patience::default(),
        wait_for_run: Duration::ZERO,
        backfill: settings,
        windows: vec![],
        zone: jiff::tz::TimeZone::UTC,
        guard: None,
        cool_down: pgphase::apply::CoolDown::Wait,
        free_space: None,
        reopen: false,
        approved: vec![],
    };
    let inspect = async |_: &tokio_postgres::Client| Ok(Schema::new().into());
    run(&target, &folder, &options, &Silent, &Stop::never(), inspect).await?;
    Ok(())
}

/// What statements answer; they are run one by one.
pub fn psql(cluster: &Cluster, text: &str) -> Result<String, Failure> {
    let mut command = Command::new(cluster.program("psql"));
    command.args([
        "-XqAt",
        "-F",
        " ",
        "-v",
        "ON_ERROR_STOP=1",
        "-d",
        &cluster.conninfo("postgres"),
    ]);
    // VACUUM must be alone; a DO block must stay whole.
    let statements = if text.starts_with("do ") {
        vec![text]
    } else {
        text.split(';').collect()
    };
    for statement in statements {
        command.args(["-c", statement]);
    }
    let output = command.env("PGOPTIONS", "-c client_min_messages=warning").output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
