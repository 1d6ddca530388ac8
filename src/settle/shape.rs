//! Which relations a query reads that will have other columns than they have now.

use std::collections::HashMap;

use crate::expr::{Expr, Query, mentions, rename_relation};
use crate::name::{Ident, QualifiedName};
use crate::object::{Kind, Object, ObjectId};
use crate::schema::Schema;
use crate::sql::list;
use crate::types::TypeName;

/// Relations that a text reads, as far as one of the schemas has them.
pub(super) fn relations(text: &Expr, live: &Schema, desired: &Schema) -> Vec<QualifiedName> {
    let mut found = Vec::new();
    for name in mentions(&text.text).relations {
        let candidates: Vec<QualifiedName> = match &name.namespace {
            Some(_) => vec![name],
            None => {
                let inside = |namespace: &Ident| QualifiedName {
                    namespace: Some(namespace.clone()),
                    name: name.name.clone(),
                };
                text.path.namespaces().iter().map(inside).collect()
            }
        };
        found.extend(
            candidates
                .into_iter()
                .find(|name| live.relation(name).is_some() || desired.relation(name).is_some()),
        );
    }
    found
}

/// Whether a table will have other columns than it has, or is new.
pub(super) fn changes(name: &QualifiedName, live: &Schema, desired: &Schema) -> bool {
    columns(name, live) != columns(name, desired)
}

fn columns<'s>(name: &QualifiedName, schema: &'s Schema) -> Vec<(&'s Ident, &'s TypeName)> {
    schema
        .all_columns(name)
        .into_iter()
        .map(|column| (&column.name, &column.type_name))
        .collect()
}

/// The statement that makes a temporary relation of the desired shape.
pub(super) fn stand_in(name: &QualifiedName, desired: &Schema, places: &Places) -> Option<(Expr, String)> {
    let view = |columns: &[Ident], query: &Query| {
        let names = if columns.is_empty() {
            String::new()
        } else {
            format!(" ({})", list(columns))
        };
        let text = Expr {
            text: places.rewrite(&query.text),
            path: query.path.clone(),
        };
        let statement = format!("CREATE TEMPORARY VIEW {}{names} AS {}", name.name, text.text);
        (text, statement)
    };
    match desired.get(&desired.relation(name)?)? {
        Object::View(found) => Some(view(&found.columns, &found.query)),
        Object::MaterializedView(found) => Some(view(&found.columns, &found.query)),
        Object::Table(_) => {
            let columns = list(desired.all_columns(name).iter().map(|column| {
                let collation = column
                    .collation
                    .as_ref()
                    .map(|c| format!(" COLLATE {c}"))
                    .unwrap_or_default();
                format!("{} {}{collation}", column.name, column.type_name)
            }));
            // A primary key lets other columns stand outside GROUP BY.
            let key = match desired.primary_key(name).and_then(|key| key.key()) {
                Some(key) => format!(", PRIMARY KEY ({})", list(&key.columns)),
                None => String::new(),
            };
            let statement = format!("CREATE TEMPORARY TABLE {} ({columns}{key})", name.name);
            Some((Expr::default(), statement))
        }
        _ => None,
    }
}

/// Temporary relations in place of those that change: known by their bare names, which `pg_temp` serves first.
#[derive(Default)]
pub(super) struct Places {
    names: Vec<QualifiedName>,
}

impl Places {
    /// Adds a relation; false when another one has the same bare name.
    pub(super) fn add(&mut self, name: &QualifiedName) -> bool {
        let free = self.names.iter().all(|other| other.name != name.name);
        if free {
            self.names.push(name.clone());
        }
        free
    }

    /// The text with these relations named bare.
    pub(super) fn rewrite(&self, text: &str) -> String {
        let mut text = text.to_string();
        for name in &self.names {
            text = rename_relation(&text, name, &QualifiedName::bare(name.name.clone()), false);
        }
        text
    }

    pub(super) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}

/// What the views among the desired objects read, for an order in which each comes after those it reads.
pub(super) struct Readers<'a> {
    live: &'a Schema,
    desired: &'a Schema,
    read: HashMap<QualifiedName, Vec<QualifiedName>>,
}

impl<'a> Readers<'a> {
    pub(super) fn new(live: &'a Schema, desired: &'a Schema) -> Self {
        let mut read = HashMap::new();
        for (id, object) in desired.iter() {
            let query = match object {
                Object::View(view) => &view.query,
                Object::MaterializedView(view) => &view.query,
                _ => continue,
            };
            let text = Expr {
                text: query.text.clone(),
                path: query.path.clone(),
            };
            read.insert(id.qualified(), relations(&text, live, desired));
        }
        Self { live, desired, read }
    }

    /// The changing relations that a view reads, directly or through other changing views; what others need comes first.
    pub(super) fn changing(
        &self,
        view: &QualifiedName,
        is_open: &dyn Fn(&QualifiedName) -> bool,
    ) -> Vec<QualifiedName> {
        let mut order = Vec::new();
        self.collect(view, is_open, &mut order, &mut vec![view.clone()]);
        order
    }

    fn collect(
        &self,
        view: &QualifiedName,
        is_open: &dyn Fn(&QualifiedName) -> bool,
        order: &mut Vec<QualifiedName>,
        path: &mut Vec<QualifiedName>,
    ) {
        for name in self.read.get(view).into_iter().flatten() {
            if order.contains(name) || path.contains(name) || path.len() > 200 {
                continue;
            }
            if self.read.contains_key(name) {
                path.push(name.clone());
                let before = order.len();
                self.collect(name, is_open, order, path);
                path.pop();
                let is_new = [Kind::View, Kind::MaterializedView]
                    .iter()
                    .all(|kind| !self.live.contains(&ObjectId::named(*kind, name)));
                // A view over something that changes stands on the changed thing as well.
                if is_new || is_open(name) || order.len() > before {
                    order.push(name.clone());
                }
            } else if self.desired.table(name).is_some() && changes(name, self.live, self.desired) {
                order.push(name.clone());
            }
        }
    }
}
