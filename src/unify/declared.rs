//! Whether a child by `INHERITS` declares a column or check itself, beside the one that its parents hand down.
//!
//! PostgreSQL tells the two apart (`attislocal`, `conislocal`): what is declared stays in the child when the parent loses it. A check
//! becomes declared by `ADD CONSTRAINT`. Columns do only where a child leaves its parents and comes back, and then all that it inherits
//! does at once. No statement takes a declaration back. Where none leads to what the files say, the live form is kept, and told.

use crate::name::QualifiedName;
use crate::object::column::Column;
use crate::object::constraint::{Constraint, ConstraintRule};
use crate::object::table::Table;
use crate::object::{Kind, Object, ObjectId};
use crate::schema::Schema;

/// What the desired schema has taken over.
#[derive(Default)]
pub(super) struct Declared {
    /// One sentence for each table whose declarations stay as they are.
    pub(super) notes: Vec<String>,
    /// Columns and checks that say no more than the parents', whose texts they get once those are settled.
    follow: Vec<ObjectId>,
}

/// Takes the live form over where no statement leads to the desired one.
pub(super) fn keep(live: &Schema, desired: &mut Schema) -> Declared {
    let mut kept = Declared::default();
    desired.drop_inherited();
    let children: Vec<Table> = desired
        .of_kind(Kind::Table)
        .filter_map(|(_, object)| match object {
            Object::Table(table) if !table.inherits.is_empty() => Some(table.clone()),
            _ => None,
        })
        .filter(|table| live.table(&table.name).is_some_and(|live| live.partition_of.is_none()))
        .collect();
    for table in &children {
        kept.checks_of(table, live, desired);
        kept.columns_of(table, live, desired);
    }
    kept
}

impl Declared {
    fn columns_of(&mut self, table: &Table, live: &Schema, desired: &mut Schema) {
        let name = &table.name;
        let reachable = desired.comes_to_declare(live, table);
        let (mut declared, mut inherited) = (Vec::new(), Vec::new());
        for (column, wanted) in desired.declared_columns(name) {
            let id = ObjectId::part(Kind::Column, name, &column);
            let own = live.column(name, &column).is_some_and(|column| !column.inherited);
            let Some(parent) = desired.handed_down(name, &column).cloned() else {
                continue;
            };
            if wanted
                && desired
                    .column(name, &column)
                    .is_some_and(|own| says_no_more(own, &parent))
                && !live.contains(&id)
            {
                self.follow.push(id.clone());
            }
            match (own, wanted) {
                (true, false) => {
                    let mut column = desired.column(name, &column).cloned().unwrap_or(parent.below(name));
                    column.inherited = false;
                    desired.put(column);
                    declared.push(id);
                }
                (false, true) if !reachable => {
                    if let Some(Object::Column(column)) = desired.get_mut(&id) {
                        column.inherited = true;
                    }
                    inherited.push(id);
                }
                _ => {}
            }
        }
        if !inherited.is_empty() {
            desired.drop_inherited_of(&inherited.iter().cloned().collect());
        }
        self.note(name, "column", &declared, &inherited);
    }

    fn checks_of(&mut self, table: &Table, live: &Schema, desired: &mut Schema) {
        let name = &table.name;
        let mut declared = Vec::new();
        for (check, wanted) in desired.declared_checks(name) {
            let id = ObjectId::part(Kind::Constraint, name, &check);
            let parents = desired.inherited_checks(name).into_iter();
            let Some(parent) = parents.into_iter().find(|parent| parent.name == check).cloned() else {
                continue;
            };
            match desired.get(&id) {
                Some(Object::Constraint(own)) if !live.contains(&id) && same_rule(own, &parent) => {
                    self.follow.push(id.clone());
                }
                _ => {}
            }
            if live.contains(&id) && !wanted {
                desired.put(Constraint {
                    table: name.clone(),
                    ..parent
                });
                declared.push(id);
            }
        }
        self.note(name, "check", &declared, &[]);
    }

    fn note(&mut self, table: &QualifiedName, what: &str, declared: &[ObjectId], inherited: &[ObjectId]) {
        let named = |ids: &[ObjectId]| {
            let names: Vec<String> = ids.iter().map(|id| id.own_name().to_string()).collect();
            format!("{what}{} {}", if ids.len() == 1 { "" } else { "s" }, names.join(", "))
        };
        if !declared.is_empty() {
            self.notes.push(format!(
                "{table} declares itself what the files let it only inherit: {}. PostgreSQL has no statement that takes a declaration back; it stays.",
                named(declared)
            ));
        }
        if !inherited.is_empty() {
            self.notes.push(format!(
                "{table} only inherits what the files let it declare itself: {}. PostgreSQL has no statement that makes some of the inherited columns declared; they stay inherited.",
                named(inherited)
            ));
        }
    }

    /// Gives what says no more than the parents' the texts that those have by now.
    pub(super) fn follow(&self, desired: &mut Schema) {
        for id in &self.follow {
            let table = id.qualified();
            match desired.get(id) {
                Some(Object::Column(own)) => {
                    let parent = desired.handed_down(&table, &own.name);
                    let follower = parent.map(|parent| Column {
                        not_null: own.not_null,
                        inherited: own.inherited,
                        ..parent.below(&table)
                    });
                    if let Some(column) = follower {
                        desired.put(column);
                    }
                }
                Some(Object::Constraint(own)) => {
                    let mut parents = desired.inherited_checks(&table).into_iter();
                    let parent = parents.find(|parent| parent.name == own.name);
                    let follower = parent.map(|parent| Constraint {
                        table: table.clone(),
                        ..parent.clone()
                    });
                    if let Some(check) = follower {
                        desired.put(check);
                    }
                }
                _ => {}
            }
        }
    }
}

/// Whether a column has the value and the settings of its parent's.
fn says_no_more(own: &Column, parent: &Column) -> bool {
    let begun = Column {
        not_null: own.not_null,
        ..parent.below(&own.table)
    };
    let own = Column {
        inherited: false,
        ..own.clone()
    };
    own == begun
}

/// Whether two checks of one name say the same, whatever their form.
fn same_rule(own: &Constraint, parent: &Constraint) -> bool {
    match (&own.rule, &parent.rule) {
        (ConstraintRule::Check { expr: own, .. }, ConstraintRule::Check { expr: parent, .. }) => {
            own.canonical() == parent.canonical()
        }
        _ => false,
    }
}
