//! From two loaded sources to a pair that plain equality can compare, and to a plan.

use super::config::ColumnOrder;
use super::error::{CliError, ErrorKind};
use super::leaning::{self, Leaned};
use super::load::Loaded;
use super::scratch::{self, Choice};
use super::unknown::{self, Unknown};
use super::{Config, Global, output};
use crate::conn::Session;
use crate::diff::{diff, reordered};
use crate::drift::{Difference, differences, renamed as renamed_only};
use crate::kept;
use crate::object::{Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::pair::Pair;
use crate::parse::migrations::RUNNER_TABLES;
use crate::plan::{Plan, Wishes};
use crate::plan::{PlanError, is_reached, make};
use crate::rename::{Renamed, carry_out, following};
use crate::schema::Schema;
use crate::settle::{name_session_roles, unify_with};
use crate::unify::{Question, Unified, Verdicts, as_live, unify};

/// Two schemas that plain equality can compare.
pub(crate) struct Compared {
    /// The open session to the live database.
    pub(crate) session: Option<Session>,
    /// The live schema as it is.
    pub(crate) start: Schema,
    /// The live schema under its declared new names, and the renames that are still to do.
    pub(crate) renamed: Renamed,
    /// The desired schema in the words of the live one.
    pub(crate) desired: Schema,
    /// How changes are to be made.
    pub(crate) wishes: Wishes,
    /// What others make and the changes reach.
    pub(crate) kept: Vec<ObjectId>,
    /// What is told of tables whose columns stand in another order.
    pub(crate) reordered: Vec<String>,
    /// What could not be decided.
    pub(crate) notes: Vec<String>,
    /// What differs and stays, because no statement of PostgreSQL takes it away.
    pub(crate) left: Vec<String>,
    /// Texts that differ, and about which no server has been asked.
    pub(crate) unasked: Vec<String>,
    /// Types that nobody has.
    pub(crate) unknown: Unknown,
    /// What keeps an extension from being dropped.
    pub(crate) leaned: Option<Leaned>,
}

impl Compared {
    /// Says which tables have their columns in another order.
    pub(crate) fn talk_reordered(&self, global: &Global) {
        for line in self.reordered.iter().filter(|_| !global.quiet) {
            output::talk(&format!("note: {line}"));
        }
    }

    /// Says what differs and stays.
    pub(crate) fn talk_left(&self, global: &Global) {
        for line in self.left.iter().filter(|_| !global.quiet) {
            output::talk(&format!("note: {line}"));
        }
    }

    /// Everything that is to be told beside the differences.
    pub(crate) fn all_notes(&self) -> impl Iterator<Item = &String> {
        self.notes.iter().chain(&self.left).chain(&self.reordered)
    }

    /// What differs, objects that only have another name first; the way leads to the live schema where it is swapped.
    pub(crate) fn differences(&self, swapped: bool) -> Vec<Difference> {
        let sql = crate::render::statements::statements;
        let mut found = renamed_only(&self.renamed.operations, &self.start, &sql);
        if swapped {
            for one in &mut found {
                std::mem::swap(&mut one.to_database, &mut one.to_files);
            }
        }
        let Pair { live, desired } = self.pair();
        let way = match swapped {
            true => Pair::new(desired, live),
            false => Pair::new(live, desired),
        };
        found.extend(differences(way, &sql));
        found
    }

    /// Says how it could be known whether texts mean the same.
    pub(crate) fn talk_unasked(&self, global: &Global) {
        if self.unasked.is_empty() || global.quiet {
            return;
        }
        let named = self.unasked.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
        let more = match self.unasked.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        output::talk(&format!(
            "note: the texts of {named}{more} differ, and count as different; with --scratch auto a throw-away server decides whether they mean the same"
        ));
    }

    /// What is compared.
    pub(crate) fn pair(&self) -> Pair<&Schema> {
        Pair::new(&self.renamed.live, &self.desired)
    }

    /// Whether there is nothing to do.
    pub(crate) fn is_reached(&self) -> bool {
        is_reached(&self.renamed, &self.desired, &self.wishes)
    }

    /// Refuses what no plan can be made from: types that nobody has, extensions that others lean on.
    pub(crate) fn refuse(&self) -> Result<(), CliError> {
        self.unknown.refuse()?;
        match &self.leaned {
            Some(leaned) => Err(leaned.refusal()),
            None => Ok(()),
        }
    }

    /// The plan from the live to the desired schema, or why there is none.
    pub(crate) fn plan(&self, name: &str, server_version: u32) -> Result<Plan, CliError> {
        self.refuse()?;
        let mut plan = make(
            name,
            &self.start,
            &self.renamed,
            &self.desired,
            server_version,
            &self.wishes,
        )
        .map_err(|error| match error {
            PlanError::Moved(bad) => CliError::new(bad.to_string())
                .at(bad.place)
                .hint(bad.hint)
                .kind(ErrorKind::Plan),
            error => CliError::new(error.to_string()).kind(ErrorKind::Plan),
        })?;
        plan.notes.extend(self.all_notes().cloned());
        plan.notes.extend(self.unknown.notes());
        plan.baseline.kept.clone_from(&self.kept);
        Ok(plan)
    }
}

/// Carries out declared renames and brings the desired schema into the words of the live one; a server that is there decides
/// what texts alone leave open. What others make is left out, or taken as it is where the changes reach it.
pub(crate) async fn compare(
    mut live: Loaded,
    mut desired: Loaded,
    choice: &Choice,
    global: &Global,
    config: &Config,
) -> Result<Compared, CliError> {
    as_live(&mut live.schema);
    if let Some(session) = live.session.as_ref().or(desired.session.as_ref()) {
        let named = name_session_roles(&session.client, &mut live.schema, &desired.schema).await;
        named.map_err(not_asked)?;
    }
    let mut kept = std::mem::take(&mut live.kept);
    kept.extend(config.take_partitions(&mut live.schema, |id| desired.schema.contains(id)));
    let mut compared = compare_managed(&live, &mut desired, choice, global).await?;
    compared.session = live.session.take();
    if config.column_order == ColumnOrder::Warn {
        let told = |table| format!("The columns of {table} stand in another order than in the files.");
        compared.reordered = reordered(compared.pair()).into_iter().map(told).collect();
    }
    if kept.roots.is_empty() {
        return Ok(compared);
    }
    let deltas = diff(compared.pair());
    if deltas.is_empty() && compared.renamed.operations.is_empty() {
        return Ok(compared);
    }
    let mut all = live.schema.clone();
    kept.put_into(&mut all);
    let renamed = renamed(&all, &desired)?;
    let moved = renamed.operations.iter().filter_map(|operation| match operation {
        Operation::Rename { to, .. } => Some(to.clone()),
        _ => None,
    });
    let homes = deltas
        .iter()
        .filter_map(|delta| compared.desired.get(delta.id())?.parent());
    let changed = deltas.iter().map(|delta| delta.id().clone()).chain(homes).chain(moved);
    let reached = kept::reached(&renamed.live, &kept.roots, changed);
    if reached.is_empty() {
        return Ok(compared);
    }
    let reached = kept.of(|root| reached.contains(root));
    reached.put_into(&mut live.schema);
    let renamed = self::renamed(&live.schema, &desired)?;
    kept::keep(&renamed.live, &mut compared.desired, &reached.roots).map_err(|error| {
        CliError::new(error.to_string())
            .kind(ErrorKind::Plan)
            .hint("take it into the files, or change it together with what it needs by hand first")
    })?;
    let version = live.server_version.or(desired.server_version);
    let unified = unify(&renamed.live, compared.desired, &verdicts(version));
    compared.notes.push(taken_as_it_is(&reached.roots));
    Ok(Compared {
        start: live.schema,
        renamed,
        desired: unified.desired,
        kept: reached.roots,
        ..compared
    })
}

fn verdicts(server_version: Option<u32>) -> Verdicts {
    server_version.map(Verdicts::of_server).unwrap_or_default()
}

/// The live schema with the declared renames carried out.
fn renamed(live: &Schema, desired: &Loaded) -> Result<Renamed, CliError> {
    carry_out(live, &desired.schema, &desired.renames).map_err(|error| {
        CliError::new(error.to_string())
            .kind(ErrorKind::Schema)
            .hint(error.hint())
    })
}

async fn compare_managed(
    live: &Loaded,
    desired: &mut Loaded,
    choice: &Choice,
    global: &Global,
) -> Result<Compared, CliError> {
    let mut renamed = renamed(&live.schema, desired)?;
    let runner_tables = if desired.migrations {
        keep_runner_tables(&renamed.live, &mut desired.schema)
    } else {
        vec![]
    };
    let version = live.server_version.or(desired.server_version);
    let session = live.session.as_ref().or(desired.session.as_ref());
    let unknown = unknown::ask(live, desired, session).await?;
    let mut unified = in_live_words(session, &renamed.live, &desired.schema, version).await?;
    let following = following(Pair::new(&renamed.live, &unified.desired));
    if desired.follows && !following.is_empty() {
        desired.renames.extend(following);
        renamed = self::renamed(&live.schema, desired)?;
        unified = in_live_words(session, &renamed.live, &desired.schema, version).await?;
    }
    let unified = scratch::settle(choice, global, &renamed.live, unified, verdicts(version)).await?;
    let leaned = match &live.session {
        Some(session) => leaning::ask(session, Pair::new(&renamed.live, &unified.desired)).await?,
        None => None,
    };
    let asked = session.is_some() || *choice != Choice::None;
    let unasked = unified.questions.iter().filter(|_| !asked);
    let unasked = unasked.map(|one| one.id.to_string()).collect();
    let mut notes = if asked { undecided(&unified.questions) } else { vec![] };
    notes.extend(runner_tables);
    notes.extend(kept_privileges(&unified.kept_privileges));
    Ok(Compared {
        session: None,
        start: live.schema.clone(),
        renamed,
        desired: unified.desired,
        wishes: desired.wishes.clone(),
        kept: vec![],
        reordered: vec![],
        notes,
        left: unified.notes,
        unasked,
        unknown,
        leaned,
    })
}

/// The desired schema in the words of the live one; a server decides about texts where there is one to ask.
async fn in_live_words(
    session: Option<&Session>,
    live: &Schema,
    desired: &Schema,
    version: Option<u32>,
) -> Result<Unified, CliError> {
    let (Some(session), Some(version)) = (session, version) else {
        return Ok(unify(live, desired.clone(), &Verdicts::default()));
    };
    unify_with(&session.client, live, desired.clone(), version)
        .await
        .map_err(not_asked)
}

/// The error where the server gave no answer.
pub(crate) fn not_asked(error: tokio_postgres::Error) -> CliError {
    CliError::new(format!(
        "cannot ask the server what texts mean: {}",
        crate::apply::db_message(&error)
    ))
    .kind(ErrorKind::Database)
}

/// What is told of texts that no server could decide about.
fn undecided(questions: &[Question]) -> Vec<String> {
    let told = |question: &Question| {
        format!(
            "Whether the two texts of {} ({}) mean the same could not be decided; it counts as a change.",
            question.id, question.slot
        )
    };
    questions.iter().map(told).collect()
}

/// What is told of what others make and the changes reach.
fn taken_as_it_is(roots: &[ObjectId]) -> String {
    let named = roots
        .iter()
        .take(NAMED)
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ");
    let more = match roots.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("Made by others, reached by the changes and taken as it is: {named}{more}.")
}

/// Takes over the tables in which runners remember their migrations, which no migration makes, and says so.
fn keep_runner_tables(live: &Schema, desired: &mut Schema) -> Vec<String> {
    let mut notes = Vec::new();
    let mut kept = Vec::new();
    for (id, _) in live.of_kind(Kind::Table) {
        if !RUNNER_TABLES.contains(&id.name.as_str()) || desired.relation(&id.qualified()).is_some() {
            continue;
        }
        notes.push(format!(
            "{} is kept: a runner of migrations remembers there what has run.",
            id.qualified()
        ));
        kept.extend(live.descendants(id));
        let owned = live.of_kind(Kind::Sequence).filter(|(_, object)| {
            matches!(object, Object::Sequence(sequence)
                if sequence.owned_by.as_ref().is_some_and(|owner| owner.table == id.qualified()))
        });
        kept.extend(owned.flat_map(|(sequence, _)| live.descendants(sequence)));
    }
    for object in kept.iter().filter_map(|id| live.get(id)) {
        desired.put(object.clone());
    }
    notes
}

/// How many objects a note names.
const NAMED: usize = 20;

/// What is told of privileges that stay though no file speaks of them.
fn kept_privileges(privileges: &[String]) -> Option<String> {
    if privileges.is_empty() {
        return None;
    }
    let named = privileges.iter().take(NAMED).cloned().collect::<Vec<_>>().join("; ");
    let more = match privileges.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    Some(format!(
        "Privileges that the files do not speak of stay as they are: {named}{more}. A GRANT or REVOKE on an object in the files manages all of its privileges."
    ))
}

/// The plan that makes a schema from nothing.
pub(crate) fn from_nothing(schema: &Schema, server_version: u32) -> Result<Plan, CliError> {
    let nothing = Schema::new();
    let renamed = Renamed {
        live: Schema::new(),
        operations: vec![],
    };
    make(
        "inspect",
        &nothing,
        &renamed,
        schema,
        server_version,
        &Wishes::default(),
    )
    .map_err(|error| CliError::new(error.to_string()).kind(ErrorKind::Plan))
}
