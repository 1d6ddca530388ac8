//! What uses something that an extension brought, and where it stands.

use tokio_postgres::Client;

use crate::name::{Ident, QualifiedName};
use crate::object::{Kind, ObjectId};
use crate::schema::Schema;

const LEANING: &str = "\
    SELECT DISTINCT x.extname::pg_catalog.text, i.type, i.object_names \
    FROM pg_catalog.pg_extension x \
    JOIN pg_catalog.pg_depend m ON m.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND m.refobjid = x.oid \
        AND m.deptype = 'e' \
    JOIN pg_catalog.pg_depend d ON d.refclassid = m.classid AND d.refobjid = m.objid AND d.deptype IN ('n', 'a') \
    CROSS JOIN LATERAL pg_catalog.pg_identify_object_as_address(d.classid, d.objid, d.objsubid) i \
    WHERE x.extname = ANY ($1::pg_catalog.text[]) \
    ORDER BY 1, 2, 3";

/// Those of these extensions that cannot get another namespace.
pub async fn immovable(client: &Client, extensions: &[&str]) -> Result<Vec<Ident>, tokio_postgres::Error> {
    let sql = "SELECT x.extname::pg_catalog.text FROM pg_catalog.pg_extension x \
               WHERE x.extname = ANY ($1::pg_catalog.text[]) AND NOT x.extrelocatable ORDER BY 1";
    let rows = client.query(sql, &[&extensions]).await?;
    let name = |row: &tokio_postgres::Row| row.try_get::<_, &str>(0).map(Ident::new);
    rows.iter().map(name).collect()
}

/// An object that uses what an extension brought.
#[derive(Clone, Debug)]
pub struct Leaning {
    /// The extension.
    pub extension: Ident,
    /// What kind of thing uses it, in the words of `pg_identify_object`.
    kind: String,
    /// Its name, the parts from the namespace on.
    name: Vec<Ident>,
}

/// What uses something of these extensions. The catalogs are open to every role.
pub async fn leaning(client: &Client, extensions: &[&str]) -> Result<Vec<Leaning>, tokio_postgres::Error> {
    let mut found = Vec::new();
    for row in client.query(LEANING, &[&extensions]).await? {
        let extension: String = row.try_get(0)?;
        let (kind, name): (Option<String>, Option<Vec<String>>) = (row.try_get(1)?, row.try_get(2)?);
        // What is gone meanwhile has no name.
        if let (Some(kind), Some(name)) = (kind, name) {
            found.push(Leaning {
                extension: Ident::new(extension),
                kind,
                name: name.into_iter().map(Ident::new).collect(),
            });
        }
    }
    Ok(found)
}

impl Leaning {
    /// The object, where the schema has it. A type of a column is not among these: a file that names it is read with its place.
    pub fn object(&self, schema: &Schema) -> Option<ObjectId> {
        let [namespace, name, rest @ ..] = self.name.as_slice() else {
            return None;
        };
        let home = QualifiedName {
            namespace: Some(namespace.clone()),
            name: name.clone(),
        };
        let part = |kind| rest.first().map(|own| ObjectId::part(kind, &home, own));
        let of_kinds = |kinds: &[Kind]| {
            let mut all = kinds.iter().flat_map(|kind| schema.of_kind(*kind));
            all.find(|(id, _)| id.qualified() == home).map(|(id, _)| id.clone())
        };
        let id = match self.kind.as_str() {
            "index" => Some(ObjectId::named(Kind::Index, &home)),
            "table constraint" => part(Kind::Constraint),
            "default value" => part(Kind::Column),
            "trigger" => part(Kind::Trigger),
            "policy" => part(Kind::Policy),
            "rule" => of_kinds(&[Kind::View, Kind::MaterializedView]).or_else(|| part(Kind::Rule)),
            "function" | "procedure" => of_kinds(&[Kind::Function, Kind::Procedure]),
            _ => None,
        };
        id.filter(|id| schema.contains(id))
    }
}
