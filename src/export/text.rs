//! The SQL of a unit: its settings, its statements, and the search path put back, because most runners write down what has
//! run in the same session or transaction.

use super::segment::{Down, Segment, Unit};
use crate::render::script;
use crate::sql;

const KEEP: &str = "pgphase.search_path";

impl Unit {
    /// Every statement in its order, settings included, for a runner that sends one after the other in one session.
    pub fn sequence(&self) -> Vec<String> {
        self.listed(true)
    }

    /// The same as queries that are sent one by one; what needs a transaction where the runner opens none is one of them.
    pub fn entries(&self, no_transaction: bool) -> Vec<String> {
        if no_transaction && self.transaction {
            vec![self.text(true)]
        } else {
            self.sequence()
        }
    }

    /// The same for a session that does nothing else.
    pub fn sequence_of_own_session(&self) -> Vec<String> {
        self.listed(false)
    }

    fn listed(&self, shared: bool) -> Vec<String> {
        let set = if self.transaction { "SET LOCAL" } else { "SET" };
        let mut list = vec![format!("{set} lock_timeout = {}", self.lock_timeout)];
        list.extend(self.settings.iter().map(|setting| format!("{set} {setting}")));
        if let Some(path) = &self.search_path {
            if shared {
                list.push(format!(
                    "SELECT pg_catalog.set_config('{KEEP}', pg_catalog.current_setting('search_path'), {})",
                    self.transaction
                ));
            }
            list.push(format!("{set} search_path = {path}"));
        }
        list.extend(self.statements.iter().cloned());
        if shared && self.search_path.is_some() {
            list.push(format!(
                "SELECT pg_catalog.set_config('search_path', pg_catalog.current_setting('{KEEP}'), {})",
                self.transaction
            ));
        }
        if shared && !self.transaction {
            let names = self.settings.iter().filter_map(|setting| setting.split('=').next());
            list.extend(
                ["lock_timeout"]
                    .into_iter()
                    .chain(names)
                    .map(|name| format!("RESET {}", name.trim())),
            );
        }
        list
    }

    /// What a runner that sends a file as one query is given: in a transaction everything, else the statement alone.
    pub fn query(&self) -> Vec<String> {
        if self.transaction {
            self.sequence()
        } else {
            self.statements.clone()
        }
    }

    /// The same as text, `BEGIN` and `COMMIT` included where the runner opens no transaction.
    pub fn text(&self, own_transaction: bool) -> String {
        let text = script::statements(&self.query());
        if self.transaction && own_transaction {
            format!("BEGIN;\n{text}COMMIT;\n")
        } else {
            text
        }
    }

    /// What must be set in the connection, where the statement stands alone; as comment lines.
    pub fn alone(&self) -> Vec<String> {
        if self.transaction {
            return vec![];
        }
        let mut lines = vec![
            "This runs outside a transaction block, so the file holds one statement and no settings.".to_owned(),
            "Its connection must have no lock_timeout and no statement_timeout, where the role or the database sets one:"
                .to_owned(),
        ];
        let path = match &self.search_path {
            Some(path) => format!(" -c search_path={}", path.replace(' ', "").replace("''", "")),
            None => String::new(),
        };
        lines.push(format!("options='-c lock_timeout=0 -c statement_timeout=0{path}'"));
        lines
    }
}

impl Segment {
    /// The way back as SQL: one that fails where there is none.
    pub fn down_text(&self, own_transaction: bool) -> String {
        match &self.down {
            Down::Sql(unit) => unit.text(own_transaction),
            Down::Nothing => "-- There is nothing to undo.\nSELECT 1;\n".into(),
            Down::Impossible(_) => format!("{};\n", self.failing()),
        }
    }

    /// Why there is no way back, one sentence.
    pub fn one_way(&self) -> String {
        let why = match &self.down {
            Down::Impossible(why) => why.as_str(),
            _ => "",
        };
        super::segment::one_line(&format!("step {} cannot be undone: {why}", self.step))
    }

    /// A statement that fails with that sentence.
    pub fn failing(&self) -> String {
        let message = sql::literal(&self.one_way());
        let body = format!("BEGIN RAISE EXCEPTION USING ERRCODE = 'feature_not_supported', MESSAGE = {message}; END ");
        format!("DO {}", sql::dollar_quoted(&body))
    }

    /// Whether the way back runs in a transaction.
    pub fn down_in_transaction(&self) -> bool {
        !matches!(&self.down, Down::Sql(unit) if !unit.transaction)
    }

    /// The header as SQL comments, and what the connection must have for this direction.
    pub fn sql_header(&self, down: bool) -> String {
        let mut text = String::new();
        let unit = match &self.down {
            Down::Sql(unit) if down => Some(unit),
            _ if down => None,
            _ => Some(&self.up),
        };
        for line in self
            .header()
            .into_iter()
            .chain(unit.map(Unit::alone).unwrap_or_default())
        {
            text.push_str(&format!("-- {line}\n"));
        }
        text
    }
}
