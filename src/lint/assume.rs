//! What a migration needs and no file makes is assumed to have been there, with nothing known about it.

use std::collections::{BTreeMap, BTreeSet};

use crate::expr::{Expr, Query};
use crate::name::{Ident, QualifiedName};
use crate::object::column::Column;
use crate::object::column::parse::bare;
use crate::object::composite_type::CompositeType;
use crate::object::constraint::{Constraint, ConstraintRule, PartNames};
use crate::object::domain::Domain;
use crate::object::enum_type::EnumType;
use crate::object::extension::Extension;
use crate::object::index::{Index, IndexKey};
use crate::object::materialized_view::MaterializedView;
use crate::object::namespace::Namespace;
use crate::object::policy::{Policy, PolicyCommand};
use crate::object::publication::{Publication, PublicationOptions};
use crate::object::routine::{Argument, ArgumentMode, Routine};
use crate::object::rule::{Rule, RuleEvent};
use crate::object::sequence::{Sequence, SequenceOptions};
use crate::object::table::Table;
use crate::object::table::parse::plain;
use crate::object::trigger::{Enabled, Event, Timing, Trigger};
use crate::object::view::View;
use crate::object::{Kind, Object, ObjectId};
use crate::parse::target::split_types;
use crate::schema::Schema;
use crate::types::TypeName;

/// The name of the type of a column about which nothing is known.
pub const UNKNOWN: &str = "unknown";

/// Objects that make the missing one be there; empty for kinds that cannot be assumed.
pub fn assumed(id: &ObjectId, schema: &Schema) -> Vec<Object> {
    let name = id.qualified();
    match id.kind {
        Kind::Table => vec![table(&name).into()],
        Kind::Column => {
            let part = column(&name, id.own_name()).into();
            on_table(&name, part, schema)
        }
        Kind::Constraint => vec![
            Constraint {
                table: name,
                name: id.own_name().clone(),
                // Whatever it demands, validating it reads the table and dropping it does not.
                rule: ConstraintRule::Check {
                    expr: Expr::new("true"),
                    no_inherit: false,
                },
                deferrable: false,
                initially_deferred: false,
                not_valid: true,
                not_enforced: false,
                attached_to: None,
                missing: Vec::new(),
                parts: PartNames::default(),
            }
            .into(),
        ],
        Kind::Index => {
            // Its table is not told by a statement that names the index only.
            let of = QualifiedName {
                namespace: name.namespace.clone(),
                name: Ident::new(format!("the table of {}", name.name)),
            };
            let index = Index {
                name,
                table: of.clone(),
                unique: true,
                nulls_not_distinct: false,
                method: Ident::new("btree"),
                keys: vec![IndexKey::column(&Ident::new(UNKNOWN))],
                include: Vec::new(),
                predicate: None,
                options: BTreeMap::new(),
                tablespace: None,
                attached_to: None,
                invalid: false,
                clustered: false,
            };
            vec![table(&of).into(), index.into()]
        }
        Kind::EnumType => {
            let known = match schema.get(&ObjectId::named(Kind::EnumType, &name)) {
                Some(Object::EnumType(known)) => known.labels.clone(),
                _ => Vec::new(),
            };
            let label = id.part.as_ref().map(|label| label.as_str().to_owned());
            let labels = known.into_iter().chain(label).collect();
            vec![EnumType { name, labels }.into()]
        }
        Kind::Namespace => vec![Namespace { name: id.name.clone() }.into()],
        Kind::Sequence => {
            let data_type = TypeName::builtin("bigint");
            vec![
                Sequence {
                    name,
                    options: SequenceOptions::defaults(&data_type, 1),
                    data_type,
                    unlogged: false,
                    owned_by: None,
                }
                .into(),
            ]
        }
        Kind::View => vec![
            View {
                name,
                columns: Vec::new(),
                query: Query::new("SELECT"),
                options: BTreeMap::new(),
                check_option: None,
                defaults: BTreeMap::new(),
                output: Vec::new(),
            }
            .into(),
        ],
        Kind::MaterializedView => vec![
            MaterializedView {
                name,
                columns: Vec::new(),
                query: Query::new("SELECT"),
                access_method: None,
                options: BTreeMap::new(),
                tablespace: None,
                no_data: false,
                output: Vec::new(),
            }
            .into(),
        ],
        Kind::Domain => vec![
            Domain {
                name,
                base: TypeName::builtin(UNKNOWN),
                collation: None,
                default: None,
                not_null: false,
            }
            .into(),
        ],
        Kind::CompositeType => vec![
            CompositeType {
                name,
                attributes: Vec::new(),
            }
            .into(),
        ],
        Kind::Extension => vec![
            Extension {
                name: id.name.clone(),
                namespace: None,
                version: None,
            }
            .into(),
        ],
        Kind::Function | Kind::Procedure => vec![routine(id, name).into()],
        Kind::Policy => {
            let policy = Policy {
                table: name.clone(),
                name: id.own_name().clone(),
                restrictive: false,
                command: PolicyCommand::All,
                roles: Vec::new(),
                using: None,
                check: None,
            };
            on_table(&name, policy.into(), schema)
        }
        Kind::Publication => vec![
            Publication {
                name: id.name.clone(),
                all_tables: false,
                tables: Vec::new(),
                namespaces: BTreeSet::new(),
                options: PublicationOptions::default(),
            }
            .into(),
        ],
        Kind::Trigger => {
            let trigger = Trigger {
                table: name.clone(),
                name: id.own_name().clone(),
                timing: Timing::After,
                events: vec![Event::Insert],
                for_each_row: false,
                constraint: None,
                old_table: None,
                new_table: None,
                when: None,
                function: QualifiedName::bare(Ident::new(UNKNOWN)),
                arguments: Vec::new(),
                enabled: Enabled::Origin,
                below: Vec::new(),
            };
            on_table(&name, trigger.into(), schema)
        }
        Kind::Rule => {
            let rule = Rule {
                table: name.clone(),
                name: id.own_name().clone(),
                event: RuleEvent::Insert,
                instead: false,
                condition: None,
                actions: Vec::new(),
                enabled: Enabled::Origin,
            };
            on_table(&name, rule.into(), schema)
        }
        _ => Vec::new(),
    }
}

/// A part of a table, and the table where it is not there.
fn on_table(name: &QualifiedName, part: Object, schema: &Schema) -> Vec<Object> {
    let home = schema.relation(name).is_none().then(|| table(name).into());
    home.into_iter().chain([part]).collect()
}

/// A routine with these arguments.
fn routine(id: &ObjectId, name: QualifiedName) -> Routine {
    let types = split_types(id.signature.as_deref().unwrap_or_default());
    let argument = |type_name| Argument {
        mode: ArgumentMode::In,
        name: None,
        type_name,
        default: None,
    };
    Routine {
        procedure: id.kind == Kind::Procedure,
        arguments: types.into_iter().map(argument).collect(),
        ..Routine::trigger(name, String::new(), String::new())
    }
}

/// A table about which nothing is known.
pub fn table(name: &QualifiedName) -> Table {
    plain(name.clone(), false)
}

fn column(table: &QualifiedName, name: &Ident) -> Column {
    bare(table, name.clone(), TypeName::builtin(UNKNOWN))
}
