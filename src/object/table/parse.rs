//! CREATE TABLE.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Foreign, PartitionBound, PartitionKey, PartitionKeyPart, PartitionOf, PartitionStrategy, ReplicaIdentity, Table,
};
use crate::name::{Ident, QualifiedName};
use crate::object::column::parse::{ColumnDraft, bare, read, read_tail};
use crate::object::column::{Column, OfParent};
use crate::object::constraint::parse::{Draft, comes_next, read_table_constraint};
use crate::object::constraint::{ConstraintRule, naming};
use crate::object::index::KeyExpr;
use crate::object::index::parse::{collation, key_expr, tablespace_of_new};
use crate::object::index::usual_class;
use crate::object::server::options::read as foreign_options;
use crate::object::{Kind, Object, ObjectId};
use crate::operation::{IfExists, Operation};
use crate::parse::context::Context;
use crate::parse::cursor::Cursor;
use crate::parse::error::ParseError;
use crate::parse::names::NameChooser;
use crate::parse::options::options;
use crate::parse::relation;

use super::like;

/// What stands between the parentheses of CREATE TABLE.
pub(super) struct Elements<'t> {
    pub(super) table: QualifiedName,
    pub(super) chooser: NameChooser<'t>,
    pub(super) sequences: Vec<Operation>,
    pub(super) columns: Vec<Column>,
    pub(super) constraints: Vec<Draft>,
    /// Indexes, statistics and comments that LIKE copies.
    pub(super) copied: Vec<like::Copy>,
    /// Columns of which nothing is said about a default.
    pub(super) without_value: BTreeSet<Ident>,
}

/// CREATE TABLE in all its forms.
pub(crate) fn parse_create(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_word("create")?;
    relation::refuse_temporary(cursor)?;
    let unlogged = cursor.eat_word("unlogged");
    cursor.expect_word("table")?;
    let if_exists = relation::if_not_exists(cursor);
    let name = cursor.qualified_name()?;
    let name = context.new_name(cursor, name)?;
    let mut table = plain(name.clone(), unlogged);
    let mut elements = Elements::of(&name, context);
    if cursor.eat_words("partition of") {
        table.partition_of = Some(elements.read_partition(cursor, context)?);
    } else if cursor.eat_word("of") {
        let of_type = context.type_qualified(cursor.qualified_routine()?);
        let columns = typed(cursor, context, &of_type, &name)?;
        table.of_type = Some(of_type);
        elements.columns.clone_from(&columns);
        if cursor.is_mark("(") {
            elements.read_over(cursor, context, &columns)?;
        }
    } else if cursor.is_mark("(") && !create_as(cursor) {
        elements.read(cursor, context)?;
        table.inherits = read_parents(cursor, context)?;
    } else {
        return Err(no_query(cursor));
    }
    read_tail_of_table(cursor, context, &mut table)?;
    if let Some(key) = &mut table.partition_by {
        forget_usual_classes(key, &elements.columns);
    }
    if if_exists == IfExists::Skip && context.schema.relation(&name).is_some() {
        context.note(
            cursor.place(),
            format!("{name} exists already; this CREATE TABLE IF NOT EXISTS has no effect"),
        );
        return Ok(Vec::new());
    }
    elements.finish(context, table)
}

/// CREATE FOREIGN TABLE.
pub(crate) fn parse_create_foreign(
    cursor: &mut Cursor<'_>,
    context: &Context<'_>,
) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("create foreign table")?;
    let if_exists = relation::if_not_exists(cursor);
    let name = cursor.qualified_name()?;
    let name = context.new_name(cursor, name)?;
    let mut table = plain(name.clone(), false);
    let mut elements = Elements::of(&name, context);
    if cursor.eat_words("partition of") {
        table.partition_of = Some(elements.read_partition(cursor, context)?);
    } else {
        elements.read(cursor, context)?;
        table.inherits = read_parents(cursor, context)?;
    }
    cursor.expect_word("server")?;
    table.foreign = Some(Foreign {
        server: cursor.any_ident()?,
        options: foreign_options(cursor)?,
    });
    if if_exists == IfExists::Skip && context.schema.relation(&name).is_some() {
        return Ok(Vec::new());
    }
    elements.finish(context, table)
}

/// `INHERITS`, where it is there.
fn read_parents(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<QualifiedName>, ParseError> {
    if !cursor.eat_word("inherits") {
        return Ok(Vec::new());
    }
    let parents = cursor.paren_list(Cursor::qualified_name)?;
    let mut found = Vec::new();
    for parent in parents {
        let parent = context.relation_name(parent);
        // What a parent says of a column counts for the child from its beginning.
        context.existing(cursor, ObjectId::named(Kind::Table, &parent))?;
        found.push(parent);
    }
    Ok(found)
}

/// A table of this name with nothing said about it.
pub(crate) fn plain(name: QualifiedName, unlogged: bool) -> Table {
    Table {
        name,
        unlogged,
        access_method: None,
        tablespace: None,
        options: BTreeMap::new(),
        of_type: None,
        inherits: Vec::new(),
        partition_by: None,
        partition_of: None,
        replica_identity: ReplicaIdentity::Default,
        row_security: false,
        force_row_security: false,
        foreign: None,
    }
}

/// Whether the parentheses hold only the column names of a CREATE TABLE .. AS.
fn create_as(cursor: &Cursor<'_>) -> bool {
    let mut ahead = cursor.clone();
    ahead.skip_group();
    ahead.is_word("as")
}

fn no_query(cursor: &Cursor<'_>) -> ParseError {
    cursor
        .error("a table is defined by its columns here, not by a query")
        .hint("write the columns out; CREATE TABLE .. AS is a data statement")
}

/// Everything behind the columns.
fn read_tail_of_table(cursor: &mut Cursor<'_>, context: &Context<'_>, table: &mut Table) -> Result<(), ParseError> {
    if cursor.eat_words("partition by") {
        table.partition_by = Some(partition_key(cursor, context)?);
    }
    if cursor.eat_word("using") {
        table.access_method = Some(cursor.any_ident()?);
    }
    if cursor.eat_word("with") {
        table.options = options(cursor)?;
        // Written by pg_dump of old servers; there are no such tables any more.
        if table.options.remove("oids").is_some_and(|value| value != "false") {
            return Err(cursor.error("tables WITH OIDS do not exist since PostgreSQL 12"));
        }
    }
    cursor.eat_words("without oids");
    if cursor.are_words("on commit") {
        return Err(cursor.error("ON COMMIT belongs to temporary tables"));
    }
    table.tablespace = tablespace_of_new(cursor)?;
    if cursor.is_word("as") {
        Err(no_query(cursor))
    } else {
        Ok(())
    }
}

/// `RANGE (..)`, `LIST (..)`, `HASH (..)`.
fn partition_key(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<PartitionKey, ParseError> {
    let strategy = match cursor.expect_any_word(&["range", "list", "hash"])? {
        "range" => PartitionStrategy::Range,
        "list" => PartitionStrategy::List,
        _ => PartitionStrategy::Hash,
    };
    let keys = cursor.paren_list(|cursor| {
        let key = key_expr(cursor, context)?;
        let collation = collation(cursor, context)?;
        let last = cursor.at_end() || cursor.is_mark(",");
        let operator_class = if last {
            None
        } else {
            Some(context.name_of(Kind::OperatorClass, cursor.qualified_routine()?))
        };
        Ok(PartitionKeyPart {
            key,
            collation,
            operator_class,
        })
    })?;
    Ok(PartitionKey { strategy, keys })
}

/// Forgets the operator classes that the key would have anyway.
fn forget_usual_classes(key: &mut PartitionKey, columns: &[Column]) {
    let method = match key.strategy {
        PartitionStrategy::Hash => "hash",
        PartitionStrategy::Range | PartitionStrategy::List => "btree",
    };
    for part in &mut key.keys {
        let of_another = |class: &QualifiedName| {
            let named = |column: &&Column| matches!(&part.key, KeyExpr::Column(name) if *name == column.name);
            let column = columns.iter().find(named);
            column.is_some_and(|column| usual_class::is_of_another(class, &column.type_name))
        };
        let usual = |class: &QualifiedName| usual_class::is_usual(method, class) && !of_another(class);
        if part.operator_class.as_ref().is_some_and(usual) {
            part.operator_class = None;
        }
    }
}

/// `DEFAULT` or `FOR VALUES ..`.
pub(super) fn partition_bound(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<PartitionBound, ParseError> {
    let texts = |cursor: &mut Cursor<'_>| {
        cursor.paren_list(|cursor| {
            let text = cursor.expr_slice(&[])?;
            let edge = ["minvalue", "maxvalue"]
                .iter()
                .any(|word| text.eq_ignore_ascii_case(word));
            Ok(context.expr(&if edge {
                text.to_ascii_uppercase()
            } else {
                text.to_owned()
            }))
        })
    };
    if cursor.eat_word("default") {
        return Ok(PartitionBound::Default);
    }
    cursor.expect_words("for values")?;
    if cursor.eat_word("in") {
        return texts(cursor).map(PartitionBound::List);
    }
    if cursor.eat_word("from") {
        let from = texts(cursor)?;
        cursor.expect_word("to")?;
        return Ok(PartitionBound::Range {
            from,
            to: texts(cursor)?,
        });
    }
    cursor.expect_word("with")?;
    let (mut modulus, mut remainder) = (None, None);
    cursor.paren_list(|cursor| {
        let word = cursor.expect_any_word(&["modulus", "remainder"])?;
        let number = cursor.integer()?;
        let number = u32::try_from(number).map_err(|_| cursor.error("a modulus or remainder is not negative"))?;
        *(if word == "modulus" {
            &mut modulus
        } else {
            &mut remainder
        }) = Some(number);
        Ok(())
    })?;
    match (modulus, remainder) {
        (Some(modulus), Some(remainder)) if remainder < modulus => Ok(PartitionBound::Hash { modulus, remainder }),
        _ => Err(cursor.error("a hash partition needs a modulus and a smaller remainder")),
    }
}

/// The columns that a new partition has from its parent, which must be there.
fn inherited(
    cursor: &Cursor<'_>,
    context: &Context<'_>,
    parent: &QualifiedName,
    partition: &QualifiedName,
) -> Result<Vec<Column>, ParseError> {
    context.existing(cursor, ObjectId::named(Kind::Table, parent))?;
    let columns = context.schema.all_columns(parent).into_iter();
    Ok(columns.map(|column| column.begun(partition)).collect())
}

/// The columns that a typed table has from its type, which must be there.
fn typed(
    cursor: &Cursor<'_>,
    context: &Context<'_>,
    of_type: &QualifiedName,
    table: &QualifiedName,
) -> Result<Vec<Column>, ParseError> {
    let id = context.existing(cursor, ObjectId::named(Kind::CompositeType, of_type))?;
    let Some(Object::CompositeType(composite)) = context.schema.get(&id) else {
        return Ok(Vec::new());
    };
    let columns = composite.attributes.iter().map(|attribute| Column {
        collation: attribute.collation.clone(),
        ..bare(table, attribute.name.clone(), attribute.type_name.clone())
    });
    Ok(columns.collect())
}

impl<'t> Elements<'t> {
    /// Of a new table, nothing read yet.
    fn of(table: &QualifiedName, context: &Context<'t>) -> Self {
        Self {
            table: table.clone(),
            chooser: NameChooser::new(context.taken),
            sequences: Vec::new(),
            columns: Vec::new(),
            constraints: Vec::new(),
            copied: Vec::new(),
            without_value: BTreeSet::new(),
        }
    }

    /// What comes after `PARTITION OF`: the parent, what differs from it, and the bound.
    fn read_partition(&mut self, cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<PartitionOf, ParseError> {
        let parent = context.relation_name(cursor.qualified_name()?);
        if cursor.is_mark("(") {
            let given = inherited(cursor, context, &parent, &self.table)?;
            self.read_over(cursor, context, &given)?;
        }
        Ok(PartitionOf {
            parent,
            bound: partition_bound(cursor, context)?,
            detach_pending: false,
        })
    }

    /// `( column .., constraint .., LIKE .. )`, possibly empty.
    fn read(&mut self, cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<(), ParseError> {
        cursor.paren_list_or_empty(|cursor| {
            if comes_next(cursor) {
                self.constraint(cursor, context)
            } else if cursor.eat_word("like") {
                like::read(cursor, context, self)
            } else {
                let start = cursor.clone();
                let draft = read(cursor, context, &self.table, &mut self.chooser)?;
                context.annotate(&start, &ObjectId::part(Kind::Column, &self.table, &draft.column.name));
                self.add(draft);
                Ok(())
            }
        })?;
        Ok(())
    }

    fn constraint(&mut self, cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<(), ParseError> {
        let start = cursor.clone();
        let draft = read_table_constraint(cursor, context)?;
        if draft.use_index.is_some() {
            return Err(start.error("USING INDEX needs an existing table"));
        }
        if let Some(name) = &draft.name {
            context.annotate(&start, &ObjectId::part(Kind::Constraint, &self.table, name));
        }
        self.constraints.push(draft);
        Ok(())
    }

    pub(super) fn add(&mut self, draft: ColumnDraft) {
        if !draft.has_value {
            self.without_value.insert(draft.column.name.clone());
        }
        self.sequences.extend(draft.sequence.map(Operation::create));
        self.constraints.extend(draft.constraints);
        self.columns.push(draft.column);
    }

    /// `( column WITH OPTIONS .., constraint .. )` over columns that the table has already.
    fn read_over(
        &mut self,
        cursor: &mut Cursor<'_>,
        context: &Context<'_>,
        given: &[Column],
    ) -> Result<(), ParseError> {
        cursor.paren_list(|cursor| {
            if comes_next(cursor) {
                return self.constraint(cursor, context);
            }
            let start = cursor.clone();
            let name = cursor.ident()?;
            cursor.eat_words("with options");
            let Some(column) = given.iter().find(|column| column.name == name) else {
                return Err(start.error(format!("there is no column {name} to say more about")));
            };
            let column = column.clone();
            let mut draft = ColumnDraft {
                column: column.clone(),
                sequence: None,
                constraints: Vec::new(),
                has_value: false,
            };
            read_tail(cursor, context, &mut self.chooser, &mut draft)?;
            // A typed table holds all its columns, a partition only those that differ from its parent's.
            match self.columns.iter_mut().find(|other| other.name == name) {
                Some(own) => *own = draft.column,
                None if draft.column != column => self.columns.push(draft.column),
                None => {}
            }
            self.constraints.extend(draft.constraints);
            Ok(())
        })?;
        Ok(())
    }

    /// A column that a parent has as well refuses nulls where either says so, and has the parent's storage, compression, and default or
    /// expression where nothing is said about one (PostgreSQL documentation, CREATE TABLE, INHERITS).
    fn merge_with_parents(&mut self, table: &Table, context: &Context<'_>) {
        for column in &mut self.columns {
            let given = table
                .inherits
                .iter()
                .flat_map(|parent| context.schema.all_columns(parent));
            for given in given.filter(|given| given.name == column.name) {
                if !column.not_null && context.schema.hands_down_not_null(given) {
                    column.not_null = true;
                    column.not_null_of_parent = OfParent(true);
                }
                column.storage = column.storage.or(given.storage);
                column.compression = column.compression.take().or_else(|| given.compression.clone());
                if self.without_value.contains(&column.name) && column.default.is_none() && column.generated.is_none() {
                    column.default.clone_from(&given.default);
                    column.generated.clone_from(&given.generated);
                }
            }
        }
    }

    fn finish(mut self, context: &Context<'_>, table: Table) -> Result<Vec<Operation>, ParseError> {
        // A new table has no rows to check, and PostgreSQL marks its constraints valid; of a foreign table it cannot know.
        if table.foreign.is_none() {
            self.constraints.iter_mut().for_each(|draft| draft.not_valid = false);
        }
        // NOT NULL of a table constraint is what the column says, be it only inherited.
        for draft in &self.constraints {
            let ConstraintRule::NotNull { column: name, .. } = &draft.rule else {
                continue;
            };
            if draft.not_valid {
                continue;
            }
            match self.columns.iter_mut().find(|column| column.name == *name) {
                Some(column) => column.not_null = true,
                None => self.columns.extend(refusing(name, &table, context)),
            }
        }
        self.merge_with_parents(&table, context);
        self.constraints.retain(|draft| !says_nothing_more(draft, &self.table));
        merge_equal_keys(&mut self.constraints);
        let parents = crate::schema::parents(&table);
        let mut names: BTreeSet<Ident> = self.columns.iter().map(|column| column.name.clone()).collect();
        for parent in parents {
            names.extend(
                context
                    .schema
                    .all_columns(parent)
                    .into_iter()
                    .map(|column| column.name.clone()),
            );
        }
        let constraints = naming::finish_all(self.constraints, &self.table, &names, &mut self.chooser);
        // The sequence of a serial column is as lasting as its table.
        for operation in &mut self.sequences {
            if let Operation::Create {
                object: Object::Sequence(sequence),
                ..
            } = operation
            {
                sequence.unlogged = table.unlogged;
            }
        }
        let mut operations = self.sequences;
        operations.push(Operation::create(table));
        operations.extend(self.columns.into_iter().map(Operation::create));
        operations.extend(constraints.into_iter().map(Operation::create));
        let mut statistics = Vec::new();
        for copied in self.copied {
            operations.extend(copied.finish(context, &mut self.chooser, &mut statistics));
        }
        Ok(operations)
    }
}

/// The column that a new table has from its parents and refuses nulls by itself, where no parent refuses them.
fn refusing(name: &Ident, table: &Table, context: &Context<'_>) -> Option<Column> {
    let given = crate::schema::parents(table).flat_map(|parent| context.schema.all_columns(parent));
    let given: Vec<&Column> = given.filter(|given| given.name == *name).collect();
    let refused = given.iter().any(|given| context.schema.hands_down_not_null(given));
    let given = given.first().filter(|_| !refused)?;
    Some(Column {
        not_null: true,
        inherited: table.partition_of.is_none(),
        ..given.begun(&table.name)
    })
}

/// Whether a not-null constraint adds nothing to its column.
pub(super) fn says_nothing_more(draft: &Draft, table: &QualifiedName) -> bool {
    let ConstraintRule::NotNull {
        column,
        no_inherit: false,
    } = &draft.rule
    else {
        return false;
    };
    let default = crate::name::object_name(table.name.as_str(), column.as_str(), "not_null");
    !draft.not_valid && draft.name.as_ref().is_none_or(|name| name.as_str() == default)
}

/// PostgreSQL makes one index of a UNIQUE that repeats the primary key or another UNIQUE.
fn merge_equal_keys(drafts: &mut Vec<Draft>) {
    let is_primary = |draft: &Draft| matches!(draft.rule, ConstraintRule::PrimaryKey(_));
    let same = |a: &Draft, b: &Draft| match (&a.rule, &b.rule) {
        (ConstraintRule::PrimaryKey(x) | ConstraintRule::Unique(x), ConstraintRule::Unique(y)) => {
            x == y && (a.deferrable, a.initially_deferred) == (b.deferrable, b.initially_deferred)
        }
        _ => false,
    };
    let mut at = 0;
    while at < drafts.len() {
        let twin = (0..drafts.len()).find(|&other| {
            other != at
                && (other < at || drafts.get(other).is_some_and(is_primary))
                && drafts
                    .get(other)
                    .zip(drafts.get(at))
                    .is_some_and(|(first, second)| same(first, second))
        });
        match twin {
            Some(twin) => {
                let removed = drafts.remove(at);
                let twin = if twin > at { twin - 1 } else { twin };
                if let Some(kept) = drafts.get_mut(twin) {
                    kept.name = kept.name.take().or(removed.name);
                }
            }
            None => at += 1,
        }
    }
}
