//! Types that the files name and neither define nor find among PostgreSQL's own. They may come from an extension, or be in the
//! database without being managed; where nobody has them, most likely a slip of the pen.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::expr::token::{Kind as Lexed, lex};
use crate::expr::{Expr, Query};
use crate::name::{Ident, QualifiedName};
use crate::nearest::nearest;
use crate::object::{Kind, Object, ObjectId, Visitor};
use crate::types::{BUILTINS, TypeName};

use super::error::Place;
use super::fold::{Desired, SourceText};

/// Spellings of PostgreSQL's own types that are usual in files; `format_type` prints others.
const SPELLINGS: &[&str] = &[
    "bigserial",
    "bool",
    "char",
    "decimal",
    "float",
    "int",
    "int4",
    "int8",
    "serial",
    "smallserial",
    "timestamp",
    "timestamptz",
    "varchar",
];

/// A type that the files name and do not define.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownType {
    /// The type, without array brackets and modifiers.
    pub name: QualifiedName,
    /// The first object that names it.
    pub on: ObjectId,
    /// Where that stands.
    pub place: Place,
    /// A type like it that the files define or PostgreSQL has.
    pub like: Option<String>,
}

/// The unknown types of the files, each once, ordered by name.
pub fn unknown_types(desired: &Desired, files: &[SourceText]) -> Vec<UnknownType> {
    let known = known(desired);
    let mut found: BTreeMap<QualifiedName, ObjectId> = BTreeMap::new();
    for (id, object) in desired.schema.iter().filter(|(id, _)| desired.places.contains_key(id)) {
        let mut finder = Finder {
            known: &known,
            // Bodies of routines are texts of many languages.
            queries: matches!(id.kind, Kind::View | Kind::MaterializedView | Kind::Rule),
            missing: Vec::new(),
        };
        object.clone().visit(&mut finder);
        for name in finder.missing {
            found.entry(name).or_insert_with(|| id.clone());
        }
    }
    let texts: HashMap<&str, &str> = files.iter().map(|file| (&*file.name, &*file.text)).collect();
    let told = |(name, on): (QualifiedName, ObjectId)| {
        let stands = desired.places.get(&on)?;
        let text = texts.get(&*stands.file).filter(|_| !is_yaml(&stands.file));
        let place = text.and_then(|text| place_of(text, stands, &on, &name));
        Some(UnknownType {
            like: like(&known, &name),
            place: place.unwrap_or_else(|| stands.clone()),
            name,
            on,
        })
    };
    found.into_iter().filter_map(told).collect()
}

/// The types and row types of the files.
fn known(desired: &Desired) -> HashSet<QualifiedName> {
    let mut known = HashSet::new();
    for (id, object) in desired.schema.iter() {
        if !id.kind.is_type() && !id.kind.is_relation() {
            continue;
        }
        let name = id.qualified();
        if let Object::RangeType(range) = object {
            let multirange = range.multirange_name();
            // No statement makes it, so its namespace is not found.
            known.insert(QualifiedName::bare(multirange.name.clone()));
            known.insert(multirange);
        }
        if id.kind != Kind::Index {
            // The array of it, as pg_type names it.
            let array = QualifiedName::bare(Ident::new(format!("_{}", name.name)));
            known.insert(QualifiedName {
                namespace: name.namespace.clone(),
                ..array.clone()
            });
            known.insert(array);
            known.insert(name);
        }
    }
    known
}

/// Whether PostgreSQL has the type in every database: a type of `pg_catalog`, the row type of a catalog, or an array of one.
fn is_builtin(name: &QualifiedName) -> bool {
    let own = name.name.as_str();
    match &name.namespace {
        Some(namespace) => ["pg_catalog", "information_schema"].contains(&namespace.as_str()),
        None => {
            let element = own.strip_prefix('_').unwrap_or(own);
            // `%TYPE` of what is not in the files.
            own.starts_with("pg_") || own.contains('%') || TypeName::parse(element).is_builtin()
        }
    }
}

fn like(known: &HashSet<QualifiedName>, name: &QualifiedName) -> Option<String> {
    let own: Vec<(String, String)> = known
        .iter()
        .filter(|known| known.namespace.is_some() && !known.name.as_str().starts_with('_'))
        .map(|known| match &name.namespace {
            Some(_) => (known.to_string(), known.to_string()),
            None => (known.name.to_string(), known.to_string()),
        })
        .collect();
    let words = own.iter().map(|(word, _)| word.as_str());
    let builtin = BUILTINS.iter().chain(SPELLINGS).copied();
    let found = match &name.namespace {
        Some(_) => nearest(&name.to_string(), words),
        None => nearest(name.name.as_str(), words.chain(builtin)),
    }?;
    let full = own.iter().filter(|(word, _)| word == found).map(|(_, full)| full).min();
    // A name that is right but for its schema needs that.
    Some(match full {
        Some(full) if found == name.name.as_str() => full.clone(),
        _ => found.to_owned(),
    })
}

fn is_yaml(file: &str) -> bool {
    [".yaml", ".yml"].iter().any(|ending| file.ends_with(ending))
}

/// Where a type is named inside the statement that starts at a place; for a column, behind its name.
fn place_of(text: &str, start: &Place, on: &ObjectId, name: &QualifiedName) -> Option<Place> {
    let line = text.split_inclusive('\n').take(start.line.saturating_sub(1));
    let line: usize = line.map(str::len).sum();
    let column: usize = text
        .get(line..)?
        .chars()
        .take(start.column.saturating_sub(1))
        .map(char::len_utf8)
        .sum();
    let from = line + column;
    let statement = text.get(from..)?;
    let tokens = lex(statement);
    let mut depth = 0_usize;
    let mut places = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            Lexed::Mark if token.text == "(" => depth += 1,
            Lexed::Mark if token.text == ")" => depth = depth.saturating_sub(1),
            Lexed::Mark if token.text == ";" && depth == 0 => break,
            Lexed::Word | Lexed::Quoted if token.text == name.name.as_str() => {
                let first = match at {
                    2.. if tokens[at - 1].is_mark(".") => at - 2,
                    _ => at,
                };
                let of_column = on.kind == Kind::Column
                    && first.checked_sub(1).is_some_and(|before| {
                        tokens[before].is_name() && tokens[before].text == on.own_name().as_str()
                    });
                places.push((!of_column, tokens[first].range.start));
            }
            _ => {}
        }
    }
    let (_, at) = places.into_iter().min()?;
    let before = text.get(..from + at)?;
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    Some(Place {
        file: start.file.clone(),
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
    })
}

struct Finder<'a> {
    known: &'a HashSet<QualifiedName>,
    /// Whether casts in queries are looked at.
    queries: bool,
    missing: Vec<QualifiedName>,
}

impl Finder<'_> {
    /// The types behind `::`.
    fn casts(&mut self, text: &str) {
        let tokens = lex(text);
        for (at, _) in tokens.iter().enumerate().filter(|(_, token)| token.is_mark("::")) {
            let Some(first) = tokens.get(at + 1).filter(|token| token.is_name()) else {
                continue;
            };
            // The first word of a type that has two.
            if ["double", "national"].iter().any(|word| first.is_word(word)) {
                continue;
            }
            let dotted = tokens.get(at + 2).is_some_and(|next| next.is_mark("."));
            let last = if dotted { tokens.get(at + 3) } else { Some(first) };
            let Some(last) = last.filter(|token| token.is_name()) else {
                continue;
            };
            let mut name = TypeName::parse(&text[first.range.start..last.range.end]);
            if name.is_builtin() {
                continue;
            }
            // Texts keep their names as they are written, so any schema may be meant.
            if name.namespace.is_none() && self.known.iter().any(|known| known.name == name.name) {
                continue;
            }
            self.type_name(&mut name);
        }
    }
}

impl Visitor for Finder<'_> {
    fn type_name(&mut self, type_name: &mut TypeName) {
        let name = type_name.qualified();
        if !type_name.is_builtin() && !is_builtin(&name) && !self.known.contains(&name) {
            self.missing.push(name);
        }
    }

    fn expr(&mut self, _slot: &str, _relation: Option<&QualifiedName>, expr: &mut Expr) {
        self.casts(&expr.text);
    }

    fn query(&mut self, _slot: &str, query: &mut Query) {
        if self.queries {
            self.casts(&query.text);
        }
    }
}
