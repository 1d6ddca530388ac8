//! Functions and procedures of a document.

use crate::sql;

use super::model::Routine;
use super::places::Step;
use super::write::{Done, Writer, at, ident, name};

impl Writer<'_> {
    /// A function or procedure.
    pub(super) fn routine(&mut self, routine: &Routine, word: &str, path: &[Step]) -> Done {
        let Some(own) = &routine.name else {
            return Err(self.file.error(path, "the routine has no name"));
        };
        let own = name(own);
        let arguments = match &routine.arguments {
            Some(text) => self.clause(text, &at(path, "arguments"), "list of arguments")?,
            None => String::new(),
        };
        let mut text = format!("CREATE {word} {own}({arguments})");
        if let Some(returns) = &routine.returns {
            let returns = self.clause(returns, &at(path, "returns"), "result")?;
            text.push_str(&format!("\nRETURNS {returns}"));
        }
        if let Some(language) = &routine.language {
            text.push_str(&format!("\nLANGUAGE {}", ident(language)));
        }
        if let Some(attributes) = &routine.attributes {
            let attributes = self.clause(attributes, &at(path, "attributes"), "list of attributes")?;
            text.push_str(&format!("\n{attributes}"));
        }
        for (setting, value) in &routine.settings {
            let path = at(&at(path, "settings"), setting);
            let setting = sql::join(setting.split('.').map(ident), ".");
            let value = self.clause(value, &path, "value")?;
            text.push_str(&format!("\nSET {setting} TO {value}"));
        }
        match (&routine.body, &routine.sql_body) {
            (Some(body), None) => text.push_str(&format!("\nAS {}", sql::dollar_quoted(body))),
            (None, Some(body)) => text.push_str(&format!("\n{}", body.0)),
            _ => {
                let message = "a routine has either a body or an sql_body";
                return Err(self.file.error(path, message));
            }
        }
        self.create(text, &at(path, "name"), routine.renamed_from.as_ref())?;
        let target = format!("{word} {own}({arguments})");
        // Where a routine is named by its arguments, these have no defaults.
        let target = self.without_defaults(&target, path)?;
        self.satellites(&target, &target, &routine.satellites(), path)
    }

    fn without_defaults(&self, target: &str, path: &[Step]) -> Result<String, crate::parse::error::ParseError> {
        self.piece(target, path, "routine", |cursor| {
            let start = cursor.mark();
            while !cursor.at_end() && !cursor.is_mark("(") {
                cursor.next();
            }
            let head = cursor.slice_since(start).to_owned();
            let arguments = cursor.paren_list_or_empty(|inside| {
                let start = inside.mark();
                while !inside.at_end() && !inside.is_mark(",") && !inside.is_mark("=") && !inside.is_word("default") {
                    inside.skip_group();
                }
                let argument = inside.slice_since(start).to_owned();
                if !inside.is_mark(",") && !inside.at_end() {
                    inside.next();
                    inside.expr_slice(&[])?;
                }
                Ok(argument)
            })?;
            Ok(format!("{head}({})", arguments.join(", ")))
        })
    }
}
