//! Tables, views and materialized views of a document.

use indexmap::IndexMap;

use crate::parse::error::ParseError;
use crate::sql;

use super::model::{
    CheckOption, Column, ForEach, ForeignKey, FullKey, Identity, Index, Key, MaterializedView, Policy, RowSecurity,
    Table, Text, Trigger, View,
};
use super::places::Step;
use super::write::{Done, Writer, at, ident, idents, item, name};

impl Writer<'_> {
    /// A table with everything on it.
    pub(super) fn table(&mut self, own: &str, table: &Table, path: &[Step]) -> Done {
        let full = name(own);
        let mut elements = Vec::new();
        for (index, column) in table.columns.iter().enumerate() {
            let typed = table.partition_of.is_some();
            elements.push(self.column(column, typed, &item(&at(path, "columns"), index))?);
        }
        if let Some(key) = &table.primary_key {
            elements.push(self.key(key, "PRIMARY KEY"));
        }
        elements.extend(table.unique.iter().map(|key| self.key(key, "UNIQUE")));
        for (check, expr) in &table.checks {
            let expr = self.expr(expr, &at(&at(path, "checks"), check))?;
            elements.push(format!("CONSTRAINT {} CHECK ({expr})", ident(check)));
        }
        for (index, key) in table.foreign_keys.iter().enumerate() {
            elements.push(self.foreign_key(key, &item(&at(path, "foreign_keys"), index))?);
        }
        for (constraint, text) in &table.constraints {
            let text = self.clause(text, &at(&at(path, "constraints"), constraint), "constraint")?;
            elements.push(format!("CONSTRAINT {} {text}", ident(constraint)));
        }
        let unlogged = if table.unlogged { "UNLOGGED " } else { "" };
        let mut text = format!("CREATE {unlogged}TABLE {full}");
        if let Some(partition) = &table.partition_of {
            text.push_str(&format!(" PARTITION OF {}", name(&partition.table)));
        }
        if !elements.is_empty() || table.partition_of.is_none() {
            text.push_str(&format!(" ({})", elements.join(",\n")));
        }
        if let Some(partition) = &table.partition_of {
            let bound = self.clause(&partition.bound, &at(&at(path, "partition_of"), "bound"), "bound")?;
            text.push_str(&format!(" {bound}"));
        }
        if !table.inherits.is_empty() {
            text.push_str(&format!(
                " INHERITS ({})",
                sql::list(table.inherits.iter().map(|n| name(n)))
            ));
        }
        if let Some(key) = &table.partition_by {
            text.push_str(&format!(
                " PARTITION BY {}",
                self.clause(key, &at(path, "partition_by"), "partition key")?
            ));
        }
        text.push_str(&with(&table.with));
        if let Some(tablespace) = &table.tablespace {
            text.push_str(&format!(" TABLESPACE {}", ident(tablespace)));
        }
        self.create(text, path, table.renamed_from.as_ref())?;
        match table.row_security {
            None => {}
            Some(row_security) => {
                let path = at(path, "row_security");
                self.push(format!("ALTER TABLE {full} ENABLE ROW LEVEL SECURITY"), &path);
                if matches!(row_security, RowSecurity::Forced) {
                    self.push(format!("ALTER TABLE {full} FORCE ROW LEVEL SECURITY"), &path);
                }
            }
        }
        let target = format!("TABLE {full}");
        self.satellites(&target, &target, &table.satellites(), path)?;
        for (index, column) in table.columns.iter().enumerate() {
            let path = item(&at(path, "columns"), index);
            let own = ident(&column.name);
            self.comment(&format!("COLUMN {full}.{own}"), column.comment.as_ref(), &path);
            self.grants(&target, &format!(" ({own})"), &column.grants, &path)?;
        }
        self.indexes(&full.to_string(), &table.indexes, path)?;
        self.triggers(&full.to_string(), &table.triggers, path)?;
        for (policy, definition) in &table.policies {
            self.policy(
                &full.to_string(),
                policy,
                definition,
                &at(&at(path, "policies"), policy),
            )?;
        }
        Ok(())
    }

    fn column(&self, column: &Column, typed: bool, path: &[Step]) -> Result<String, ParseError> {
        let mut text = ident(&column.name).to_string();
        if let Some(old) = &column.renamed_from {
            text = format!("\n-- @renamed_from {}\n{text}", self.old_name(old, path)?);
        }
        for (key, value) in [
            ("using", &column.using),
            ("reverse", &column.reverse),
            ("backfill", &column.backfill),
            ("moved_from", &column.moved_from),
        ] {
            if let Some(Text(value)) = value {
                if value.contains(char::is_control) {
                    return Err(self
                        .file
                        .error(&at(path, key), format!("{key} must be an expression on one line")));
                }
                text = format!("\n-- @{key} {value}\n{text}");
            }
        }
        match &column.r#type {
            Some(type_name) => text.push_str(&format!(" {}", self.type_name(type_name, &at(path, "type"))?)),
            None if typed => text.push_str(" WITH OPTIONS"),
            None => return Err(self.file.error(path, format!("the column {} has no type", column.name))),
        }
        if let Some(storage) = &column.storage {
            text.push_str(&format!(" STORAGE {}", ident(storage)));
        }
        if let Some(compression) = &column.compression {
            text.push_str(&format!(" COMPRESSION {}", ident(compression)));
        }
        if let Some(collation) = &column.collation {
            text.push_str(&format!(" COLLATE {}", name(&collation.0)));
        }
        if let Some(default) = &column.default {
            text.push_str(&format!(" DEFAULT {}", self.operand(default, &at(path, "default"))?));
        }
        if let Some(expr) = &column.generated {
            let expr = self.expr(expr, &at(path, "generated"))?;
            text.push_str(&format!(" GENERATED ALWAYS AS ({expr}) STORED"));
        }
        match column.identity {
            Some(Identity::Always) => text.push_str(" GENERATED ALWAYS AS IDENTITY"),
            Some(Identity::ByDefault) => text.push_str(" GENERATED BY DEFAULT AS IDENTITY"),
            None => {}
        }
        for (on, words) in [
            (column.not_null, " NOT NULL"),
            (column.primary_key, " PRIMARY KEY"),
            (column.unique, " UNIQUE"),
        ] {
            if on {
                text.push_str(words);
            }
        }
        if let Some(check) = &column.check {
            text.push_str(&format!(" CHECK ({})", self.expr(check, &at(path, "check"))?));
        }
        if let Some(references) = &column.references {
            let references = self.clause(references, &at(path, "references"), "reference")?;
            text.push_str(&format!(" REFERENCES {references}"));
        }
        Ok(text)
    }

    fn key(&self, key: &Key, words: &str) -> String {
        let FullKey {
            name,
            columns,
            include,
            nulls_not_distinct,
            deferrable,
            initially_deferred,
        } = match key {
            Key::Columns(columns) => return format!("{words} ({})", idents(columns)),
            Key::Full(full) => full,
        };
        let mut text = constraint_name(name.as_ref());
        text.push_str(words);
        if *nulls_not_distinct {
            text.push_str(" NULLS NOT DISTINCT");
        }
        text.push_str(&format!(" ({})", idents(columns)));
        if !include.is_empty() {
            text.push_str(&format!(" INCLUDE ({})", idents(include)));
        }
        text + deferral(*deferrable, *initially_deferred)
    }

    fn foreign_key(&self, key: &ForeignKey, path: &[Step]) -> Result<String, ParseError> {
        let mut text = constraint_name(key.name.as_ref());
        text.push_str(&format!(
            "FOREIGN KEY ({}) REFERENCES {}",
            idents(&key.columns),
            name(&key.references)
        ));
        if !key.referenced_columns.is_empty() {
            text.push_str(&format!(" ({})", idents(&key.referenced_columns)));
        }
        for (words, own, action) in [
            ("ON DELETE", "on_delete", &key.on_delete),
            ("ON UPDATE", "on_update", &key.on_update),
        ] {
            if let Some(action) = action {
                text.push_str(&format!(" {words} {}", self.clause(action, &at(path, own), "action")?));
            }
        }
        Ok(text + deferral(key.deferrable, key.initially_deferred))
    }

    fn indexes(&mut self, table: &str, indexes: &IndexMap<String, Index>, path: &[Step]) -> Done {
        for (own, index) in indexes {
            let path = at(&at(path, "indexes"), own);
            let mut keys = Vec::new();
            for (number, key) in index.on.iter().enumerate() {
                keys.push(self.index_key(key, &item(&at(&path, "on"), number))?);
            }
            let unique = if index.unique { "UNIQUE " } else { "" };
            let mut text = format!("CREATE {unique}INDEX {} ON {table}", ident(own));
            if let Some(method) = &index.method {
                text.push_str(&format!(" USING {}", ident(method)));
            }
            text.push_str(&format!(" ({})", keys.join(", ")));
            if !index.include.is_empty() {
                text.push_str(&format!(" INCLUDE ({})", idents(&index.include)));
            }
            if index.nulls_not_distinct {
                text.push_str(" NULLS NOT DISTINCT");
            }
            text.push_str(&with(&index.with));
            if let Some(tablespace) = &index.tablespace {
                text.push_str(&format!(" TABLESPACE {}", ident(tablespace)));
            }
            if let Some(condition) = &index.r#where {
                let condition = self.expr(condition, &at(&path, "where"))?;
                text.push_str(&format!(" WHERE ({condition})"));
            }
            self.create(text, &path, index.renamed_from.as_ref())?;
            let full = match name(table).namespace {
                Some(namespace) => format!("{namespace}.{}", ident(own)),
                None => ident(own).to_string(),
            };
            self.comment(&format!("INDEX {full}"), index.comment.as_ref(), &path);
        }
        Ok(())
    }

    /// A column, its name as it is, or SQL for anything else: `lower(email) DESC`.
    fn index_key(&self, key: &Text, path: &[Step]) -> Result<String, ParseError> {
        if key.0.chars().all(|c| c.is_alphanumeric() || c == '_') {
            return Ok(ident(&key.0).to_string());
        }
        self.expr(key, path)
    }

    fn triggers(&mut self, table: &str, triggers: &IndexMap<String, Trigger>, path: &[Step]) -> Done {
        for (own, trigger) in triggers {
            let path = at(&at(path, "triggers"), own);
            let own = ident(own);
            let fires = self.clause(&trigger.fires, &at(&path, "fires"), "list of events")?;
            let each = match trigger.for_each {
                ForEach::Row => "ROW",
                ForEach::Statement => "STATEMENT",
            };
            let mut text = format!("CREATE TRIGGER {own} {fires} ON {table} FOR EACH {each}");
            if let Some(when) = &trigger.when {
                text.push_str(&format!(" WHEN ({})", self.expr(when, &at(&path, "when"))?));
            }
            let call = self.clause(&trigger.call, &at(&path, "call"), "call")?;
            self.push(format!("{text} EXECUTE FUNCTION {call}"), &path);
            self.comment(&format!("TRIGGER {own} ON {table}"), trigger.comment.as_ref(), &path);
        }
        Ok(())
    }

    fn policy(&mut self, table: &str, own: &str, policy: &Policy, path: &[Step]) -> Done {
        let own = ident(own);
        let mut text = format!("CREATE POLICY {own} ON {table}");
        if policy.restrictive {
            text.push_str(" AS RESTRICTIVE");
        }
        if let Some(command) = &policy.r#for {
            text.push_str(&format!(" FOR {}", self.clause(command, &at(path, "for"), "command")?));
        }
        if !policy.to.is_empty() {
            let roles = policy.to.iter().map(|role| {
                if role.eq_ignore_ascii_case("public") {
                    "PUBLIC".to_owned()
                } else {
                    ident(role).to_string()
                }
            });
            text.push_str(&format!(" TO {}", sql::list(roles)));
        }
        for (words, own, expr) in [
            ("USING", "using", &policy.using),
            ("WITH CHECK", "check", &policy.check),
        ] {
            if let Some(expr) = expr {
                text.push_str(&format!(" {words} ({})", self.expr(expr, &at(path, own))?));
            }
        }
        self.push(text, path);
        self.comment(&format!("POLICY {own} ON {table}"), policy.comment.as_ref(), path);
        Ok(())
    }

    /// A view.
    pub(super) fn view(&mut self, own: &str, view: &View, path: &[Step]) -> Done {
        let full = name(own);
        let Some(query) = &view.query else {
            return Err(self.file.error(path, format!("the view {own} has no query")));
        };
        let mut text = format!("CREATE VIEW {full}");
        if !view.columns.is_empty() {
            text.push_str(&format!(" ({})", idents(&view.columns)));
        }
        text.push_str(&with(&view.with));
        text.push_str(&format!(" AS\n{}", self.query(query, &at(path, "query"))?));
        match view.check_option {
            Some(CheckOption::Local) => text.push_str("\nWITH LOCAL CHECK OPTION"),
            Some(CheckOption::Cascaded) => text.push_str("\nWITH CASCADED CHECK OPTION"),
            None => {}
        }
        self.create(text, path, view.renamed_from.as_ref())?;
        let (target, on) = (format!("VIEW {full}"), format!("TABLE {full}"));
        self.satellites(&target, &on, &view.satellites(), path)?;
        self.triggers(&full.to_string(), &view.triggers, path)
    }

    /// A materialized view.
    pub(super) fn materialized_view(&mut self, own: &str, view: &MaterializedView, path: &[Step]) -> Done {
        let full = name(own);
        let Some(query) = &view.query else {
            return Err(self
                .file
                .error(path, format!("the materialized view {own} has no query")));
        };
        let mut text = format!("CREATE MATERIALIZED VIEW {full}");
        if !view.columns.is_empty() {
            text.push_str(&format!(" ({})", idents(&view.columns)));
        }
        text.push_str(&with(&view.with));
        if let Some(tablespace) = &view.tablespace {
            text.push_str(&format!(" TABLESPACE {}", ident(tablespace)));
        }
        text.push_str(&format!(" AS\n{}", self.query(query, &at(path, "query"))?));
        if view.no_data {
            text.push_str("\nWITH NO DATA");
        }
        self.create(text, path, view.renamed_from.as_ref())?;
        let (target, on) = (format!("MATERIALIZED VIEW {full}"), format!("TABLE {full}"));
        self.satellites(&target, &on, &view.satellites(), path)?;
        self.indexes(&full.to_string(), &view.indexes, path)
    }

    /// A query, a semicolon at its end left out.
    fn query(&self, text: &Text, path: &[Step]) -> Result<String, ParseError> {
        let text = text.0.trim_end();
        let text = Text(text.strip_suffix(';').unwrap_or(text).to_owned());
        let query = self.clause(&text, path, "query")?;
        if query.is_empty() {
            return Err(self.file.error(path, "the query is empty"));
        }
        Ok(query)
    }
}

fn constraint_name(name: Option<&String>) -> String {
    name.map_or(String::new(), |name| format!("CONSTRAINT {} ", ident(name)))
}

fn deferral(deferrable: bool, initially_deferred: bool) -> &'static str {
    match (deferrable, initially_deferred) {
        (_, true) => " DEFERRABLE INITIALLY DEFERRED",
        (true, false) => " DEFERRABLE",
        (false, false) => "",
    }
}

fn with(options: &IndexMap<String, Text>) -> String {
    if options.is_empty() {
        return String::new();
    }
    format!(
        " WITH ({})",
        sql::options(options.iter().map(|(key, value)| (key, &value.0)))
    )
}
