//! Texts that are values of a type: the same number gives the same text, different numbers different ones where the type has room.

use crate::object::{Kind, Object, ObjectId};
use crate::schema::Schema;
use crate::types::TypeName;

/// How deep types may nest.
const DEEPEST: usize = 4;

/// A value of a type as a text that the server reads, or nothing where the type is not known.
pub fn value(type_name: &TypeName, number: usize, schema: &Schema) -> Option<String> {
    nested(type_name, number, schema, 0)
}

fn nested(type_name: &TypeName, number: usize, schema: &Schema, depth: usize) -> Option<String> {
    if depth > DEEPEST {
        return None;
    }
    if type_name.array {
        let element = nested(&type_name.element(), number, schema, depth + 1)?;
        return Some(format!("{{{}}}", quoted(&element)));
    }
    if type_name.is_builtin() {
        if let Some(text) = builtin(type_name, number) {
            return Some(text);
        }
    }
    let name = type_name.qualified();
    let id = schema.type_id(&name).or_else(|| {
        // The row type of a table is a type as well.
        let table = ObjectId::named(Kind::Table, &name);
        schema.contains(&table).then_some(table)
    });
    match id.and_then(|id| schema.get(&id)) {
        Some(Object::EnumType(labels)) => labels.labels.get(number % labels.labels.len().max(1)).cloned(),
        Some(Object::Domain(domain)) => nested(&domain.base, number, schema, depth + 1),
        Some(Object::CompositeType(composite)) => {
            let fields: Option<Vec<String>> = composite
                .attributes
                .iter()
                .map(|attribute| nested(&attribute.type_name, number, schema, depth + 1).map(|text| quoted(&text)))
                .collect();
            Some(format!("({})", fields?.join(",")))
        }
        Some(Object::Table(table)) => {
            let fields: Option<Vec<String>> = schema
                .all_columns(&table.name)
                .iter()
                .map(|column| nested(&column.type_name, number, schema, depth + 1).map(|text| quoted(&text)))
                .collect();
            Some(format!("({})", fields?.join(",")))
        }
        Some(Object::RangeType(_)) => Some("empty".into()),
        _ => from_extension(type_name.name.as_str(), number),
    }
}

/// A text inside an array or a row.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn modifiers(type_name: &TypeName) -> Vec<usize> {
    let numbers = type_name.modifiers.split(',');
    numbers.filter_map(|number| number.trim().parse().ok()).collect()
}

fn day(number: usize) -> String {
    let (years, days) = (number / 336, number % 336);
    format!("{:04}-{:02}-{:02}", 2024 + years % 5000, 1 + days / 28, 1 + days % 28)
}

fn clock(number: usize) -> String {
    format!("{:02}:{:02}:{:02}", number / 3600 % 24, number / 60 % 60, number % 60)
}

fn hexadecimal(number: usize, digits: usize) -> String {
    format!("{:0digits$x}", number)
}

/// Letters and digits that differ for each number, no longer than the type allows.
fn word(number: usize, longest: Option<usize>) -> String {
    let text = format!("v{number}");
    match longest {
        Some(longest) if text.len() > longest => {
            let mut rest = number;
            let mut short = String::new();
            for _ in 0..longest {
                let digit = u32::try_from(rest % 36).unwrap_or(0);
                short.push(char::from_digit(digit, 36).unwrap_or('0'));
                rest /= 36;
            }
            short
        }
        _ => text,
    }
}

fn builtin(type_name: &TypeName, number: usize) -> Option<String> {
    let modifiers = modifiers(type_name);
    let first = modifiers.first().copied();
    Some(match type_name.name.as_str() {
        "bigint" | "integer" | "oid" | "xid" => (number + 1).to_string(),
        "smallint" => (number % 32_000 + 1).to_string(),
        "real" | "double precision" | "money" => format!("{}.5", number + 1),
        "numeric" => {
            let scale = modifiers.get(1).copied().unwrap_or(0);
            let whole = first.unwrap_or(18).saturating_sub(scale).min(15);
            let limit = 10usize
                .checked_pow(u32::try_from(whole).unwrap_or(0))
                .unwrap_or(usize::MAX);
            let whole = (number + 1) % limit.max(1);
            if scale > 0 || first.is_none() {
                format!("{whole}.5")
            } else {
                whole.to_string()
            }
        }
        "text" | "name" => word(number, None),
        "character varying" | "bpchar" => word(number, first),
        "character" | "char" => word(number, Some(first.unwrap_or(1))),
        "boolean" => number.is_multiple_of(2).to_string(),
        "date" => day(number),
        "timestamp without time zone" | "timestamp" => format!("{} {}", day(number), clock(number)),
        "timestamp with time zone" => format!("{} {}+00", day(number), clock(number)),
        "time without time zone" | "time" => clock(number),
        "time with time zone" => format!("{}+00", clock(number)),
        "interval" => format!("{} minutes", number + 1),
        "uuid" => format!(
            "{}-0000-4000-8000-{}",
            hexadecimal(number % 0xffff_ffff, 8),
            hexadecimal(number, 12)
        ),
        "json" | "jsonb" => format!("{{\"n\": {number}}}"),
        "bytea" => format!("\\x{}", hexadecimal(number, 8)),
        "inet" | "cidr" => format!("10.{}.{}.{}", number / 65_536 % 256, number / 256 % 256, number % 256),
        "macaddr" => format!(
            "08:00:2b:{:02x}:{:02x}:{:02x}",
            number / 65_536 % 256,
            number / 256 % 256,
            number % 256
        ),
        "macaddr8" => format!(
            "08:00:2b:01:02:{:02x}:{:02x}:{:02x}",
            number / 65_536 % 256,
            number / 256 % 256,
            number % 256
        ),
        "bit" => {
            let length = first.unwrap_or(1);
            let bits = format!("{number:0length$b}");
            bits[bits.len() - length..].to_owned()
        }
        "bit varying" => "1".into(),
        "xml" => format!("<v>{number}</v>"),
        "point" => format!("({number},1)"),
        "line" => format!("{{1,1,{number}}}"),
        "lseg" | "box" => format!("({number},0),({},1)", number + 1),
        "path" | "polygon" => format!("((0,0),(1,{number}))"),
        "circle" => format!("<(0,0),{}>", number + 1),
        "tsvector" => word(number, None),
        "tsquery" => format!("'{}'", word(number, None)),
        "pg_lsn" => format!("0/{}", hexadecimal(number, 8)),
        "regclass" => "pg_class".into(),
        "regtype" => "integer".into(),
        "int4range" | "int8range" | "numrange" => format!("[{},{})", number * 2, number * 2 + 1),
        "daterange" => format!("[{},{}]", day(number * 2), day(number * 2)),
        "tsrange" => format!("[{} 00:00:00,{} 01:00:00)", day(number), day(number)),
        "tstzrange" => format!("[{} 00:00:00+00,{} 01:00:00+00)", day(number), day(number)),
        "int4multirange" | "int8multirange" | "nummultirange" => format!("{{[{},{})}}", number * 2, number * 2 + 1),
        "datemultirange" | "tsmultirange" | "tstzmultirange" => "{}".into(),
        _ => return None,
    })
}

/// Types of well-known extensions; anything else is left without a value.
fn from_extension(name: &str, number: usize) -> Option<String> {
    Some(match name {
        "citext" | "ltree" => word(number, None),
        "hstore" => format!("n=>{number}"),
        "cube" => format!("({number})"),
        "isbn" => return None,
        _ => return None,
    })
}

/// The constants in the text of a condition, with their neighbours where they are whole numbers.
pub fn constants(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut add = |text: String| {
        if !found.contains(&text) {
            found.push(text);
        }
    };
    let mut letters = text.char_indices().peekable();
    let mut in_word = false;
    while let Some((at, letter)) = letters.next() {
        if letter == '\'' {
            let mut constant = String::new();
            while let Some((_, inner)) = letters.next() {
                if inner != '\'' {
                    constant.push(inner);
                } else if letters.next_if(|(_, next)| *next == '\'').is_some() {
                    constant.push('\'');
                } else {
                    break;
                }
            }
            add(constant);
            in_word = false;
        } else if letter.is_ascii_digit() && !in_word {
            let mut end = at + 1;
            while let Some((place, digit)) = letters.next_if(|(_, next)| next.is_ascii_digit() || *next == '.') {
                end = place + digit.len_utf8();
            }
            let number = &text[at..end];
            add(number.to_owned());
            if let Ok(whole) = number.parse::<i64>() {
                add((whole + 1).to_string());
                add((whole - 1).to_string());
            }
        } else {
            in_word = letter.is_alphanumeric() || letter == '_';
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_of_a_condition() {
        assert_eq!(
            constants("state = ANY (ARRAY['new'::text, 'it''s'::text])"),
            ["new", "it's"]
        );
        assert_eq!(constants("a1 > 5"), ["5", "6", "4"]);
        assert_eq!(constants("price >= 0.5"), ["0.5"]);
    }

    #[test]
    fn short_types_get_short_texts() {
        let schema = Schema::new();
        let text = |name: &str, number| value(&TypeName::parse(name), number, &schema);
        assert_eq!(text("character varying(3)", 12_345).map(|text| text.len()), Some(3));
        assert_eq!(text("character varying(30)", 7).as_deref(), Some("v7"));
        assert_eq!(text("numeric(3,2)", 12).as_deref(), Some("3.5"));
        assert_eq!(text("integer[]", 4).as_deref(), Some("{\"5\"}"));
        assert_eq!(text("bit(3)", 5).as_deref(), Some("101"));
        assert_eq!(text("no_such_type", 1), None);
    }
}
