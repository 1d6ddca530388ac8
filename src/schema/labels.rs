//! Renamed labels of enumerated types: what names a label follows it, as it does in the server, which stores labels by number.

use super::Schema;
use crate::expr::{Expr, Query, is_string, rename_label};
use crate::name::QualifiedName;
use crate::object::index::KeyExpr;
use crate::object::table::PartitionBound;
use crate::object::{Object, ObjectId, Visitor};
use crate::types::TypeName;

impl Schema {
    /// Renames a label in every text that casts it to its type, and where a column's type or a partition key alone says what it is.
    /// Texts of routines stay as they are, and so do array literals.
    pub(crate) fn label_renamed(&mut self, enum_type: &QualifiedName, from: &str, to: &str) {
        let mut changed: Vec<(ObjectId, Object)> = Vec::new();
        for (id, object) in self.iter() {
            let mut new = object.clone();
            new.visit(&mut Labels { enum_type, from, to });
            for value in self.bare_values(&mut new, enum_type) {
                if is_string(&value.text, from) {
                    value.text = crate::sql::literal(to);
                }
            }
            if new != *object {
                changed.push((id.clone(), new));
            }
        }
        for (id, new) in changed {
            if let Some(object) = self.get_mut(&id) {
                *object = new;
            }
        }
    }

    /// The values of an object that are of the type without saying so.
    fn bare_values<'a>(&self, object: &'a mut Object, enum_type: &QualifiedName) -> Vec<&'a mut Expr> {
        match object {
            Object::Column(column) if is_of(&column.type_name, enum_type) => column.default.iter_mut().collect(),
            Object::Domain(domain) if is_of(&domain.base, enum_type) => domain.default.iter_mut().collect(),
            Object::Table(table) => {
                let Some(of) = &mut table.partition_of else {
                    return Vec::new();
                };
                let parent = self.table(&of.parent).and_then(|parent| parent.partition_by.as_ref());
                let keys = parent.map_or(&[][..], |by| &by.keys[..]);
                let fits: Vec<bool> = keys
                    .iter()
                    .map(|part| match &part.key {
                        KeyExpr::Column(name) => self
                            .all_columns(&of.parent)
                            .into_iter()
                            .any(|column| column.name == *name && is_of(&column.type_name, enum_type)),
                        KeyExpr::Expr(_) => false,
                    })
                    .collect();
                let at = |list: &'a mut Vec<Expr>| {
                    let placed = list.iter_mut().zip(fits.clone());
                    placed.filter(|(_, fits)| *fits).map(|(value, _)| value)
                };
                match &mut of.bound {
                    PartitionBound::Range { from, to } => at(from).chain(at(to)).collect(),
                    PartitionBound::List(values) if fits == [true] => values.iter_mut().collect(),
                    _ => Vec::new(),
                }
            }
            _ => Vec::new(),
        }
    }
}

fn is_of(type_name: &TypeName, enum_type: &QualifiedName) -> bool {
    type_name.qualified() == *enum_type && !type_name.array
}

struct Labels<'a> {
    enum_type: &'a QualifiedName,
    from: &'a str,
    to: &'a str,
}

impl Visitor for Labels<'_> {
    fn expr(&mut self, _slot: &str, _relation: Option<&QualifiedName>, expr: &mut Expr) {
        expr.text = rename_label(&expr.text, &expr.path, self.enum_type, self.from, self.to);
    }

    fn query(&mut self, _slot: &str, query: &mut Query) {
        query.text = rename_label(&query.text, &query.path, self.enum_type, self.from, self.to);
    }
}
