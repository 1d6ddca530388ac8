//! pgphase turns the difference between schema files and a live PostgreSQL into a phased plan: **expand, backfill, validate,
//! contract**. The plan is read as SQL in a pull request and applied phase by phase, while the old and the new version of the
//! application both keep running.
//!
//! Whoever wants to *use* it reads the [guide]; what follows is for those who build on the library.
//!
//! # The pipeline
//!
//! ```text
//!   files ──parse──▶ Schema ─┐
//!                            ├─unify──▶ diff──▶ plan──▶ render, report ──▶ apply
//! database ─introspect─▶ Schema ─┘      deltas   steps    a plan folder      runs and remembers
//! ```
//!
//! Everything up to the plan folder is pure: no server, no files. The same inputs give the same bytes.
//!
//! ```
//! use pgphase::diff::diff;
//! use pgphase::pair::Pair;
//! use pgphase::parse::parse_text;
//! use pgphase::plan::file::PlanFolder;
//! use pgphase::plan::{Phase, Wishes, make};
//! use pgphase::rename::carry_out;
//! use pgphase::render::statements::statements;
//! use pgphase::report::{Report, Risk};
//! use pgphase::unify::{Verdicts, as_live, unify};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // Two texts become two schemas. With a database, `introspect` gives the first one.
//! let mut live = parse_text("before.sql", "CREATE TABLE users (id bigint PRIMARY KEY, name text, fax text);")?.schema;
//! let desired = parse_text("after.sql", "CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL);")?.schema;
//! as_live(&mut live);
//!
//! // Declared renames first (none here); then the desired schema in the words of the live one. After that, plain equality
//! // tells what differs.
//! let renamed = carry_out(&live, &desired, &[])?;
//! let desired = unify(&renamed.live, desired, &Verdicts::default()).desired;
//! let deltas = diff(Pair::new(&renamed.live, &desired));
//! assert_eq!(deltas.len(), 2);
//!
//! // The plan keeps its laws, or there is none.
//! let plan = make("users", &live, &renamed, &desired, 16, &Wishes::default())?;
//! let titles: Vec<&str> = plan.phase(Phase::Contract).map(|step| step.title.as_str()).collect();
//! assert_eq!(titles, ["drop column public.users.fax"]);
//!
//! // With its SQL it is a folder of files; the review is computed from that.
//! let folder = PlanFolder::new(plan, &live, &statements);
//! let files = folder.files()?;
//! let (name, sql) = &files[4];
//! assert_eq!(name, "4-contract.sql");
//! assert!(sql.contains("DROP COLUMN fax"));
//! assert_eq!(Report::of(&folder).verdict.risk, Risk::High);
//! # Ok(())
//! # }
//! ```
//!
//! Only [`introspect`], [`settle`], [`apply`], [`verify`] and [`conn`] talk to a server:
//!
//! ```no_run
//! use std::time::Duration;
//!
//! use pgphase::apply::progress::Silent;
//! use pgphase::apply::{self, Options, Stop, backfill, guard, retry};
//! use pgphase::conn::{Environment, Params, conninfo, resolve};
//! use pgphase::introspect::{Scope, introspect};
//! use pgphase::plan::Phase;
//! use pgphase::plan::file::PlanFolder;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let folder = PlanFolder::read("plans/users".as_ref())?;
//! let given = conninfo::parse("host=db.example dbname=shop")?;
//! let target = resolve(&Params::new(), &given, &Environment::of_process())?;
//! let options = Options {
//!     phases: vec![Phase::Expand],
//!     patience: retry::Patience::default(),
//!     wait_for_run: Duration::from_secs(2),
//!     backfill: backfill::Settings::default(),
//!     windows: vec![],
//!     zone: jiff::tz::TimeZone::UTC,
//!     guard: Some(guard::Settings::default()),
//!     cool_down: apply::CoolDown::Wait,
//!     free_space: None,
//!     reopen: false,
//!     approved: vec![],
//! };
//! let inspect = async |client: &tokio_postgres::Client| {
//!     let found = introspect(client, &Scope::default()).await;
//!     found.map(|found| found.schema.into())
//! };
//! let outcome = apply::run(&target, &folder, &options, &Silent, &Stop::never(), inspect).await?;
//! println!("{} steps done, {} left", outcome.done, outcome.left);
//! # Ok(())
//! # }
//! ```
//!
//! # Where to look
//!
//! | question | module |
//! |---|---|
//! | What is a schema made of? | [`schema`], [`object`]: a folder for each kind of object |
//! | How are files read? | [`parse`]; expressions and types: [`expr`], [`types`] |
//! | How is a database read? | [`introspect`] |
//! | When do two texts mean the same? | [`expr`] and [`unify`]; where they leave it open, [`settle`] asks a server |
//! | How is a change made without blocking? | [`plan::strategy`]: a file for each kind of change |
//! | What does an operation lock, scan, rewrite? | [`plan::locks`] and [`plan::facts`] |
//! | What is checked before a plan is written? | the laws, in [`mod@plan::make`] |
//! | What does a reviewer see? | [`report`] |
//! | How does a run go on after a crash? | [`apply`] |
//! | What else is there? | [`verify`], [`drift`], [`lint`], [`export`], [`files`] |
//! | Which commands are there? | [`cli`] |
//!
//! Modules stand below in the order of the pipeline; each uses those before it only.

pub mod guide;

mod keywords;
pub mod name;
mod nearest;
pub mod parse;
pub mod sql;
pub mod types;
mod wrap;

pub mod expr;

pub mod object;
pub mod pair;
pub mod schema;

mod attach;
pub mod operation;
pub mod refs;

pub mod introspect;
pub mod settle;
pub mod unify;

pub mod diff;
pub mod kept;
pub mod rename;

pub mod plan;

pub mod cluster;
pub mod conn;

pub mod render;
pub mod report;

pub mod files;

pub mod apply;
pub mod drift;
pub mod export;
pub mod lint;
pub mod verify;

pub mod cli;
