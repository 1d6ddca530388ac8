//! Brings files up to a schema, leaving alone what did not change: comments, order and formatting stay.
//!
//! Each difference is written as the smallest edit known for it: a column inside its `CREATE TABLE`, a statement replaced,
//! removed or added. Whether the result says what was meant is for the caller to check; an object for which it does not is
//! asked for again as a whole.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;

use super::elements::{Element, elements};
use super::{Definition, home};
use crate::diff::Delta;
use crate::name::Ident;
use crate::object::column::{ColumnChange, render as column};
use crate::object::{Change, Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::parse::lex::{Lexeme, lex};
use crate::parse::split::{Piece, split};
use crate::parse::{ParseError, Place, SourceText};
use crate::render::statements::statements;
use crate::schema::Schema;

/// The files, what they say, and what they shall say.
pub struct Update<'a> {
    /// The files.
    pub files: &'a [SourceText],
    /// What each of their statements speaks about, in order.
    pub spoken: &'a [(Place, ObjectId)],
    /// What the files say.
    pub written: &'a Schema,
    /// What they shall say.
    pub live: &'a Schema,
    /// The definitions of that.
    pub definitions: &'a [Definition],
    /// The objects to be written as a whole.
    pub whole: &'a HashSet<ObjectId>,
}

/// What was edited.
#[derive(Debug, Default)]
pub struct Edited {
    /// The files as given, with new texts.
    pub files: Vec<SourceText>,
    /// Definitions of objects that no file speaks about yet.
    pub new: Vec<Definition>,
}

/// A statement in a file and what it speaks about.
struct Spoken {
    file: usize,
    range: Range<usize>,
    ids: Vec<ObjectId>,
}

#[derive(Clone, Debug)]
struct Edit {
    range: Range<usize>,
    text: String,
}

/// The edits of one `CREATE TABLE`.
#[derive(Default)]
struct TableEdit {
    removed: HashSet<usize>,
    replaced: BTreeMap<usize, String>,
    added: Vec<String>,
}

impl Update<'_> {
    /// The files after the differences, which lead from what is written to what shall be.
    pub fn edited(&self, deltas: &[Delta]) -> Result<Edited, ParseError> {
        let spoken = self.statements()?;
        let mut pen = Pen {
            update: self,
            edits: vec![Vec::new(); self.files.len()],
            tables: BTreeMap::new(),
            touched: HashSet::new(),
            spoken: &spoken,
        };
        let mut done: HashSet<ObjectId> = HashSet::new();
        let mut new: Vec<ObjectId> = Vec::new();
        for delta in deltas {
            let id = delta.id();
            let place = if self.live.contains(id) {
                self.live
            } else {
                self.written
            };
            let home = home(place, id);
            if !pen.is_spoken_of(&home) {
                if self.live.contains(&home) && !new.contains(&home) {
                    new.push(home);
                }
            } else if self.whole.contains(&home) || !self.live.contains(&home) {
                if done.insert(home.clone()) {
                    pen.rewrite(&home);
                }
            } else {
                pen.write(delta, &home);
            }
        }
        let edits = pen.finish();
        let files = self
            .files
            .iter()
            .zip(edits)
            .map(|(file, edits)| SourceText {
                name: file.name.clone(),
                text: apply(&file.text, edits),
            })
            .collect();
        let new = self
            .definitions
            .iter()
            .filter(|definition| new.contains(&definition.home));
        Ok(Edited {
            files,
            new: new.cloned().collect(),
        })
    }

    fn statements(&self) -> Result<Vec<Spoken>, ParseError> {
        let mut by_place: HashMap<&Place, Vec<ObjectId>> = HashMap::new();
        for (place, id) in self.spoken {
            by_place.entry(place).or_default().push(id.clone());
        }
        let mut found = Vec::new();
        for (file, source) in self.files.iter().enumerate() {
            for piece in split(&source.name, &source.text)? {
                let Piece::Statement(statement) = piece else { continue };
                found.push(Spoken {
                    file,
                    range: statement.start..statement.start + statement.text.len(),
                    ids: by_place.get(&statement.place).cloned().unwrap_or_default(),
                });
            }
        }
        Ok(found)
    }
}

/// Collects edits.
struct Pen<'a> {
    update: &'a Update<'a>,
    spoken: &'a [Spoken],
    edits: Vec<Vec<Edit>>,
    tables: BTreeMap<usize, TableEdit>,
    /// Statements that are replaced or removed already.
    touched: HashSet<usize>,
}

impl Pen<'_> {
    fn home(&self, id: &ObjectId) -> ObjectId {
        home(self.update.written, id)
    }

    fn is_spoken_of(&self, home: &ObjectId) -> bool {
        self.spoken
            .iter()
            .any(|statement| statement.ids.iter().any(|id| self.home(id) == *home))
    }

    /// The statements that speak about these objects only.
    fn only(&self, holds: impl Fn(&ObjectId) -> bool) -> Vec<usize> {
        let all = self.spoken.iter().enumerate();
        all.filter(|(_, statement)| !statement.ids.is_empty() && statement.ids.iter().all(&holds))
            .map(|(at, _)| at)
            .collect()
    }

    /// All statements of an object give way to its definition.
    fn rewrite(&mut self, home: &ObjectId) {
        let own = self.only(|id| self.home(id) == *home);
        let definitions = self.update.definitions.iter().filter(|one| one.home == *home);
        let text: String = definitions.map(|one| one.sql.as_str()).collect();
        let mut own = own.into_iter();
        if !text.is_empty() {
            if let Some(first) = own.next() {
                self.replace(first, &text);
            }
        }
        own.for_each(|at| self.remove(at));
    }

    fn write(&mut self, delta: &Delta, home: &ObjectId) {
        let id = delta.id();
        match (delta, self.update.live.get(id)) {
            // In the statement that creates the table a child would declare it.
            (Delta::Create(_), Some(Object::Column(new))) if new.inherited => {
                self.add(home, &[Operation::create(new.clone())]);
            }
            (Delta::Create(_), Some(Object::Column(new))) => match self.table_of(home) {
                Some(at) => {
                    let text = column::definition(new);
                    self.tables.entry(at).or_default().added.push(text);
                }
                None => self.add(home, &[Operation::create(new.clone())]),
            },
            (Delta::Create(_), Some(object)) => self.add(home, &[Operation::create(object.clone())]),
            (Delta::Drop(_), _) => self.drop(id, home),
            (Delta::Alter(..) | Delta::Replace(..), Some(object)) => {
                let own = self.only(|other| other == id);
                if let (Object::Column(column), Some((at, element))) = (object, self.element(id, home)) {
                    let text = column::definition(column);
                    self.tables.entry(at).or_default().replaced.insert(element, text);
                    own.into_iter().for_each(|at| self.remove(at));
                } else if let [first, rest @ ..] = own.as_slice() {
                    let text = self.sql(&[Operation::create(object.clone())]);
                    self.replace(*first, &text);
                    rest.iter().for_each(|at| self.remove(*at));
                } else if let Delta::Alter(_, changes) = delta {
                    let alter = |change: &_| Operation::Alter {
                        id: id.clone(),
                        change: Clone::clone(change),
                    };
                    let operations: Vec<Operation> = changes.iter().map(alter).collect();
                    self.add(home, &operations);
                }
            }
            _ => {}
        }
    }

    fn drop(&mut self, id: &ObjectId, home: &ObjectId) {
        let gone: HashSet<ObjectId> = self.update.written.descendants(id).into_iter().collect();
        let own = self.only(|other| gone.contains(other) || other == id);
        own.into_iter().for_each(|at| self.remove(at));
        if let Some((at, element)) = self.element(id, home) {
            self.tables.entry(at).or_default().removed.insert(element);
        }
    }

    /// The statement that creates a table with its elements written out.
    fn table_of(&self, home: &ObjectId) -> Option<usize> {
        let creates = |at: &usize| {
            let statement = &self.spoken[*at];
            statement.ids.contains(home) && !elements(self.text(*at)).is_empty()
        };
        (0..self.spoken.len()).find(creates)
    }

    /// The element of its table's statement that defines a column or a named constraint.
    fn element(&self, id: &ObjectId, home: &ObjectId) -> Option<(usize, usize)> {
        let at = self.table_of(home)?;
        let name: &Ident = id.part.as_ref()?;
        let defines = |element: &Element| match id.kind {
            Kind::Column => element.column.as_ref() == Some(name),
            Kind::Constraint => element.constraint.as_ref() == Some(name),
            _ => false,
        };
        let element = elements(self.text(at)).iter().position(defines)?;
        Some((at, element))
    }

    fn source(&self, at: usize) -> &str {
        &self.update.files[self.spoken[at].file].text
    }

    fn text(&self, at: usize) -> &str {
        self.source(at).get(self.spoken[at].range.clone()).unwrap_or("")
    }

    fn sql(&self, operations: &[Operation]) -> String {
        // Privileges are written whole, not as what they are more than those of now.
        let mut before = self.update.live.clone();
        for operation in operations {
            if let Operation::Create { object, .. } = operation
                && object.id().kind == Kind::Acl
            {
                before.remove(&object.id());
            }
        }
        operations
            .iter()
            .flat_map(|operation| {
                let texts = statements(std::slice::from_ref(operation), &before);
                let only = stays_above(operation, &before);
                texts.into_iter().map(move |text| match only {
                    true => format!("{};\n", text.replacen("ALTER TABLE ", "ALTER TABLE ONLY ", 1)),
                    false => format!("{text};\n"),
                })
            })
            .collect()
    }

    fn edit(&mut self, at: usize, range: Range<usize>, text: String) {
        self.edits[self.spoken[at].file].push(Edit { range, text });
    }

    fn replace(&mut self, at: usize, text: &str) {
        if self.touched.insert(at) {
            let text = text.trim_end().trim_end_matches(';').to_owned();
            self.edit(at, self.spoken[at].range.clone(), text);
        }
    }

    fn remove(&mut self, at: usize) {
        if self.touched.insert(at) {
            let source = self.source(at);
            let start = with_comments(source, self.spoken[at].range.start);
            let mut end = line_end(source, behind(source, self.spoken[at].range.end));
            let blank_before = source
                .get(..start)
                .is_some_and(|text| text.is_empty() || text.ends_with("\n\n"));
            if blank_before && source.get(end..).is_some_and(|text| text.starts_with('\n')) {
                end += 1;
            }
            self.edit(at, start..end, String::new());
        }
    }

    /// Statements behind the last one that speaks about an object; what goes down to other tables comes behind those.
    fn add(&mut self, home: &ObjectId, operations: &[Operation]) {
        let text = self.sql(operations);
        let below = match operations.iter().any(goes_down) {
            true => self.update.live.all_heirs(&home.qualified()),
            false => BTreeSet::new(),
        };
        let of_home = |at: &usize| {
            let about = |home_of: ObjectId| home_of == *home || below.contains(&home_of.qualified());
            self.spoken[*at].ids.iter().any(|id| about(self.home(id)))
        };
        let Some(last) = (0..self.spoken.len()).rfind(of_home) else {
            return;
        };
        let source = self.source(last);
        let statement_end = self.spoken[last].range.end;
        let end = behind(source, statement_end);
        let open = if end == statement_end { ";" } else { "" };
        let at = line_end(source, end);
        let ended = source.get(..at).is_some_and(|text| text.ends_with('\n'));
        let text = format!("{open}{}{text}", if ended { "" } else { "\n" });
        self.edit(last, at..at, text);
    }

    fn finish(mut self) -> Vec<Vec<Edit>> {
        for (at, change) in std::mem::take(&mut self.tables) {
            if self.touched.contains(&at) {
                continue;
            }
            let start = self.spoken[at].range.start;
            for edit in table_edits(self.text(at), &change) {
                let range = start + edit.range.start..start + edit.range.end;
                self.edit(at, range, edit.text);
            }
        }
        self.edits
    }
}

/// Whether a statement says something of a column that the tables below get as well.
fn goes_down(operation: &Operation) -> bool {
    matches!(
        operation,
        Operation::Alter {
            change: Change::Column(ColumnChange::Storage(_) | ColumnChange::Statistics(_) | ColumnChange::Default(_)),
            ..
        }
    )
}

/// Whether a statement must say `ONLY`, because a table below has its own: a setting or default would go down to it.
fn stays_above(operation: &Operation, schema: &Schema) -> bool {
    let Operation::Alter { id, .. } = operation else {
        return false;
    };
    if !goes_down(operation) {
        return false;
    }
    let heirs = schema.all_heirs(&id.qualified());
    heirs.iter().any(|heir| schema.column(heir, id.own_name()).is_some())
}

fn table_edits(statement: &str, change: &TableEdit) -> Vec<Edit> {
    let elements = elements(statement);
    let mut edits = Vec::new();
    let last_kept = (0..elements.len()).rev().find(|at| !change.removed.contains(at));
    for (at, element) in elements.iter().enumerate() {
        if change.removed.contains(&at) {
            let range = match (
                elements.get(at + 1),
                at.checked_sub(1).and_then(|before| elements.get(before)),
            ) {
                (Some(next), _) if last_kept.is_some_and(|kept| kept > at) => element.range.start..next.range.start,
                (_, Some(previous)) => previous.range.end..element.range.end,
                _ => element.range.clone(),
            };
            edits.push(Edit {
                range,
                text: String::new(),
            });
        } else if let Some(text) = change.replaced.get(&at) {
            edits.push(Edit {
                range: element.range.clone(),
                text: text.clone(),
            });
        }
    }
    let is_kept_column = |at: &usize| elements[*at].column.is_some() && !change.removed.contains(at);
    let Some(anchor) = (0..elements.len()).rev().find(is_kept_column) else {
        return edits;
    };
    let element = &elements[anchor];
    let indent = indent(statement, element.range.start);
    for text in &change.added {
        let line = match &indent {
            Some(indent) => format!(",\n{indent}{text}"),
            None => format!(", {text}"),
        };
        edits.push(Edit {
            range: element.range.end..element.range.end,
            text: line,
        });
    }
    edits
}

/// The white space before an element that starts its line.
fn indent(statement: &str, start: usize) -> Option<String> {
    let line = statement.get(..start)?.rsplit_once('\n')?.1;
    line.chars().all(char::is_whitespace).then(|| line.to_owned())
}

/// The start of the comment lines right above a statement, or of the statement.
fn with_comments(source: &str, start: usize) -> usize {
    let mut at = start;
    loop {
        let Some(above) = source.get(..at).and_then(|text| text.strip_suffix('\n')) else {
            return at;
        };
        let line_start = above.rfind('\n').map_or(0, |newline| newline + 1);
        if !above
            .get(line_start..)
            .is_some_and(|line| line.trim_start().starts_with("--"))
        {
            return at;
        }
        at = line_start;
    }
}

/// Behind the semicolon that ends a statement, or its end where there is none.
fn behind(source: &str, end: usize) -> usize {
    let mut at = end;
    while let Ok((lexeme, next)) = lex(source, at) {
        if at >= source.len() {
            break;
        }
        match lexeme {
            Lexeme::Space | Lexeme::Comment => at = next,
            Lexeme::Mark if source.get(at..next) == Some(";") => return next,
            _ => break,
        }
    }
    end
}

/// Behind the line break after a place, where only white space and a comment stand between.
fn line_end(source: &str, at: usize) -> usize {
    let rest = source.get(at..).unwrap_or("");
    let line = rest.split_inclusive('\n').next().unwrap_or("");
    let words = line.trim();
    if words.is_empty() || words.starts_with("--") {
        at + line.len()
    } else {
        at
    }
}

/// A text with edits; one that overlaps an earlier one is left out.
fn apply(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        if edit.range.start < at {
            continue;
        }
        out.push_str(text.get(at..edit.range.start).unwrap_or(""));
        out.push_str(&edit.text);
        at = edit.range.end;
    }
    out.push_str(text.get(at..).unwrap_or(""));
    out
}
