//! A collation that a column, key or attribute would have anyway says nothing, and is left out, as it is in a database: that of the
//! type or domain of a column, that of the column of a key.

use crate::expr::reads_column;
use crate::name::{Ident, QualifiedName};
use crate::object::composite_type::CompositeType;
use crate::object::constraint::ConstraintRule;
use crate::object::index::KeyExpr;
use crate::object::{Kind, Object, ObjectId};
use crate::schema::Schema;
use crate::types::TypeName;

/// So many domains may be over one another.
const MOST_DOMAINS: usize = 16;

/// Leaves them out.
pub(super) fn leave_out_usual(schema: &mut Schema) {
    let changed: Vec<Object> = schema
        .iter()
        .filter_map(|(_, object)| without_usual(object, schema))
        .collect();
    for object in changed {
        schema.put(object);
    }
}

/// The object without them, if it has one.
fn without_usual(object: &Object, schema: &Schema) -> Option<Object> {
    let of_type = |name: &TypeName| collation_of(name, schema, MOST_DOMAINS);
    let of_key = |table: &QualifiedName, key: &KeyExpr| match key {
        KeyExpr::Column(name) => Some(of_column(schema, table, name)),
        KeyExpr::Expr(expr) => of_expression(schema, table, &expr.text),
    };
    match object {
        Object::Column(column) => {
            let mut column = column.clone();
            let own = of_type(&column.type_name);
            forget(&mut column.collation, || Some(own)).then(|| column.into())
        }
        Object::Domain(domain) => {
            let mut domain = domain.clone();
            let own = of_type(&domain.base);
            forget(&mut domain.collation, || Some(own)).then(|| domain.into())
        }
        Object::RangeType(range) => {
            let mut range = range.clone();
            let own = of_type(&range.subtype);
            forget(&mut range.collation, || Some(own)).then(|| range.into())
        }
        Object::CompositeType(composite) => {
            let mut composite: CompositeType = composite.clone();
            let mut changed = false;
            for attribute in &mut composite.attributes {
                changed |= forget(&mut attribute.collation, || Some(of_type(&attribute.type_name)));
            }
            changed.then(|| composite.into())
        }
        Object::Index(index) => {
            let mut index = index.clone();
            let mut changed = false;
            for key in &mut index.keys {
                changed |= forget(&mut key.collation, || of_key(&index.table, &key.key));
            }
            changed.then(|| index.into())
        }
        Object::Constraint(constraint) => {
            let mut constraint = constraint.clone();
            let ConstraintRule::Exclude(exclusion) = &mut constraint.rule else {
                return None;
            };
            let mut changed = false;
            for element in &mut exclusion.elements {
                let key = &mut element.key;
                changed |= forget(&mut key.collation, || of_key(&constraint.table, &key.key));
            }
            changed.then(|| constraint.into())
        }
        Object::Table(table) => {
            let mut table = table.clone();
            let mut changed = false;
            for part in table.partition_by.iter_mut().flat_map(|by| &mut by.keys) {
                changed |= forget(&mut part.collation, || of_key(&table.name, &part.key));
            }
            changed.then(|| table.into())
        }
        _ => None,
    }
}

/// Takes a collation away that is there anyway; says whether it did.
fn forget(given: &mut Option<QualifiedName>, own: impl FnOnce() -> Option<QualifiedName>) -> bool {
    let says_nothing = given.is_some() && *given == own();
    given.take_if(|_| says_nothing).is_some()
}

/// The collation that a key over this column has where it says none. Relations whose columns are not in the model (materialized views)
/// count as having the default.
fn of_column(schema: &Schema, table: &QualifiedName, name: &Ident) -> QualifiedName {
    let columns = schema.all_columns(table);
    let found = columns.into_iter().find(|column| column.name == *name);
    found.map_or_else(default, |column| {
        let given = column.collation.clone();
        given.unwrap_or_else(|| collation_of(&column.type_name, schema, MOST_DOMAINS))
    })
}

/// The collation that an expression has by itself, where that is known: the default one, if nothing in it has another.
fn of_expression(schema: &Schema, table: &QualifiedName, text: &str) -> Option<QualifiedName> {
    let columns = schema.all_columns(table).into_iter();
    let mut read = columns.filter(|column| reads_column(text, &column.name));
    let other = read.any(|column| of_column(schema, table, &column.name) != default());
    let text = text.to_ascii_lowercase();
    // Values of the type `name` have `C`.
    let says_other = text.contains("collate") || text.contains("::name") || text.contains("as name");
    (!other && !says_other).then(default)
}

/// The collation of a type, and of its arrays: names have `C`, a domain has its own or that of its base type, anything else has the
/// default or none.
fn collation_of(name: &TypeName, schema: &Schema, depth: usize) -> QualifiedName {
    if name.is_builtin() {
        let is_name = name.name.as_str() == "name";
        return if is_name { builtin("C") } else { default() };
    }
    let domain = schema.get(&ObjectId::named(Kind::Domain, &name.qualified()));
    match (domain, depth.checked_sub(1)) {
        (Some(Object::Domain(domain)), Some(depth)) => {
            let own = domain.collation.clone();
            own.unwrap_or_else(|| collation_of(&domain.base, schema, depth))
        }
        _ => default(),
    }
}

fn default() -> QualifiedName {
    builtin("default")
}

fn builtin(name: &str) -> QualifiedName {
    QualifiedName::bare(Ident::new(name))
}
