//! Which types a database has, for names that the files do not explain.

use tokio_postgres::Client;

use crate::name::{Ident, QualifiedName};

const HOMES: &str = "\
    SELECT asked.at::pg_catalog.int8, n.nspname::pg_catalog.text, x.extname::pg_catalog.text \
    FROM ROWS FROM (pg_catalog.unnest($1::pg_catalog.text[]), pg_catalog.unnest($2::pg_catalog.text[])) \
        WITH ORDINALITY AS asked (namespace, name, at) \
    JOIN pg_catalog.pg_type t ON t.typname = asked.name \
    JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace \
    LEFT JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.objid = t.oid \
        AND d.deptype = 'e' \
    LEFT JOIN pg_catalog.pg_extension x ON x.oid = d.refobjid \
    WHERE asked.namespace IS NULL OR asked.namespace = n.nspname";

/// A type of a database.
#[derive(Clone, Debug)]
pub struct Home {
    /// Its name, with the namespace.
    pub name: QualifiedName,
    /// The extension that brought it.
    pub extension: Option<Ident>,
}

/// For each name the types that it may mean, with their namespaces: row types and arrays too. A name without a namespace may
/// mean a type of any. The catalogs are open to every role.
pub async fn homes(client: &Client, names: &[QualifiedName]) -> Result<Vec<Vec<Home>>, tokio_postgres::Error> {
    let namespaces: Vec<Option<&str>> = names
        .iter()
        .map(|name| name.namespace.as_ref().map(Ident::as_str))
        .collect();
    let own: Vec<&str> = names.iter().map(|name| name.name.as_str()).collect();
    let mut found = vec![Vec::new(); names.len()];
    for row in client.query(HOMES, &[&namespaces, &own]).await? {
        let (at, namespace): (i64, String) = (row.try_get(0)?, row.try_get(1)?);
        let extension: Option<String> = row.try_get(2)?;
        let at = usize::try_from(at).unwrap_or_default().saturating_sub(1);
        if let (Some(name), Some(homes)) = (names.get(at), found.get_mut(at)) {
            homes.push(Home {
                name: QualifiedName {
                    namespace: Some(Ident::new(namespace)),
                    name: name.name.clone(),
                },
                extension: extension.map(Ident::new),
            });
        }
    }
    Ok(found)
}
