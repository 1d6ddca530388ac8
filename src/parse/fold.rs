//! Statements of many files, in any order, to one schema.
//!
//! A statement whose object does not exist yet waits; when the others are done, the waiting ones are tried again, until
//! nothing moves any more.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use indexmap::IndexMap;

use crate::expr::SearchPath;
use crate::name::QualifiedName;
use crate::object::column::Column;
use crate::object::constraint::ConstraintChange;
use crate::object::{Kind, Object, ObjectId};
use crate::operation::{EffectError, IfExists, Operation};
use crate::schema::{Record, Schema};

use super::context::{Annotation, Context, Notice};
use super::cursor::Cursor;
use super::declared::Declared;
use super::defaults::Defaults;
use super::error::{Missing, ParseError, Place};
use super::hints;
use super::migrations::RUNNER_TABLES;
use super::names::TakenNames;
use super::session::{Class, classify, initial_path};
use super::split::{Comment, Piece, Statement, split};
use super::statement;
use super::yaml::{self, Document, Entry, is_yaml};

/// A source file in memory.
#[derive(Debug, Clone)]
pub struct SourceText {
    /// The file as messages name it.
    pub name: Arc<str>,
    /// Its text.
    pub text: String,
}

/// What the sources say.
#[derive(Debug, Clone, Default)]
pub struct Desired {
    /// The schema they describe.
    pub schema: Schema,
    /// The operations they stand for, in the order in which they took effect.
    pub operations: Vec<Operation>,
    /// What was read over.
    pub notices: Vec<Notice>,
    /// Annotations on definitions.
    pub annotations: Vec<Annotation>,
    /// Where each object is defined.
    pub places: HashMap<ObjectId, Place>,
    /// What each statement speaks about, in the order in which they took effect; only where it was asked for.
    pub spoken: Vec<(Place, ObjectId)>,
}

/// A statement that has not taken full effect yet; for YAML the text is that of the object's id.
struct Waiting<'a> {
    statement: Statement<'a>,
    path: SearchPath,
    defaults: Defaults,
    /// Its operations from the first one without effect on; `None` while it has not been parsed.
    rest: Option<Vec<Operation>>,
    /// The text is not that of the file, so that a fault is told at its beginning.
    whole: bool,
}

impl Waiting<'_> {
    fn placed(&self, fault: ParseError) -> ParseError {
        let place = if self.whole {
            Some(self.statement.place.clone())
        } else {
            fault.place
        };
        ParseError { place, ..fault }
    }
}

fn from_yaml(definition: &yaml::Definition) -> Waiting<'_> {
    let comment = |text| Comment { text, own_line: true };
    let statement = Statement {
        text: &definition.sql,
        start: 0,
        place: definition.place.clone(),
        comments: definition.annotation.as_deref().map(comment).into_iter().collect(),
    };
    Waiting {
        statement,
        path: definition.path.clone(),
        defaults: Defaults::default(),
        rest: None,
        whole: true,
    }
}

/// Reads SQL texts as one schema, without the final resolution of names. In order, no statement waits for a later one.
/// `listens` asks for what each statement speaks about.
pub(super) fn fold(files: &[SourceText], in_order: bool, listens: bool) -> Result<Desired, ParseError> {
    let mut folder = Folder {
        in_order,
        listens,
        ..Folder::default()
    };
    let mut waiting = Vec::new();
    let (mut entries, mut written) = (Vec::new(), Vec::new());
    for file in files.iter().filter(|file| is_yaml(&file.name)) {
        match yaml::read(file)? {
            Document::Objects(found) => entries.extend(found),
            Document::Definitions(found) => written.extend(found),
        }
    }
    for (place, entry) in &entries {
        if let Entry::Sql(text) = entry {
            folder.sweep(place, text, &mut waiting)?;
        }
    }
    for file in files.iter().filter(|file| !is_yaml(&file.name)) {
        let start = Place {
            file: file.name.clone(),
            line: 1,
            column: 1,
        };
        folder.sweep(&start, &file.text, &mut waiting)?;
    }
    waiting.extend(written.iter().map(from_yaml));
    for (place, entry) in &entries {
        if let Entry::Object(object, annotations) = entry {
            waiting.push(folder.object(place, object, annotations));
        }
    }
    for item in waiting.iter().filter(|item| item.rest.is_none()) {
        folder.declared.look_at(Cursor::new(&item.statement)?, &item.path);
    }
    folder.settle(waiting)?;
    if let Some(fault) = std::mem::take(&mut folder.declared.passing).left() {
        return Err(fault);
    }
    let mut implied = std::mem::take(&mut folder.implied);
    // A partition may be partitioned itself: its own key goes last, because those of its partitions are attached to it.
    implied.sort_by_key(|(id, _)| Reverse(depth(&folder.desired.schema, id.qualified())));
    for (id, parent) in implied {
        let operation = Operation::alter(id, ConstraintChange::Attach(parent));
        if operation.apply(&mut folder.desired.schema).is_ok() {
            folder.desired.operations.push(operation);
        }
    }
    folder.drop_needless_copies();
    folder.desired.notices = condensed(std::mem::take(&mut folder.desired.notices));
    // A dump writes the columns of a partition out and attaches it afterwards.
    folder.desired.schema.drop_inherited();
    Ok(folder.desired)
}

/// How many partitioned tables are above a table.
fn depth(schema: &Schema, mut table: QualifiedName) -> usize {
    let mut seen = vec![];
    while let Some(of) = schema.table(&table).and_then(|table| table.partition_of.as_ref()) {
        if seen.contains(&of.parent) {
            break;
        }
        seen.push(table);
        table = of.parent.clone();
    }
    seen.len()
}

/// Remarks that a file gives rise to again and again are made once, with their number.
fn condensed(notices: Vec<Notice>) -> Vec<Notice> {
    let mut counted: IndexMap<(Arc<str>, String), (Notice, usize)> = IndexMap::new();
    for notice in notices {
        let key = (notice.place.file.clone(), notice.message.clone());
        counted.entry(key).or_insert((notice, 0)).1 += 1;
    }
    let told = |(mut notice, count): (Notice, usize)| {
        if count > 1 {
            notice.message.push_str(&format!(" ({count} times in this file)"));
        }
        notice
    };
    counted.into_values().map(told).collect()
}

#[derive(Default)]
pub(super) struct Folder {
    in_order: bool,
    listens: bool,
    pub(super) desired: Desired,
    pub(super) taken: TakenNames,
    pub(super) declared: Declared,
    implied: Vec<(ObjectId, QualifiedName)>,
    copied: Vec<ObjectId>,
}

impl Folder {
    /// An object of a YAML source.
    fn object<'a>(&mut self, place: &Place, object: &Object, annotations: &[(String, String)]) -> Waiting<'a> {
        let on = object.id();
        for (key, value) in annotations {
            let (on, key, value, place) = (on.clone(), key.clone(), value.clone(), place.clone());
            self.desired.annotations.push(Annotation { on, key, value, place });
        }
        let statement = Statement {
            text: "",
            start: 0,
            place: place.clone(),
            comments: Vec::new(),
        };
        Waiting {
            statement,
            path: initial_path(),
            defaults: Defaults::default(),
            rest: Some(vec![Operation::create(object.clone())]),
            whole: true,
        }
    }

    /// Splits a text that starts at a place, follows its settings, and keeps its definitions.
    fn sweep<'a>(&mut self, at: &Place, text: &'a str, waiting: &mut Vec<Waiting<'a>>) -> Result<(), ParseError> {
        let mut path = initial_path();
        let mut defaults = Defaults::default();
        for piece in split(&at.file, text)? {
            let statement = match piece {
                Piece::Statement(mut statement) => {
                    statement.place.line += at.line - 1;
                    statement
                }
                Piece::Meta(meta) => {
                    self.desired.notices.extend(super::meta::judge(&meta)?);
                    continue;
                }
            };
            let opening = Statement {
                text: opening(statement.text),
                ..statement.clone()
            };
            let mut unmanaged = false;
            let class = match classify(&Cursor::new(&opening)?, &path)? {
                Class::Definition => {
                    waiting.push(Waiting {
                        statement,
                        path: path.clone(),
                        defaults: defaults.clone(),
                        rest: None,
                        whole: false,
                    });
                    continue;
                }
                // A hint before what is no definition is taken by nobody.
                _ if opening.comments.iter().any(|comment| comment.text.contains('@')) => {
                    hints::judge(&opening, &[])?;
                    classify(&Cursor::new(&opening)?, &path)?
                }
                class => class,
            };
            let skipped = match class {
                Class::Definition | Class::Session => continue,
                Class::Default(setting) => {
                    defaults.follow(setting);
                    continue;
                }
                Class::SearchPath(new) => {
                    path = new;
                    continue;
                }
                Class::Data(word) => format!("{} is not run: it is no definition", word.to_ascii_uppercase()),
                Class::Unmanaged(what) => {
                    unmanaged = true;
                    format!("{what} is not managed; the statement is left out")
                }
            };
            self.desired.notices.push(Notice {
                place: statement.place,
                message: skipped,
                unmanaged,
            });
        }
        Ok(())
    }

    /// A copy of a parent's column that ended up equal to it says nothing.
    fn drop_needless_copies(&mut self) {
        for id in std::mem::take(&mut self.copied) {
            let schema = &mut self.desired.schema;
            let (table, name) = (id.qualified(), id.own_name().clone());
            let Some(own) = schema.column(&table, &name).cloned() else {
                continue;
            };
            let parents: Vec<_> = schema
                .table(&table)
                .into_iter()
                .flat_map(crate::schema::parents)
                .cloned()
                .collect();
            let equal = parents
                .iter()
                .flat_map(|parent| schema.all_columns(parent))
                .any(|column| {
                    column.name == name
                        && Column {
                            table: table.clone(),
                            inherited: own.inherited,
                            ..column.clone()
                        } == own
                });
            let plain = schema.children(&id).next().is_none();
            if equal && plain {
                schema.remove(&id);
            }
        }
    }

    fn settle(&mut self, mut waiting: Vec<Waiting<'_>>) -> Result<(), ParseError> {
        let mut first_round = true;
        loop {
            let before = waiting.len();
            let mut faults = Vec::new();
            let mut still = Vec::new();
            for mut item in waiting {
                match self.attempt(&mut item).map_err(|fault| item.placed(fault)) {
                    Ok(()) => {}
                    // With IF EXISTS it has no effect at this place.
                    Err(fault) if self.in_order && fault.missing == Missing::Optional => {}
                    Err(fault) if self.in_order && self.is_about_passing(&fault) => {
                        self.leave_out(&item, "the statement")
                    }
                    Err(fault) if fault.missing == Missing::No => return Err(fault),
                    Err(fault) if self.in_order => {
                        return Err(fault.hint(
                            "migrations are read in order, and no definition before this place makes it; where code or a query does, \
                             --scratch auto runs them",
                        ));
                    }
                    Err(fault) => {
                        faults.push(fault);
                        still.push(item);
                    }
                }
            }
            waiting = still;
            if waiting.is_empty() {
                return Ok(());
            }
            if waiting.len() == before && !first_round {
                // Nothing defines what an extension brings along.
                let (brought, rest): (Vec<_>, Vec<_>) = waiting
                    .into_iter()
                    .zip(faults)
                    .partition(|(item, fault)| self.may_be_brought(item, fault));
                if !brought.is_empty() {
                    self.desired
                        .notices
                        .extend(brought.into_iter().map(|(item, fault)| Notice {
                            place: item.statement.place,
                            message: format!(
                                "{}; where an extension brings it, its privileges are not managed and left out",
                                fault.message
                            ),
                            unmanaged: true,
                        }));
                    if rest.is_empty() {
                        return Ok(());
                    }
                }
                let mut faults = rest.into_iter().map(|(_, fault)| fault);
                // What says IF EXISTS and found nothing has no effect; the rest is told by its first fault.
                let needed = faults.find(|fault| fault.missing == Missing::Needed);
                return match needed {
                    Some(fault) => Err(fault),
                    None => Ok(()),
                };
            }
            first_round = false;
        }
    }

    /// Whether a statement is about privileges on something that is not defined, in a namespace of an extension.
    fn may_be_brought(&self, item: &Waiting<'_>, fault: &ParseError) -> bool {
        let about = Cursor::new(&item.statement).is_ok_and(|cursor| cursor.is_any_word(&["grant", "revoke"]));
        if !about || fault.missing != Missing::Needed {
            return false;
        }
        let namespace = fault.absent.as_ref().and_then(|absent| absent.namespace.as_ref());
        // Where the files do not say, an extension is in the first of the search path.
        let first = item.path.namespaces().first();
        self.desired
            .schema
            .of_kind(Kind::Extension)
            .any(|(_, object)| match (object, namespace) {
                (Object::Extension(extension), Some(namespace)) => {
                    extension.namespace.as_ref().or(first) == Some(namespace)
                }
                (_, None) => true,
                _ => false,
            })
    }

    fn attempt(&mut self, item: &mut Waiting<'_>) -> Result<(), ParseError> {
        if self.in_order && self.passes(item)? {
            return Ok(());
        }
        let operations = match item.rest.take() {
            Some(rest) => rest,
            None => self.parse(item)?,
        };
        // With `ONLY` a statement about one table says again what the tables below have, and speaks of the one.
        let altered = operations.iter().find_map(|operation| match operation {
            Operation::Alter { id, .. } if id.kind == Kind::Column => Some(id.qualified()),
            _ => None,
        });
        let aside =
            |id: &ObjectId| id.kind == Kind::Column && altered.as_ref().is_some_and(|table| *table != id.qualified());
        let mut operations = operations.into_iter();
        while let Some(operation) = operations.next() {
            match self.apply(&operation, &item.statement) {
                Ok(()) => {
                    let subject = operation.subject().filter(|id| self.listens && !aside(id));
                    let spoken = subject.map(|subject| (item.statement.place.clone(), subject));
                    self.desired.spoken.extend(spoken);
                    self.desired.operations.push(operation);
                }
                Err(fault) => {
                    item.rest = Some(std::iter::once(operation).chain(operations).collect());
                    return Err(fault);
                }
            }
        }
        Ok(())
    }

    /// Whether what a statement misses is what no schema holds, or a table of the runner's own.
    fn is_about_passing(&self, fault: &ParseError) -> bool {
        fault.absent.as_deref().is_some_and(|absent| {
            let name = absent.qualified();
            self.declared.passing.contains(&name) || RUNNER_TABLES.contains(&name.name.as_str())
        })
    }

    /// Whether a statement is about what no schema holds; it is read over then.
    fn passes(&mut self, item: &Waiting<'_>) -> Result<bool, ParseError> {
        let cursor = Cursor::new(&item.statement)?;
        let passing = &mut self.declared.passing;
        let Some(what) = passing.look_at(&cursor, &item.path, &self.desired.schema)? else {
            return Ok(false);
        };
        self.leave_out(item, what);
        Ok(true)
    }

    /// Says that a statement is read over.
    fn leave_out(&mut self, item: &Waiting<'_>, what: &str) {
        self.desired.notices.push(Notice {
            place: item.statement.place.clone(),
            message: format!("{what} is left out: no schema holds what it is about"),
            unmanaged: false,
        });
    }

    fn parse(&mut self, item: &Waiting<'_>) -> Result<Vec<Operation>, ParseError> {
        self.operations(&item.statement, &item.path, &item.defaults)
    }

    /// The operations of a statement, none of them applied.
    pub(super) fn operations(
        &mut self,
        text: &Statement<'_>,
        path: &SearchPath,
        defaults: &Defaults,
    ) -> Result<Vec<Operation>, ParseError> {
        let mut cursor = Cursor::new(text)?;
        let context = Context::new(&self.desired.schema, &self.taken, &self.declared, path);
        let mut operations = statement::parse(&mut cursor, &context)?;
        defaults.complete(&mut operations, &self.desired.schema);
        if let Some(subject) = operations.iter().find_map(main_subject) {
            for comment in text.comments.iter().filter(|comment| comment.own_line) {
                context.annotate_with(comment.text, &subject, &text.place);
            }
        }
        let (notices, annotations) = (context.notices.into_inner(), context.annotations.into_inner());
        hints::judge(text, &annotations)?;
        self.implied.extend(context.implied.into_inner());
        self.copied.extend(context.copied.into_inner());
        self.desired.notices.extend(notices);
        self.desired.annotations.extend(annotations);
        Ok(operations)
    }

    pub(super) fn apply(&mut self, operation: &Operation, statement: &Statement<'_>) -> Result<(), ParseError> {
        if let Operation::Create { object, if_exists, .. } = operation {
            let id = object.id();
            let clash = if id.kind.is_relation() {
                self.desired.schema.relation(&id.qualified())
            } else if id.kind.is_type() {
                self.desired.schema.type_id(&id.qualified())
            } else {
                None
            };
            if let Some(clash) = clash.filter(|clash| *clash != id) {
                if *if_exists == IfExists::Skip {
                    return Ok(());
                }
                return Err(self.duplicate(&id, &clash, statement));
            }
        }
        let creating = matches!(operation, Operation::Create { .. });
        let moving = matches!(operation, Operation::Drop { .. } | Operation::Rename { .. });
        if let Operation::Drop { id, .. } = operation {
            if !self.desired.schema.contains(id) && self.declared.passing.leave(&id.qualified()) {
                return Ok(());
            }
        }
        if moving {
            self.desired.schema.start_record();
        }
        let applied = operation.apply(&mut self.desired.schema);
        let record = self.desired.schema.end_record();
        applied.map_err(|error| {
            let fault = ParseError::at(statement.place.clone(), error.to_string()).in_statement(statement.text);
            match error {
                EffectError::Exists(id) if creating => self.duplicate(&id, &id, statement),
                EffectError::Missing(id) => fault.missing(Missing::Needed).absent(id),
                EffectError::Exists(_) | EffectError::Mismatch(_) | EffectError::Attached(..) => fault,
            }
        })?;
        self.taken.follow(operation);
        match operation {
            Operation::Create { object, .. } => {
                let place = self.desired.places.entry(object.id());
                place.or_insert_with(|| statement.place.clone());
            }
            Operation::Rename { from, to } => {
                if let Some(place) = self.desired.places.remove(from) {
                    self.desired.places.insert(to.clone(), place);
                }
            }
            _ => {}
        }
        self.follow_names(&record, &statement.place);
        Ok(())
    }

    /// Follows what has gone or come along with an object: keys, columns and indexes have names as well.
    fn follow_names(&mut self, record: &Record, place: &Place) {
        let schema = &self.desired.schema;
        for (id, _) in record
            .iter()
            .filter(|(id, before)| before.is_some() && !schema.contains(id))
        {
            self.taken.leave(id);
            self.desired.places.remove(id);
        }
        for (id, _) in record.iter().filter(|(_, before)| before.is_none()) {
            if let Some(object) = schema.get(id) {
                self.taken.arrive(object);
                self.desired.places.entry(id.clone()).or_insert_with(|| place.clone());
            }
        }
    }

    fn duplicate(&self, id: &ObjectId, clash: &ObjectId, statement: &Statement<'_>) -> ParseError {
        let other = match self.desired.places.get(clash) {
            Some(place) => format!(" at {place}"),
            None => String::new(),
        };
        let what = if clash == id {
            "is defined already".to_owned()
        } else {
            format!("has the name of {clash}, defined")
        };
        ParseError::at(statement.place.clone(), format!("{id} {what}{other}"))
            .in_statement(statement.text)
            .hint("keep one of the two definitions")
    }
}

/// The object that the comments before a statement speak about.
fn main_subject(operation: &Operation) -> Option<ObjectId> {
    match operation {
        // A serial column's sequence comes before its table.
        Operation::Create {
            object: Object::Sequence(sequence),
            ..
        } if sequence.owned_by.is_some() => None,
        _ => operation.subject(),
    }
}

/// Enough of a statement to tell what it is: long data are not read for that.
pub(super) fn opening(text: &str) -> &str {
    const BYTES: usize = 300;
    if text.len() <= BYTES {
        return text;
    }
    let is_data = |word: &str| {
        text.get(..word.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(word))
    };
    if !["insert", "copy", "do"].into_iter().any(is_data) {
        return text;
    }
    text.split_whitespace().next().unwrap_or(text)
}
