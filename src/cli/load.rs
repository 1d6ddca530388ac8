//! Sources: schema files, or a live database.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};
use tokio_postgres::Client;

use super::compare::not_asked;
use super::config::Unmanaged;
use super::error::{CliError, ErrorKind, ErrorPlace};
use super::scratch::Choice;
use super::{Config, Global, output, played};
use crate::apply::Live;
use crate::conn::{Session, Target, conninfo};
use crate::expr::{Expr, SearchPath};
use crate::introspect::{
    self, Finding, IntrospectError, Introspection, Patience, Scope, introspect_over, introspect_within,
};
use crate::kept::{self, Kept};
use crate::name::{Ident, QualifiedName};
use crate::object::{Kind, ObjectId};
use crate::operation::Operation;
use crate::parse::origin::{Origin, Texts, is_prefixed};
use crate::parse::source::says_nothing;
use crate::parse::{self, Annotation, MovedFrom, SourceText, UnknownType, unknown_types};
use crate::plan::{Plan, Size, Wishes};
use crate::schema::Schema;
use crate::settle::unify_with;
use crate::unify::{Verdicts, unify};

/// Where a schema comes from.
#[allow(clippy::large_enum_variant)]
pub(crate) enum Source {
    /// Standard input.
    Input,
    /// Files on disk or in a git revision.
    Files(Origin),
    /// A database.
    Live(Target),
}

impl Source {
    /// What a text on the command line means: a prefixed form, a path that exists, else a connection string.
    pub(crate) fn parse(text: &str, global: &Global) -> Result<Self, CliError> {
        if text == "-" {
            return Ok(Self::Input);
        }
        if is_prefixed(text) || Path::new(text).exists() {
            return Ok(Self::Files(Origin::parse(text)?));
        }
        if conninfo::is_conninfo(text) {
            return Ok(Self::Live(global.connection.target_of(text)?));
        }
        Err(CliError::not_there(text)
            .hint("a database is named by a URL (postgres://...) or a connection string (dbname=...)"))
    }
}

/// A schema and what is known around it.
pub(crate) struct Loaded {
    pub(crate) schema: Schema,
    /// Major version of the server, where there is one.
    pub(crate) server_version: Option<u32>,
    /// What a live database holds beside the model.
    pub(crate) findings: Vec<Finding>,
    /// What is ignored in it.
    pub(crate) kept: Kept,
    /// Declared renames: an object and its old name.
    pub(crate) renames: Vec<(ObjectId, String)>,
    /// Whether what differs in its name only is renamed; else it is told as what goes and what comes.
    pub(crate) follows: bool,
    /// What the policy and the files say about how changes are made.
    pub(crate) wishes: Wishes,
    /// The open session to a live database.
    pub(crate) session: Option<Session>,
    /// Remarks about the files.
    pub(crate) notes: Vec<String>,
    /// Types that the files name and do not define.
    pub(crate) unknown_types: Vec<UnknownType>,
    /// Whether the files hold no definition at all, not even one that is left out.
    pub(crate) says_nothing: bool,
    /// Whether the files are migrations, whose runner has tables of its own.
    pub(crate) migrations: bool,
}

/// Loads a source. Migrations are run on the scratch server, where there is one; else they are read.
pub(crate) async fn load(
    source: Source,
    global: &Global,
    config: &Config,
    scratch: &Choice,
) -> Result<Loaded, CliError> {
    let texts = match source {
        Source::Input => input()?,
        Source::Files(origin) => origin.read()?,
        Source::Live(target) => return live(target, global, config).await,
    };
    if texts.ordered && *scratch != Choice::None {
        return played::load(&texts, scratch, global, config).await;
    }
    let config = config.clone();
    let unmanaged = global.unmanaged.unwrap_or(config.unmanaged);
    let parsed = tokio::task::spawn_blocking(move || files(&texts, &config, unmanaged)).await;
    parsed.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
}

/// Loads the desired and the live source at the same time. A mistake in the desired one is told first, and without waiting for
/// the other.
pub(crate) async fn both(
    desired: Source,
    live: Source,
    global: &Global,
    config: &Config,
    scratch: &Choice,
) -> Result<(Loaded, Loaded), CliError> {
    let desired = pin!(load(desired, global, config, scratch));
    let live = pin!(load(live, global, config, scratch));
    match select(desired, live).await {
        Either::Left((desired, live)) => Ok((desired?, live.await?)),
        Either::Right((live, desired)) => Ok((desired.await?, live?)),
    }
}

/// Connects and reads the schema.
pub(crate) async fn live(target: Target, global: &Global, config: &Config) -> Result<Loaded, CliError> {
    let (session, target) = global.connection.open(target).await?;
    let (found, kept) = with(config, async |scope, patience| match config.sessions.get() {
        1 => introspect_within(&session.client, scope, patience).await,
        _ => introspect_over(&session, &target, scope, patience).await,
    })
    .await?;
    Ok(Loaded {
        server_version: Some(found.server_version()),
        schema: found.schema,
        kept,
        findings: found.findings,
        renames: vec![],
        follows: false,
        wishes: Wishes::default(),
        session: Some(session),
        notes: vec![],
        unknown_types: vec![],
        says_nothing: false,
        migrations: false,
    })
}

/// The sizes of tables of a live database. They are for the eyes of a reviewer, so none are known where the server does not
/// tell them.
pub(crate) async fn sizes(session: &Session, tables: &[QualifiedName]) -> BTreeMap<String, Size> {
    let sizes = introspect::sizes::sizes(&session.client, tables)
        .await
        .unwrap_or_default();
    sizes
        .into_iter()
        .map(|found| {
            (
                found.table.to_string(),
                Size::about(found.rows, found.bytes, found.heap),
            )
        })
        .collect()
}

/// Reads the managed part of the schema of a database, and what is ignored beside it.
pub(super) async fn read(client: &Client, config: &Config) -> Result<(Introspection, Kept), IntrospectError> {
    with(config, async |scope, patience| {
        introspect_within(client, scope, patience).await
    })
    .await
}

/// The same by a reader that is told what is managed, and how long it may wait.
async fn with(
    config: &Config,
    reader: impl AsyncFnOnce(&Scope, &Patience<'_>) -> Result<Introspection, IntrospectError>,
) -> Result<(Introspection, Kept), IntrospectError> {
    let namespaces = &config.namespaces;
    let scope = Scope {
        namespaces: (!namespaces.is_empty()).then(|| namespaces.iter().map(Ident::new).collect()),
    };
    let patience = Patience {
        budget: Duration::from_secs(config.policy.lock_budget),
        told: &|blockers| {
            for blocker in blockers {
                output::talk(&format!(
                    "the schema cannot be read yet, as a table is locked: {blocker}"
                ));
            }
        },
    };
    let mut found = reader(&scope, &patience).await?;
    let kept = config.filter(&mut found.schema);
    Ok((found, kept))
}

/// A schema from files in the words of a live one, whose server decides what texts alone leave open.
pub(crate) async fn unified(live: &Loaded, desired: Schema) -> Result<Schema, CliError> {
    let (Some(session), Some(version)) = (&live.session, live.server_version) else {
        return Ok(unify(&live.schema, desired, &Verdicts::default()).desired);
    };
    let unified = unify_with(&session.client, &live.schema, desired, version).await;
    unified.map(|unified| unified.desired).map_err(not_asked)
}

/// The schema of a connected database.
pub(crate) async fn schema(client: &Client) -> Result<Schema, CliError> {
    let (found, _) = read(client, &Config::default()).await?;
    Ok(found.schema)
}

/// The schema of a connected database, for a run of a plan.
pub(crate) async fn inspect(client: &Client, config: &Config, plan: &Plan) -> Result<Live, IntrospectError> {
    let (found, kept) = read(client, config).await?;
    Ok(for_plan(found.schema, &kept, config, plan))
}

/// A live schema as far as a plan knows it: of what others make, only what it reaches.
pub(crate) fn for_plan(mut schema: Schema, ignored: &Kept, config: &Config, plan: &Plan) -> Live {
    let operations = || plan.steps.iter().flat_map(|step| &step.operations);
    let subjects: HashSet<ObjectId> = operations().filter_map(Operation::subject).collect();
    let known = |id: &ObjectId| {
        subjects.contains(id) || plan.baseline.kept.contains(id) || plan.baseline.objects.contains_key(&id.to_string())
    };
    let partitions = config.take_partitions(&mut schema, known);
    let newcomers = if partitions.roots.is_empty() {
        vec![]
    } else {
        let mut all = schema.clone();
        partitions.put_into(&mut all);
        let homes = operations().filter_map(Operation::home);
        kept::reached(&all, &partitions.roots, homes.chain(subjects.iter().cloned()))
    };
    ignored
        .of(|root| plan.baseline.kept.contains(root))
        .put_into(&mut schema);
    Live { schema, newcomers }
}

fn files(texts: &Texts, config: &Config, unmanaged: Unmanaged) -> Result<Loaded, CliError> {
    let mut desired = texts.schema()?;
    if unmanaged == Unmanaged::Error {
        refuse_unmanaged(&desired.notices)?;
    }
    let mut unknown_types = unknown_types(&desired, &texts.files);
    // A base type that is left out.
    let left_out: Vec<_> = desired.notices.iter().filter(|notice| notice.unmanaged).collect();
    unknown_types.retain(|one| {
        let name = one.name.to_string();
        !left_out.iter().any(|notice| notice.message.contains(&name))
    });
    let kept = config.filter(&mut desired.schema);
    let renames = desired
        .annotations
        .iter()
        .filter(|annotation| annotation.key == "renamed_from")
        .map(|Annotation { on, value, .. }| (on.clone(), value.clone()))
        .collect();
    let mut wishes = config.wishes(&desired.schema);
    for annotation in desired
        .annotations
        .iter()
        .filter(|annotation| annotation.key == "moved_from")
    {
        wishes.moved.insert(annotation.on.clone(), MovedFrom::read(annotation)?);
    }
    for annotation in &desired.annotations {
        let map = match annotation.key.as_str() {
            "using" => &mut wishes.using,
            "reverse" => &mut wishes.reverse,
            "backfill" => &mut wishes.backfill,
            _ => continue,
        };
        let path = SearchPath::new([Ident::from("public")]);
        map.insert(annotation.on.clone(), Expr::under(annotation.value.clone(), &path));
    }
    Ok(Loaded {
        schema: desired.schema,
        kept,
        server_version: None,
        findings: vec![],
        renames,
        follows: false,
        wishes,
        session: None,
        notes: told(&desired.notices),
        unknown_types,
        says_nothing: says_nothing(&texts.files),
        migrations: texts.ordered,
    })
}

/// Remarks with their places.
pub(super) fn told(notices: &[parse::Notice]) -> Vec<String> {
    notices
        .iter()
        .map(|notice| format!("{}: {}", notice.place, notice.message))
        .collect()
}

/// The text of standard input.
pub(crate) fn input() -> Result<Texts, CliError> {
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut bytes)
        .map_err(|error| CliError::new(format!("cannot read standard input: {error}")).kind(ErrorKind::File))?;
    Ok(Texts {
        files: vec![source_text("standard input", &bytes)?],
        ordered: false,
        notices: vec![],
    })
}

fn source_text(name: &str, bytes: &[u8]) -> Result<SourceText, CliError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count()
            + 1;
        CliError::new("the file is not UTF-8")
            .at(ErrorPlace::line(name, line))
            .kind(ErrorKind::File)
    })?;
    Ok(SourceText {
        name: name.into(),
        text: text.to_owned(),
    })
}

/// An error that names the definitions whose kind is not managed.
fn refuse_unmanaged(notices: &[parse::Notice]) -> Result<(), CliError> {
    let left_out: Vec<&parse::Notice> = notices.iter().filter(|notice| notice.unmanaged).collect();
    let Some(first) = left_out.first() else { return Ok(()) };
    let more = match left_out.len() {
        1 => String::new(),
        count => format!(", and {} more like it", count - 1),
    };
    Err(CliError::new(format!("{}{more}", first.message))
        .at(first.place.clone())
        .kind(ErrorKind::Schema)
        .hint("with --unmanaged ignore, or `unmanaged: ignore` in pgphase.yaml, such objects are left alone"))
}

/// Names what a live database holds that is not managed, and returns it.
pub(crate) fn talk_unmanaged(live: &Loaded, quiet: bool) -> Vec<String> {
    // Invalid indexes and constraints that are not valid are in the model, so they are differences already; but the state of
    // an index that belongs to a constraint is not.
    let indexes: HashSet<String> = live
        .schema
        .of_kind(Kind::Index)
        .map(|(id, _)| id.qualified().to_string())
        .collect();
    let unmanaged: Vec<String> = live
        .findings
        .iter()
        .filter_map(|finding| match finding {
            Finding::Unmanaged { .. }
            | Finding::HiddenConnection { .. }
            | Finding::NotPopulated { .. }
            | Finding::LoggedApart { .. } => Some(finding.to_string()),
            Finding::InvalidIndex { name } if !indexes.contains(name) => {
                Some(format!("{finding}, and its constraint with it, which is not managed"))
            }
            _ => None,
        })
        .collect();
    for line in unmanaged.iter().filter(|_| !quiet) {
        output::talk(&format!("note: {line}"));
    }
    unmanaged
}

/// Prints remarks about the files.
pub(crate) fn talk_notes(loaded: &Loaded, quiet: bool) {
    if !quiet {
        for note in &loaded.notes {
            output::talk(&format!("note: {note}"));
        }
    }
}
