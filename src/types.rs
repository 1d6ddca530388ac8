//! Type names in the form that `format_type` prints.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::name::{Ident, QualifiedName};

/// A type as PostgreSQL's `format_type` prints it, so that a type read from a file and one read from the catalog compare
/// as plain values. Serialised as its text.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeName {
    /// Namespace of a user-defined type; `None` for built-in types and for names not resolved yet.
    pub namespace: Option<Ident>,
    /// Folded, unquoted name without modifiers and array brackets: `character varying`, `mood`.
    pub name: Ident,
    /// Text between the parentheses (`30`, `10,2`), empty when there is none. For intervals also the fields (`day to second`),
    /// which come before the precision.
    pub modifiers: String,
    /// Whether it is an array (PostgreSQL ignores the number of dimensions).
    pub array: bool,
}

impl TypeName {
    /// A built-in type by its canonical name.
    pub fn builtin(name: &str) -> Self {
        Self {
            namespace: None,
            name: Ident::new(name),
            modifiers: String::new(),
            array: false,
        }
    }

    /// The name without modifiers and array brackets, as the object of a user-defined type has it.
    pub fn qualified(&self) -> QualifiedName {
        QualifiedName {
            namespace: self.namespace.clone(),
            name: self.name.clone(),
        }
    }

    /// Reads a type name as written in SQL or as printed by `format_type`. Never fails: a text that is no known spelling
    /// of a built-in type is taken as a user-defined name.
    pub fn parse(text: &str) -> Self {
        let words = lex(text);
        let mut position = 0;
        let mut namespace = None;
        let mut first = match words.first() {
            Some(Word::Name(name)) => Piece {
                text: Ident::folded(name).as_str().to_string(),
                quoted: false,
            },
            Some(Word::Quoted(name)) => Piece {
                text: name.clone(),
                quoted: true,
            },
            _ => {
                return Self {
                    namespace: None,
                    name: Ident::new(text.trim()),
                    modifiers: String::new(),
                    array: false,
                };
            }
        };
        position += 1;
        if !first.quoted && first.text == "setof" && words.len() > 1 {
            return Self::parse(&text.trim_start()[5..]);
        }
        while matches!(words.get(position), Some(Word::Dot)) {
            let next = match words.get(position + 1) {
                Some(Word::Name(name)) => Piece {
                    text: Ident::folded(name).as_str().to_string(),
                    quoted: false,
                },
                Some(Word::Quoted(name)) => Piece {
                    text: name.clone(),
                    quoted: true,
                },
                _ => break,
            };
            namespace = Some(Ident::new(&first.text));
            first = next;
            position += 2;
        }
        let from_catalog = namespace.as_ref().is_some_and(|n| n.as_str() == "pg_catalog");
        if from_catalog {
            namespace = None;
        }
        if namespace.is_none() && position == words.len() {
            if let Some(element) = internal_element(&first.text) {
                return Self {
                    array: true,
                    ..Self::parse(element)
                };
            }
        }
        // Everything after the name: further words of a multi-word built-in, modifiers, brackets.
        let mut tail_words: Vec<String> = Vec::new();
        let mut modifiers: Vec<String> = Vec::new();
        let mut array = false;
        while let Some(word) = words.get(position) {
            match word {
                Word::Name(name) if name.eq_ignore_ascii_case("array") => array = true,
                Word::Name(name) => tail_words.push(name.to_ascii_lowercase()),
                Word::Group(inner) => modifiers.push(inner.clone()),
                Word::Brackets => array = true,
                Word::Quoted(_) | Word::Dot => {}
            }
            position += 1;
        }
        let modifiers = modifiers.join(",");
        if namespace.is_some() || (first.quoted && !from_catalog && first.text != "char") {
            return Self {
                namespace,
                name: Ident::new(&first.text),
                modifiers,
                array,
            };
        }
        if first.quoted || from_catalog {
            // `"char"` is the one built-in name that needs its quotes; out of pg_catalog, internal names come as they are.
            let (name, extra) = if from_catalog && !(first.quoted && first.text == "char") {
                builtin_name(&first.text, &tail_words, &modifiers)
            } else {
                (first.text.clone(), modifiers.clone())
            };
            let name = if first.text == "char" && (first.quoted || from_catalog) {
                "\"char\"".to_string()
            } else {
                name
            };
            let extra = if first.text == "char" { String::new() } else { extra };
            return Self {
                namespace: None,
                name: Ident::new(name),
                modifiers: extra,
                array,
            };
        }
        let (name, modifiers) = builtin_name(&first.text, &tail_words, &modifiers);
        Self {
            namespace: None,
            name: Ident::new(name),
            modifiers,
            array,
        }
    }

    /// The same type without array brackets.
    pub fn element(&self) -> Self {
        Self {
            array: false,
            ..self.clone()
        }
    }

    /// Whether the name is one of PostgreSQL's own types as `format_type` prints them without a namespace.
    pub fn is_builtin(&self) -> bool {
        self.namespace.is_none() && BUILTINS.contains(&self.name.as_str())
    }

    /// The type without modifiers, as a cast target or argument type.
    pub fn without_modifiers(&self) -> Self {
        Self {
            modifiers: String::new(),
            ..self.clone()
        }
    }
}

struct Piece {
    text: String,
    quoted: bool,
}

enum Word {
    Name(String),
    Quoted(String),
    Dot,
    Group(String),
    Brackets,
}

fn lex(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        match c {
            '"' => {
                let mut name = String::new();
                while let Some((_, c)) = chars.next() {
                    if c == '"' {
                        if matches!(chars.peek(), Some((_, '"'))) {
                            chars.next();
                        } else {
                            break;
                        }
                    }
                    name.push(c);
                }
                words.push(Word::Quoted(name));
            }
            '.' => words.push(Word::Dot),
            '(' => {
                let inner: String = text[start + 1..].chars().take_while(|c| *c != ')').collect();
                for (_, c) in chars.by_ref() {
                    if c == ')' {
                        break;
                    }
                }
                words.push(Word::Group(
                    inner.split(',').map(str::trim).collect::<Vec<_>>().join(","),
                ));
            }
            '[' => {
                for (_, c) in chars.by_ref() {
                    if c == ']' {
                        break;
                    }
                }
                words.push(Word::Brackets);
            }
            c if c.is_whitespace() => {}
            _ => {
                let mut end = start + c.len_utf8();
                while let Some((at, c)) = chars.peek().copied() {
                    if c.is_whitespace() || matches!(c, '"' | '.' | '(' | ')' | '[' | ']' | ',') {
                        break;
                    }
                    end = at + c.len_utf8();
                    chars.next();
                }
                words.push(Word::Name(text[start..end].to_string()));
            }
        }
    }
    words
}

/// The element of one of PostgreSQL's own array types by the name that `pg_type` has for it: `int4` of `_int4`.
fn internal_element(name: &str) -> Option<&str> {
    // What the grammar alone knows is no name of a type, and these get a length where they are written.
    const WRITTEN: &[&str] = &[
        "bigint",
        "boolean",
        "integer",
        "real",
        "smallint",
        "bit",
        "char",
        "character",
    ];
    let element = name.strip_prefix('_')?;
    let is_name = element
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    let shortened = [
        "bool",
        "float4",
        "float8",
        "int2",
        "int4",
        "int8",
        "time",
        "timestamp",
        "timestamptz",
        "timetz",
    ];
    let own = BUILTINS.contains(&element) || shortened.contains(&element) || ["varbit", "varchar"].contains(&element);
    (is_name && own && !WRITTEN.contains(&element)).then_some(element)
}

/// The canonical name and modifiers of a possibly built-in type written as `first tail...(modifiers)`.
fn builtin_name(first: &str, tail: &[String], modifiers: &str) -> (String, String) {
    let tail_text = tail.join(" ");
    let with_zone = tail_text == "with time zone";
    let name = match first {
        "int" | "int4" | "integer" => "integer",
        "int2" | "smallint" => "smallint",
        "int8" | "bigint" => "bigint",
        "bool" | "boolean" => "boolean",
        "real" | "float4" => "real",
        "float8" => "double precision",
        "double" if tail_text == "precision" => "double precision",
        "float" => match modifiers.parse::<u32>() {
            Ok(bits) if bits <= 24 => return ("real".into(), String::new()),
            _ => return ("double precision".into(), String::new()),
        },
        "decimal" | "dec" | "numeric" => {
            // format_type always prints the scale.
            let modifiers = if modifiers.is_empty() || modifiers.contains(',') {
                modifiers.into()
            } else {
                format!("{modifiers},0")
            };
            return ("numeric".into(), modifiers);
        }
        "varchar" => "character varying",
        "bpchar" => {
            let name = if modifiers.is_empty() { "bpchar" } else { "character" };
            return (name.into(), modifiers.into());
        }
        "char" | "character" | "nchar" => return character(&tail_text, modifiers),
        "national" => {
            return character(
                tail_text
                    .strip_prefix("character")
                    .or(tail_text.strip_prefix("char"))
                    .unwrap_or("")
                    .trim(),
                modifiers,
            );
        }
        "bit" if tail_text == "varying" => "bit varying",
        "bit" => {
            return (
                "bit".into(),
                if modifiers.is_empty() {
                    "1".into()
                } else {
                    modifiers.into()
                },
            );
        }
        "varbit" => "bit varying",
        "timestamptz" => "timestamp with time zone",
        "timetz" => "time with time zone",
        "timestamp" => {
            if with_zone {
                "timestamp with time zone"
            } else {
                "timestamp without time zone"
            }
        }
        "time" => {
            if with_zone {
                "time with time zone"
            } else {
                "time without time zone"
            }
        }
        "interval" => {
            let text = match (tail_text.is_empty(), modifiers.is_empty()) {
                (true, _) => modifiers.to_string(),
                (false, true) => tail_text,
                (false, false) => format!("{tail_text}({modifiers})"),
            };
            return ("interval".into(), text);
        }
        other => other,
    };
    (name.to_string(), modifiers.to_string())
}

fn character(tail: &str, modifiers: &str) -> (String, String) {
    if tail == "varying" {
        ("character varying".into(), modifiers.into())
    } else {
        (
            "character".into(),
            if modifiers.is_empty() {
                "1".into()
            } else {
                modifiers.into()
            },
        )
    }
}

impl fmt::Display for TypeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(namespace) = &self.namespace {
            write!(f, "{namespace}.{}", self.name)?;
            if !self.modifiers.is_empty() {
                write!(f, "({})", self.modifiers)?;
            }
        } else {
            match (self.name.as_str(), self.modifiers.as_str()) {
                // The one pseudo-type whose name is a reserved word.
                ("any", _) => f.write_str("\"any\"")?,
                (name, "") if BUILTINS.contains(&name) => f.write_str(name)?,
                (_, "") => write!(f, "{}", self.name)?,
                ("interval", fields) if fields.starts_with(|c: char| c.is_ascii_alphabetic()) => {
                    write!(f, "interval {fields}")?
                }
                (name, modifiers) => match name.split_once(' ') {
                    Some((head @ ("timestamp" | "time"), tail)) => write!(f, "{head}({modifiers}) {tail}")?,
                    _ if BUILTINS.contains(&name) => write!(f, "{name}({modifiers})")?,
                    _ => write!(f, "{}({modifiers})", self.name)?,
                },
            }
        }
        if self.array { f.write_str("[]") } else { Ok(()) }
    }
}

impl fmt::Debug for TypeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for TypeName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TypeName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::parse(&String::deserialize(deserializer)?))
    }
}

/// Names that `format_type` prints for the types of `pg_catalog` (PostgreSQL 14 to 18), pseudo-types included.
pub(crate) const BUILTINS: &[&str] = &[
    "\"char\"",
    "aclitem",
    "any",
    "anyarray",
    "anycompatible",
    "anycompatiblearray",
    "anycompatiblemultirange",
    "anycompatiblenonarray",
    "anycompatiblerange",
    "anyelement",
    "anyenum",
    "anymultirange",
    "anynonarray",
    "anyrange",
    "bigint",
    "bit",
    "bit varying",
    "boolean",
    "box",
    "bpchar",
    "bytea",
    "character",
    "character varying",
    "cid",
    "cidr",
    "circle",
    "cstring",
    "date",
    "datemultirange",
    "daterange",
    "double precision",
    "event_trigger",
    "fdw_handler",
    "gtsvector",
    "inet",
    "index_am_handler",
    "int2vector",
    "int4multirange",
    "int4range",
    "int8multirange",
    "int8range",
    "integer",
    "internal",
    "interval",
    "json",
    "jsonb",
    "jsonpath",
    "language_handler",
    "line",
    "lseg",
    "macaddr",
    "macaddr8",
    "money",
    "name",
    "numeric",
    "nummultirange",
    "numrange",
    "oid",
    "oidvector",
    "path",
    "pg_brin_bloom_summary",
    "pg_brin_minmax_multi_summary",
    "pg_ddl_command",
    "pg_dependencies",
    "pg_lsn",
    "pg_mcv_list",
    "pg_ndistinct",
    "pg_node_tree",
    "pg_snapshot",
    "point",
    "polygon",
    "real",
    "record",
    "refcursor",
    "regclass",
    "regcollation",
    "regconfig",
    "regdictionary",
    "regnamespace",
    "regoper",
    "regoperator",
    "regproc",
    "regprocedure",
    "regrole",
    "regtype",
    "smallint",
    "table_am_handler",
    "text",
    "tid",
    "time with time zone",
    "time without time zone",
    "timestamp with time zone",
    "timestamp without time zone",
    "trigger",
    "tsm_handler",
    "tsmultirange",
    "tsquery",
    "tsrange",
    "tstzmultirange",
    "tstzrange",
    "tsvector",
    "txid_snapshot",
    "unknown",
    "uuid",
    "void",
    "xid",
    "xid8",
    "xml",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_meet() {
        for (written, printed) in [
            ("int", "integer"),
            ("INT4", "integer"),
            ("varchar(30)", "character varying(30)"),
            ("varchar [ ]", "character varying[]"),
            ("char", "character(1)"),
            ("\"char\"", "\"char\""),
            ("pg_catalog.int4", "integer"),
            ("decimal(10)", "numeric(10,0)"),
            ("numeric(10 , 2)[]", "numeric(10,2)[]"),
            ("timestamptz(3)", "timestamp(3) with time zone"),
            ("timestamp (3) with time zone", "timestamp(3) with time zone"),
            ("timestamp", "timestamp without time zone"),
            ("float(20)", "real"),
            ("float", "double precision"),
            ("double precision[]", "double precision[]"),
            ("national character varying(10)", "character varying(10)"),
            ("interval day to second(3)", "interval day to second(3)"),
            ("interval(3)", "interval(3)"),
            ("public.mood", "public.mood"),
            ("\"My\".\"Type\"[]", "\"My\".\"Type\"[]"),
            ("Citext", "citext"),
            ("bit", "bit(1)"),
            ("bit varying(5)", "bit varying(5)"),
            ("integer ARRAY[4]", "integer[]"),
            ("pg_catalog.\"char\"", "\"char\""),
            ("public.geometry(Point,4326)", "public.geometry(Point,4326)"),
            ("json", "json"),
            ("jsonb", "jsonb"),
            ("\"any\"", "\"any\""),
            ("_int4", "integer[]"),
            ("pg_catalog._varchar", "character varying[]"),
            ("_timestamptz", "timestamp with time zone[]"),
            ("_mood", "_mood"),
            ("_integer", "_integer"),
        ] {
            let parsed = TypeName::parse(written);
            assert_eq!(parsed.to_string(), printed, "from {written}");
            assert_eq!(TypeName::parse(printed), parsed, "again from {printed}");
        }
    }
}
