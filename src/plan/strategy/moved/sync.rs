//! The triggers that keep both tables the same while both stand.
//!
//! As in `shadow::sync` a function takes over the row as it stands when the trigger fires. It writes the other table only where that
//! differs, so the two end each other's work. It runs with the rights of its owner, as who may write one table needs no right on
//! the other, and with an empty search path: every name and operator in it is written in full.
//!
//! Under REPEATABLE READ a row that somebody else has deleted meanwhile stays visible beside a new one with its key; such a write fails
//! with 40001, as one of them is to be tried again.

use crate::name::QualifiedName;
use crate::object::routine::Routine;
use crate::object::table::Table;
use crate::object::trigger::{Enabled, Event, Timing, Trigger};
use crate::object::{Definition, Kind, ObjectId};
use crate::operation::Operation;
use crate::plan::strategy::twin::counter;
use crate::sql::{join, list, literal};

use super::{Moved, Scene};

/// Equality, whatever the search path.
const IS: &str = "OPERATOR(pg_catalog.=)";

/// A search path without a namespace, as `pg_proc.proconfig` keeps it.
const NOWHERE: &str = "\"\"";

/// A setting that says that a row is written to see whether it is there, and goes again.
const PROBE: &str = "pgphase.probe";

/// What leaves the sign of the old application (`twin::sign`), the functions and their triggers, made together.
pub(super) fn made(scene: &Scene) -> Vec<Operation> {
    let mut operations = counter(&sign(scene));
    for (table, body) in [(scene.source, of_source(scene)), (scene.target, of_target(scene))] {
        operations.push(Operation::create(function(table, body, scene)));
        operations.extend(triggers(table, scene).map(Operation::create));
    }
    operations
}

/// They go before the columns do.
pub(super) fn dropped(scene: &Scene) -> Vec<Operation> {
    let of = |table| {
        let function = function(table, String::new(), scene).id();
        triggers(table, scene)
            .map(|trigger| trigger.id())
            .into_iter()
            .chain([function])
    };
    let all = of(scene.source).chain(of(scene.target));
    all.chain([ObjectId::named(Kind::Sequence, &sign(scene))])
        .map(Operation::drop)
        .collect()
}

fn sign(scene: &Scene) -> QualifiedName {
    scene.helper(scene.source, "old")
}

fn triggers(table: &Table, scene: &Scene) -> [Trigger; 2] {
    let trigger = |suffix: &str, events: Vec<Event>, for_each_row| Trigger {
        table: table.name.clone(),
        function: scene.helper(table, "moved"),
        name: scene.helper(table, suffix).name,
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
    let written = vec![Event::Insert, Event::Delete, Event::Update(Vec::new())];
    [
        trigger("moved", written, true),
        trigger("emptied", vec![Event::Truncate], false),
    ]
}

fn function(table: &Table, body: String, scene: &Scene) -> Routine {
    let mut function = Routine::trigger(scene.helper(table, "moved"), body, NOWHERE.into());
    function.security_definer = true;
    function
}

/// Whether two lists of values differ in any bit.
fn differ(one: &str, other: &str) -> String {
    format!("ROW({one})::pg_catalog.record OPERATOR(pg_catalog.*<>) ROW({other})::pg_catalog.record")
}

/// The columns of a row on one side, or on the other.
fn old_side(scene: &Scene, row: &str) -> String {
    list(scene.columns.iter().map(|moved| format!("{row}.{}", moved.live.name)))
}

fn new_side(scene: &Scene, row: &str) -> String {
    list(
        scene
            .columns
            .iter()
            .map(|moved| format!("{row}.{}", moved.desired.name)),
    )
}

/// Whether a row of the source has the key of a row.
fn here(scene: &Scene, row: &str, from_target: bool) -> String {
    let parts = scene.key.iter().map(|(source, target)| {
        let other = if from_target { target } else { source };
        format!("pgphase_here.{source} {IS} {row}.{other}")
    });
    join(parts, " AND ")
}

/// Whether a row of the target has the key of a row.
fn there(scene: &Scene, row: &str, from_target: bool) -> String {
    let parts = scene.key.iter().map(|(source, target)| {
        let other = if from_target { target } else { source };
        format!("pgphase_there.{target} {IS} {row}.{other}")
    });
    join(parts, " AND ")
}

/// The defaults of the old columns, as variables of their types: `pgphase_1`.
fn defaults(scene: &Scene) -> String {
    let numbered = scene.columns.iter().enumerate();
    let declared = numbered.filter_map(|(at, moved)| {
        let default = moved.live.default.as_ref()?;
        // Without its cast, whose name would be looked up in the path of the session.
        let constant = super::obstacle::constant(&default.text)?;
        let (table, name) = (&scene.source.name, &moved.live.name);
        Some(format!("    pgphase_{} {table}.{name}%TYPE := {constant};\n", at + 1))
    });
    declared.collect()
}

/// Whether a value is another one than the old column's default.
fn told(at: usize, moved: &Moved, value: &str) -> String {
    match moved.live.default {
        None => format!("{value} IS DISTINCT FROM NULL"),
        Some(_) => differ(value, &format!("pgphase_{}", at + 1)),
    }
}

/// Whether a row of the source holds something else than defaults.
fn holds(scene: &Scene, row: &str) -> String {
    let numbered = scene.columns.iter().enumerate();
    let parts = numbered.map(|(at, moved)| told(at, moved, &format!("{row}.{}", moved.live.name)));
    join(parts, " OR ")
}

fn key_changes(scene: &Scene, of_target: bool) -> String {
    let names = |row: &str| {
        let names = scene.key.iter().map(|(source, target)| {
            let name = if of_target { target } else { source };
            format!("{row}.{name}")
        });
        list(names)
    };
    differ(&names("OLD"), &names("NEW"))
}

/// The old columns as the row of the target has them, or their defaults.
fn back(scene: &Scene, row: Option<&str>) -> String {
    let set = scene.columns.iter().map(|moved| {
        let value = row.map_or("DEFAULT".into(), |row| format!("{row}.{}", moved.desired.name));
        format!("{} = {value}", moved.live.name)
    });
    list(set)
}

/// The new columns as a row of the source has them.
fn forth(scene: &Scene, row: &str) -> String {
    let set = scene
        .columns
        .iter()
        .map(|moved| format!("{} = {row}.{}", moved.desired.name, moved.live.name));
    list(set)
}

/// Under one snapshot for all statements.
const FIXED: &str = "pg_catalog.current_setting('transaction_isolation') OPERATOR(pg_catalog.<>) 'read committed'";

/// A snapshot that is older than the copy does not see it: the conflict with it does, and fails.
fn unseen(scene: &Scene, indent: &str) -> String {
    probe(scene, "OLD", Some(FIXED), indent)
}

/// Writes a row of the target and takes it out again where there is none with its key; waits for whoever is about to write one.
fn probe(scene: &Scene, row: &str, only: Option<&str>, indent: &str) -> String {
    let target = &scene.target.name;
    let targets = list(scene.key.iter().map(|(_, target)| target));
    let key = list(scene.key.iter().map(|(source, _)| format!("{row}.{source}")));
    let names = list(scene.columns.iter().map(|moved| &moved.desired.name));
    let strict = scene.columns.iter().filter(|moved| moved.desired.not_null);
    let given = strict.map(|moved| format!("{row}.{} IS DISTINCT FROM NULL", moved.live.name));
    let conditions: Vec<String> = only.map(str::to_owned).into_iter().chain(given).collect();
    let condition = if conditions.is_empty() {
        "true".into()
    } else {
        conditions.join(" AND ")
    };
    let lines = format!(
        "IF {condition} THEN
    PERFORM pg_catalog.set_config('{PROBE}', 'on', true);
    INSERT INTO {target} ({targets}, {names}) OVERRIDING SYSTEM VALUE VALUES ({key}, {})
        ON CONFLICT ({targets}) DO NOTHING;
    IF FOUND THEN
        DELETE FROM {target} AS pgphase_there WHERE {};
    END IF;
    PERFORM pg_catalog.set_config('{PROBE}', 'off', true);
END IF;
",
        old_side(scene, row),
        there(scene, row, false),
    );
    lines.lines().map(|line| format!("{indent}{line}\n")).collect()
}

fn of_source(scene: &Scene) -> String {
    let (source, target) = (&scene.source.name, &scene.target.name);
    let keys = list(scene.key.iter().map(|(_, target)| target));
    let names = list(scene.columns.iter().map(|moved| &moved.desired.name));
    let gone = format!(
        "{} AND NOT EXISTS (SELECT FROM {source} AS pgphase_here WHERE {})",
        there(scene, "OLD", false),
        here(scene, "OLD", false)
    );
    let follow = list(
        scene
            .key
            .iter()
            .map(|(source, target)| format!("{target} = NEW.{source}")),
    );
    let taken = list(
        scene
            .columns
            .iter()
            .map(|moved| format!("{0} = EXCLUDED.{0}", moved.desired.name)),
    );
    let sign = format!("{}::pg_catalog.regclass", literal(&sign(scene).to_string()));
    let now = "pg_catalog.floor(pg_catalog.date_part('epoch', pg_catalog.clock_timestamp()))::pg_catalog.int8";
    format!(
        "
#variable_conflict use_column
DECLARE
{defaults}    pgphase_written boolean := false;
BEGIN
    IF TG_OP {IS} 'TRUNCATE' THEN
        IF {FIXED} THEN
            RAISE EXCEPTION USING ERRCODE = 'serialization_failure', MESSAGE = {copied},
                HINT = 'Empty it in a transaction that is READ COMMITTED.';
        END IF;
        DELETE FROM {target};
        RETURN NULL;
    END IF;
    IF TG_OP {IS} 'DELETE' THEN
{unseen_gone}        DELETE FROM {target} AS pgphase_there WHERE {gone};
        RETURN NULL;
    END IF;
    IF TG_OP {IS} 'UPDATE' THEN
        IF {key_changes} THEN
            IF EXISTS (SELECT FROM {source} AS pgphase_here WHERE {here_old}) THEN
                RAISE EXCEPTION USING ERRCODE = 'feature_not_supported', MESSAGE = {shifted},
                    HINT = 'Give each row its key in a statement of its own, by way of a free key.';
            END IF;
{unseen_key}            UPDATE {target} AS pgphase_there SET {follow} WHERE {gone};
        ELSIF NOT ({changes}) THEN
            RETURN NULL;
        END IF;
    END IF;
    IF {FIXED} THEN
        IF (SELECT pg_catalog.count(*) FROM {source} AS pgphase_here WHERE {here_new}) OPERATOR(pg_catalog.>) 1 THEN
            RAISE EXCEPTION USING ERRCODE = 'serialization_failure', MESSAGE = 'could not serialize access due to concurrent delete';
        END IF;
    END IF;
    INSERT INTO {target} AS pgphase_there ({keys}, {names}) OVERRIDING SYSTEM VALUE
        SELECT {key_here}, {values_here} FROM {source} AS pgphase_here WHERE {here_new} AND ({holds})
        ON CONFLICT ({keys}) DO UPDATE SET {taken} WHERE {differs_excluded};
    pgphase_written := FOUND;
    IF NOT pgphase_written THEN
{otherwise}    END IF;
    IF pgphase_written THEN
        IF coalesce(pg_catalog.pg_sequence_last_value({sign}), 0) OPERATOR(pg_catalog.<) {now} THEN
            PERFORM pg_catalog.setval({sign}, {now});
        END IF;
    END IF;
    RETURN NULL;
END
",
        defaults = defaults(scene),
        copied = literal(&format!("rows of {source} are being copied")),
        here_old = here(scene, "OLD", false),
        shifted = literal(&format!("keys of {source} take each other's place in one statement while columns move to {target}")),
        unseen_gone = unseen(scene, "        "),
        unseen_key = unseen(scene, "            "),
        key_changes = key_changes(scene, false),
        changes = differ(&old_side(scene, "OLD"), &old_side(scene, "NEW")),
        key_here = list(scene.key.iter().map(|(source, _)| format!("pgphase_here.{source}"))),
        values_here = old_side(scene, "pgphase_here"),
        here_new = here(scene, "NEW", false),
        holds = holds(scene, "pgphase_here"),
        differs_excluded = differ(&new_side(scene, "pgphase_there"), &new_side(scene, "EXCLUDED")),
        otherwise = otherwise(scene),
    )
}

/// The row holds nothing that makes a row there, or the row there has it already.
fn otherwise(scene: &Scene) -> String {
    let (source, target) = (&scene.source.name, &scene.target.name);
    let both = format!(
        "{} AND {} AND {}",
        here(scene, "NEW", false),
        there(scene, "NEW", false),
        differ(&old_side(scene, "pgphase_here"), &new_side(scene, "pgphase_there"))
    );
    let update = format!(
        "UPDATE {target} AS pgphase_there SET {} FROM {source} AS pgphase_here WHERE {both};\n            pgphase_written := FOUND;\n",
        forth(scene, "pgphase_here")
    );
    let unseen = unseen(scene, "            ");
    if keeps_reference(scene) {
        return format!("        IF TG_OP {IS} 'UPDATE' THEN\n{unseen}            {update}        END IF;\n");
    }
    // A row of the new table may be there before, or be on its way: it knows more than defaults.
    let probe = probe(scene, "NEW", None, "            ");
    format!(
        "        IF TG_OP {IS} 'UPDATE' THEN\n{unseen}            {update}        ELSE\n{probe}            UPDATE {source} AS pgphase_here SET {} FROM {target} AS pgphase_there WHERE {both};\n        END IF;\n",
        back(scene, Some("pgphase_there"))
    )
}

/// Whether every row of the new table needs one of the old table at once.
fn keeps_reference(scene: &Scene) -> bool {
    scene
        .foreign_key()
        .is_some_and(|key| !key.deferrable && !key.not_enforced)
}

fn of_target(scene: &Scene) -> String {
    let (source, target) = (&scene.source.name, &scene.target.name);
    // What an INSERT leaves out may be there in a row that is not copied yet; the lock waits for whoever is changing that row, and fails
    // where the snapshot does not see it as it is.
    let own = |at: usize, moved: &Moved| {
        format!(
            "CASE WHEN {} THEN pgphase_there.{} ELSE pgphase_here.{} END",
            told(at, moved, &format!("pgphase_there.{}", moved.desired.name)),
            moved.desired.name,
            moved.live.name
        )
    };
    let numbered = || scene.columns.iter().enumerate();
    let merged = list(numbered().map(|(at, moved)| format!("{} = {}", moved.desired.name, own(at, moved))));
    let merged_values = list(numbered().map(|(at, moved)| own(at, moved)));
    let defaults = defaults(scene);
    let declare = if defaults.is_empty() {
        String::new()
    } else {
        format!("DECLARE\n{defaults}")
    };
    format!(
        "
#variable_conflict use_column
{declare}BEGIN
    IF pg_catalog.current_setting('{PROBE}', true) {IS} 'on' THEN
        RETURN NULL;
    END IF;
    IF TG_OP {IS} 'TRUNCATE' THEN
        UPDATE {source} AS pgphase_here SET {reset} WHERE {holds};
        RETURN NULL;
    END IF;
    IF TG_OP {IS} 'DELETE' THEN
        UPDATE {source} AS pgphase_here SET {reset} WHERE {gone};
        RETURN NULL;
    END IF;
    IF TG_OP {IS} 'UPDATE' THEN
        IF {key_changes} THEN
            UPDATE {source} AS pgphase_here SET {reset} WHERE {gone};
        ELSIF NOT ({changes}) THEN
            RETURN NULL;
        END IF;
    ELSE
        PERFORM 1 FROM {source} AS pgphase_here WHERE {here_new} FOR NO KEY UPDATE;
        UPDATE {target} AS pgphase_there SET {merged} FROM {source} AS pgphase_here
            WHERE {here_new} AND {there_new} AND {differs_merged};
    END IF;
{reference}    UPDATE {source} AS pgphase_here SET {taken} FROM {target} AS pgphase_there
        WHERE {here_new} AND {there_new} AND {differs};
    RETURN NULL;
END
",
        reset = back(scene, None),
        holds = holds(scene, "pgphase_here"),
        gone = format!(
            "{} AND ({}) AND NOT EXISTS (SELECT FROM {target} AS pgphase_there WHERE {})",
            here(scene, "OLD", true),
            holds(scene, "pgphase_here"),
            there(scene, "OLD", true)
        ),
        key_changes = key_changes(scene, true),
        changes = differ(&new_side(scene, "OLD"), &new_side(scene, "NEW")),
        here_new = here(scene, "NEW", true),
        there_new = there(scene, "NEW", true),
        differs_merged = differ(&new_side(scene, "pgphase_there"), &merged_values),
        reference = reference(scene),
        taken = back(scene, Some("pgphase_there")),
        differs = differ(&old_side(scene, "pgphase_here"), &new_side(scene, "pgphase_there")),
    )
}

/// What the foreign key will refuse is refused until it comes.
fn reference(scene: &Scene) -> String {
    let Some(key) = scene.foreign_key().filter(|_| keeps_reference(scene)) else {
        return String::new();
    };
    let given = scene
        .key
        .iter()
        .map(|(_, target)| format!("NEW.{target} IS DISTINCT FROM NULL"));
    let name = literal(key.name.as_str());
    let message = literal(&format!(
        "insert or update on table \"{}\" violates foreign key constraint \"{}\"",
        scene.target.name.name.as_str(),
        key.name.as_str()
    ));
    format!(
        "    IF {} THEN
        PERFORM 1 FROM {} AS pgphase_here WHERE {} FOR KEY SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION USING ERRCODE = 'foreign_key_violation', CONSTRAINT = {name}, MESSAGE = {message};
        END IF;
    END IF;
",
        join(given, " AND "),
        scene.source.name,
        here(scene, "NEW", true),
    )
}
