//! Pairs the texts of live and desired objects, and decides about each pair as far as that is possible without a server.

use std::collections::{HashMap, HashSet};

use super::based::Based;
use super::calls::Calls;
use super::question::{About, Question, Stub, Verdicts};
use crate::expr::{self, Columns, Expr, Query, Scope};
use crate::name::{Ident, QualifiedName};
use crate::object::index::KeyExpr;
use crate::object::routine::Routine;
use crate::object::table::Table;
use crate::object::{Kind, Object, ObjectId, Visitor};
use crate::schema::Schema;
use crate::types::TypeName;

/// Replaces every desired text that means the same as the live one by that one; returns the questions that remain.
pub(super) fn unify(live: &Schema, desired: &mut Schema, verdicts: &Verdicts) -> Vec<Question> {
    let ids: Vec<ObjectId> = desired
        .iter()
        .filter(|(id, _)| live.contains(id))
        .map(|(id, _)| id.clone())
        .collect();
    let shadowed = shadowed(live, desired);
    let calls = Calls::of(live, desired);
    let based = Based::of(live, desired);
    let mut questions = Vec::new();
    let mut relations: HashMap<QualifiedName, Columns> = HashMap::new();
    for id in ids {
        let (Some(have), Some(want)) = (live.get(&id), desired.get(&id)) else {
            continue;
        };
        let mut texts = Texts::default();
        have.clone().visit(&mut texts);
        // A default is written anew for another type, so the words of the old one are of no use.
        if let (Object::Column(have), Object::Column(want)) = (have, want)
            && have.type_name != want.type_name
        {
            texts.found.remove("default");
        }
        if texts.found.is_empty() && !has_null_default(want) {
            continue;
        }
        let mut want = want.clone();
        let mut pairs = Pairs {
            live: &texts,
            id: &id,
            object: want.clone(),
            named_apart: given_names(have) != given_names(&want),
            desired,
            verdicts,
            shadowed: &shadowed,
            calls: &calls,
            based: &based,
            relations: &mut relations,
            left: Vec::new(),
        };
        want.visit(&mut pairs);
        let left = pairs.left;
        whole(have, &mut want, &left, verdicts);
        questions.extend(
            left.into_iter()
                .filter(|left| left.open)
                .filter_map(|left| question(live, desired, have, &want, left)),
        );
        if let Some(place) = desired.get_mut(&id) {
            *place = want;
        }
    }
    questions.dedup_by(|a, b| a.id == b.id && a.slot == b.slot);
    questions
}

/// Names of functions that are both built in and defined here: an unqualified call may mean either.
fn shadowed(live: &Schema, desired: &Schema) -> HashSet<Ident> {
    live.iter()
        .chain(desired.iter())
        .filter(|(id, _)| {
            matches!(id.kind, Kind::Function | Kind::Aggregate) && expr::is_builtin_function(id.name.as_str())
        })
        .map(|(id, _)| id.name.clone())
        .collect()
}

/// Column names that a view gives apart from its query.
fn given_names(object: &Object) -> &[Ident] {
    match object {
        Object::View(view) => &view.columns,
        Object::MaterializedView(view) => &view.columns,
        _ => &[],
    }
}

fn has_null_default(object: &Object) -> bool {
    matches!(object, Object::Column(column) if column.default.is_some())
}

/// The texts of one object, by slot.
#[derive(Default)]
struct Texts {
    found: HashMap<String, Expr>,
}

impl Visitor for Texts {
    fn expr(&mut self, slot: &str, _relation: Option<&QualifiedName>, expr: &mut Expr) {
        self.found.insert(slot.into(), expr.clone());
    }

    fn query(&mut self, slot: &str, query: &mut Query) {
        self.found.insert(
            slot.into(),
            Expr {
                text: query.text.clone(),
                path: query.path.clone(),
            },
        );
    }
}

/// A pair of texts that are not the same as far as is known.
struct Left {
    slot: String,
    relation: Option<QualifiedName>,
    live: Expr,
    desired: Expr,
    /// Nobody has been asked yet.
    open: bool,
}

struct Pairs<'a> {
    live: &'a Texts,
    id: &'a ObjectId,
    object: Object,
    /// Column names are given apart from the query, and differently; then the texts alone do not decide.
    named_apart: bool,
    desired: &'a Schema,
    verdicts: &'a Verdicts,
    shadowed: &'a HashSet<Ident>,
    calls: &'a Calls,
    based: &'a Based,
    relations: &'a mut HashMap<QualifiedName, Columns>,
    left: Vec<Left>,
}

impl Visitor for Pairs<'_> {
    fn expr(&mut self, slot: &str, relation: Option<&QualifiedName>, expr: &mut Expr) {
        let Some(live) = self.live.found.get(slot) else { return };
        if live.text == expr.text && live.path == expr.path {
            return;
        }
        if self.calls.change(expr) || self.based.stays_behind(self.id, live) {
            self.differ(slot, relation, live.clone(), expr.clone(), false);
            return;
        }
        let certain = !self.is_shadowed(expr);
        if certain && (*live == *expr || self.same_in_context(slot, relation, live, expr)) || self.said_same(slot) {
            *expr = live.clone();
            return;
        }
        self.keep(slot, relation, live.clone(), expr.clone());
    }

    fn query(&mut self, slot: &str, query: &mut Query) {
        let Some(live) = self.live.found.get(slot) else { return };
        let live_query = Query {
            text: live.text.clone(),
            path: live.path.clone(),
        };
        if !self.named_apart && live.text == query.text && live.path == query.path {
            return;
        }
        let desired = Expr {
            text: query.text.clone(),
            path: query.path.clone(),
        };
        if self.calls.change(&desired) || self.based.stays_behind(self.id, live) {
            self.differ(slot, None, live.clone(), desired, false);
            return;
        }
        if !self.named_apart && !self.is_shadowed(&desired) && live_query == *query || self.said_same(slot) {
            *query = live_query;
            return;
        }
        self.keep(slot, None, live.clone(), desired);
    }
}

impl Pairs<'_> {
    fn keep(&mut self, slot: &str, relation: Option<&QualifiedName>, live: Expr, desired: Expr) {
        let open = self.verdicts.get(self.id, slot_of(self.id, slot)).is_none();
        self.differ(slot, relation, live, desired, open);
    }

    fn differ(&mut self, slot: &str, relation: Option<&QualifiedName>, live: Expr, desired: Expr, open: bool) {
        self.left.push(Left {
            slot: slot_of(self.id, slot).into(),
            relation: relation.cloned(),
            live,
            desired,
            open,
        });
    }

    fn said_same(&self, slot: &str) -> bool {
        self.verdicts
            .get(self.id, slot_of(self.id, slot))
            .is_some_and(|verdict| verdict.same)
    }

    fn is_shadowed(&self, desired: &Expr) -> bool {
        !self.shadowed.is_empty()
            && !desired.path.is_empty()
            && expr::mentions(&desired.text)
                .functions
                .iter()
                .any(|name| name.namespace.is_none() && self.shadowed.contains(&name.name))
    }

    /// Compares with what is known about the columns, or about the type that a value becomes.
    fn same_in_context(&mut self, slot: &str, relation: Option<&QualifiedName>, live: &Expr, desired: &Expr) -> bool {
        if let Some(relation) = relation {
            let columns = self.relations.entry(relation.clone()).or_insert_with(|| {
                Columns::new(
                    self.desired
                        .all_columns(relation)
                        .iter()
                        .map(|c| (&c.name, &c.type_name)),
                )
            });
            let form = |text: &Expr| {
                expr::expr_form(
                    &text.text,
                    Scope {
                        path: Some(&text.path),
                        columns: Some(columns),
                    },
                )
            };
            return form(live) == form(desired);
        }
        if let Object::DomainConstraint(constraint) = &self.object {
            let Some(Object::Domain(domain)) = self.desired.get(&ObjectId::named(Kind::Domain, &constraint.domain))
            else {
                return false;
            };
            let columns = Columns::new([(&Ident::new("value"), &domain.base)]);
            let form = |text: &Expr| {
                expr::expr_form(
                    &text.text,
                    Scope {
                        path: Some(&text.path),
                        columns: Some(&columns),
                    },
                )
            };
            return form(live) == form(desired);
        }
        match value_type(&self.object, slot, self.desired) {
            Some(to) => {
                let to = to.without_modifiers();
                let form = |text: &Expr| expr::value_form(&text.text, &to, Scope::under(&text.path));
                form(live) == form(desired)
            }
            None => false,
        }
    }
}

/// A rule is asked about as a whole.
fn slot_of<'s>(id: &ObjectId, slot: &'s str) -> &'s str {
    if id.kind == Kind::Rule { "rule" } else { slot }
}

/// The type that the value in this slot becomes.
fn value_type(object: &Object, slot: &str, schema: &Schema) -> Option<TypeName> {
    match object {
        Object::Column(column) => Some(column.type_name.clone()),
        Object::Domain(domain) => Some(domain.base.clone()),
        Object::Routine(Routine { arguments, .. }) => {
            let at: usize = slot.strip_prefix("default of argument ")?.parse().ok()?;
            Some(arguments.get(at.checked_sub(1)?)?.type_name.clone())
        }
        Object::Table(table) => {
            let parent = &table.partition_of.as_ref()?.parent;
            let keys = &schema.table(parent)?.partition_by.as_ref()?.keys;
            let KeyExpr::Column(column) = &keys.get(key_at(slot)?)?.key else {
                return None;
            };
            let column = schema.all_columns(parent).into_iter().find(|c| c.name == *column)?;
            Some(column.type_name.clone())
        }
        Object::View(view) => {
            let name = slot.strip_prefix("default of ")?;
            let column = view.output.iter().find(|column| column.name.to_string() == name)?;
            Some(column.type_name.clone())
        }
        _ => None,
    }
}

/// The expression of a partition key that the bound in this slot is about, with the partitioned table.
fn key_expression(table: &Table, slot: &str, schema: &Schema) -> Option<(QualifiedName, Expr)> {
    let parent = &table.partition_of.as_ref()?.parent;
    let keys = &schema.table(parent)?.partition_by.as_ref()?.keys;
    match &keys.get(key_at(slot)?)?.key {
        KeyExpr::Expr(key) => Some((parent.clone(), key.clone())),
        KeyExpr::Column(_) => None,
    }
}

/// The place of the key that a bound is about.
fn key_at(slot: &str) -> Option<usize> {
    if slot.starts_with("bound ") {
        Some(0)
    } else {
        slot.rsplit(' ').next()?.parse::<usize>().ok()?.checked_sub(1)
    }
}

/// What is decided for an object rather than for one of its texts.
fn whole(have: &Object, want: &mut Object, left: &[Left], verdicts: &Verdicts) {
    let id = want.id();
    match (have, want) {
        (Object::Column(have), Object::Column(want)) => {
            // `DEFAULT NULL` is no default.
            let none = |text: &Option<Expr>| text.as_ref().is_none_or(|text| expr::is_null(&text.text));
            if have.default != want.default && none(&have.default) && none(&want.default) {
                want.default.clone_from(&have.default);
            }
        }
        (Object::View(have), Object::View(want)) => {
            let same_query = left.iter().all(|left| left.slot != "query");
            if let Some(verdict) = verdicts.get(&id, "query") {
                want.output.clone_from(&verdict.output);
            }
            if same_query && verdicts.get(&id, "query").is_some_and(|verdict| verdict.same) {
                want.columns.clone_from(&have.columns);
            }
            if same_query && want.columns == have.columns {
                want.output.clone_from(&have.output);
            }
        }
        (Object::MaterializedView(have), Object::MaterializedView(want)) => {
            let same_query = left.iter().all(|left| left.slot != "query");
            if let Some(verdict) = verdicts.get(&id, "query") {
                want.output.clone_from(&verdict.output);
            }
            if same_query && verdicts.get(&id, "query").is_some_and(|verdict| verdict.same) {
                want.columns.clone_from(&have.columns);
            }
            if same_query && want.columns == have.columns {
                want.output.clone_from(&have.output);
            }
        }
        (Object::Rule(have), Object::Rule(want)) if verdicts.get(&id, "rule").is_some_and(|verdict| verdict.same) => {
            want.condition.clone_from(&have.condition);
            want.actions.clone_from(&have.actions);
        }
        _ => {}
    }
}

fn question(live: &Schema, desired: &Schema, have: &Object, want: &Object, left: Left) -> Option<Question> {
    let Left {
        slot,
        relation,
        live: live_text,
        desired: desired_text,
        open: _,
    } = left;
    let about = match (have, want) {
        (Object::View(_), Object::View(want)) if slot == "query" => About::View {
            columns: want.columns.clone(),
        },
        (Object::MaterializedView(_), Object::MaterializedView(want)) => About::View {
            columns: want.columns.clone(),
        },
        (Object::Rule(have), Object::Rule(want)) => {
            if (have.event, have.instead, have.actions.len(), have.condition.is_some())
                != (want.event, want.instead, want.actions.len(), want.condition.is_some())
            {
                return None;
            }
            About::Rule {
                live: Box::new(have.clone()),
                desired: Box::new(want.clone()),
                // What a view gives is known once it is live.
                columns: Some(stubs(desired, &want.table))
                    .filter(|columns| !columns.is_empty())
                    .unwrap_or_else(|| stubs(live, &want.table)),
            }
        }
        (_, Object::DomainConstraint(constraint)) => {
            let id = ObjectId::named(Kind::Domain, &constraint.domain);
            let Some(Object::Domain(domain)) = desired.get(&id) else {
                return None;
            };
            About::Domain {
                base: domain.base.clone(),
            }
        }
        (_, Object::Routine(routine)) if slot == "body" => About::Body {
            routine: Box::new(routine.clone()),
        },
        (_, Object::Trigger(trigger)) => About::Trigger {
            relation: trigger.table.clone(),
            columns: stubs(desired, &trigger.table),
            live_columns: stubs(live, &trigger.table),
        },
        (_, Object::Table(table)) if key_expression(table, &slot, desired).is_some() => {
            let (parent, key) = key_expression(table, &slot, desired)?;
            // Beside the key a bound is read as a value of its type.
            let beside = |bound: Expr| Expr {
                text: format!("({}) = ({})", key.text, bound.text),
                path: key.path.clone(),
            };
            return Some(Question {
                id: want.id(),
                slot,
                live: beside(live_text),
                desired: beside(desired_text),
                about: About::Row {
                    columns: stubs(desired, &parent),
                    live_columns: stubs(live, &parent),
                    relation: parent,
                },
            });
        }
        _ => match relation {
            Some(relation) => {
                let (columns, live_columns) = (stubs(desired, &relation), stubs(live, &relation));
                About::Row {
                    relation,
                    columns,
                    live_columns,
                }
            }
            None => About::Value {
                to: value_type(want, &slot, desired),
            },
        },
    };
    Some(Question {
        id: want.id(),
        slot,
        live: live_text,
        desired: desired_text,
        about,
    })
}

/// The columns of a table or view.
fn stubs(schema: &Schema, relation: &QualifiedName) -> Vec<Stub> {
    let output = match schema.relation(relation).as_ref().and_then(|id| schema.get(id)) {
        Some(Object::View(view)) => &view.output,
        Some(Object::MaterializedView(view)) => &view.output,
        _ => {
            let columns = schema.all_columns(relation).into_iter();
            return columns
                .map(|c| Stub {
                    name: c.name.clone(),
                    type_name: c.type_name.clone(),
                    collation: c.collation.clone(),
                })
                .collect();
        }
    };
    output
        .iter()
        .map(|c| Stub {
            name: c.name.clone(),
            type_name: c.type_name.clone(),
            collation: None,
        })
        .collect()
}
