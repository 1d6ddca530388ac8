//! What an application that still runs does not expect.

use crate::lint::rule::{Check, Level, Rule};
use crate::lint::site::{Site, Told};
use crate::object::column::ColumnChange;
use crate::object::enum_type::EnumChange;
use crate::object::grant::AclChange;
use crate::object::table::TableChange;
use crate::object::{Change, Kind, Object};
use crate::operation::Operation;

fn renamed(site: &Site<'_>, kinds: &[Kind]) -> Vec<Told> {
    match site.operation {
        Some(Operation::Rename { from, to }) if kinds.contains(&from.kind) && site.existed(from) => {
            let (old, new) = (from.own_name(), to.own_name());
            let message = if old == new {
                format!("{from} goes to another schema: applications that look for it where it was fail")
            } else {
                format!("{from} becomes {new}: applications that still say {old} fail at once")
            };
            vec![Told::new(message).at(old)]
        }
        _ => Vec::new(),
    }
}

fn label(site: &Site<'_>) -> Vec<Told> {
    match site.operation {
        Some(Operation::Alter {
            id,
            change: Change::EnumType(EnumChange::RenameLabel { from, to }),
        }) if site.existed(id) => vec![Told::new(format!(
            "'{from}' becomes '{to}': applications that still write or compare with '{from}' fail"
        ))],
        _ => Vec::new(),
    }
}

fn composite(site: &Site<'_>) -> Vec<Told> {
    match site.operation {
        Some(Operation::Alter {
            id,
            change: Change::CompositeType(_),
        }) if site.existed(id) => vec![Told::new(format!("values of {id} have another shape at once"))],
        _ => Vec::new(),
    }
}

fn nulls(site: &Site<'_>) -> Vec<Told> {
    match site.operation {
        Some(Operation::Alter {
            id,
            change: Change::Column(ColumnChange::NotNull(false)),
        }) if site.relation_existed(&id.qualified()) => vec![
            Told::new(format!(
                "readers of {} that expect a value may get a null",
                id.own_name()
            ))
            .at(id.own_name()),
        ],
        _ => Vec::new(),
    }
}

fn required(site: &Site<'_>) -> Vec<Told> {
    match site.operation {
        Some(Operation::Create {
            object: Object::Column(column),
            ..
        }) if site.relation_existed(&column.table)
            && column.not_null
            && column.default.is_none()
            && column.generated.is_none()
            && column.identity.is_none() =>
        {
            vec![
                Told::new(format!(
                    "{} is required and has no default: it fails if {} holds a row, and applications that do not write it fail after",
                    column.name, column.table
                ))
                .at(&column.name),
            ]
        }
        _ => Vec::new(),
    }
}

fn hidden_rows(site: &Site<'_>) -> Vec<Told> {
    match site.operation {
        Some(Operation::Alter {
            id,
            change: Change::Table(TableChange::RowSecurity(true)),
        }) if site.existed(id) => {
            let policies = site.schema.children(id).any(|child| child.kind == Kind::Policy);
            if policies {
                return Vec::new();
            }
            vec![
                Told::new(format!(
                    "{id} has no policy, so everybody but its owner sees no row of it"
                ))
                .at(&id.name),
            ]
        }
        _ => Vec::new(),
    }
}

fn row_security_off(site: &Site<'_>) -> Vec<Told> {
    match site.operation {
        Some(Operation::Alter {
            id,
            change: Change::Table(TableChange::RowSecurity(false)),
        }) if site.existed(id) => {
            let message = format!("everybody who may read {id} sees every row of it from now on");
            vec![Told::new(message).at(&id.name)]
        }
        _ => Vec::new(),
    }
}

fn no_longer_computed(site: &Site<'_>) -> Vec<Told> {
    match site.operation {
        Some(Operation::Alter {
            id,
            change: Change::Column(ColumnChange::Generated(None)),
        }) if site.relation_existed(&id.qualified()) => {
            let name = id.own_name();
            vec![
                Told::new(format!(
                    "new rows have no value in {name} unless the application writes one"
                ))
                .at(name),
            ]
        }
        _ => Vec::new(),
    }
}

fn revoked(site: &Site<'_>) -> Vec<Told> {
    match site.operation {
        Some(Operation::Alter {
            id,
            change:
                Change::Acl(AclChange::Revoke {
                    grantee,
                    privileges,
                    option_only: false,
                }),
        }) if site.existed(id.subject()) => {
            let role = match grantee.as_str() {
                "" => "everybody".to_owned(),
                role => role.to_owned(),
            };
            vec![Told::new(format!(
                "{} on {} is taken from {role}: applications that use it fail at once",
                privileges.join(", "),
                id.subject()
            ))]
        }
        _ => Vec::new(),
    }
}

fn disabled(site: &Site<'_>) -> Vec<Told> {
    let what = ["trigger", "rule"].into_iter().find(|what| {
        let pair = |pair: &[&str]| pair[0].eq_ignore_ascii_case("disable") && pair[1].eq_ignore_ascii_case(what);
        site.opens("alter table") && site.tokens.windows(2).any(pair)
    });
    let old = site.facts.locks.first();
    let told = what.zip(old).map(|(what, lock)| {
        Told::new(format!(
            "writes to {} pass the {what} by until somebody enables it again",
            lock.relation
        ))
    });
    told.into_iter().collect()
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "rename-column",
        title: "a column is renamed under a running application",
        why: "The old application fails from the moment of the rename, the new one until then. pgphase plan renames through a \
              second column that a trigger keeps in step.",
        bad: "SET lock_timeout = '2s';\nALTER TABLE orders RENAME COLUMN total TO amount_total;",
        good: "SET lock_timeout = '2s';\nALTER TABLE orders ADD COLUMN amount_total integer;",
        fix: "add the new column, keep both in step, and drop the old one once nothing uses it; pgphase plan does that by itself",
        check: Check::Operation(|site| renamed(site, &[Kind::Column])),
        ..Rule::BLANK
    },
    Rule {
        id: "rename-table",
        title: "a table or view is renamed or moved under a running application",
        why: "Applications know it by its old name only. A view under the old name keeps simple reads and writes going.",
        bad: "SET lock_timeout = '2s';\nALTER TABLE orders RENAME TO purchases;",
        good: "CREATE VIEW purchases AS SELECT * FROM orders;",
        fix: "make a view under the new name first, and rename once nothing uses the old one",
        check: Check::Operation(|site| renamed(site, &[Kind::Table, Kind::View, Kind::MaterializedView])),
        ..Rule::BLANK
    },
    Rule {
        id: "rename-schema",
        title: "a schema is renamed under a running application",
        why: "Every qualified name and every search_path that mentions it breaks at once.",
        bad: "ALTER SCHEMA attic RENAME TO loft;",
        good: "CREATE SCHEMA loft;",
        fix: "make the new schema, move what is used by views, and drop the old one later",
        setup: "CREATE SCHEMA attic;",
        check: Check::Operation(|site| renamed(site, &[Kind::Namespace])),
        ..Rule::BLANK
    },
    Rule {
        id: "rename-enum-value",
        title: "a value of an enum is renamed under a running application",
        why: "The old name is an error from that moment on, in every query that compares with it or writes it.",
        bad: "ALTER TYPE order_state RENAME VALUE 'paid' TO 'settled';",
        good: "ALTER TYPE order_state ADD VALUE 'settled';",
        fix: "add the new value, let the application write it, and move the rows",
        check: Check::Operation(label),
        ..Rule::BLANK
    },
    Rule {
        id: "composite-type-change",
        title: "a composite type changes its shape",
        why: "Values read from then on have other fields, and applications that build them fail.",
        bad: "ALTER TYPE address ADD ATTRIBUTE country text;",
        good: "CREATE TYPE address_2 AS (street text, town text, country text);",
        fix: "make a second type, and move columns and functions to it",
        check: Check::Operation(composite),
        ..Rule::BLANK
    },
    Rule {
        id: "required-column",
        level: Level::Error,
        title: "a column is required from the start and has no default",
        why: "ADD COLUMN ... NOT NULL fails as soon as the table holds a row. Where it does not, applications that do not know the \
              column cannot insert any more.",
        bad: "SET lock_timeout = '2s';\nALTER TABLE orders ADD COLUMN weight integer NOT NULL;",
        good: "SET lock_timeout = '2s';\nALTER TABLE orders ADD COLUMN weight integer NOT NULL DEFAULT 0;",
        fix: "give it a default, or add it without NOT NULL, fill it, and set it NOT NULL at last",
        check: Check::Operation(required),
        ..Rule::BLANK
    },
    Rule {
        id: "drop-not-null",
        level: Level::Info,
        title: "a column may hold nulls from now on",
        why: "Applications that read it may not expect a null. The application goes first, the constraint second.",
        bad: "SET lock_timeout = '2s';\nALTER TABLE strict ALTER COLUMN note DROP NOT NULL;",
        good: "SET lock_timeout = '2s';\nALTER TABLE strict ALTER COLUMN note SET DEFAULT 'none';",
        fix: "deploy readers that bear nulls first",
        setup: "CREATE TABLE strict (id bigint PRIMARY KEY, note text NOT NULL);",
        check: Check::Operation(nulls),
        ..Rule::BLANK
    },
    Rule {
        id: "drop-expression",
        title: "a generated column is no longer computed",
        why: "Rows that are there keep their values. New ones get a null, or the default that the column is given, and an UPDATE of what it \
              was computed from leaves it as it is.",
        bad: "SET lock_timeout = '2s';\nALTER TABLE computed ALTER COLUMN twice DROP EXPRESSION;",
        good: "SET lock_timeout = '2s';\nALTER TABLE computed ADD COLUMN thrice bigint;",
        fix: "make a trigger that writes it in the same transaction, until the application does",
        setup: "CREATE TABLE computed (id bigint PRIMARY KEY, twice bigint GENERATED ALWAYS AS (id * 2) STORED);",
        check: Check::Operation(no_longer_computed),
        ..Rule::BLANK
    },
    Rule {
        id: "row-security-without-policy",
        title: "row level security is switched on without a policy",
        why: "Without a policy nobody but the owner and superusers sees or writes any row: applications find the table empty.",
        bad: "SET lock_timeout = '2s';\nALTER TABLE orders ENABLE ROW LEVEL SECURITY;",
        good: "SET lock_timeout = '2s';\nCREATE POLICY everything ON orders USING (true);\nALTER TABLE orders ENABLE ROW LEVEL SECURITY;",
        fix: "create the policies first",
        check: Check::Operation(hidden_rows),
        ..Rule::BLANK
    },
    Rule {
        id: "row-security-off",
        title: "row level security is switched off",
        why: "From that moment everybody who may read the table sees every row, and may change it where the policies forbade that.",
        bad: "SET lock_timeout = '2s';\nALTER TABLE private DISABLE ROW LEVEL SECURITY;",
        good: "SET lock_timeout = '2s';\nCREATE POLICY readers ON private FOR SELECT USING (true);",
        fix: "add the policy that lets through what shall be seen",
        setup: "CREATE TABLE private (id bigint PRIMARY KEY);\nALTER TABLE private ENABLE ROW LEVEL SECURITY;",
        check: Check::Operation(row_security_off),
        ..Rule::BLANK
    },
    Rule {
        id: "revoke",
        title: "a privilege is taken from a running application",
        why: "Applications that connect as the role, or as a member of it, fail from that moment on.",
        bad: "REVOKE SELECT ON orders FROM PUBLIC;",
        good: "GRANT SELECT ON orders TO PUBLIC;",
        fix: "take it away once nothing that runs as the role uses it",
        check: Check::Operation(revoked),
        ..Rule::BLANK
    },
    Rule {
        id: "trigger-disabled",
        title: "a trigger or rule is switched off",
        why: "What an application writes meanwhile passes it by, also the checks of foreign keys where it is DISABLE TRIGGER ALL, and \
              nothing makes up for it later.",
        bad: "SET lock_timeout = '2s';\nALTER TABLE orders DISABLE TRIGGER orders_touch;",
        good: "SET session_replication_role = replica;",
        fix: "leave it on; for a load of one session, SET session_replication_role = replica in that session",
        check: Check::Statement(disabled),
        ..Rule::BLANK
    },
];
