//! From two loaded sources to a pair that plain equality can compare, and to a plan.

use super::error::CliError;
use super::load::Loaded;
use super::scratch::{self, Choice};
use super::{Global, output};
use crate::object::{Kind, Object};
use crate::pair::Pair;
use crate::parse::migrations::RUNNER_TABLES;
use crate::plan::make::make;
use crate::plan::{Plan, Wishes};
use crate::rename::{Renamed, carry_out};
use crate::schema::Schema;
use crate::settle::unify_with;
use crate::unify::{Unified, Verdicts, unify};

/// Two schemas that plain equality can compare.
pub(crate) struct Compared {
    /// The live schema as it is.
    pub(crate) start: Schema,
    /// The live schema under its declared new names, and the renames that are still to do.
    pub(crate) renamed: Renamed,
    /// The desired schema in the words of the live one.
    pub(crate) desired: Schema,
    /// How changes are to be made.
    pub(crate) wishes: Wishes,
    /// What could not be decided.
    pub(crate) notes: Vec<String>,
    /// Texts that differ, and about which no server has been asked.
    pub(crate) unasked: Vec<String>,
}

impl Compared {
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

    /// The plan from the live to the desired schema.
    pub(crate) fn plan(&self, name: &str, server_version: u32) -> Result<Plan, CliError> {
        let mut plan = make(
            name,
            &self.start,
            &self.renamed,
            &self.desired,
            server_version,
            &self.wishes,
        )
        .map_err(|error| CliError::new(error.to_string()))?;
        plan.notes.extend(self.notes.iter().cloned());
        Ok(plan)
    }
}

/// Carries out declared renames and brings the desired schema into the words of the live one; a server that is there decides
/// what texts alone leave open.
pub(crate) async fn compare(
    live: Loaded,
    desired: Loaded,
    choice: &Choice,
    global: &Global,
) -> Result<Compared, CliError> {
    let renamed = carry_out(&live.schema, &desired.schema, &desired.renames)
        .map_err(|error| CliError::new(error.to_string()).hint("correct or remove the annotation @renamed_from"))?;
    let mut desired = desired;
    let runner_tables = if desired.migrations {
        keep_runner_tables(&renamed.live, &mut desired.schema)
    } else {
        vec![]
    };
    let desired_wishes = desired.wishes;
    let version = live.server_version.or(desired.server_version);
    let session = live.session.as_ref().or(desired.session.as_ref());
    let unified = match (session, version) {
        (Some(session), Some(version)) => unify_with(&session.client, &renamed.live, desired.schema, version)
            .await
            .map_err(|error| {
                CliError::new(format!(
                    "cannot ask the server what texts mean: {}",
                    crate::apply::db_message(&error)
                ))
            })?,
        _ => unify(&renamed.live, desired.schema, &Verdicts::default()),
    };
    let verdicts = match (session, version) {
        (Some(_), Some(version)) => Verdicts::of_server(version),
        _ => Verdicts::default(),
    };
    let unified = scratch::settle(choice, global, &renamed.live, unified, verdicts).await?;
    let asked = session.is_some() || *choice != Choice::None;
    let Unified {
        desired,
        questions,
        kept_privileges,
    } = unified;
    let unasked = questions
        .iter()
        .filter(|_| !asked)
        .map(|one| one.id.to_string())
        .collect();
    let mut notes: Vec<String> = if asked {
        questions
            .iter()
            .map(|question| {
                format!(
                    "Whether the two texts of {} ({}) mean the same could not be decided; it counts as a change.",
                    question.id, question.slot
                )
            })
            .collect()
    } else {
        vec![]
    };
    notes.extend(runner_tables);
    notes.extend(kept(&kept_privileges));
    Ok(Compared {
        start: live.schema,
        renamed,
        desired,
        wishes: desired_wishes,
        notes,
        unasked,
    })
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
fn kept(privileges: &[String]) -> Option<String> {
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
    .map_err(|error| CliError::new(error.to_string()))
}
