//! Reads migrations, and shows what it reads to the rules.

use std::collections::HashSet;

use super::command::{self, Command};
use super::finding::{self, Finding, span_of};
use super::rule::{self, Check};
use super::session::{Session, Turn, turn};
use super::site::{ObjectSite, Site, Told, is_proof, object_findings, opens};
use super::suppress::without_suppressed;
use super::{Level, Options, Report, assume};
use crate::expr::Expr;
use crate::name::QualifiedName;
use crate::object::column::ColumnChange;
use crate::object::constraint::{ConstraintChange, ConstraintRule};
use crate::object::enum_type::EnumChange;
use crate::object::table::TableChange;
use crate::object::{Change, Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::parse::cursor::Cursor;
use crate::parse::migrations::{Migration, Wrap};
use crate::parse::script::{Line, LineKind, Walk, lines};
use crate::parse::split::Statement;
use crate::parse::{ParseError, SourceText, first_words, stack};
use crate::plan::locks::Observer;
use crate::plan::strategy::is_volatile_in;
use crate::plan::{Facts, LockMode};
use crate::refs::References;
use crate::schema::Schema;

/// How many things one statement may need that nobody has made.
const MOST_ASSUMED: usize = 1000;

/// Lints migrations in order over the schema before them. `wanted` tells the files to report on; the others only make what
/// later ones find.
pub fn lint_migrations(
    before: &Schema,
    migrations: &[Migration],
    wanted: &(dyn Fn(&str) -> bool + Sync),
    options: &Options,
) -> Result<Report, ParseError> {
    stack::on_big_stack(|| {
        let mut report = Report::default();
        let mut walk = Walk::over(before);
        for migration in migrations {
            let mut reader = Reader::new(migration, walk, options);
            // Of a file alone, nobody knows what IF EXISTS will find.
            reader.blank = before.is_empty() && migrations.len() == 1;
            reader.run()?;
            if wanted(&migration.source.name) {
                report.merge(reader.finish()?);
            }
            walk = reader.walk;
        }
        finding::finish(&mut report.findings);
        Ok(report)
    })?
}

/// Reads one migration.
struct Reader<'a> {
    source: &'a SourceText,
    options: &'a Options,
    walk: Walk,
    /// What was there before the migration, renames carried out.
    base: Schema,
    /// The same under its old names.
    original: Schema,
    session: Session,
    found: Vec<Finding>,
    told_once: HashSet<&'static str>,
    made: Vec<(ObjectId, usize)>,
    ranges: Vec<(usize, usize)>,
    snapshot: Option<Schema>,
    /// Nothing is known of what was there before.
    blank: bool,
}

impl<'a> Reader<'a> {
    fn new(migration: &'a Migration, walk: Walk, options: &'a Options) -> Self {
        let base = walk.schema().clone();
        Self {
            source: &migration.source,
            options,
            original: base.clone(),
            base,
            walk,
            session: Session {
                wrap: migration.wrap,
                ..Session::default()
            },
            found: Vec::new(),
            told_once: HashSet::new(),
            made: Vec::new(),
            ranges: Vec::new(),
            snapshot: None,
            blank: false,
        }
    }

    fn run(&mut self) -> Result<(), ParseError> {
        let source = self.source;
        let lines = lines(source)?;
        self.session.several = lines.len() > 1;
        self.leave_lone_statement_alone(&lines)?;
        self.walk.declare(&lines)?;
        for (at, line) in lines.iter().enumerate() {
            let start = line.statement.start;
            self.ranges.push((start, start + line.statement.text.len()));
            self.line(line, at)?;
        }
        if let (Some(line), Some(last)) = (self.session.begun, lines.last()) {
            let message = format!("the transaction that begins in line {line} is never committed");
            self.tell("unfinished-transaction", &last.statement, Told::new(message));
        }
        self.objects(&lines);
        Ok(())
    }

    /// Flyway runs a file without a transaction if its statements cannot run in one.
    fn leave_lone_statement_alone(&mut self, lines: &[Line<'_>]) -> Result<(), ParseError> {
        let name = self.source.name.rsplit('/').next().unwrap_or_default();
        let flyway = name.starts_with(['V', 'R']) && name.contains("__");
        if self.session.wrap != Wrap::File || !flyway {
            return Ok(());
        }
        let mut all = !lines.is_empty();
        for line in lines {
            let tokens = tokens(&line.head)?;
            all &= tokens.iter().any(|token| token.eq_ignore_ascii_case("concurrently")) || opens(&tokens, "vacuum");
        }
        if all {
            self.session.wrap = Wrap::Statement;
        }
        Ok(())
    }

    fn line(&mut self, line: &Line<'_>, at: usize) -> Result<(), ParseError> {
        let tokens = tokens(&line.head)?;
        if temporary(&tokens) {
            self.temporary(line, &tokens);
            return Ok(());
        }
        let mut facts = Facts::default();
        let mut operations = Vec::new();
        let mut command = None;
        let mut alone = false;
        match line.kind {
            LineKind::Definition => match self.definition(line, &tokens, at) {
                Ok((read, merged)) => {
                    alone = read.iter().any(runs_alone);
                    operations = read;
                    facts = merged;
                }
                Err(fault) => self.not_understood(line, &fault),
            },
            LineKind::Other | LineKind::Unmanaged => match command::read(line, &self.walk) {
                Ok(read) => {
                    self.assume_locked(&read.facts);
                    facts = read.facts;
                    facts.locks.retain(|lock| self.base.relation(&lock.relation).is_some());
                    for list in [&mut facts.scans, &mut facts.builds, &mut facts.rewrites] {
                        list.retain(|name| self.base.relation(name).is_some());
                    }
                    alone = read.alone;
                    command = Some(read.command);
                }
                Err(fault) => self.not_understood(line, &fault),
            },
        }
        if alone && self.session.in_transaction() {
            let message = "PostgreSQL refuses this statement in a transaction block";
            self.tell("concurrently-in-transaction", &line.statement, Told::new(message));
        }
        self.judge(line, &tokens, None, &operations, command.as_ref(), &facts);
        self.transactions(line, &tokens);
        let added = operations.iter().filter_map(|operation| match operation {
            Operation::Alter {
                id,
                change: Change::EnumType(EnumChange::AddLabel { label, .. }),
            } if self.base.contains(id) => Some(label.clone()),
            _ => None,
        });
        let added: Vec<String> = added.collect();
        self.session
            .follow(&tokens, &operations, line.statement.place.line, &facts);
        if self.session.in_transaction() {
            self.session.labels.extend(added);
        }
        Ok(())
    }

    fn transactions(&mut self, line: &Line<'_>, tokens: &[&str]) {
        match turn(tokens) {
            Turn::Begin => {
                if self.session.begun.is_some() || self.session.wrap == Wrap::File {
                    let message = "a transaction is open already, so BEGIN only gives a warning, and the COMMIT that belongs \
                                   to it ends the outer one";
                    self.tell("nested-transaction", &line.statement, Told::new(message));
                }
                self.snapshot = Some(self.walk.schema().clone());
            }
            Turn::Commit => self.snapshot = None,
            Turn::Rollback => {
                if let Some(schema) = self.snapshot.take() {
                    self.walk.restore(schema);
                }
            }
            Turn::None => {}
        }
    }

    /// The operations of a definition, applied, and what they do together.
    fn definition(
        &mut self,
        line: &Line<'_>,
        tokens: &[&str],
        at: usize,
    ) -> Result<(Vec<Operation>, Facts), ParseError> {
        let operations = self.operations(line, tokens)?;
        let mut merged = Facts::default();
        for operation in &operations {
            self.assume_named(operation);
            let facts = self.applied(operation, &operations, line, tokens)?;
            if let Operation::Create { object, .. } = operation {
                self.made.push((object.id(), at));
            }
            merged.merge(facts);
        }
        Ok((operations, merged))
    }

    /// Reads the statement; what it needs and is not there is assumed.
    fn operations(&mut self, line: &Line<'_>, tokens: &[&str]) -> Result<Vec<Operation>, ParseError> {
        for _ in 0..MOST_ASSUMED {
            let fault = match self.walk.read(line) {
                Ok(operations) => return Ok(operations),
                Err(fault) => fault,
            };
            let Some(id) = fault.absent.as_deref().map(|id| with_kind(id, tokens)) else {
                return Err(fault);
            };
            if !self.assume(&id) {
                return Err(fault);
            }
        }
        self.walk.read(line)
    }

    /// Takes an object as one that was there before the migration; false when its kind cannot be.
    fn assume(&mut self, id: &ObjectId) -> bool {
        let objects = assume::assumed(id, self.walk.schema());
        for object in &objects {
            let id = object.id();
            self.base.put(object.clone());
            self.original.put(object.clone());
            self.walk.assumed.insert(id);
            self.walk.put(object.clone());
        }
        !objects.is_empty()
    }

    /// Tables that a statement names without their having to be there.
    fn assume_named(&mut self, operation: &Operation) {
        let referenced = match operation {
            Operation::Create {
                object: Object::Constraint(constraint),
                ..
            } => match &constraint.rule {
                ConstraintRule::ForeignKey(key) => Some(&key.references),
                _ => None,
            },
            Operation::Create {
                object: Object::Table(table),
                ..
            } => table.partition_of.as_ref().map(|of| &of.parent),
            Operation::Alter {
                change: Change::Table(TableChange::Attach(of)),
                ..
            } => Some(&of.parent),
            Operation::Alter {
                change: Change::Table(TableChange::Detach { parent, .. }),
                ..
            } => Some(parent),
            _ => None,
        };
        if let Some(name) = referenced.filter(|name| self.walk.schema().relation(name).is_none()) {
            self.assume(&ObjectId::named(Kind::Table, name));
        }
    }

    fn assume_locked(&mut self, facts: &Facts) {
        let names: Vec<QualifiedName> = facts.locks.iter().map(|lock| lock.relation.clone()).collect();
        for name in names {
            if self.walk.schema().relation(&name).is_none() {
                self.assume(&ObjectId::named(Kind::Table, &name));
            }
        }
    }

    /// Shows one operation to the rules and applies it.
    fn applied(
        &mut self,
        operation: &Operation,
        siblings: &[Operation],
        line: &Line<'_>,
        tokens: &[&str],
    ) -> Result<Facts, ParseError> {
        if let Operation::Drop {
            id, if_exists: true, ..
        } = operation
        {
            let open = self.blank || matches!(id.kind, Kind::Namespace | Kind::Extension);
            if open && !self.walk.schema().contains(id) {
                self.assume(id);
            }
        }
        for _ in 0..MOST_ASSUMED {
            let Some(id) = self.walk.missing(operation) else { break };
            if !self.assume(&with_kind(&id, tokens)) {
                break;
            }
        }
        let facts = self.facts(operation, siblings, tokens);
        self.judge(line, tokens, Some(operation), siblings, None, &facts);
        match self.walk.apply(operation, line) {
            Ok(()) => {}
            // Nothing to look at is left of it, or it says IF EXISTS.
            Err(fault) if fault.absent.is_some() => {}
            Err(fault) => return Err(fault),
        }
        if let Operation::Rename { from, to } = operation {
            if self.base.contains(from) && !self.base.contains(to) {
                self.base.rename(from, to);
            }
        }
        Ok(facts)
    }

    /// What an operation does, as the planner sees it, and what only a statement of several actions does.
    fn facts(&self, operation: &Operation, siblings: &[Operation], tokens: &[&str]) -> Facts {
        let schema = self.walk.schema();
        let volatile = |default: &Expr| is_volatile_in(default, schema, &References::new(schema));
        let observer = Observer::new(&self.base, &self.original, self.options.version, &volatile);
        let mut facts = observer.facts(operation, schema);
        match operation {
            // Measured: a foreign key written with a new column that has no default is valid at once, nothing is read.
            Operation::Create {
                object: Object::Constraint(constraint),
                ..
            } => {
                if let ConstraintRule::ForeignKey(key) = &constraint.rule {
                    let fresh = key.columns.iter().all(|column| {
                        siblings.iter().any(|sibling| match sibling {
                            Operation::Create {
                                object: Object::Column(new),
                                ..
                            } => new.table == constraint.table && new.name == *column && new.default.is_none(),
                            _ => false,
                        })
                    });
                    if fresh {
                        facts.scans.clear();
                    }
                }
            }
            // Measured: the proof of a not-null that goes in the same statement proves nothing.
            Operation::Alter {
                id,
                change: Change::Column(ColumnChange::NotNull(true)),
            } if !facts.grows() && self.base.relation(&id.qualified()).is_some() => {
                let dropped = siblings.iter().any(|sibling| match sibling {
                    Operation::Drop { id: proof, .. } => is_proof(schema, proof, id),
                    _ => false,
                });
                if dropped {
                    facts.scans.push(id.qualified());
                }
            }
            // Measured: a plan renames a key by its index, which lets reads and writes of the table go on; RENAME CONSTRAINT does not.
            Operation::Rename { from, .. }
                if from.kind == Kind::Constraint
                    && tokens.get(1).is_some_and(|word| word.eq_ignore_ascii_case("table"))
                    && self.base.relation(&from.qualified()).is_some() =>
            {
                facts.lock(&from.qualified(), LockMode::AccessExclusive);
            }
            // The statement names only a part of the table that nothing is known about.
            Operation::Drop { id, .. }
                if matches!(id.kind, Kind::Trigger | Kind::Rule | Kind::Policy)
                    && !schema.contains(id)
                    && self.base.relation(&id.qualified()).is_some() =>
            {
                facts.lock(&id.qualified(), LockMode::AccessExclusive);
            }
            Operation::Alter {
                id,
                change: Change::Constraint(ConstraintChange::Validate),
            } if facts.scans.is_empty() && self.base.relation(&id.qualified()).is_some() => {
                facts.lock(&id.qualified(), LockMode::ShareUpdateExclusive);
                facts.scans.push(id.qualified());
            }
            _ => {}
        }
        facts
    }

    /// Shows an operation, or the statement as a whole where there is none, to the rules about it.
    fn judge(
        &mut self,
        line: &Line<'_>,
        tokens: &[&str],
        operation: Option<&Operation>,
        siblings: &[Operation],
        command: Option<&Command>,
        facts: &Facts,
    ) {
        let site = Site {
            statement: &line.statement,
            tokens,
            operation,
            siblings,
            command,
            facts,
            schema: self.walk.schema(),
            base: &self.base,
            session: &self.session,
            assumed: &self.walk.assumed,
            version: self.options.version,
        };
        let mut told = Vec::new();
        for rule in rule::all() {
            let said = match (rule.check, operation) {
                (Check::Operation(check), Some(_)) | (Check::Statement(check), None) => check(&site),
                _ => continue,
            };
            told.extend(said.into_iter().map(|said| (rule.id, said)));
        }
        for (rule, said) in told {
            self.tell(rule, &line.statement, said);
        }
    }

    /// What the migration has made, once all of it is there.
    fn objects(&mut self, lines: &[Line<'_>]) {
        let mut told = Vec::new();
        let schema = self.walk.schema();
        for (id, at) in &self.made {
            let Some(object) = schema.get(id) else { continue };
            let site = ObjectSite {
                schema,
                id,
                object,
                assumed: &self.walk.assumed,
            };
            for (rule, level, said) in object_findings(&site, self.options) {
                told.push((rule, level, said, *at));
            }
        }
        for (rule, level, said, at) in told {
            let Some(line) = lines.get(at) else { continue };
            let span = span_of(&self.source.text, &line.statement, said.at.as_ref());
            self.found
                .push(Finding::of(rule, level, said, span, line.statement.text));
        }
    }

    fn temporary(&mut self, line: &Line<'_>, tokens: &[&str]) {
        let at = tokens.iter().position(|token| {
            ["table", "view", "sequence"]
                .iter()
                .any(|word| token.eq_ignore_ascii_case(word))
        });
        let rest = at.and_then(|at| tokens.get(at + 1..)).unwrap_or_default();
        let rest = if opens(rest, "if not exists") {
            rest.get(3..).unwrap_or_default()
        } else {
            rest
        };
        if let Some(name) = rest.first() {
            let bare = QualifiedName::bare(crate::name::Ident::folded(name.trim_matches('"')));
            // It belongs to the session, so nobody waits for it.
            let name = self.walk.relation_name(bare, line);
            self.walk.put(assume::table(&name).into());
        }
    }

    fn not_understood(&mut self, line: &Line<'_>, fault: &ParseError) {
        let slip = tokens(&line.head).ok().and_then(|tokens| first_words::fault(&tokens));
        if let Some(slip) = slip {
            self.tell("no-command", &line.statement, Told::new(slip));
            return;
        }
        self.tell("not-understood", &line.statement, Told::new(fault.message.clone()));
    }

    fn tell(&mut self, rule: &'static str, statement: &Statement<'_>, told: Told) {
        let Some(rule) = rule::find(rule) else { return };
        let level = self.options.level(rule);
        if level == Level::Off || (rule.once && !self.told_once.insert(rule.id)) {
            return;
        }
        let span = span_of(&self.source.text, statement, told.at.as_ref());
        self.found.push(Finding::of(rule, level, told, span, statement.text));
    }

    fn finish(&mut self) -> Result<Report, ParseError> {
        let found = std::mem::take(&mut self.found);
        let (findings, ignored) = without_suppressed(found, self.source, &self.ranges, self.options)?;
        Ok(Report {
            findings,
            ignored,
            files: vec![self.source.clone()],
        })
    }
}

/// Whether PostgreSQL refuses the operation in a transaction block.
fn runs_alone(operation: &Operation) -> bool {
    match operation {
        Operation::Create { concurrently, .. } | Operation::Drop { concurrently, .. } => *concurrently,
        Operation::Alter {
            change: Change::Table(TableChange::Detach { concurrently, .. }),
            ..
        } => *concurrently,
        _ => false,
    }
}

/// The kind that the statement's words give to a relation or type that is not there.
fn with_kind(id: &ObjectId, tokens: &[&str]) -> ObjectId {
    let has = |word: &str| tokens.iter().any(|token| token.eq_ignore_ascii_case(word));
    let kind = match id.kind {
        Kind::EnumType if opens(tokens, "alter domain") || opens(tokens, "drop domain") => Kind::Domain,
        Kind::EnumType if opens(tokens, "alter type") && has("attribute") => Kind::CompositeType,
        Kind::Table if opens(tokens, "alter view") => Kind::View,
        Kind::Table if opens(tokens, "alter materialized view") => Kind::MaterializedView,
        Kind::Table if opens(tokens, "alter sequence") => Kind::Sequence,
        kind => kind,
    };
    ObjectId { kind, ..id.clone() }
}

fn temporary(tokens: &[&str]) -> bool {
    let word = |at: usize, words: &[&str]| {
        tokens
            .get(at)
            .is_some_and(|token| words.iter().any(|word| token.eq_ignore_ascii_case(word)))
    };
    let at = if word(1, &["or"]) { 3 } else { 1 };
    let at = if word(at, &["global", "local"]) { at + 1 } else { at };
    word(0, &["create"]) && word(at, &["temp", "temporary"])
}

fn tokens<'a>(statement: &Statement<'a>) -> Result<Vec<&'a str>, ParseError> {
    let mut cursor = Cursor::new(statement)?;
    let mut tokens = Vec::new();
    while !cursor.at_end() && tokens.len() < 20_000 {
        tokens.push(cursor.next());
    }
    Ok(tokens)
}
