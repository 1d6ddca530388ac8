//! Where the definition of an object stands in a folder: `NAMESPACE/KIND/NAME.sql`, or `KIND/NAME.sql` outside namespaces.
//! Those without a name (casts) stand together in `KIND.sql`: a file that began with its suffix would be a hidden one.

use std::collections::{BTreeMap, HashMap};

use super::Definition;
use crate::object::{Kind, ObjectId};

/// The texts of a folder of files, by their path with `/`. Objects whose names differ in case only get files that differ in
/// more, because some file systems know no case.
pub fn folder(definitions: &[Definition]) -> BTreeMap<String, String> {
    let mut taken: HashMap<String, ObjectId> = HashMap::new();
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    for definition in definitions {
        let mut place = path(&definition.home);
        while taken
            .get(&place.to_lowercase())
            .is_some_and(|other| !shares_file(other, &definition.home))
        {
            place.insert(place.len() - ".sql".len(), '~');
        }
        taken
            .entry(place.to_lowercase())
            .or_insert_with(|| definition.home.clone());
        let text = texts.entry(place).or_default();
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&definition.sql);
    }
    texts
}

/// The path of an object's file, with `/`.
pub fn path(home: &ObjectId) -> String {
    let kind = plural(home.kind);
    let name = file_name(home.name.as_str());
    if name.is_empty() {
        return format!("{kind}.sql");
    }
    match &home.namespace {
        Some(namespace) => format!("{}/{kind}/{name}.sql", file_name(namespace.as_str())),
        None => format!("{kind}/{name}.sql"),
    }
}

/// Overloads stand together.
fn shares_file(one: &ObjectId, other: &ObjectId) -> bool {
    one.kind == other.kind && one.namespace == other.namespace && one.name == other.name
}

fn plural(kind: Kind) -> String {
    let word = kind.word().replace(' ', "_");
    if word.ends_with("ss") {
        format!("{word}es")
    } else if word.ends_with('s') {
        word
    } else if let Some(stem) = word.strip_suffix('y') {
        format!("{stem}ies")
    } else if word.ends_with('x') {
        format!("{word}es")
    } else {
        format!("{word}s")
    }
}

/// A name as one component of a path: letters and digits of any script, `_`, `-`, and `.` inside; the rest as `%` and the
/// hexadecimal of each byte.
fn file_name(name: &str) -> String {
    let mut out = String::new();
    for (at, c) in name.char_indices() {
        if c.is_alphanumeric() || c == '_' || c == '-' || (c == '.' && at > 0) {
            out.push(c);
        } else {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                out.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::{Ident, QualifiedName};

    #[test]
    fn names_become_paths_that_stay_below_the_folder() {
        let table = |namespace: &str, name: &str| {
            path(&ObjectId::named(
                Kind::Table,
                &QualifiedName {
                    namespace: Some(Ident::new(namespace)),
                    name: Ident::new(name),
                },
            ))
        };
        assert_eq!(table("public", "orders"), "public/tables/orders.sql");
        assert_eq!(table("..", "/etc/x"), "%2E./tables/%2Fetc%2Fx.sql");
        assert_eq!(
            path(&ObjectId::global(Kind::Extension, &Ident::new("uuid-ossp"))),
            "extensions/uuid-ossp.sql"
        );
        assert_eq!(path(&ObjectId::global(Kind::Cast, &Ident::new(""))), "casts.sql");
    }
}
