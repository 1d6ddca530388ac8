//! ALTER TABLE: one operation per action.

use std::collections::{BTreeMap, BTreeSet};

use super::parse::{partition_bound, says_nothing_more};
use super::{PartitionOf, ReplicaIdentity, TableChange};
use crate::attach;
use crate::name::{Ident, QualifiedName};
use crate::object::column::{ColumnChange, alter as column_alter, parse as column_parse};
use crate::object::constraint::parse::{Draft, comes_next, read_table_constraint};
use crate::object::constraint::{ConstraintChange, ConstraintRule, naming};
use crate::object::index::parse as index_parse;
use crate::object::rule::RuleChange;
use crate::object::sequence::Sequence;
use crate::object::server::options::read_changes;
use crate::object::trigger::{Enabled, TriggerChange};
use crate::object::{Change, Kind, ObjectId};
use crate::operation::{IfExists, Operation, unnamed_not_null};
use crate::parse::context::Context;
use crate::parse::cursor::Cursor;
use crate::parse::error::ParseError;
use crate::parse::names::NameChooser;
use crate::parse::options::{option_names, options};
use crate::parse::relation;
use crate::schema::Schema;

type Parsed = Result<Vec<Operation>, ParseError>;

/// ALTER TABLE, on whatever relation the name means.
pub(crate) fn parse_alter(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Parsed {
    cursor.expect_word("alter")?;
    cursor.eat_word("foreign");
    cursor.expect_word("table")?;
    if cursor.are_words("all in tablespace") {
        return Err(cursor.error("moving every table of a tablespace is no definition"));
    }
    let missing = relation::if_exists(cursor);
    let only = cursor.eat_word("only");
    let name = cursor.qualified_name()?;
    cursor.eat_mark("*");
    if let Some(operations) = relation::common_alter(cursor, context, &name, missing)? {
        return Ok(operations);
    }
    let id = match context.index_id(cursor, &name) {
        Ok(index) => index,
        Err(_) => context
            .relation_id(cursor, &name)
            .map_err(|error| error.missing(missing))?,
    };
    if matches!(id.kind, Kind::Index | Kind::Constraint) {
        if cursor.eat_words("cluster on") {
            return Err(cursor.error("this is an index, not a table"));
        }
        return index_parse::alter_actions(cursor, context, id);
    }
    let table = id.qualified();
    if cursor.is_word("rename") {
        return rename(cursor, context, &id);
    }
    let columns = context.schema.all_columns(&table).into_iter();
    let mut action = Action {
        context,
        id: &id,
        table: &table,
        only,
        chooser: NameChooser::new(context.taken),
        columns: columns.map(|column| column.name.clone()).collect(),
    };
    let lists = cursor.comma_separated(|cursor| action.read(cursor))?;
    Ok(lists.into_iter().flatten().collect())
}

/// `RENAME [COLUMN] a TO b`, `RENAME CONSTRAINT a TO b`.
fn rename(cursor: &mut Cursor<'_>, context: &Context<'_>, id: &ObjectId) -> Parsed {
    cursor.expect_word("rename")?;
    let kind = if cursor.eat_word("constraint") {
        Kind::Constraint
    } else {
        Kind::Column
    };
    if kind == Kind::Column {
        cursor.eat_word("column");
    }
    let from = ObjectId::part(kind, &id.qualified(), &cursor.ident()?);
    cursor.expect_word("to")?;
    let to = from.with_own_name(&cursor.ident()?);
    if id.kind != Kind::Table {
        return Err(cursor.error(format!("columns of {id} are renamed by its query")));
    }
    if unnamed_not_null(context.schema, &from).is_none() {
        context.existing(cursor, from.clone())?;
    }
    Ok(vec![Operation::Rename { from, to }])
}

struct Action<'a> {
    context: &'a Context<'a>,
    id: &'a ObjectId,
    table: &'a QualifiedName,
    only: bool,
    /// Names that actions before this one got are in use too.
    chooser: NameChooser<'a>,
    /// The columns of the table, with those that actions before this one add.
    columns: BTreeSet<Ident>,
}

impl Action<'_> {
    fn change(&self, change: impl Into<Change>) -> Parsed {
        Ok(vec![Operation::alter(self.id.clone(), change)])
    }

    fn read(&mut self, cursor: &mut Cursor<'_>) -> Parsed {
        match () {
            () if cursor.eat_word("add") => self.add(cursor),
            () if cursor.eat_word("drop") => self.drop(cursor),
            () if cursor.are_words("alter constraint") => self.alter_constraint(cursor),
            () if cursor.eat_word("alter") => {
                cursor.eat_word("column");
                column_alter::parse(cursor, self.context, self.id, self.only)
            }
            () if cursor.eat_words("validate constraint") => {
                let constraint = ObjectId::part(Kind::Constraint, self.table, &cursor.ident()?);
                Ok(vec![Operation::alter(constraint, ConstraintChange::Validate)])
            }
            () if cursor.eat_words("attach partition") => {
                let partition = self.context.relation_name(cursor.qualified_name()?);
                let bound = partition_bound(cursor, self.context)?;
                let of = PartitionOf {
                    parent: self.table.clone(),
                    bound,
                    detach_pending: false,
                };
                Ok(vec![Operation::alter(
                    ObjectId::named(Kind::Table, &partition),
                    TableChange::Attach(of),
                )])
            }
            () if cursor.eat_words("detach partition") => {
                let partition = self.context.relation_name(cursor.qualified_name()?);
                let concurrently = cursor.eat_any_word(&["concurrently", "finalize"]) == Some("concurrently");
                let change = TableChange::Detach {
                    parent: self.table.clone(),
                    concurrently,
                };
                Ok(vec![Operation::alter(ObjectId::named(Kind::Table, &partition), change)])
            }
            () if cursor.eat_word("inherit") => {
                let parent = cursor.qualified_name()?;
                self.change(TableChange::Inherit(self.context.relation_name(parent)))
            }
            () if cursor.eat_words("no inherit") => {
                let parent = cursor.qualified_name()?;
                self.change(TableChange::NoInherit(self.context.relation_name(parent)))
            }
            () if cursor.eat_words("not of") => self.change(TableChange::OfType(None)),
            () if cursor.eat_word("of") => {
                let of_type = cursor.qualified_routine()?;
                self.change(TableChange::OfType(Some(self.context.type_qualified(of_type))))
            }
            () if cursor.eat_words("owner to") => relation::owner(cursor, self.id.clone()),
            () if cursor.eat_words("cluster on") => {
                let index = cursor.ident()?;
                index_parse::cluster_on(cursor, self.context, self.table, Some(index))
            }
            () if cursor.is_word("options") => self.change(TableChange::ForeignOptions(read_changes(cursor)?)),
            () if cursor.eat_words("replica identity") => self.replica_identity(cursor),
            () if cursor.eat_words("enable row level security") => self.change(TableChange::RowSecurity(true)),
            () if cursor.eat_words("disable row level security") => self.change(TableChange::RowSecurity(false)),
            () if cursor.eat_words("force row level security") => self.change(TableChange::ForceRowSecurity(true)),
            () if cursor.eat_words("no force row level security") => self.change(TableChange::ForceRowSecurity(false)),
            () if cursor.is_any_word(&["enable", "disable"]) => self.enable(cursor),
            () if cursor.eat_word("reset") => self.change(TableChange::Options {
                set: BTreeMap::new(),
                reset: option_names(cursor)?,
            }),
            () if cursor.eat_word("set") => self.set(cursor),
            () => Err(cursor.expected("an action of ALTER TABLE")),
        }
    }

    fn set(&self, cursor: &mut Cursor<'_>) -> Parsed {
        match () {
            () if cursor.is_mark("(") => self.change(TableChange::Options {
                set: options(cursor)?,
                reset: Vec::new(),
            }),
            () if cursor.eat_word("logged") => self.change(TableChange::Unlogged(false)),
            () if cursor.eat_word("unlogged") => self.change(TableChange::Unlogged(true)),
            () if cursor.eat_words("access method") => {
                let method = cursor.any_ident()?;
                let own = !matches!(method.as_str(), "heap" | "default");
                self.change(TableChange::AccessMethod(Some(method).filter(|_| own)))
            }
            () if cursor.is_word("tablespace") => {
                self.change(TableChange::Tablespace(index_parse::tablespace(cursor)?))
            }
            () if cursor.eat_words("without cluster") => {
                index_parse::cluster_on(cursor, self.context, self.table, None)
            }
            () if cursor.eat_words("without oids") => Ok(Vec::new()),
            () => Err(cursor.expected("what ALTER TABLE can SET")),
        }
    }

    fn add(&mut self, cursor: &mut Cursor<'_>) -> Parsed {
        if comes_next(cursor) {
            let draft = read_table_constraint(cursor, self.context)?;
            if let Some(index) = draft.use_index.clone() {
                return self.use_index(cursor, draft, index);
            }
            let mut operations = Vec::new();
            if let (ConstraintRule::NotNull { column, no_inherit }, false) = (&draft.rule, draft.not_valid) {
                let own = column_alter::own_column(self.context, self.table, column);
                operations.extend(own.copy);
                if !no_inherit {
                    operations.push(Operation::alter(own.id, ColumnChange::NotNull(true)));
                }
            }
            if !says_nothing_more(&draft, self.table) {
                let mut constraints = naming::finish_all(vec![draft], self.table, &self.columns, &mut self.chooser);
                for constraint in constraints.iter_mut().filter(|new| self.only && new.key().is_some()) {
                    constraint.missing = attach::partitions(self.context.schema, self.table);
                    constraint.missing.sort();
                }
                operations.extend(constraints.into_iter().map(Operation::create));
            }
            return Ok(operations);
        }
        cursor.eat_word("column");
        let if_exists = relation::if_not_exists(cursor);
        let start = cursor.clone();
        let draft = column_parse::read(cursor, self.context, self.table, &mut self.chooser)?;
        let id = ObjectId::part(Kind::Column, self.table, &draft.column.name);
        if if_exists == IfExists::Skip && self.columns.contains(&draft.column.name) {
            return Ok(Vec::new());
        }
        self.context.annotate(&start, &id);
        self.columns.insert(draft.column.name.clone());
        let constraints = naming::finish_all(draft.constraints, self.table, &self.columns, &mut self.chooser);
        let unlogged = self
            .context
            .schema
            .table(self.table)
            .is_some_and(|table| table.unlogged);
        let sequence = draft.sequence.map(|sequence| Sequence { unlogged, ..sequence });
        let mut operations: Vec<Operation> = sequence.map(Operation::create).into_iter().collect();
        operations.push(Operation::create(draft.column));
        operations.extend(constraints.into_iter().map(Operation::create));
        Ok(operations)
    }

    /// `ADD .. USING INDEX`: the key is the index's, and so is the name unless one is given.
    fn use_index(&mut self, cursor: &Cursor<'_>, mut draft: Draft, index: Ident) -> Parsed {
        let full = QualifiedName {
            namespace: self.table.namespace.clone(),
            name: index.clone(),
        };
        let Some((columns, found)) = index_parse::key_columns(self.context, &full) else {
            return Err(self
                .context
                .missing(cursor, format!("there is no index {full} on plain columns"))
                .absent(ObjectId::named(Kind::Index, &full)));
        };
        if let ConstraintRule::PrimaryKey(key) | ConstraintRule::Unique(key) = &mut draft.rule {
            key.columns = columns;
            key.include.clone_from(&found.include);
            key.nulls_not_distinct = found.nulls_not_distinct;
            key.options.clone_from(&found.options);
            key.tablespace.clone_from(&found.tablespace);
        }
        draft.name.get_or_insert_with(|| index.clone());
        let constraints = naming::finish_all(vec![draft], self.table, &self.columns, &mut self.chooser);
        Ok(constraints
            .into_iter()
            .map(|constraint| Operation::UseIndex {
                constraint,
                index: index.clone(),
            })
            .collect())
    }

    fn drop(&mut self, cursor: &mut Cursor<'_>) -> Parsed {
        let kind = if cursor.eat_word("constraint") {
            Kind::Constraint
        } else {
            Kind::Column
        };
        if kind == Kind::Column {
            cursor.eat_word("column");
        }
        let if_exists = cursor.eat_words("if exists");
        let id = ObjectId::part(kind, self.table, &cursor.ident()?);
        if self.context.schema.contains(&id) {
            self.chooser.leave(&id);
        }
        let cascade = relation::cascade(cursor);
        Ok(vec![Operation::Drop {
            id,
            if_exists,
            cascade,
            concurrently: false,
            only: self.only,
        }])
    }

    fn alter_constraint(&self, cursor: &mut Cursor<'_>) -> Parsed {
        cursor.expect_words("alter constraint")?;
        let id = ObjectId::part(Kind::Constraint, self.table, &cursor.ident()?);
        let mut draft = Draft::new(
            None,
            ConstraintRule::NotNull {
                column: Ident::new(""),
                no_inherit: false,
            },
        );
        if ["enforced", "no inherit", "inherit"]
            .iter()
            .any(|words| cursor.are_words(words))
        {
            return Err(cursor.error("this change of a constraint is not understood"));
        }
        draft.read_attributes(cursor)?;
        let Draft {
            deferrable,
            initially_deferred,
            not_enforced,
            ..
        } = draft;
        if not_enforced {
            return Err(cursor.error("this change of a constraint is not understood"));
        }
        Ok(vec![Operation::alter(
            id,
            ConstraintChange::Deferrable {
                deferrable,
                initially_deferred,
            },
        )])
    }

    fn replica_identity(&self, cursor: &mut Cursor<'_>) -> Parsed {
        let identity = match () {
            () if cursor.eat_words("using index") => ReplicaIdentity::Index(cursor.ident()?),
            () if cursor.eat_word("default") => ReplicaIdentity::Default,
            () if cursor.eat_word("full") => ReplicaIdentity::Full,
            () if cursor.eat_word("nothing") => ReplicaIdentity::Nothing,
            () => return Err(cursor.expected("DEFAULT, FULL, NOTHING or USING INDEX")),
        };
        self.change(TableChange::ReplicaIdentity(identity))
    }

    /// `ENABLE` and `DISABLE` of triggers and rules.
    fn enable(&self, cursor: &mut Cursor<'_>) -> Parsed {
        let enabled = match () {
            () if cursor.eat_word("disable") => Enabled::Disabled,
            () if cursor.eat_words("enable replica") => Enabled::Replica,
            () if cursor.eat_words("enable always") => Enabled::Always,
            () => {
                cursor.expect_word("enable")?;
                Enabled::Origin
            }
        };
        if cursor.eat_word("rule") {
            let id = ObjectId::part(Kind::Rule, self.table, &cursor.ident()?);
            return Ok(vec![Operation::alter(id, RuleChange::Enabled(enabled))]);
        }
        cursor.expect_word("trigger")?;
        if cursor.eat_any_word(&["all", "user"]).is_some() {
            let triggers = self
                .context
                .schema
                .children(self.id)
                .filter(|child| child.kind == Kind::Trigger);
            return Ok(triggers
                .map(|id| Operation::alter(id.clone(), TriggerChange::Enabled(enabled)))
                .collect());
        }
        let place = cursor.place();
        let id = ObjectId::part(Kind::Trigger, self.table, &cursor.ident()?);
        let schema = self.context.schema;
        if !schema.contains(&id) && has_from_parent(schema, &id) {
            self.context.note(
                place,
                format!("{id} comes with the one of the parent; whether it fires in the partition is not managed"),
            );
            return Ok(Vec::new());
        }
        Ok(vec![Operation::alter(id, TriggerChange::Enabled(enabled))])
    }
}

/// Whether a partition has a trigger from a parent.
fn has_from_parent(schema: &Schema, trigger: &ObjectId) -> bool {
    let parent = |table: &QualifiedName| Some(schema.table(table)?.partition_of.as_ref()?.parent.clone());
    // A chain of parents that does not end is an error told elsewhere.
    std::iter::successors(parent(&trigger.qualified()), parent)
        .take(100)
        .any(|table| schema.contains(&ObjectId::part(Kind::Trigger, &table, trigger.own_name())))
}
