//! The triggers that carry writes over to the shadow.
//!
//! The function does not take over what a statement wrote but the row as it stands when the trigger fires, because another
//! trigger may have changed it again before. It belongs to the owner of the table and runs with its rights, so that who may
//! write the table needs no right on the shadow.

use crate::name::QualifiedName;
use crate::object::routine::Routine;
use crate::object::trigger::{Enabled, Event, Timing, Trigger};
use crate::object::{Definition, ObjectId};
use crate::operation::Operation;
use crate::sql;

use super::{Scene, stand_in};

/// The function and its triggers, made together.
pub(super) fn made(scene: &Scene) -> Vec<Operation> {
    let mut operations = vec![Operation::create(function(scene))];
    operations.extend(triggers(scene).into_iter().map(Operation::create));
    operations
}

/// They go before the table does.
pub(super) fn dropped(scene: &Scene) -> Vec<Operation> {
    let function: ObjectId = function(scene).id();
    let triggers = triggers(scene).into_iter().map(|trigger| trigger.id());
    triggers.chain([function]).map(Operation::drop).collect()
}

fn triggers(scene: &Scene) -> Vec<Trigger> {
    let trigger = |table: &QualifiedName, name: QualifiedName, events: Vec<Event>, for_each_row| Trigger {
        table: table.clone(),
        function: scene.helper("shadow"),
        name: name.name,
        timing: Timing::After,
        events,
        for_each_row,
        constraint: None,
        old_table: None,
        new_table: None,
        when: None,
        arguments: Vec::new(),
        // Rows that arrive by replication count as well.
        enabled: Enabled::Always,
        below: Vec::new(),
    };
    let table = &scene.live.name;
    let written = vec![Event::Insert, Event::Delete, Event::Update(Vec::new())];
    // Those of rows reach the partitions, but each partition can be emptied by itself.
    let partitions = stand_in::partitions(scene.context.schemas.live, table);
    let emptied = std::iter::once(table).chain(&partitions);
    std::iter::once(trigger(table, scene.helper("shadow"), written, true))
        .chain(emptied.map(|table| trigger(table, scene.helper("emptied"), vec![Event::Truncate], false)))
        .collect()
}

fn function(scene: &Scene) -> Routine {
    Routine {
        security_definer: true,
        ..Routine::trigger(scene.helper("shadow"), body(scene), "pg_catalog, pg_temp".into())
    }
}

fn body(scene: &Scene) -> String {
    let (table, shadow) = (&scene.live.name, &scene.shadow);
    let is = |alias: &str, row: &str| {
        let parts: Vec<String> = scene
            .key
            .iter()
            .map(|name| format!("{alias}.{name} = {row}.{name}"))
            .collect();
        parts.join(" AND ")
    };
    let others: Vec<String> = scene
        .columns
        .iter()
        .filter(|name| !scene.key.contains(name))
        .map(|name| format!("{name} = EXCLUDED.{name}"))
        .collect();
    let conflict = if others.is_empty() {
        "NOTHING".to_string()
    } else {
        format!("UPDATE SET {}", sql::list(&others))
    };
    let columns = sql::list(&scene.columns);
    let changed: Vec<String> = scene
        .key
        .iter()
        .map(|name| format!("OLD.{name} IS DISTINCT FROM NEW.{name}"))
        .collect();
    let old: Vec<String> = scene.columns.iter().map(|name| format!("OLD.{name}")).collect();
    let touch: Vec<String> = scene
        .key
        .iter()
        .map(|name| format!("{name} = EXCLUDED.{name}"))
        .collect();
    // A snapshot that is older than the copy does not see it: the conflict with it does, and fails.
    let unseen = format!(
        "        IF current_setting('transaction_isolation') <> 'read committed' THEN
            INSERT INTO {shadow} ({columns}) OVERRIDING SYSTEM VALUE VALUES ({})
                ON CONFLICT ({}) DO UPDATE SET {};
        END IF;
        DELETE FROM {shadow} AS pgphase_there
            WHERE {} AND NOT EXISTS (SELECT FROM {table} AS pgphase_here WHERE {});
",
        sql::list(&old),
        sql::list(&scene.key),
        sql::list(&touch),
        is("pgphase_there", "OLD"),
        is("pgphase_here", "OLD"),
    );
    format!(
        "
#variable_conflict use_column
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
{emptied}        RETURN NULL;
    END IF;
    IF TG_OP = 'DELETE' THEN
{unseen}        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' AND ({changed}) THEN
{unseen}    END IF;
    INSERT INTO {shadow} ({columns}) OVERRIDING SYSTEM VALUE
        SELECT {columns} FROM {table} AS pgphase_here WHERE {here_new}
        ON CONFLICT ({key}) DO {conflict};
    RETURN NULL;
END
",
        emptied = emptied(scene),
        here_new = is("pgphase_here", "NEW"),
        changed = changed.join(" OR "),
        key = sql::list(&scene.key),
    )
}

/// TRUNCATE sees every row; PostgreSQL refuses it where foreign keys refer to the table, and a DELETE sees what its snapshot does.
fn emptied(scene: &Scene) -> String {
    let shadow = &scene.shadow;
    let partitioned = scene.live.partition_by.is_some();
    // With a partition only its rows go.
    let left = if partitioned {
        let same = scene
            .key
            .iter()
            .map(|name| format!("pgphase_there.{name} = pgphase_here.{name}"));
        let same: Vec<String> = same.collect();
        format!(
            " AS pgphase_there WHERE NOT EXISTS (SELECT FROM {} AS pgphase_here WHERE {})",
            scene.live.name,
            same.join(" AND ")
        )
    } else {
        String::new()
    };
    if scene.incoming().is_empty() && !partitioned {
        return format!("        TRUNCATE {shadow};\n");
    }
    format!(
        "        IF current_setting('transaction_isolation') <> 'read committed' THEN
            RAISE EXCEPTION USING ERRCODE = 'serialization_failure', MESSAGE = 'rows of {} are being copied',
                HINT = 'Empty it in a transaction that is READ COMMITTED.';
        END IF;
        DELETE FROM {shadow}{left};
",
        scene.live.name.to_string().replace('\'', "''")
    )
}
