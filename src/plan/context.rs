//! What strategies may know: both schemas, the server's version, and which tables are new.

use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet};

use crate::name::{Ident, QualifiedName, object_name};
use crate::object::column::Column;
use crate::object::default_privileges::DefaultPrivileges;
use crate::object::sequence::{ColumnRef, Sequence};
use crate::object::table::Table;
use crate::object::{Kind, Object, ObjectId};
use crate::pair::Pair;
use crate::plan::Wishes;
use crate::refs::References;
use crate::schema::Schema;

/// What strategies may know. Nothing here touches a connection.
pub struct Context<'a> {
    /// Both schemas.
    pub schemas: Pair<&'a Schema>,
    /// Who names whom, on both sides.
    pub references: Pair<References<'a>>,
    /// The major version of the server.
    pub server_version: u32,
    /// What the user has said about how changes are made.
    pub wishes: &'a Wishes,
    /// Direct users of each live object.
    pub live_users: HashMap<ObjectId, Vec<ObjectId>>,
    /// Partitions and inheritance children by parent, in the desired schema.
    heirs: HashMap<QualifiedName, Vec<QualifiedName>>,
    /// Live partitions by parent.
    live_heirs: HashMap<QualifiedName, Vec<QualifiedName>>,
    /// Desired sequences by the column that owns them.
    owned: HashMap<(QualifiedName, Ident), Vec<&'a Sequence>>,
    /// Default privileges that this plan sets or changes.
    pub default_privileges: Vec<&'a DefaultPrivileges>,
    /// Names that recipes have chosen for objects that neither schema holds.
    chosen: RefCell<HashSet<QualifiedName>>,
    /// See [`Self::names_of_parts`].
    names_of_parts: OnceCell<HashSet<QualifiedName>>,
}

/// The partitions of a table, those of partitions too.
fn partitions_below(heirs: &HashMap<QualifiedName, Vec<QualifiedName>>, table: &QualifiedName) -> Vec<QualifiedName> {
    let mut found = Vec::new();
    for heir in heirs.get(table).into_iter().flatten() {
        found.push(heir.clone());
        found.extend(partitions_below(heirs, heir));
    }
    found
}

impl<'a> Context<'a> {
    /// Indexes both schemas.
    pub fn new(schemas: Pair<&'a Schema>, server_version: u32, wishes: &'a Wishes) -> Self {
        let references = schemas.map(References::new);
        let mut live_users: HashMap<ObjectId, Vec<ObjectId>> = HashMap::new();
        for (id, object) in schemas.live.iter().filter(|(id, _)| !id.kind.is_satellite()) {
            for used in references.live.of(object) {
                live_users.entry(used).or_default().push(id.clone());
            }
        }
        let mut heirs: HashMap<QualifiedName, Vec<QualifiedName>> = HashMap::new();
        let mut live_heirs: HashMap<QualifiedName, Vec<QualifiedName>> = HashMap::new();
        for (_, object) in schemas.live.of_kind(Kind::Table) {
            if let Object::Table(table) = object {
                if let Some(of) = &table.partition_of {
                    live_heirs
                        .entry(of.parent.clone())
                        .or_default()
                        .push(table.name.clone());
                }
            }
        }
        let mut owned: HashMap<(QualifiedName, Ident), Vec<&Sequence>> = HashMap::new();
        for (_, object) in schemas.desired.iter() {
            if let Object::Sequence(sequence) = object {
                if let Some(owner) = &sequence.owned_by {
                    owned
                        .entry((owner.table.clone(), owner.column.clone()))
                        .or_default()
                        .push(sequence);
                }
            }
            if let Object::Table(table) = object {
                for parent in crate::schema::parents(table) {
                    heirs.entry(parent.clone()).or_default().push(table.name.clone());
                }
            }
        }
        let default_privileges = schemas
            .desired
            .of_kind(Kind::DefaultPrivileges)
            .filter(|(id, object)| schemas.live.get(id) != Some(*object))
            .filter_map(|(_, object)| match object {
                Object::DefaultPrivileges(defaults) => Some(defaults),
                _ => None,
            })
            .collect();
        Self {
            schemas,
            references,
            server_version,
            wishes,
            live_users,
            heirs,
            live_heirs,
            owned,
            default_privileges,
            chosen: RefCell::default(),
            names_of_parts: OnceCell::new(),
        }
    }

    /// Whether the relation is made by this plan, so that nobody uses it yet.
    pub fn is_new(&self, relation: &QualifiedName) -> bool {
        let (live, desired) = (self.schemas.live, self.schemas.desired);
        // One of another kind under the same name goes before it comes.
        match desired.relation(relation) {
            Some(id) => !live.contains(&id),
            None => live.relation(relation).is_none(),
        }
    }

    /// Whether the column is made by this plan.
    pub fn is_new_column(&self, table: &QualifiedName, column: &Ident) -> bool {
        !self
            .schemas
            .live
            .all_columns(table)
            .iter()
            .any(|live| live.name == *column)
    }

    /// The desired table of this name.
    pub fn desired_table(&self, name: &QualifiedName) -> Option<&'a Table> {
        self.schemas.desired.table(name)
    }

    /// The live column, looked up through parents.
    pub fn live_column(&self, table: &QualifiedName, name: &Ident) -> Option<&'a Column> {
        self.schemas.live.column(table, name).or_else(|| {
            self.schemas
                .live
                .all_columns(table)
                .into_iter()
                .find(|column| column.name == *name)
        })
    }

    /// The desired column, looked up through parents.
    pub fn desired_column(&self, table: &QualifiedName, name: &Ident) -> Option<&'a Column> {
        self.schemas.desired.column(table, name).or_else(|| {
            self.schemas
                .desired
                .all_columns(table)
                .into_iter()
                .find(|column| column.name == *name)
        })
    }

    /// Whether the table is partitioned.
    pub fn is_partitioned(&self, table: &QualifiedName) -> bool {
        self.schemas
            .desired
            .table(table)
            .is_some_and(|table| table.partition_by.is_some())
    }

    /// Partitions and inheritance children in the desired schema, in order of name.
    pub fn heirs(&self, table: &QualifiedName) -> &[QualifiedName] {
        self.heirs.get(table).map_or(&[], Vec::as_slice)
    }

    /// Desired sequences that this column owns.
    pub fn owned_sequences(&self, owner: &ColumnRef) -> Vec<&'a Sequence> {
        self.owned
            .get(&(owner.table.clone(), owner.column.clone()))
            .cloned()
            .unwrap_or_default()
    }

    /// Whether the index that this one is attached to is made anew.
    pub fn replaced_with_parent(&self, index: &crate::object::index::Index) -> bool {
        let Some(parent) = &index.attached_to else { return false };
        let id = ObjectId::named(Kind::Index, parent);
        match (self.schemas.live.get(&id), self.schemas.desired.get(&id)) {
            (Some(live), Some(desired)) => matches!(live.compare(desired), crate::object::Comparison::Replaced(_)),
            _ => false,
        }
    }

    /// Live partitions below a table, at every level.
    pub fn live_partitions(&self, table: &QualifiedName) -> Vec<QualifiedName> {
        partitions_below(&self.live_heirs, table)
    }

    /// Those of them that go; the others get another parent or none.
    pub fn partitions_that_go(&self, table: &QualifiedName) -> Vec<QualifiedName> {
        let mut partitions = self.live_partitions(table);
        partitions.retain(|name| self.schemas.desired.table(name).is_none());
        partitions
    }

    /// Live sequences that columns of this table own.
    pub fn live_owned_sequences(&self, table: &QualifiedName) -> Vec<ObjectId> {
        self.schemas
            .live
            .of_kind(Kind::Sequence)
            .filter(|(_, object)| match object {
                Object::Sequence(sequence) => sequence.owned_by.as_ref().is_some_and(|owner| owner.table == *table),
                _ => false,
            })
            .map(|(id, _)| id.clone())
            .collect()
    }

    /// Whether PostgreSQL ties the text of something live to the object.
    pub fn is_read(&self, id: &ObjectId) -> bool {
        let users = self.live_users.get(id).into_iter().flatten();
        let mut objects = users.filter_map(|user| self.schemas.live.get(user));
        objects.any(|user| !user.binding_texts().is_empty())
    }

    /// Live objects that name this one or one of its parts.
    pub fn live_users_of(&self, id: &ObjectId) -> Vec<&ObjectId> {
        self.schemas
            .live
            .descendants(id)
            .iter()
            .chain(std::iter::once(id))
            .flat_map(|id| self.live_users.get(id).into_iter().flatten())
            .collect()
    }

    /// A name that PostgreSQL would choose for an index: `RELATION_MIDDLE_LABEL`, shortened to 63 bytes and numbered until no
    /// relation or constraint of the namespace has it. The name counts as taken from then on.
    pub fn free_relation_name(&self, relation: &QualifiedName, middle: &str, label: &str) -> Ident {
        let mut number = 0u32;
        loop {
            let label = if number == 0 {
                label.to_string()
            } else {
                format!("{label}{number}")
            };
            let name = Ident::new(object_name(relation.name.as_str(), middle, &label));
            let qualified = QualifiedName {
                namespace: relation.namespace.clone(),
                name: name.clone(),
            };
            let is_relation = |schema: &Schema| schema.relation(&qualified).is_some();
            let taken = is_relation(self.schemas.live) || is_relation(self.schemas.desired);
            if !taken
                && !self.names_of_parts().contains(&qualified)
                && self.chosen.borrow_mut().insert(qualified.clone())
            {
                return name;
            }
            number += 1;
        }
    }

    /// The names of relations that are no objects of their own, on both sides.
    fn names_of_parts(&self) -> &HashSet<QualifiedName> {
        self.names_of_parts.get_or_init(|| {
            let Pair { live, desired } = self.schemas;
            live.owned_relations().chain(desired.owned_relations()).collect()
        })
    }
}
