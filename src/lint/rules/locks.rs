//! Locks that are short but strong: who waits in the queue behind them, and which other tables they reach.

use std::collections::BTreeSet;

use crate::lint::command::Command;
use crate::lint::rule::{Check, Level, Rule};
use crate::lint::session::altered;
use crate::lint::site::{Site, Told};
use crate::name::QualifiedName;
use crate::object::constraint::ConstraintRule;
use crate::object::table::TableChange;
use crate::object::{Change, Kind, Object};
use crate::operation::Operation;
use crate::plan::LockMode;

fn no_time_limit(site: &Site<'_>) -> Vec<Told> {
    let strong = site
        .facts
        .locks
        .iter()
        .filter(|lock| lock.mode >= LockMode::ShareRowExclusive);
    let Some(lock) = strong
        .max_by_key(|lock| lock.mode)
        .filter(|_| !site.session.lock_timeout)
    else {
        return Vec::new();
    };
    vec![Told::new(format!(
        "it asks for {} on {}: while it waits for a long transaction, everybody who comes after it waits too",
        lock.mode, lock.relation
    ))]
}

fn drop_index(site: &Site<'_>) -> Vec<Told> {
    site.siblings
        .iter()
        .filter_map(|operation| match operation {
            Operation::Drop {
                id,
                concurrently: false,
                ..
            } if id.kind == Kind::Index && site.existed(id) => Some(
                Told::new(format!(
                    "dropping {} takes ACCESS EXCLUSIVE on its table",
                    id.qualified()
                ))
                .at(&id.name)
                .instead(format!("DROP INDEX CONCURRENTLY {};", id.qualified())),
            ),
            _ => None,
        })
        .collect()
}

fn detach(site: &Site<'_>) -> Vec<Told> {
    site.siblings
        .iter()
        .filter_map(|operation| match operation {
            Operation::Alter {
                id,
                change:
                    Change::Table(TableChange::Detach {
                        parent,
                        concurrently: false,
                    }),
            } if site.relation_existed(parent) && !site.has_word("finalize") => Some(
                Told::new(format!(
                    "detaching {} takes ACCESS EXCLUSIVE on {parent}",
                    id.qualified()
                ))
                .at(&id.name),
            ),
            _ => None,
        })
        .collect()
}

fn partition_of(site: &Site<'_>) -> Vec<Told> {
    match site.operation {
        Some(Operation::Create {
            object: Object::Table(table),
            ..
        }) => table
            .partition_of
            .iter()
            .filter(|of| site.relation_existed(&of.parent) && !site.blocks())
            .map(|of| Told::new(format!("PARTITION OF takes ACCESS EXCLUSIVE on {}", of.parent)).at(&table.name.name))
            .collect(),
        _ => Vec::new(),
    }
}

/// Relations that are locked although the statement is about another one.
fn referenced(site: &Site<'_>) -> Vec<Told> {
    let subject = match site.operation {
        Some(Operation::Drop { id, .. }) if matches!(id.kind, Kind::Table | Kind::Column | Kind::Constraint) => {
            id.qualified()
        }
        _ => return Vec::new(),
    };
    let heirs: BTreeSet<QualifiedName> = site.base.heirs(&subject).map(|heir| heir.name.clone()).collect();
    let parent = site.base.table(&subject).and_then(|table| table.partition_of.as_ref());
    site.facts
        .locks
        .iter()
        .filter(|lock| lock.relation != subject && lock.mode == LockMode::AccessExclusive)
        .filter(|lock| !heirs.contains(&lock.relation) && parent.is_none_or(|of| of.parent != lock.relation))
        .map(|lock| {
            Told::new(format!(
                "the foreign key goes with it, which takes ACCESS EXCLUSIVE on {} as well",
                lock.relation
            ))
        })
        .collect()
}

fn new_reference(site: &Site<'_>) -> Vec<Told> {
    let Some(Operation::Create {
        object: Object::Constraint(constraint),
        ..
    }) = site.operation
    else {
        return Vec::new();
    };
    match &constraint.rule {
        ConstraintRule::ForeignKey(key)
            if !site.relation_existed(&constraint.table) && site.relation_existed(&key.references) =>
        {
            vec![
                Told::new(format!(
                    "making a table that references {} takes SHARE ROW EXCLUSIVE on it: its writes wait",
                    key.references
                ))
                .at(&key.references.name),
            ]
        }
        _ => Vec::new(),
    }
}

fn lock_order(site: &Site<'_>) -> Vec<Told> {
    let Some(Operation::Create {
        object: Object::Constraint(constraint),
        ..
    }) = site.operation
    else {
        return Vec::new();
    };
    let ConstraintRule::ForeignKey(key) = &constraint.rule else {
        return Vec::new();
    };
    let both = [&key.references, &constraint.table];
    let locked = |name: &QualifiedName| site.session.held.iter().any(|held| held.relation == *name);
    let old = both.iter().all(|name| site.relation_existed(name)) && key.references != constraint.table;
    if !old || both.iter().all(|name| locked(name)) {
        return Vec::new();
    }
    vec![
        Told::new(format!(
            "it locks {} before {}, the other way round than an application that writes both",
            constraint.table, key.references
        ))
        .instead(format!(
            "in the same transaction, first: LOCK TABLE {}, {} IN SHARE ROW EXCLUSIVE MODE;",
            key.references, constraint.table
        )),
    ]
}

fn several(site: &Site<'_>) -> Vec<Told> {
    if !site.session.in_transaction() || matches!(site.command, Some(Command::Lock(_))) {
        return Vec::new();
    }
    let strong = |mode: LockMode| mode == LockMode::AccessExclusive;
    let held: BTreeSet<&QualifiedName> = site
        .session
        .held
        .iter()
        .filter(|held| strong(held.mode))
        .map(|held| &held.relation)
        .collect();
    let new = site
        .facts
        .locks
        .iter()
        .find(|lock| strong(lock.mode) && !held.contains(&lock.relation));
    match (new, held.first()) {
        (Some(lock), Some(first)) => vec![Told::new(format!(
            "the transaction holds ACCESS EXCLUSIVE on {first} while it waits for it on {}",
            lock.relation
        ))],
        _ => Vec::new(),
    }
}

/// A stronger mode on a relation that the transaction has locked in a weaker one.
fn grows(site: &Site<'_>) -> Vec<Told> {
    let held = |name: &QualifiedName| {
        let held = site.session.held.iter().filter(|held| held.relation == *name);
        held.map(|held| held.mode).max()
    };
    let stronger = site.facts.locks.iter().find_map(|lock| {
        let held = held(&lock.relation)?;
        (lock.mode > held).then_some((lock, held))
    });
    stronger
        .map(|(lock, held)| {
            Told::new(format!(
                "the transaction holds {held} on {} and asks for {} now",
                lock.relation, lock.mode
            ))
            .instead(format!(
                "first in the transaction: LOCK TABLE {} IN {} MODE;",
                lock.relation, lock.mode
            ))
        })
        .into_iter()
        .collect()
}

/// One more ALTER of the table that the statement before has let go of.
fn altered_again(site: &Site<'_>) -> Vec<Told> {
    let again = altered(site.tokens, site.siblings, site.facts).filter(|name| {
        let before = site.session.altered.as_ref();
        before == Some(name) && !site.session.in_transaction() && site.relation_existed(name)
    });
    again
        .map(|name| Told::new(format!("it waits for ACCESS EXCLUSIVE on {name} once more")).at(&name.name))
        .into_iter()
        .collect()
}

fn drop_and_create(site: &Site<'_>) -> Vec<Told> {
    match site.operation {
        Some(Operation::Drop { id, .. })
            if id.kind == Kind::Trigger && site.relation_existed(&id.qualified()) && site.session.in_transaction() =>
        {
            vec![
                Told::new(format!(
                    "DROP TRIGGER takes ACCESS EXCLUSIVE on {}, where CREATE OR REPLACE TRIGGER lets reads go on",
                    id.qualified()
                ))
                .at(id.own_name()),
            ]
        }
        _ => Vec::new(),
    }
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "missing-lock-timeout",
        title: "a strong lock is asked for without a time limit",
        why: "A statement that waits for a lock stands in a queue, and everybody who comes after it waits behind it, readers too. \
              One long transaction is enough to stop an application. With lock_timeout the statement gives up instead and can be \
              tried again.",
        bad: "ALTER TABLE orders ADD COLUMN weight integer;",
        good: "SET lock_timeout = '2s';\nALTER TABLE orders ADD COLUMN weight integer;",
        fix: "SET lock_timeout = '2s' first, and try again when it fails",
        once: true,
        check: Check::Statement(no_time_limit),
        ..Rule::BLANK
    },
    Rule {
        id: "drop-index-not-concurrent",
        title: "DROP INDEX keeps reads and writes waiting",
        why: "It is short, but it takes ACCESS EXCLUSIVE on the table, so it waits for every transaction that has read it, and \
              everybody waits behind it. CONCURRENTLY waits without keeping anybody waiting.",
        bad: "SET lock_timeout = '2s';\nDROP INDEX orders_total_idx;",
        good: "DROP INDEX CONCURRENTLY orders_total_idx;",
        fix: "use DROP INDEX CONCURRENTLY, outside a transaction",
        check: Check::Statement(drop_index),
        ..Rule::BLANK
    },
    Rule {
        id: "detach-not-concurrent",
        title: "DETACH PARTITION keeps reads and writes of the parent waiting",
        why: "It takes ACCESS EXCLUSIVE on the partitioned table. CONCURRENTLY, from PostgreSQL 14 on, takes SHARE UPDATE \
              EXCLUSIVE; it cannot be used with a default partition.",
        bad: "SET lock_timeout = '2s';\nALTER TABLE measurements DETACH PARTITION measurements_2025;",
        good: "SET lock_timeout = '2s';\nALTER TABLE measurements DETACH PARTITION measurements_2025 CONCURRENTLY;",
        fix: "use DETACH PARTITION ... CONCURRENTLY, outside a transaction",
        check: Check::Statement(detach),
        ..Rule::BLANK
    },
    Rule {
        id: "partition-locks-parent",
        level: Level::Info,
        title: "CREATE TABLE PARTITION OF keeps reads and writes of the parent waiting",
        why: "It takes ACCESS EXCLUSIVE on the partitioned table, if only for a moment. Made as a table of its own and attached, the \
              partition needs no more than SHARE UPDATE EXCLUSIVE there.",
        bad: "SET lock_timeout = '2s';\n\
              CREATE TABLE measurements_2027 PARTITION OF measurements FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');",
        good: "SET lock_timeout = '2s';\nCREATE TABLE measurements_2027 (LIKE measurements INCLUDING ALL);\n\
               ALTER TABLE measurements ATTACH PARTITION measurements_2027 FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');",
        fix: "make the table by itself, and ATTACH PARTITION while it is empty",
        check: Check::Operation(partition_of),
        ..Rule::BLANK
    },
    Rule {
        id: "several-locks",
        title: "a transaction takes ACCESS EXCLUSIVE on several tables",
        why: "While it waits for the second table, everybody waits for the first. An application that uses both in the other \
              order deadlocks with it.",
        bad: "SET lock_timeout = '2s';\nBEGIN;\nALTER TABLE orders ADD COLUMN weight integer;\n\
              ALTER TABLE customers ADD COLUMN phone text;\nCOMMIT;",
        good: "SET lock_timeout = '2s';\nALTER TABLE orders ADD COLUMN weight integer;\nALTER TABLE customers ADD COLUMN phone text;",
        fix: "change one table in one transaction, or LOCK TABLE all of them in one statement first",
        check: Check::Statement(several),
        ..Rule::BLANK
    },
    Rule {
        id: "lock-grows",
        title: "a transaction asks for a stronger lock on a table that it has locked",
        why: "Under the weaker lock others go on reading, and wait to write. One that has read and then writes waits for the \
              transaction, which waits for that reader with its stronger lock: a deadlock, and one of the two fails.",
        bad: "SET lock_timeout = '2s';\nBEGIN;\n\
              CREATE TRIGGER orders_seen AFTER UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch();\n\
              ALTER TABLE orders ADD COLUMN weight integer;\nCOMMIT;",
        good: "SET lock_timeout = '2s';\nBEGIN;\nALTER TABLE orders ADD COLUMN weight integer;\n\
               CREATE TRIGGER orders_seen AFTER UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch();\nCOMMIT;",
        fix: "begin with the statement that takes the strongest lock, or with LOCK TABLE in its mode",
        check: Check::Statement(grows),
        ..Rule::BLANK
    },
    Rule {
        id: "altered-apart",
        level: Level::Info,
        title: "a table is altered by several statements one after the other",
        why: "Each waits for every transaction that uses the table, and everybody who comes meanwhile waits behind it. One ALTER \
              TABLE takes several changes, and waits once. (Not so the drop of a check that proves a column not null: it has to \
              come after.)",
        bad: "SET lock_timeout = '2s';\nALTER TABLE orders ADD COLUMN weight integer;\nALTER TABLE orders ADD COLUMN height integer;",
        good: "SET lock_timeout = '2s';\nALTER TABLE orders ADD COLUMN weight integer, ADD COLUMN height integer;",
        fix: "write them as one ALTER TABLE",
        check: Check::Statement(altered_again),
        ..Rule::BLANK
    },
    Rule {
        id: "drop-locks-referenced",
        level: Level::Info,
        title: "dropping a foreign key locks the referenced table as well",
        why: "DROP CONSTRAINT of a foreign key, and DROP TABLE or DROP COLUMN that takes one along, holds ACCESS EXCLUSIVE on both \
              tables. An application that touches the referenced table first deadlocks with it; LOCK TABLE in that order avoids it.",
        bad: "SET lock_timeout = '2s';\nALTER TABLE invoices DROP CONSTRAINT invoices_order_id_fkey;",
        good: "SET lock_timeout = '2s';\nALTER TABLE orders DROP CONSTRAINT orders_note_not_null;",
        fix: "in one transaction, LOCK TABLE the referenced table and then this one, and then drop it",
        check: Check::Operation(referenced),
        ..Rule::BLANK
    },
    Rule {
        id: "create-table-locks-referenced",
        level: Level::Info,
        title: "a new table with a foreign key keeps writes of the referenced table waiting",
        why: "CREATE TABLE ... REFERENCES takes SHARE ROW EXCLUSIVE on the referenced table: short, but it waits for every \
              transaction that has written it, and other writes wait behind it.",
        bad: "SET lock_timeout = '2s';\nCREATE TABLE reviews (id bigint PRIMARY KEY, order_id bigint UNIQUE REFERENCES orders (id));",
        good: "CREATE TABLE reviews (id bigint PRIMARY KEY, order_id bigint UNIQUE);",
        fix: "set a lock_timeout, and keep the transaction short",
        check: Check::Operation(new_reference),
        ..Rule::BLANK
    },
    Rule {
        id: "foreign-key-lock-order",
        level: Level::Off,
        title: "ADD FOREIGN KEY locks its tables in the order in which applications do not",
        why: "It locks the referencing table first and the referenced one second. Applications mostly write them the other way \
              round, so under load it needed 4 to 30 attempts of 400 ms, and one attempt with LOCK TABLE before it (measured).",
        bad: "SET lock_timeout = '2s';\n\
              ALTER TABLE orders ADD CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (id) NOT VALID;",
        good: "SET lock_timeout = '2s';\nBEGIN;\nLOCK TABLE customers, orders IN SHARE ROW EXCLUSIVE MODE;\n\
               ALTER TABLE orders ADD CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (id) NOT VALID;\n\
               COMMIT;",
        fix: "LOCK TABLE referenced, referencing IN SHARE ROW EXCLUSIVE MODE before it, in the same transaction",
        check: Check::Operation(lock_order),
        ..Rule::BLANK
    },
    Rule {
        id: "trigger-dropped-to-replace",
        level: Level::Info,
        title: "a trigger is dropped to be made anew",
        why: "DROP TRIGGER takes ACCESS EXCLUSIVE. CREATE OR REPLACE TRIGGER, from PostgreSQL 14 on, takes SHARE ROW EXCLUSIVE, so \
              reads go on, and there is no moment without the trigger.",
        bad: "SET lock_timeout = '2s';\nBEGIN;\nDROP TRIGGER orders_touch ON orders;\n\
              CREATE TRIGGER orders_touch BEFORE INSERT OR UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch();\nCOMMIT;",
        good: "SET lock_timeout = '2s';\n\
               CREATE OR REPLACE TRIGGER orders_touch BEFORE INSERT OR UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch();",
        fix: "use CREATE OR REPLACE TRIGGER",
        check: Check::Operation(drop_and_create),
        ..Rule::BLANK
    },
];
