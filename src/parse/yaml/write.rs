//! Definitions of a document as statements. Every text that is put into one has been checked to be one piece of its kind.

use crate::name::{Ident, QualifiedName};
use crate::parse::cursor::Cursor;
use crate::parse::error::{ParseError, Place};
use crate::parse::split::Statement;
use crate::sql;

use super::File;
use super::model::{Composite, Domain, Enum, Extension, Grant, Labels, Model, Satellites, Sequence, Text};
use super::places::Step;

/// A statement, and the path of what it is written from.
pub(super) struct Written {
    pub(super) sql: String,
    pub(super) path: Vec<Step>,
    /// What its object was called before.
    pub(super) renamed_from: Option<String>,
}

/// The statements of a document.
pub(super) struct Writer<'f> {
    pub(super) file: &'f File<'f>,
    pub(super) statements: Vec<Written>,
}

pub(super) type Done = Result<(), ParseError>;

/// A path, one step deeper.
pub(super) fn at(path: &[Step], key: &str) -> Vec<Step> {
    let mut path = path.to_vec();
    path.push(Step::Key(key.to_owned()));
    path
}

/// A path, at an item of the list there.
pub(super) fn item(path: &[Step], index: usize) -> Vec<Step> {
    let mut path = path.to_vec();
    path.push(Step::Item(index));
    path
}

/// A name as it is.
pub(super) fn ident(text: &str) -> Ident {
    let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    match inner {
        Some(inner) => Ident::new(inner.replace("\"\"", "\"")),
        None => Ident::new(text),
    }
}

/// A name with an optional schema before a dot; either may stand in double quotes.
pub(super) fn name(text: &str) -> QualifiedName {
    let mut quoted = false;
    let dot = text.char_indices().find(|(_, c)| {
        quoted ^= *c == '"';
        *c == '.' && !quoted
    });
    match dot {
        Some((at, _)) => QualifiedName {
            namespace: Some(ident(&text[..at])),
            name: ident(&text[at + 1..]),
        },
        None => QualifiedName {
            namespace: None,
            name: ident(text),
        },
    }
}

/// Names separated by commas.
pub(super) fn idents<S: AsRef<str>>(names: &[S]) -> String {
    sql::list(names.iter().map(|name| ident(name.as_ref())))
}

impl<'f> Writer<'f> {
    pub(super) fn new(file: &'f File<'f>) -> Self {
        Self {
            file,
            statements: Vec::new(),
        }
    }

    pub(super) fn push(&mut self, sql: impl Into<String>, path: &[Step]) {
        self.statements.push(Written {
            sql: sql.into(),
            path: path.to_vec(),
            renamed_from: None,
        });
    }

    /// A statement that makes an object which may have had another name.
    pub(super) fn create(&mut self, sql: String, path: &[Step], renamed_from: Option<&String>) -> Done {
        self.push(sql, path);
        if let Some(old) = renamed_from {
            let old = self.old_name(old, path)?;
            if let Some(last) = self.statements.last_mut() {
                last.renamed_from = Some(old);
            }
        }
        Ok(())
    }

    /// A former name, which must be one word on one line.
    pub(super) fn old_name(&self, old: &str, path: &[Step]) -> Result<String, ParseError> {
        if old.trim().is_empty() || old.contains(char::is_control) {
            return Err(self
                .file
                .error(&at(path, "renamed_from"), "renamed_from must be a name"));
        }
        Ok(old.to_owned())
    }

    /// All definitions.
    pub(super) fn write(&mut self, model: &Model) -> Done {
        for (own, namespace) in &model.schemas {
            let path = at(&at(&[], "schemas"), own);
            let target = format!("SCHEMA {}", ident(own));
            let old = namespace.as_ref().and_then(|namespace| namespace.renamed_from.as_ref());
            self.create(format!("CREATE {target}"), &path, old)?;
            if let Some(namespace) = namespace {
                self.satellites(&target, &target, &namespace.satellites(), &path)?;
            }
        }
        for (own, extension) in &model.extensions {
            self.extension(own, extension.as_ref())?;
        }
        for (own, labels) in &model.enums {
            self.enumeration(own, labels)?;
        }
        for (own, composite) in &model.composites {
            self.composite(own, composite)?;
        }
        for (own, domain) in &model.domains {
            self.domain(own, domain)?;
        }
        for (own, sequence) in &model.sequences {
            self.sequence(own, sequence.as_ref())?;
        }
        for (index, routine) in model.functions.iter().enumerate() {
            self.routine(routine, "FUNCTION", &item(&at(&[], "functions"), index))?;
        }
        for (index, routine) in model.procedures.iter().enumerate() {
            self.routine(routine, "PROCEDURE", &item(&at(&[], "procedures"), index))?;
        }
        for (own, table) in &model.tables {
            self.table(own, table, &at(&at(&[], "tables"), own))?;
        }
        for (own, view) in &model.views {
            self.view(own, view, &at(&at(&[], "views"), own))?;
        }
        for (own, view) in &model.materialized_views {
            self.materialized_view(own, view, &at(&at(&[], "materialized_views"), own))?;
        }
        if let Some(text) = &model.sql {
            self.push(text.as_str(), &at(&[], "sql"));
        }
        Ok(())
    }

    fn extension(&mut self, own: &str, extension: Option<&Extension>) -> Done {
        let path = at(&at(&[], "extensions"), own);
        let target = format!("EXTENSION {}", ident(own));
        let mut text = format!("CREATE {target}");
        if let Some(schema) = extension.and_then(|extension| extension.schema.as_ref()) {
            text.push_str(&format!(" SCHEMA {}", ident(schema)));
        }
        if let Some(version) = extension.and_then(|extension| extension.version.as_ref()) {
            text.push_str(&format!(" VERSION {}", sql::literal(&version.0)));
        }
        self.push(text, &path);
        self.comment(&target, extension.and_then(|e| e.comment.as_ref()), &path);
        Ok(())
    }

    fn enumeration(&mut self, own: &str, labels: &Labels) -> Done {
        let path = at(&at(&[], "enums"), own);
        let none = Enum::default();
        let (labels, more): (Vec<String>, &Enum) = match labels {
            Labels::List(list) => (list.iter().map(|label| label.0.clone()).collect(), &none),
            Labels::Full(full) => (full.labels.clone(), full),
        };
        let renamed = &more.renamed_labels;
        for (new, old) in renamed {
            let at = at(&at(&path, "renamed_labels"), new);
            if !labels.contains(new) {
                return Err(self.file.error(&at, format!("{new} is none of the labels")));
            }
            self.old_name(old, &at)?;
        }
        let labels = labels.iter().map(|label| match renamed.get(label) {
            Some(old) => format!("\n-- @renamed_from {}\n{}", sql::literal(old), sql::literal(label)),
            None => sql::literal(label),
        });
        let labels = sql::list(labels);
        let target = format!("TYPE {}", name(own));
        let text = format!("CREATE {target} AS ENUM ({labels})");
        self.create(text, &path, more.renamed_from.as_ref())?;
        self.satellites(&target, &target, &more.satellites(), &path)
    }

    fn composite(&mut self, own: &str, composite: &Composite) -> Done {
        let path = at(&at(&[], "composites"), own);
        let target = format!("TYPE {}", name(own));
        let mut attributes = Vec::new();
        for (attribute, text) in &composite.attributes {
            let type_name = self.type_name(text, &at(&at(&path, "attributes"), attribute))?;
            attributes.push(format!("{} {type_name}", ident(attribute)));
        }
        let text = format!("CREATE {target} AS ({})", attributes.join(", "));
        self.create(text, &path, composite.renamed_from.as_ref())?;
        self.satellites(&target, &target, &composite.satellites(), &path)
    }

    fn domain(&mut self, own: &str, domain: &Domain) -> Done {
        let path = at(&at(&[], "domains"), own);
        let target = format!("DOMAIN {}", name(own));
        let Some(base) = &domain.r#type else {
            return Err(self.file.error(&path, format!("the domain {own} has no type")));
        };
        let mut text = format!("CREATE {target} AS {}", self.type_name(base, &at(&path, "type"))?);
        if let Some(collation) = &domain.collation {
            text.push_str(&format!(" COLLATE {}", name(&collation.0)));
        }
        if let Some(default) = &domain.default {
            text.push_str(&format!(" DEFAULT {}", self.operand(default, &at(&path, "default"))?));
        }
        if domain.not_null {
            text.push_str(" NOT NULL");
        }
        for (check, expr) in &domain.checks {
            let expr = self.expr(expr, &at(&at(&path, "checks"), check))?;
            text.push_str(&format!(" CONSTRAINT {} CHECK ({expr})", ident(check)));
        }
        self.create(text, &path, domain.renamed_from.as_ref())?;
        self.satellites(&target, &target, &domain.satellites(), &path)
    }

    fn sequence(&mut self, own: &str, sequence: Option<&Sequence>) -> Done {
        let path = at(&at(&[], "sequences"), own);
        let target = format!("SEQUENCE {}", name(own));
        let mut text = format!("CREATE {target}");
        let Some(sequence) = sequence else {
            self.push(text, &path);
            return Ok(());
        };
        if let Some(type_name) = &sequence.r#type {
            text.push_str(&format!(" AS {}", self.type_name(type_name, &at(&path, "type"))?));
        }
        for (words, value) in [
            ("INCREMENT BY", sequence.increment),
            ("MINVALUE", sequence.min),
            ("MAXVALUE", sequence.max),
            ("START WITH", sequence.start),
            ("CACHE", sequence.cache),
        ] {
            if let Some(value) = value {
                text.push_str(&format!(" {words} {value}"));
            }
        }
        if sequence.cycle {
            text.push_str(" CYCLE");
        }
        self.create(text, &path, sequence.renamed_from.as_ref())?;
        if let Some(column) = &sequence.owned_by {
            let Some((table, column)) = column.rsplit_once('.') else {
                let message = "owned_by names a table and a column, as in users.id";
                return Err(self.file.error(&at(&path, "owned_by"), message));
            };
            let owner = format!("{}.{}", name(table), ident(column));
            self.push(format!("ALTER {target} OWNED BY {owner}"), &path);
        }
        self.satellites(&target, &target, &sequence.satellites(), &path)
    }

    // ---- what every object may have

    /// Comment, owner and grants; `on` is what `GRANT` calls the object.
    pub(super) fn satellites(&mut self, target: &str, on: &str, more: &Satellites<'_>, path: &[Step]) -> Done {
        self.comment(target, more.comment.as_ref(), path);
        if let Some(owner) = more.owner {
            self.push(format!("ALTER {target} OWNER TO {}", ident(owner)), &at(path, "owner"));
        }
        self.grants(on, "", more.grants, path)
    }

    pub(super) fn comment(&mut self, target: &str, comment: Option<&String>, path: &[Step]) {
        if let Some(comment) = comment {
            let text = format!("COMMENT ON {target} IS {}", sql::literal(comment));
            self.push(text, &at(path, "comment"));
        }
    }

    /// Grants; `column` limits them to a column.
    pub(super) fn grants(
        &mut self,
        on: &str,
        column: &str,
        grants: &indexmap::IndexMap<String, Grant>,
        path: &[Step],
    ) -> Done {
        for (role, grant) in grants {
            let path = at(&at(path, "grants"), role);
            let (privileges, grantable) = match grant {
                Grant::List(list) => (list, false),
                Grant::Full(full) => (&full.privileges, full.grantable),
            };
            let mut written = Vec::new();
            for privilege in privileges {
                let words = privilege.chars().all(|c| c.is_ascii_alphabetic() || c == ' ');
                if !words || privilege.trim().is_empty() {
                    return Err(self.file.error(&path, format!("{privilege} is no privilege")));
                }
                written.push(format!("{privilege}{column}"));
            }
            if written.is_empty() {
                return Err(self.file.error(&path, format!("nothing is granted to {role}")));
            }
            let to = if role.eq_ignore_ascii_case("public") {
                "PUBLIC".to_owned()
            } else {
                ident(role).to_string()
            };
            let option = if grantable { " WITH GRANT OPTION" } else { "" };
            self.push(format!("GRANT {} ON {on} TO {to}{option}", written.join(", ")), &path);
        }
        Ok(())
    }

    // ---- texts

    /// A text that one parser reads whole.
    pub(super) fn piece<T>(
        &self,
        text: &str,
        path: &[Step],
        what: &str,
        read: impl FnOnce(&mut Cursor<'_>) -> Result<T, ParseError>,
    ) -> Result<T, ParseError> {
        let statement = Statement {
            text,
            start: 0,
            place: Place {
                file: self.file.name.clone(),
                line: 1,
                column: 1,
            },
            comments: Vec::new(),
        };
        let read = Cursor::new(&statement).and_then(|mut cursor| {
            let value = read(&mut cursor)?;
            cursor.expect_end()?;
            Ok(value)
        });
        read.map_err(|error| self.file.error(path, format!("this is no {what}: {}", error.message)))
    }

    pub(super) fn type_name(&self, text: &Text, path: &[Step]) -> Result<String, ParseError> {
        self.piece(&text.0, path, "type", |cursor| cursor.type_text().map(str::to_owned))
    }

    pub(super) fn expr(&self, text: &Text, path: &[Step]) -> Result<String, ParseError> {
        self.piece(&text.0, path, "expression", |cursor| {
            cursor.expr_slice(&[]).map(str::to_owned)
        })
    }

    /// An expression for `DEFAULT`, in parentheses where it needs them.
    pub(super) fn operand(&self, text: &Text, path: &[Step]) -> Result<String, ParseError> {
        let text = self.expr(text, path)?;
        Ok(crate::parse::texts::operand(&crate::expr::Expr::new(text)))
    }

    /// A text without a semicolon outside parentheses.
    pub(super) fn clause(&self, text: &Text, path: &[Step], what: &str) -> Result<String, ParseError> {
        self.piece(&text.0, path, what, |cursor| {
            let start = cursor.mark();
            while !cursor.at_end() && !cursor.is_mark(";") {
                cursor.skip_group();
            }
            Ok(cursor.slice_since(start).to_owned())
        })
    }
}
