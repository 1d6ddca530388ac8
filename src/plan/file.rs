//! The plan on disk: a folder with typed steps in `plan.yaml`, one SQL file per phase, and what a reviewer reads.
//!
//! The SQL that runs is in the phase files and nowhere else; `plan.yaml` holds the checksum of every step. Reading a folder
//! puts the two together again, and refuses SQL that is not what was planned.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_yaml::{Mapping, Value};
use sha2::{Digest, Sha256};

use super::{FORMAT_VERSION, Phase, Plan, Step, lean};
use crate::operation::Operation;
use crate::render::{may_go, rollback, script};
use crate::report::{Report, markdown};
use crate::schema::Schema;

/// The file with the typed steps.
pub const PLAN_FILE: &str = "plan.yaml";
/// The file with the inverses.
pub const ROLLBACK_FILE: &str = "rollback.sql";
/// The report.
pub const REVIEW_FILE: &str = "REVIEW.md";

/// A plan together with the SQL of its steps.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanFolder {
    /// The plan.
    pub plan: Plan,
    /// What every session sets first.
    pub settings: Vec<String>,
    /// The statements of every step, by step id.
    statements: BTreeMap<String, String>,
    /// The content of `rollback.sql`.
    pub rollback: String,
}

/// What a folder holds that a plan shall be written to.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(default)]
pub struct Held {
    /// The identity of the plan.
    pub id: String,
    /// Its approvals.
    pub approvals: Vec<String>,
}

/// Why a plan folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PlanFileError {
    /// A file cannot be read or written.
    #[error("cannot {verb} {}: {error}", path.display())]
    Io {
        /// Read or write.
        verb: &'static str,
        /// Which file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// `plan.yaml` is not a plan.
    #[error("{} is not a plan: {reason}", path.display())]
    Malformed {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The plan was made by a newer program.
    #[error("{} has plan format {found}, and this pgphase reads {FORMAT_VERSION}", path.display())]
    Format {
        /// Which file.
        path: PathBuf,
        /// Its format.
        found: String,
    },
    /// The SQL is not what was planned.
    #[error("{}: {what}", path.display())]
    Edited {
        /// Which file.
        path: PathBuf,
        /// What differs.
        what: String,
    },
}

impl PlanFileError {
    /// The file or folder that it is about.
    pub fn path(&self) -> &Path {
        match self {
            Self::Io { path, .. }
            | Self::Malformed { path, .. }
            | Self::Format { path, .. }
            | Self::Edited { path, .. } => path,
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Io {
                verb: "read", error, ..
            } if error.kind() == std::io::ErrorKind::NotFound => {
                Some("give the folder that `pgphase plan --out` wrote")
            }
            Self::Io { .. } => None,
            Self::Malformed { .. } => Some("give the folder that `pgphase plan --out` wrote"),
            Self::Format { .. } => Some("use the version of pgphase that made the plan, or plan again"),
            Self::Edited { .. } => Some("what was reviewed must be what runs: change the schema files and plan again"),
        }
    }
}

impl PlanFolder {
    /// Puts a plan and its SQL together. `live` is the schema the plan starts from, `sql` gives the statements of operations on
    /// the schema before them.
    pub fn new(plan: Plan, live: &Schema, sql: &dyn Fn(&[Operation], &Schema) -> Vec<String>) -> Self {
        let kept = &plan.baseline.kept;
        let sql = |operations: &[Operation], before: &Schema| may_go::statements(operations, before, kept, sql);
        let mut schema = live.clone();
        let mut statements = BTreeMap::new();
        for step in &plan.steps {
            let texts = sql(&step.operations, &schema);
            for operation in &step.operations {
                // A plan that does not fold has been refused before it is written.
                let _ = operation.apply(&mut schema);
            }
            statements.insert(step.id.clone(), script::statements(&texts));
        }
        Self {
            rollback: rollback::rollback(&plan, live, &sql),
            plan,
            settings: script::SETTINGS.iter().map(|&setting| setting.to_owned()).collect(),
            statements,
        }
    }

    /// The statements of a step, as they are in its phase file between opening and closing.
    pub fn statements(&self, step: &Step) -> &str {
        self.statements.get(&step.id).map_or("", String::as_str)
    }

    /// The checksum of what a step runs.
    pub fn checksum(&self, step: &Step) -> String {
        script::checksum(&script::body(step, self.statements(step)))
    }

    /// The plan's identity: what it starts from and what it runs. Approvals and the name do not count.
    pub fn id(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(&self.plan.baseline.fingerprint);
        for step in &self.plan.steps {
            hash.update(format!("\n{} {}", step.id, self.checksum(step)));
        }
        hash.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Every file of the folder, name and content. The same plan gives the same bytes.
    pub fn files(&self) -> Result<Vec<(String, String)>, PlanFileError> {
        let mut files = vec![(PLAN_FILE.to_owned(), self.yaml()?)];
        for phase in Phase::ALL {
            let text = script::phase_file(&self.plan, phase, |step| self.statements(step));
            files.push((script::file_name(phase), text));
        }
        files.push((ROLLBACK_FILE.to_owned(), self.rollback.clone()));
        files.push((REVIEW_FILE.to_owned(), markdown(&Report::of(self))));
        Ok(files)
    }

    /// Writes the folder; returns the files written.
    pub fn write(&self, folder: &Path) -> Result<Vec<PathBuf>, PlanFileError> {
        let io = |path: &Path| {
            let path = path.to_owned();
            move |error| PlanFileError::Io {
                verb: "write",
                path,
                error,
            }
        };
        fs::create_dir_all(folder).map_err(io(folder))?;
        let mut written = Vec::new();
        for (name, content) in self.files()? {
            let path = folder.join(name);
            fs::write(&path, content).map_err(io(&path))?;
            written.push(path);
        }
        Ok(written)
    }

    /// The content of `plan.yaml`: what people look at first comes first.
    pub fn yaml(&self) -> Result<String, PlanFileError> {
        let malformed = |error: serde_yaml::Error| PlanFileError::Malformed {
            path: PLAN_FILE.into(),
            reason: error.to_string(),
        };
        let mut rest = match lean::to_value(&self.plan).map_err(malformed)? {
            Value::Mapping(map) => map,
            _ => Mapping::new(),
        };
        let mut map = Mapping::new();
        for key in ["format_version", "name", "server_version"] {
            if let Some(value) = rest.shift_remove(key) {
                map.insert(key.into(), value);
            }
        }
        map.insert("id".into(), self.id().into());
        let approvals = rest.shift_remove("approvals").unwrap_or(Value::Sequence(vec![]));
        map.insert("approvals".into(), approvals);
        if let Some(notes) = rest.shift_remove("notes") {
            map.insert("notes".into(), notes);
        }
        map.insert("settings".into(), self.settings.clone().into());
        let checksums: Mapping = self
            .plan
            .steps
            .iter()
            .map(|step| (step.id.clone().into(), self.checksum(step).into()))
            .collect();
        let baseline = rest.shift_remove("baseline");
        let background = rest.shift_remove("background");
        map.extend(rest);
        map.insert("checksums".into(), checksums.into());
        map.insert("rollback".into(), script::checksum(&self.rollback).into());
        for (key, value) in [("baseline", baseline), ("background", background)] {
            if let Some(value) = value {
                map.insert(key.into(), value);
            }
        }
        let text = serde_yaml::to_string(&map).map_err(malformed)?;
        Ok(format!(
            "# A plan of pgphase. Approve hazards by their ids under `approvals`; nothing else here is edited by hand.\n{text}"
        ))
    }

    /// Reads the steps of a plan from the content of its `plan.yaml`; its SQL is not looked at.
    pub fn steps_of(yaml: &str) -> Result<Vec<Step>, String> {
        Self::plan_of(yaml).map(|plan| plan.steps)
    }

    /// Reads a plan from the content of its `plan.yaml`; its SQL is not looked at.
    pub fn plan_of(yaml: &str) -> Result<Plan, String> {
        let value: Value = serde_yaml::from_str(yaml).map_err(|error| error.to_string())?;
        let Value::Mapping(mut map) = value else {
            return Err("it is not a map".into());
        };
        for key in ["settings", "checksums", "rollback", "id"] {
            map.shift_remove(key);
        }
        lean::from_value(Value::Mapping(map)).map_err(|error| error.to_string())
    }

    /// The plan that a folder holds already, as far as its approvals go; none where there is no `plan.yaml`.
    pub fn held(folder: &Path) -> Result<Option<Held>, PlanFileError> {
        let path = folder.join(PLAN_FILE);
        if !path.exists() {
            return Ok(None);
        }
        let held = serde_yaml::from_str(&read(&path)?);
        held.map(Some).map_err(|error| PlanFileError::Malformed {
            reason: error.to_string(),
            path,
        })
    }

    /// Reads a folder back and checks that its SQL is what was planned.
    pub fn read(folder: &Path) -> Result<Self, PlanFileError> {
        let path = folder.join(PLAN_FILE);
        let text = read(&path)?;
        let malformed = |reason: String| PlanFileError::Malformed {
            path: path.clone(),
            reason,
        };
        let value: Value = serde_yaml::from_str(&text).map_err(|error| malformed(error.to_string()))?;
        let Value::Mapping(mut map) = value else {
            return Err(malformed("it is not a map".into()));
        };
        let format = map.get("format_version").and_then(Value::as_str).unwrap_or("none");
        let major = |version: &str| version.split('.').next().map(str::to_owned);
        if major(format) != major(FORMAT_VERSION) {
            let found = format.to_owned();
            return Err(PlanFileError::Format { path, found });
        }
        let settings: Vec<String> = take(&mut map, "settings").map_err(malformed)?;
        let checksums: BTreeMap<String, String> = take(&mut map, "checksums").map_err(malformed)?;
        let rollback_checksum: String = take(&mut map, "rollback").map_err(malformed)?;
        map.shift_remove("id");
        let plan: Plan = lean::from_value(Value::Mapping(map)).map_err(|error| malformed(error.to_string()))?;

        let mut statements = BTreeMap::new();
        for phase in Phase::ALL {
            let path = folder.join(script::file_name(phase));
            let text = read(&path)?;
            read_phase(&plan, phase, &text, &settings, &checksums, &mut statements)
                .map_err(|what| PlanFileError::Edited { path, what })?;
        }
        let path = folder.join(ROLLBACK_FILE);
        let rollback = read(&path)?;
        if script::checksum(&rollback) != rollback_checksum
            && script::checksum(&rollback.replace("\r\n", "\n")) != rollback_checksum
        {
            return Err(PlanFileError::Edited {
                path,
                what: "it is not the script that was planned".into(),
            });
        }
        Ok(Self {
            plan,
            settings,
            statements,
            rollback,
        })
    }
}

/// Git may have changed line ends on the way.
fn read(path: &Path) -> Result<String, PlanFileError> {
    fs::read_to_string(path).map_err(|error| PlanFileError::Io {
        verb: "read",
        path: path.to_owned(),
        error,
    })
}

fn take<T: serde::de::DeserializeOwned>(map: &mut Mapping, key: &str) -> Result<T, String> {
    let value = map.shift_remove(key).ok_or_else(|| format!("`{key}` is missing"))?;
    serde_yaml::from_value(value).map_err(|error| format!("`{key}`: {error}"))
}

fn read_phase(
    plan: &Plan,
    phase: Phase,
    text: &str,
    settings: &[String],
    checksums: &BTreeMap<String, String>,
    statements: &mut BTreeMap<String, String>,
) -> Result<(), String> {
    let steps: Vec<(&Step, &String)> = plan
        .phase(phase)
        .map(|step| checksums.get(&step.id).map(|sum| (step, sum)).ok_or(&step.id))
        .collect::<Result<_, _>>()
        .map_err(|id| format!("plan.yaml has no checksum of step {id}"))?;
    let mut rest = text;
    let mut before: Option<(&Step, &String)> = None;
    for next in steps.iter().copied().map(Some).chain([None]) {
        let (block, after) = match next {
            Some((step, sum)) => {
                let marker = script::marker(&step.id, sum);
                let at = find_line(rest, &marker)
                    .ok_or_else(|| format!("the step {} that plan.yaml names is not here", step.id))?;
                rest.split_at(at)
            }
            None => (rest, ""),
        };
        match before {
            Some((step, sum)) => {
                statements.insert(step.id.clone(), statements_of(step, sum, block)?);
            }
            None => check_preamble(block, settings, !steps.is_empty())?,
        }
        before = next;
        rest = after;
    }
    Ok(())
}

/// Where a line that begins with `start` begins.
fn find_line(text: &str, start: &str) -> Option<usize> {
    text.match_indices(start)
        .map(|(at, _)| at)
        .find(|at| *at == 0 || text.as_bytes()[at - 1] == b'\n')
}

fn check_preamble(block: &str, settings: &[String], any_steps: bool) -> Result<(), String> {
    let found: Vec<&str> = code_lines(block).collect();
    let expected = script::preamble(settings);
    let expected: Vec<&str> = expected.lines().filter(|_| any_steps).collect();
    if found == expected {
        Ok(())
    } else {
        Err("what stands before the first step is not what was planned".into())
    }
}

fn code_lines(block: &str) -> impl Iterator<Item = &str> {
    block
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty() && !line.starts_with("--"))
}

/// The statements inside a block, after the comments at its head.
fn statements_of(step: &Step, checksum: &str, block: &str) -> Result<String, String> {
    let mut body = block;
    while body.starts_with("--") || body.starts_with('\\') {
        body = body.find('\n').map_or("", |end| &body[end + 1..]);
    }
    let opening = script::opening(step);
    // Between two blocks there is one empty line; line ends may have been changed on the way.
    for candidate in [body.to_owned(), body.replace("\r\n", "\n")] {
        let candidate = format!("{}\n", candidate.trim_end());
        if script::checksum(&candidate) == checksum {
            return candidate
                .strip_prefix(&opening)
                .and_then(|inner| inner.strip_suffix(script::closing(step)))
                .map(str::to_owned)
                .ok_or_else(|| format!("step {} was written by another version of pgphase", step.id));
        }
    }
    Err(format!("the SQL of step {} is not what was planned", step.id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::{Ident, QualifiedName};
    use crate::object::{Kind, ObjectId};
    use crate::plan::{Background, Baseline, Class, Facts, Hazard, HazardKind, LockMode};

    fn folder() -> PlanFolder {
        let users = QualifiedName::new("public", "users");
        let step = |id: &str, phase, class, operations| Step {
            id: id.into(),
            phase,
            title: format!("step\n{id}"),
            why: String::new(),
            class,
            operations,
            facts: Facts::default(),
            hazards: vec![],
            turn: Default::default(),
            search_path: Default::default(),
        };
        let mut drop = step("contract-1", Phase::Contract, Class::Instant, vec![]);
        drop.facts.lock(&users, LockMode::AccessExclusive);
        drop.hazards.push(Hazard {
            kind: HazardKind::DataLoss,
            object: ObjectId::part(Kind::Column, &users, &Ident::from("email")),
            explanation: "its values are gone".into(),
        });
        let backfill = Operation::Backfill {
            table: users.clone(),
            set: vec![("a".into(), "b || '%' -- why".into())],
            condition: "a IS NULL".into(),
        };
        let check = Operation::Check {
            table: users.clone(),
            problem: "contain a null in a".into(),
            query: "SELECT * FROM public.users WHERE a IS NULL".into(),
            shown: vec![],
        };
        let lock = Operation::Lock {
            tables: vec![users],
            mode: "SHARE".into(),
        };
        let plan = Plan {
            format_version: FORMAT_VERSION.into(),
            name: "try".into(),
            server_version: 15,
            cool_down: None,
            baseline: Baseline::default(),
            steps: vec![
                step("expand-1", Phase::Expand, Class::Instant, vec![lock.clone(), lock]),
                step("backfill-1", Phase::Backfill, Class::Backfill, vec![backfill]),
                step("validate-1", Phase::Validate, Class::Check, vec![check]),
                drop,
            ],
            approvals: vec![],
            notes: vec!["a note".into()],
            background: Background::default(),
        };
        PlanFolder::new(plan, &Schema::new(), &crate::render::statements::statements)
    }

    #[test]
    fn a_folder_reads_back() -> Result<(), Box<dyn std::error::Error>> {
        let folder = folder();
        let place = tempfile::tempdir()?;
        folder.write(place.path())?;
        assert_eq!(PlanFolder::read(place.path())?, folder);
        for phase in Phase::ALL {
            let path = place.path().join(script::file_name(phase));
            fs::write(&path, fs::read_to_string(&path)?.replace('\n', "\r\n"))?;
        }
        assert_eq!(PlanFolder::read(place.path())?, folder);
        Ok(())
    }

    #[test]
    fn edited_sql_is_refused() -> Result<(), Box<dyn std::error::Error>> {
        let folder = folder();
        for (name, from, to) in [
            ("1-expand.sql", "LOCK TABLE", "DROP TABLE"),
            ("1-expand.sql", "-- step expand-1", "-- stop expand-1"),
            ("1-expand.sql", "row_security = off", "row_security = on"),
            ("4-contract.sql", "COMMIT;", "COMMIT;\nSELECT 1;"),
            ("rollback.sql", "-- ", "SELECT 1; -- "),
        ] {
            let place = tempfile::tempdir()?;
            folder.write(place.path())?;
            let path = place.path().join(name);
            let text = fs::read_to_string(&path)?;
            let edited = text.replacen(from, to, 1);
            assert_ne!(text, edited, "{name} {from}");
            fs::write(&path, edited)?;
            let error = PlanFolder::read(place.path()).expect_err(from);
            assert!(matches!(error, PlanFileError::Edited { .. }), "{error}");
        }
        Ok(())
    }

    #[test]
    fn approvals_do_not_change_the_identity() {
        let folder = folder();
        let mut approved = folder.clone();
        approved.plan.approvals.push("all".into());
        assert_eq!(folder.id(), approved.id());
    }
}
