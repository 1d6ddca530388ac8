//! Columns that hold values of a type, themselves or inside of other values.
//!
//! PostgreSQL looks for what a domain shall refuse in columns that have the domain, or a domain over it, and refuses to look where a column
//! has it in an array, a row, a composite type or a range (measured on 14 to 18: `cannot alter type .. because column .. uses it`,
//! for VALIDATE CONSTRAINT and SET NOT NULL; ADD CONSTRAINT .. NOT VALID looks at nothing).

use std::collections::BTreeSet;

use crate::name::QualifiedName;
use crate::object::{Kind, Object, ObjectId};
use crate::schema::Schema;
use crate::types::TypeName;

/// The first column that does, in order of name.
pub(super) fn holder(domain: &QualifiedName, schema: &Schema) -> Option<ObjectId> {
    let types = Types::with(domain, schema);
    first_column(schema, |type_name| types.holds(type_name))
}

/// The first column that has a type by way of another one: a domain, a composite type, a row, a range.
pub(super) fn by_way_of_another(name: &QualifiedName, schema: &Schema) -> Option<ObjectId> {
    let types = Types::with(name, schema);
    first_column(schema, |type_name| {
        types.has(type_name) && type_name.qualified() != *name
    })
}

/// The first column that has a type, itself or by way of another one.
pub(super) fn anywhere(name: &QualifiedName, schema: &Schema) -> Option<ObjectId> {
    let types = Types::with(name, schema);
    first_column(schema, |type_name| types.has(type_name))
}

fn first_column(schema: &Schema, is_meant: impl Fn(&TypeName) -> bool) -> Option<ObjectId> {
    let is_meant = |object: &Object| matches!(object, Object::Column(column) if is_meant(&column.type_name));
    let mut columns = schema.of_kind(Kind::Column).filter(|(_, object)| is_meant(object));
    columns.next().map(|(id, _)| id.clone())
}

struct Types {
    /// The domain, and domains over it.
    plain: BTreeSet<QualifiedName>,
    /// Types that have it inside.
    around: BTreeSet<QualifiedName>,
}

impl Types {
    fn with(name: &QualifiedName, schema: &Schema) -> Self {
        let mut types = Self {
            plain: BTreeSet::from([name.clone()]),
            around: BTreeSet::new(),
        };
        while schema.iter().any(|(_, object)| types.takes_in(object)) {}
        types
    }

    fn is(&self, name: &TypeName) -> bool {
        !name.array && self.plain.contains(&name.qualified())
    }

    fn holds(&self, name: &TypeName) -> bool {
        self.around.contains(&name.qualified()) || name.array && self.plain.contains(&name.qualified())
    }

    fn has(&self, name: &TypeName) -> bool {
        self.is(name) || self.holds(name)
    }

    /// Whether the object makes one more type of these.
    fn takes_in(&mut self, object: &Object) -> bool {
        match object {
            Object::Domain(own) if self.is(&own.base) => self.plain.insert(own.name.clone()),
            Object::Domain(own) if self.holds(&own.base) => self.around.insert(own.name.clone()),
            Object::CompositeType(own) if own.attributes.iter().any(|attribute| self.has(&attribute.type_name)) => {
                self.around.insert(own.name.clone())
            }
            Object::RangeType(own) if self.has(&own.subtype) => {
                let multirange = self.around.insert(own.multirange_name());
                self.around.insert(own.name.clone()) || multirange
            }
            // The type of its rows.
            Object::Column(own) if self.has(&own.type_name) => self.around.insert(own.table.clone()),
            _ => false,
        }
    }
}
