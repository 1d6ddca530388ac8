//! The end in two stages: the columns swap their names, and the old one goes when the cool-down is over.
//!
//! | step | what |
//! |---|---|
//! | make ready | an index CONCURRENTLY for the way back of a primary key; compare both columns |
//! | swap, one transaction | the column and what stands over it are set aside under names of ours; the twin and what stands over it take theirs; a trigger gives the old column what is written to the new one |
//! | after the cool-down, with approval | drop trigger, function and old column |
//!
//! Tables that inherit the columns, and partitions, take part as they do before (`family`); indexes of partitions are not set aside.
//!
//! Constraints of the old column go in the swap, so that nothing that only the old one refuses is refused. A value that has no
//! form in the old type is no error: the old column holds null then, and as long as there is such a row there is no way back.

use crate::expr::{Expr, rename_column};
use crate::name::{Ident, QualifiedName};
use crate::object::column::ColumnChange;
use crate::object::constraint::{Constraint, ConstraintRule, KeyRule};
use crate::object::index::Index;
use crate::object::routine::Routine;
use crate::object::trigger::Trigger;
use crate::object::{Definition, Kind, Object, ObjectId, Visitor};
use crate::operation::Operation;
use crate::plan::draft::{Draft, Recipe};
use crate::plan::strategy::constraint::key_index;
use crate::plan::strategy::not_null::helper_name;
use crate::plan::strategy::numbering;
use crate::plan::strategy::rebuild::Around;
use crate::plan::strategy::satellites;
use crate::plan::switch::{Lasting, Switch, retired, spare};
use crate::plan::{Class, Phase, Turn};

use super::convert::Way;
use super::part::{self, Part};
use super::{Scene, Twin, contract, convert, family, obstacle, partitioned, prepare, sign, sync};

/// What keeps a group from being swapped back, as the end of a sentence.
pub(super) fn hindrance(scene: &Scene) -> Option<String> {
    for twin in scene.twins {
        if twin.anew.is_some() {
            return Some(format!("the type of {} is made anew", twin.after_id()));
        }
        if twin.back.is_none() {
            return Some(format!(
                "nothing says what {} of {} are as {}; `-- @reverse EXPRESSION` right before it does",
                twin.desired.type_name,
                twin.after_id(),
                twin.live.type_name
            ));
        }
        if let Some(own) = family::own_refusals(twin, scene).first() {
            return Some(format!(
                "it is in the primary key of {}, which inherits it, and PostgreSQL {} keeps a not-null constraint for that",
                own.table, scene.context.server_version
            ));
        }
        if numbering::handover(&twin.after_id(), scene.context).is_some() {
            return Some(format!("{} gets its numbers from another sequence", twin.after_id()));
        }
    }
    let mut tables = scene.twins.iter().flat_map(|twin| twin.tables());
    if let Some(table) = tables.find(|table| obstacle::identifies(table, scene)) {
        return Some(format!("an index over it is the replica identity of {table}"));
    }
    if let Some(id) = scene.views.iter().find(|id| id.kind != Kind::View) {
        return Some(format!("{id} goes over to the new column at once"));
    }
    let live = scene.context.schemas.live;
    let desired = scene.context.schemas.desired;
    // What partitions have of them would have to be set aside as well.
    let goes_down = |id: &&ObjectId| {
        let objects = [live, desired].into_iter().filter_map(|schema| schema.get(id));
        objects.into_iter().any(|object| match object {
            Object::Index(index) => family::is_partitioned(&index.table, scene.context),
            Object::Constraint(constraint) => {
                let has_index = constraint.key().is_some() && family::is_partitioned(&constraint.table, scene.context);
                has_index || partitioned::is_late(constraint, scene.context)
            }
            _ => false,
        })
    };
    if let Some(id) = scene.parts.iter().find(goes_down) {
        return Some(format!("{id} stands in partitions as well"));
    }
    let parts = scene.parts.iter().filter_map(|id| Some((id, live.get(id)?)));
    for (id, object) in parts {
        let (table, unique, clustered) = match object {
            Object::Constraint(constraint) => (&constraint.table, constraint.key().is_some(), false),
            Object::Index(index) => (&index.table, index.unique, index.clustered),
            _ => continue,
        };
        let mut twins = scene.twins.iter().filter(|twin| twin.is_of(table));
        if unique && (desired.get(id) != Some(object) || !twins.all(|twin| twin.same() || is_integer(twin))) {
            return Some(format!("{id} may refuse for the old column what the new one takes"));
        }
        if clustered {
            return Some(format!("the table is clustered on {id}"));
        }
    }
    None
}

/// Whether different values are different on both sides.
fn is_integer(twin: &Twin) -> bool {
    let integer = |name: &str| matches!(name, "smallint" | "integer" | "bigint");
    let plain = |way: &Way| matches!(way, Way::Assign);
    [twin.live, twin.desired]
        .iter()
        .all(|column| integer(&column.type_name.to_string()))
        && plain(&twin.forth)
        && twin.back.as_ref().is_some_and(plain)
}

/// The same where the columns themselves get the new names.
pub(super) fn renamed(scene: &Scene) -> Vec<String> {
    let asked = scene.context.wishes.cool_down.is_some();
    let told = asked.then(|| {
        without(
            scene,
            "nothing is set aside, and `pgphase rollback` gives the old name back",
        )
    });
    told.unwrap_or_default()
}

fn without(scene: &Scene, reason: &str) -> Vec<String> {
    let names: Vec<String> = scene.twins.iter().map(|twin| twin.after_id().to_string()).collect();
    let verb = if names.len() == 1 { "is" } else { "are" };
    vec![format!(
        "{} {verb} replaced without a cool-down: {reason}.",
        names.join(", ")
    )]
}

/// What a reader should know of the way back.
pub(super) fn notes(scene: &Scene) -> Vec<String> {
    if scene.context.wishes.cool_down.is_none() {
        return vec![];
    }
    if let Some(reason) = hindrance(scene) {
        return without(scene, &reason);
    }
    let lossy = scene.twins.iter().filter(|twin| !twin.same());
    lossy
        .map(|twin| {
            format!(
                "Behind the swap a value of {} that has no form as {} is no error: there is no way back as long as a row holds one, and `pgphase status` counts the writes that left one.",
                twin.after_id(),
                twin.live.type_name
            )
        })
        .collect()
}

/// The steps of contract.
pub(super) fn contract(scene: &Scene, around: &Around) -> Recipe {
    let mut recipe: Recipe = old_keys(scene)
        .iter()
        .filter_map(|constraint| Some(build_spare(constraint, constraint.key()?)))
        .collect();
    let parts = part::wanted(scene);
    let keys = parts.iter().filter_map(|part| key_beside(part, scene));
    recipe.extend(keys.map(|(_, index)| {
        prepare::build(&index, Phase::Contract)
            .because(
                "It becomes the key's, so that the one that the new application knows stays if the swap is taken back.",
            )
            .at(Turn::Ready)
    }));
    for twin in scene.twins {
        recipe.push(
            Draft::new(Phase::Contract, Class::Check, vec![prepare::compare(twin)])
                .because("Right before the swap both columns must hold the same.")
                .at(Turn::Ready),
        );
    }
    recipe.push(swap(scene, around));
    recipe.push(end(scene));
    recipe
}

/// The primary keys over the columns under their old names.
fn old_keys(scene: &Scene) -> Vec<Constraint> {
    let live = scene.context.schemas.live;
    let keys = scene.parts.iter().filter_map(|id| match live.get(id) {
        Some(Object::Constraint(constraint)) if matches!(constraint.rule, ConstraintRule::PrimaryKey(_)) => {
            Some(constraint)
        }
        _ => None,
    });
    let before = |key: &Constraint| {
        let mut object = Object::from(key.clone());
        for twin in scene.twins {
            object.visit(&mut Rename(twin));
        }
        match object {
            Object::Constraint(constraint) => constraint,
            _ => key.clone(),
        }
    };
    keys.map(before).collect()
}

struct Rename<'a>(&'a Twin<'a>);

impl Visitor for Rename<'_> {
    fn column(&mut self, relation: &QualifiedName, column: &mut Ident) {
        if self.0.is_of(relation) && *column == self.0.after {
            *column = self.0.before.clone();
        }
    }
}

fn build_spare(constraint: &Constraint, key: &KeyRule) -> Draft {
    let index = key_index(constraint, key, &spare(constraint).name);
    prepare::build(&index, Phase::Contract)
        .because("The primary key comes back over it if the swap is taken back.")
        .at(Turn::Ready)
}

/// A key over a twin that the new application may know already, with an index of its own: going back takes the index of a key, and
/// the one that was there before must stay. A key that foreign keys lean on has only the one that they have found.
fn key_beside<'a>(part: &Part<'a>, scene: &Scene<'a>) -> Option<(&'a Constraint, Index)> {
    let (Object::Constraint(constraint), Object::Index(index)) = (part.wanted, &part.stand_in) else {
        return None;
    };
    let key = constraint.key()?;
    let known = scene
        .twins
        .iter()
        .any(|twin| twin.is_of(&constraint.table) && twin.both_ways());
    let constraints = scene.context.schemas.desired.of_kind(Kind::Constraint);
    let leaned_on = constraints.into_iter().any(|(_, object)| match object {
        Object::Constraint(Constraint {
            rule: ConstraintRule::ForeignKey(foreign),
            ..
        }) => foreign.references == constraint.table && foreign.referenced_columns == key.columns,
        _ => false,
    });
    let own_name = part.stand_in.id().own_name() == part.id.own_name();
    (known && !leaned_on && !own_name).then(|| {
        let name = QualifiedName {
            namespace: index.name.namespace.clone(),
            name: Ident::new(helper_name(constraint.name.as_str(), "key")),
        };
        (constraint, Index { name, ..index.clone() })
    })
}

/// Everything changes places.
fn swap(scene: &Scene, around: &Around) -> Draft {
    let live = scene.context.schemas.live;
    let mut operations = around.down_with(contract::locks(scene), scene.context);
    for (table, twins) in scene.tables() {
        operations.extend(contract::untied(table, &twins));
    }
    let constraints = scene.parts.iter().filter(|id| match live.get(id) {
        Some(Object::Constraint(constraint)) => !matches!(constraint.rule, ConstraintRule::Unique(_)),
        _ => false,
    });
    // Foreign keys before the keys that they lean on.
    let (foreign, own): (Vec<_>, Vec<_>) = constraints.cloned().partition(|id| {
        matches!(live.get(id), Some(Object::Constraint(constraint)) if matches!(constraint.rule, ConstraintRule::ForeignKey(_)))
    });
    operations.extend(foreign.into_iter().chain(own).map(Operation::drop));
    for twin in scene.twins {
        operations.extend(contract::let_go(twin, scene));
        operations.extend(loosened(twin, scene));
    }
    let parts = part::wanted(scene);
    operations.extend(parts.iter().filter_map(|part| set_aside(part, scene)));
    for twin in scene.twins {
        operations.push(Operation::Rename {
            from: twin.before_id(),
            to: retired_id(twin),
        });
    }
    for twin in scene.twins {
        operations.extend(contract::take_place(twin, scene));
    }
    for part in &parts {
        operations.extend(match key_beside(part, scene) {
            Some((constraint, index)) => vec![Operation::UseIndex {
                constraint: constraint.clone(),
                index: index.name.name,
            }],
            None => contract::name(part, scene),
        });
        operations.extend(satellites(&part.id, scene.context));
    }
    for twin in scene.twins.iter().filter(|twin| !twin.both_ways()) {
        operations.extend(twin.after_ids().flat_map(|id| satellites(&id, scene.context)));
    }
    let mut switch = Switch::default();
    for (table, twins) in scene.tables() {
        let misfits = misfits(table, &twins);
        if let Some(sequence) = &misfits {
            switch.misfits.push(ObjectId::named(Kind::Sequence, sequence));
            operations.extend(sign::counter(sequence));
        }
        operations.push(Operation::create(function(table, &twins, scene)));
        operations.extend(triggers(table, &twins).into_iter().map(Operation::create));
        let has_tables_below = family::is_partitioned(table, scene.context) || !scene.context.heirs(table).is_empty();
        let may_differ = |twin: &&&Twin| !twin.same() || has_tables_below;
        switch
            .lasting
            .extend(twins.iter().filter(may_differ).map(|twin| lasting(twin)));
    }
    operations.extend(around.up.iter().cloned());
    let mut draft = Draft::instant(Phase::Contract, operations)
        .because("In one transaction, so that every application sees either the old state or the new one. The old columns stay, and follow the new ones.")
        .at(Turn::Swap(switch));
    draft.hazards.extend(around.hazards.iter().cloned());
    draft
}

/// The old column takes whatever the trigger gives it, and nothing by itself.
fn loosened(twin: &Twin, scene: &Scene) -> Vec<Operation> {
    let id = twin.before_id();
    let mut operations = Vec::new();
    match &twin.live.identity {
        Some(identity) => {
            operations.extend(numbering::kept(&id, scene.context));
            operations.push(Operation::alter(
                id.clone(),
                ColumnChange::Identity {
                    from: Some(identity.clone()),
                    to: None,
                },
            ));
        }
        None if twin.live.default.is_some() => {
            operations.push(Operation::alter(id.clone(), ColumnChange::Default(None)));
        }
        None => {}
    }
    if !twin.same() && twin.live.not_null && twin.desired.not_null {
        operations.push(Operation::alter(id, ColumnChange::NotNull(false)));
    }
    operations
}

fn retired_id(twin: &Twin) -> ObjectId {
    ObjectId::part(Kind::Column, &twin.table, &twin.retired())
}

/// What has the name that a part of the twin takes.
fn set_aside(part: &Part, scene: &Scene) -> Option<Operation> {
    let stays = match scene.context.schemas.live.get(&part.id)? {
        Object::Constraint(constraint) => matches!(constraint.rule, ConstraintRule::Unique(_)),
        _ => true,
    };
    let to = part.id.with_own_name(&retired(part.id.own_name()));
    (stays && part.stand_in.id().own_name() != part.id.own_name()).then(|| Operation::Rename {
        from: part.id.clone(),
        to,
    })
}

/// The old column goes.
fn end(scene: &Scene) -> Draft {
    let mut operations = Vec::new();
    for (table, twins) in scene.tables() {
        let triggers = triggers(table, &twins).into_iter();
        operations.extend(triggers.map(|trigger| Operation::drop(trigger.id())));
        operations.push(Operation::drop(function(table, &twins, scene).id()));
        let misfits = misfits(table, &twins);
        operations.extend(misfits.map(|name| Operation::drop(ObjectId::named(Kind::Sequence, &name))));
    }
    operations.extend(scene.twins.iter().map(|twin| Operation::drop(retired_id(twin))));
    let parts = part::wanted(scene);
    let doubled = parts.iter().filter(|part| key_beside(part, scene).is_some());
    operations.extend(doubled.map(|part| Operation::drop(part.stand_in.id())));
    let mut draft = Draft::instant(Phase::Contract, operations)
        .because("When the cool-down is over there is no way back.")
        .at(Turn::After);
    for twin in scene.twins {
        let (kind, goes) = contract::goes(twin);
        draft = draft.hazard(kind, &retired_id(twin), goes);
    }
    draft
}

/// No row holds a value that the old column could not take, and none comes while the swap is taken back. A table that has come below
/// this one meanwhile may hold rows that no trigger has seen.
fn lasting(twin: &Twin) -> Lasting {
    let differ = unlike(
        twin,
        &twin.after.to_string(),
        &format!("({})::{}", forth(twin), twin.desired.type_name),
    );
    let path = twin.forth.path();
    let name = Ident::new(helper_name(twin.before.as_str(), "fits"));
    let rule = ConstraintRule::Check {
        expr: Expr::under(format!("NOT ({differ})"), &path),
        no_inherit: false,
    };
    Lasting {
        query: Operation::Check {
            table: twin.table.clone(),
            problem: if twin.same() {
                format!("hold another value in {} than in {}", twin.retired(), twin.after)
            } else {
                format!(
                    "hold a value in {} that has no form as {}",
                    twin.after, twin.live.type_name
                )
            },
            query: Expr::under(format!("SELECT * FROM {} WHERE {differ}", twin.table), &path),
            shown: vec![],
        },
        rule: Constraint {
            not_valid: true,
            ..Constraint::new(&twin.table, &name, rule)
        },
    }
}

/// Whether two values of the new type are not the same; numbers are, however many zeros they end in.
fn unlike(twin: &Twin, one: &str, other: &str) -> String {
    if convert::is_number(twin.desired.type_name.name.as_str()) {
        format!("{one} IS DISTINCT FROM {other}")
    } else {
        sync::differ(one, other)
    }
}

/// The new value of the old column.
fn forth(twin: &Twin) -> String {
    match &twin.forth {
        Way::Same | Way::Assign => twin.retired().to_string(),
        Way::Expr(expr) => rename_column(&expr.text, &twin.before, &twin.retired()),
    }
}

/// The sequence that counts writes of values that the old columns of a table cannot take.
fn misfits(table: &QualifiedName, twins: &[&Twin]) -> Option<QualifiedName> {
    if twins.iter().all(|twin| twin.same()) {
        return None;
    }
    let columns: Vec<&str> = twins.iter().map(|twin| twin.before.as_str()).collect();
    Some(QualifiedName {
        namespace: table.namespace.clone(),
        name: Ident::new(helper_name(
            &format!("{}_{}", table.name.as_str(), columns.join("_")),
            "misfits",
        )),
    })
}

/// The triggers that let the old columns follow; they come where those before them came.
fn triggers(table: &QualifiedName, twins: &[&Twin]) -> Vec<Trigger> {
    let name = name(twins);
    let function = QualifiedName {
        namespace: table.namespace.clone(),
        name: name.clone(),
    };
    let own = sync::triggers(table, twins).into_iter();
    own.map(|trigger| Trigger {
        name: name.clone(),
        function: function.clone(),
        ..trigger
    })
    .collect()
}

fn name(twins: &[&Twin]) -> Ident {
    sync::named(twins, "sync_back")
}

fn function(table: &QualifiedName, twins: &[&Twin], scene: &Scene) -> Routine {
    let name = QualifiedName {
        namespace: table.namespace.clone(),
        name: name(twins),
    };
    let rows_move = family::is_partitioned(table, scene.context);
    Routine::trigger(name, body(table, twins, rows_move), sync::search_path(twins))
}

/// `rows_move` where an UPDATE may be a DELETE and an INSERT, which brings the old values along.
fn body(table: &QualifiedName, twins: &[&Twin], rows_move: bool) -> String {
    let mut variables = String::new();
    let mut work = String::new();
    for (at, twin) in twins.iter().enumerate() {
        let value = format!("pgphase_{}", at + 1);
        if !twin.same() {
            variables.push_str(&format!("    {value} {};\n", twin.desired.type_name));
        }
        work.push_str(&follow(twin, &value));
    }
    if let Some(sequence) = misfits(table, twins) {
        variables.push_str("    pgphase_misfit boolean := false;\n");
        work.push_str(&format!(
            "    IF pgphase_misfit THEN\n{}    END IF;\n",
            sign::counted(table, &sequence)
        ));
    }
    let by_place: Vec<String> = twins
        .iter()
        .enumerate()
        .map(|(at, twin)| {
            let old = format!("NEW.{}", twin.retired());
            if !rows_move {
                return twin.nulls.some(&old);
            }
            let was = format!("pgphase_was_{}", at + 1);
            variables.push_str(&format!("    {was} {} := {old};\n", twin.live.type_name));
            format!("{} AND {}", twin.nulls.some(&was), sync::differ(&was, &old))
        })
        .collect();
    let refused = format!(
        "    IF TG_OP = 'INSERT' AND ({}) THEN
        RAISE EXCEPTION 'the columns of %.% stand in another order than before', TG_TABLE_SCHEMA, TG_TABLE_NAME
            USING HINT = 'Name the columns in the INSERT or COPY.';
    END IF;\n",
        by_place.join(" OR ")
    );
    let work = if rows_move {
        format!(
            "{work}    -- What came here and is not what the new column stands for was meant for the column that stood in this place.\n{refused}"
        )
    } else {
        format!(
            "    -- Nobody writes these columns by name: what comes here was meant for the column that stood in this place.\n{refused}{work}"
        )
    };
    let declare = if variables.is_empty() {
        String::new()
    } else {
        format!("DECLARE\n{variables}")
    };
    format!("\n#variable_conflict use_column\n{declare}BEGIN\n{work}    RETURN NEW;\nEND\n")
}

/// What the old value already stands for is left as it is. A value that does not come back the same has no old form.
fn follow(twin: &Twin, value: &str) -> String {
    let (old, new) = (format!("NEW.{}", twin.retired()), format!("NEW.{}", twin.after));
    if twin.same() {
        return format!("    {old} := {new};\n");
    }
    let assign = |text: &str, target: &str| {
        format!(
            "SELECT ({text}) INTO {target} FROM (SELECT NEW.*) AS {};",
            twin.table.name
        )
    };
    let forth = match &twin.forth {
        Way::Same | Way::Assign => format!("{value} := {old};"),
        Way::Expr(_) => assign(&forth(twin), value),
    };
    let back = match &twin.back {
        Some(Way::Expr(expr)) => assign(&expr.text, &old),
        _ => format!("{old} := {new};"),
    };
    let differs = unlike(twin, &new, value);
    format!(
        "    BEGIN
        {forth}
        IF {differs} THEN
            {back}
            {forth}
        END IF;
        IF {differs} THEN
            {old} := NULL;
            pgphase_misfit := true;
        END IF;
    EXCEPTION WHEN OTHERS THEN
        {old} := NULL;
        pgphase_misfit := true;
    END;
"
    )
}
