//! What an object needs: the ids of other objects that it names, in its structure or in its texts.
//!
//! Texts are read word by word, so the answer may name too much, never too little as far as the text itself says it.
//! Bodies of functions in procedural languages are not read: PostgreSQL resolves them when they run.

use std::collections::{BTreeSet, HashMap};

use crate::expr::token::{Kind as Lexed, Token, lex};
use crate::expr::{Expr, Query, groups_by_key, mentions, names_constraint, reads_column};
use crate::name::{Ident, QualifiedName};
use crate::object::cast::{Cast, CastContext};
use crate::object::constraint::{Constraint, ConstraintRule};
use crate::object::index::KeyExpr;
use crate::object::table::{PartitionKey, ReplicaIdentity};
use crate::object::transform::transform_id;
use crate::object::{Definition, Kind, NameRole, Object, ObjectId, Visitor};
use crate::schema::Schema;
use crate::types::TypeName;

/// Finds the objects of a schema by the names that others use for them.
pub struct References<'a> {
    schema: &'a Schema,
    relations: HashMap<Ident, Vec<ObjectId>>,
    routines: HashMap<Ident, Vec<ObjectId>>,
    types: HashMap<Ident, Vec<ObjectId>>,
    casts: Vec<&'a Cast>,
    /// Everything else that lives outside relations, by kind and name.
    others: HashMap<(Kind, Ident), Vec<ObjectId>>,
}

impl<'a> References<'a> {
    /// Indexes the names of a schema.
    pub fn new(schema: &'a Schema) -> Self {
        let (mut relations, mut routines, mut types) = (HashMap::new(), HashMap::new(), HashMap::new());
        let mut others: HashMap<(Kind, Ident), Vec<ObjectId>> = HashMap::new();
        for (id, _) in schema.iter() {
            let map: &mut HashMap<Ident, Vec<ObjectId>> = match id.kind {
                kind if kind.is_relation() => &mut relations,
                Kind::Function | Kind::Procedure | Kind::Aggregate => &mut routines,
                kind if kind.is_type() => &mut types,
                kind if kind.is_satellite() || id.part.is_some() => continue,
                kind => {
                    others.entry((kind, id.name.clone())).or_default().push(id.clone());
                    continue;
                }
            };
            map.entry(id.name.clone()).or_default().push(id.clone());
            if let (Kind::RangeType, Some(Object::RangeType(range))) = (id.kind, schema.get(id)) {
                let multirange = range.multirange_name();
                types.entry(multirange.name).or_default().push(id.clone());
            }
        }
        Self {
            schema,
            relations,
            routines,
            types,
            casts: schema.of_kind(Kind::Cast).filter_map(as_cast).collect(),
            others,
        }
    }

    /// The routines and aggregates of this name, in any namespace and with any arguments.
    pub fn routines(&self, name: &Ident) -> impl Iterator<Item = &ObjectId> {
        self.routines.get(name).into_iter().flatten()
    }

    /// Whether there is a type of this name, of any kind.
    pub fn has_type(&self, name: &QualifiedName) -> bool {
        let found = self.types.get(&name.name).into_iter().flatten();
        found
            .chain(self.relations.get(&name.name).into_iter().flatten())
            .any(|id| id.qualified() == *name)
    }

    /// The ids of the objects that this one names or lives in, its own id left out.
    pub fn of(&self, object: &Object) -> BTreeSet<ObjectId> {
        let mut finder = Finder {
            references: self,
            routine: matches!(object, Object::Routine(_)),
            found: BTreeSet::new(),
        };
        // A sequence exists before the column that owns it.
        if !matches!(object, Object::Sequence(_)) {
            object.clone().visit(&mut finder);
        }
        let id = object.id();
        if let Some(parent) = object.parent() {
            let parent = if parent.kind == Kind::Table {
                self.schema.relation(&parent.qualified()).unwrap_or(parent)
            } else {
                parent
            };
            finder.found.insert(parent);
        }
        if let Some(namespace) = &id.subject().namespace {
            finder.found.insert(ObjectId::global(Kind::Namespace, namespace));
        }
        if let Object::Constraint(Constraint {
            rule: ConstraintRule::ForeignKey(key),
            ..
        }) = object
        {
            finder
                .found
                .extend(keys_over(self.schema, &key.references, &key.referenced_columns));
        }
        finder.found.extend(self.keys_relied_on(object, &finder.found));
        if let Object::Routine(routine) = object {
            let types = routine.transforms.iter();
            finder
                .found
                .extend(types.map(|type_name| transform_id(type_name, &routine.language)));
        }
        if let Some(on) = &id.on {
            let subject = on.subject();
            if subject.part.is_some() {
                finder.found.extend(self.schema.relation(&subject.qualified()));
            }
            finder.found.insert(subject.clone());
        }
        if let Object::Table(table) = object {
            // A partition that is partitioned itself is so by columns of its parents.
            if let (Some(of), Some(key)) = (&table.partition_of, &table.partition_by) {
                let columns = self.schema.all_columns(&of.parent).into_iter();
                let columns = columns.filter(|column| is_partitioned_by(key, &column.name));
                finder.found.extend(columns.map(Definition::id));
            }
            if let ReplicaIdentity::Index(index) = &table.replica_identity {
                let name = QualifiedName {
                    namespace: table.name.namespace.clone(),
                    name: index.clone(),
                };
                finder.found.insert(ObjectId::named(Kind::Index, &name));
                finder
                    .found
                    .insert(ObjectId::part(Kind::Constraint, &table.name, index));
            }
        }
        finder.found.remove(&id);
        finder
            .found
            .retain(|found| self.schema.contains(found) || found.kind == Kind::Column);
        finder.found
    }

    /// The keys of tables that its texts rely on.
    fn keys_relied_on(&self, object: &Object, found: &BTreeSet<ObjectId>) -> Vec<ObjectId> {
        let mut texts = object.binding_texts();
        texts.retain(|text| {
            let text = text.to_ascii_lowercase();
            text.contains("group") || text.contains("conflict")
        });
        if texts.is_empty() {
            return Vec::new();
        }
        let relies = |constraint: &&Constraint| {
            let columns = self.schema.all_columns(&constraint.table);
            let others: Vec<&Ident> = columns.iter().map(|column| &column.name).collect();
            let grouped = match &constraint.rule {
                ConstraintRule::PrimaryKey(key) => texts.iter().any(|text| groups_by_key(text, &key.columns, &others)),
                _ => false,
            };
            grouped || constraint.has_index() && texts.iter().any(|text| names_constraint(text, &constraint.name))
        };
        let tables = found.iter().filter(|id| id.kind == Kind::Table);
        let names: Vec<QualifiedName> = tables.map(ObjectId::qualified).collect();
        let constraints = names.iter().flat_map(|table| self.schema.constraints(table));
        constraints.filter(relies).map(Definition::id).collect()
    }

    fn add_other(&self, kind: Kind, name: &QualifiedName, found: &mut BTreeSet<ObjectId>) -> bool {
        let before = found.len();
        for id in self.others.get(&(kind, name.name.clone())).into_iter().flatten() {
            if name.namespace.is_none() || id.namespace == name.namespace {
                found.insert(id.clone());
            }
        }
        found.len() > before
    }

    fn add(&self, map: &HashMap<Ident, Vec<ObjectId>>, name: &QualifiedName, found: &mut BTreeSet<ObjectId>) -> bool {
        let before = found.len();
        for id in map.get(&name.name).into_iter().flatten() {
            if name.namespace.is_none() || id.namespace == name.namespace {
                found.insert(id.clone());
            }
        }
        found.len() > before
    }
}

fn as_cast<'a>((_, object): (&ObjectId, &'a Object)) -> Option<&'a Cast> {
    match object {
        Object::Cast(cast) => Some(cast),
        _ => None,
    }
}

/// The unique constraints and indexes of a table whose key is exactly these columns.
pub fn keys_over(schema: &Schema, table: &QualifiedName, columns: &[Ident]) -> Vec<ObjectId> {
    let wanted: BTreeSet<&Ident> = columns.iter().collect();
    schema
        .parts(table)
        .filter(|object| match object {
            Object::Constraint(constraint) => constraint
                .key()
                .is_some_and(|key| key.columns.iter().collect::<BTreeSet<_>>() == wanted),
            Object::Index(index) => {
                let keys: Option<BTreeSet<&Ident>> = index
                    .keys
                    .iter()
                    .map(|key| match &key.key {
                        KeyExpr::Column(column) => Some(column),
                        KeyExpr::Expr(_) => None,
                    })
                    .collect();
                index.unique && index.predicate.is_none() && keys.as_ref() == Some(&wanted)
            }
            _ => false,
        })
        .map(Object::id)
        .collect()
}

struct Finder<'a, 'b> {
    references: &'b References<'a>,
    /// Whether the object is a routine: a cast needs its function, so a routine needs no cast.
    routine: bool,
    found: BTreeSet<ObjectId>,
}

impl Finder<'_, '_> {
    fn text(&mut self, text: &str, relation: Option<&QualifiedName>) {
        let references = self.references;
        let mentions = mentions(text);
        for name in &mentions.functions {
            references.add(&references.routines, name, &mut self.found);
            // A domain or range is also called like a function.
            references.add(&references.types, name, &mut self.found);
        }
        for name in mentions.relations.iter().chain(&mentions.sequences) {
            references.add(&references.relations, name, &mut self.found);
            references.add(&references.routines, name, &mut self.found);
        }
        for name in &mentions.types {
            references.add(&references.types, name, &mut self.found);
            references.add(&references.relations, name, &mut self.found);
        }
        if !references.others.is_empty() {
            self.marks(text);
        }
        if !references.casts.is_empty() && !self.routine {
            self.casts(&mentions.types);
        }
        for column in &mentions.identifiers {
            let Some(relation) = relation else { break };
            let id = ObjectId::part(Kind::Column, relation, column);
            if references.schema.contains(&id) {
                self.found.insert(id);
            }
        }
    }
}

impl Finder<'_, '_> {
    /// What is named by an operator, behind COLLATE, or in a string: `to_tsvector('app.german', body)`.
    fn marks(&mut self, text: &str) {
        let tokens = lex(text);
        for (at, token) in tokens.iter().enumerate() {
            let (kinds, parts): (&[Kind], &[Token<'_>]) = match token.kind {
                Lexed::Operator => (&[Kind::Operator], std::slice::from_ref(token)),
                Lexed::Word if token.is_word("collate") => {
                    let rest = &tokens[at + 1..];
                    let dotted = rest.get(1).is_some_and(|next| next.is_mark("."));
                    (
                        &[Kind::Collation],
                        rest.get(..if dotted { 3 } else { 1 }).unwrap_or(&[]),
                    )
                }
                Lexed::Text => {
                    let inner = lex(&token.text);
                    let short = inner.len() == 1 || inner.len() == 3;
                    if short && inner.iter().all(|part| part.is_name() || part.is_mark(".")) {
                        let kinds = [Kind::TextSearchConfiguration, Kind::TextSearchDictionary];
                        self.dotted(&kinds, &inner);
                    }
                    continue;
                }
                _ => continue,
            };
            self.dotted(kinds, parts);
        }
    }

    fn dotted(&mut self, kinds: &[Kind], parts: &[Token<'_>]) {
        let Some(last) = parts.last() else { return };
        let name = QualifiedName {
            namespace: parts
                .first()
                .filter(|_| parts.len() > 1)
                .map(|part| Ident::new(&part.text)),
            name: Ident::new(&last.text),
        };
        for kind in kinds {
            self.references.add_other(*kind, &name, &mut self.found);
        }
    }

    /// Casts to a type that is mentioned, and those from it that need not be asked for.
    fn casts(&mut self, types: &BTreeSet<QualifiedName>) {
        for name in types {
            let mentioned = TypeName::parse(&name.to_string());
            let same = |other: &TypeName| other.name == mentioned.name;
            for cast in &self.references.casts {
                if same(&cast.target) || cast.context != CastContext::Explicit && same(&cast.source) {
                    self.found.insert(cast.id());
                }
            }
        }
    }
}

impl Visitor for Finder<'_, '_> {
    fn name(&mut self, role: NameRole, name: &mut QualifiedName) {
        match role {
            NameRole::Relation | NameRole::Index => {
                self.references.add(&self.references.relations, name, &mut self.found)
            }
            NameRole::Routine => self.references.add(&self.references.routines, name, &mut self.found),
            NameRole::Of(kind) => self.references.add_other(kind, name, &mut self.found),
            NameRole::Collation => self.references.add_other(Kind::Collation, name, &mut self.found),
            NameRole::OperatorClass => self.references.add_other(Kind::OperatorClass, name, &mut self.found),
        };
    }

    fn column(&mut self, relation: &QualifiedName, column: &mut Ident) {
        self.found.insert(ObjectId::part(Kind::Column, relation, column));
    }

    fn type_name(&mut self, type_name: &mut TypeName) {
        let name = type_name.qualified();
        if !type_name.is_builtin() {
            self.references.add(&self.references.types, &name, &mut self.found);
            self.references.add(&self.references.relations, &name, &mut self.found);
        }
    }

    fn expr(&mut self, _slot: &str, relation: Option<&QualifiedName>, expr: &mut Expr) {
        let relation = relation.cloned();
        self.text(&expr.text, relation.as_ref());
    }

    fn query(&mut self, _slot: &str, query: &mut Query) {
        self.text(&query.text, None);
    }
}

/// Whether rows are told apart by this column, or by an expression over it.
pub fn is_partitioned_by(key: &PartitionKey, column: &Ident) -> bool {
    key.keys.iter().any(|part| match &part.key {
        KeyExpr::Column(name) => name == column,
        KeyExpr::Expr(expr) => reads_column(&expr.text, column),
    })
}

/// Whether a text uses a word as an identifier.
pub fn uses_word(text: &str, word: &Ident) -> bool {
    text.to_lowercase().contains(&word.as_str().to_lowercase()) && mentions(text).identifiers.contains(word)
}

/// Whether a query names a column, or asks for all of them (`*`, `NATURAL`).
pub fn may_read(text: &str, column: &Ident) -> bool {
    uses_word(text, column) || asks_for_all(text)
}

/// Whether a query asks for all columns of something, or for columns under other names or by their places (`TABLE t`, `t AS z(p, q)`,
/// `INSERT INTO t VALUES`); a `*` that multiplies, and that of `count(*)`, do not.
fn asks_for_all(text: &str) -> bool {
    let tokens = lex(text);
    let is_mark = |at: usize, mark: &str| tokens.get(at).is_some_and(|token| token.is_mark(mark));
    let is_name = |at: usize| tokens.get(at).is_some_and(Token::is_name);
    let renames = |at: usize| is_name(at + 1) && is_mark(at + 2, "(") && is_name(at + 3);
    let mut all = tokens.iter().enumerate();
    asks_for_every(&tokens)
        || all.any(|(at, token)| {
            token.is_word("natural") || token.is_word("as") && renames(at) || inserts_by_place(&tokens, at)
        })
}

/// Whether a query puts columns of a table where others stand by their places: it writes rows without saying to which columns, or joins
/// all columns of something with those of another query.
pub fn minds_places(text: &str) -> bool {
    let tokens = lex(text);
    let joins = |token: &Token| ["union", "intersect", "except"].iter().any(|word| token.is_word(word));
    asks_for_every(&tokens) && tokens.iter().any(joins) || (0..tokens.len()).any(|at| inserts_by_place(&tokens, at))
}

/// Whether a query takes columns out of a row that another one gives as a whole: `(w).a`, `(w).*`.
pub fn opens_rows(text: &str) -> bool {
    let tokens = lex(text);
    let is_mark = |at: usize, mark: &str| tokens.get(at).is_some_and(|token| token.is_mark(mark));
    let is_field = |token: &Token| token.is_name() || token.is_operator("*");
    (0..tokens.len()).any(|at| is_mark(at, ")") && is_mark(at + 1, ".") && tokens.get(at + 2).is_some_and(is_field))
}

/// Whether it asks for all columns of something: `*`, `t.*`, `TABLE t`.
fn asks_for_every(tokens: &[Token<'_>]) -> bool {
    let is_star = |at: usize| {
        let ahead = at.checked_sub(1).and_then(|ahead| tokens.get(ahead));
        let is_ahead = |mark: &str| ahead.is_some_and(|token| token.is_mark(mark));
        let ends = tokens.get(at + 1).is_none_or(|behind| {
            behind.is_word("from") || [",", ")", ";"].into_iter().any(|mark| behind.is_mark(mark))
        });
        is_ahead(".") || is_ahead(",") || ends && !is_ahead("(")
    };
    let mut all = tokens.iter().enumerate();
    all.any(|(at, token)| token.is_word("table") || token.is_operator("*") && is_star(at))
}

/// Whether rows are written here without saying to which columns: `INSERT INTO t VALUES`, `INSERT INTO t SELECT`.
fn inserts_by_place(tokens: &[Token<'_>], at: usize) -> bool {
    let is_mark = |at: usize, mark: &str| tokens.get(at).is_some_and(|token| token.is_mark(mark));
    if !tokens[at].is_word("into") {
        return false;
    }
    let mut next = at + 2;
    while is_mark(next, ".") {
        next += 2;
    }
    if tokens.get(next).is_some_and(|token| token.is_word("as")) {
        next += 2;
    }
    let queries = ["select", "with", "values", "table"];
    let is_query = |token: &Token| queries.iter().any(|word| token.is_word(word));
    !is_mark(next, "(") || tokens.get(next + 1).is_some_and(is_query)
}

/// The constraints, indexes and statistics of a table that PostgreSQL drops with one of its columns.
pub fn parts_of_column(schema: &Schema, column: &ObjectId) -> Vec<ObjectId> {
    let table = column.qualified();
    let name = column.own_name();
    let key_uses = |key: &KeyExpr| match key {
        KeyExpr::Column(column) => column == name,
        KeyExpr::Expr(expr) => reads_column(&expr.text, name),
    };
    schema
        .parts(&table)
        .filter(|object| match object {
            Object::Constraint(constraint) => match &constraint.rule {
                ConstraintRule::PrimaryKey(key) | ConstraintRule::Unique(key) => {
                    key.columns.contains(name) || key.include.contains(name)
                }
                ConstraintRule::ForeignKey(key) => key.columns.contains(name),
                ConstraintRule::Check { expr, .. } => reads_column(&expr.text, name),
                ConstraintRule::Exclude(exclusion) => {
                    exclusion.elements.iter().any(|element| key_uses(&element.key.key))
                        || exclusion.include.contains(name)
                        || exclusion
                            .predicate
                            .as_ref()
                            .is_some_and(|predicate| reads_column(&predicate.text, name))
                }
                ConstraintRule::NotNull { column, .. } => column == name,
            },
            Object::Index(index) => {
                index.keys.iter().any(|key| key_uses(&key.key))
                    || index.include.contains(name)
                    || index
                        .predicate
                        .as_ref()
                        .is_some_and(|predicate| reads_column(&predicate.text, name))
            }
            Object::Statistics(statistics) => statistics.keys.iter().any(key_uses),
            _ => false,
        })
        .map(Object::id)
        .collect()
}

/// Everything that directly or indirectly names this object, outermost first; what lives in it is left out.
pub fn dependents(schema: &Schema, id: &ObjectId) -> Vec<ObjectId> {
    let references = References::new(schema);
    let mut users: HashMap<ObjectId, Vec<ObjectId>> = HashMap::new();
    for (user, object) in schema.iter() {
        for used in references.of(object) {
            users.entry(used).or_default().push(user.clone());
        }
    }
    let inside: BTreeSet<ObjectId> = schema.descendants(id).into_iter().collect();
    let mut seen = inside.clone();
    let mut order = Vec::new();
    let mut stack: Vec<ObjectId> = inside.into_iter().collect();
    while let Some(next) = stack.pop() {
        for user in users.get(&next).into_iter().flatten() {
            if seen.insert(user.clone()) {
                order.push(user.clone());
                stack.push(user.clone());
            }
        }
    }
    order.reverse();
    order
}
