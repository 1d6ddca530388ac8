//! How large tables are, for those who review a plan.

use tokio_postgres::Client;

use crate::name::{Ident, QualifiedName};

const SIZES: &str = include_str!("sizes.sql");

/// How large a table is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableSize {
    /// The table.
    pub table: QualifiedName,
    /// Rows, as the last VACUUM or ANALYZE found them, partitions included; nothing before the first.
    pub rows: Option<u64>,
    /// Bytes with indexes and TOAST, partitions included.
    pub bytes: u64,
    /// Bytes of its rows alone, partitions included.
    pub heap: u64,
}

/// The sizes of tables; of those that are not there, none. The catalogs are open to every role.
pub async fn sizes(client: &Client, tables: &[QualifiedName]) -> Result<Vec<TableSize>, tokio_postgres::Error> {
    let namespaces: Vec<Option<&str>> = tables
        .iter()
        .map(|table| table.namespace.as_ref().map(Ident::as_str))
        .collect();
    let names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
    // A size is looked at under a lock, which nobody is kept waiting for.
    client
        .batch_execute("BEGIN READ ONLY; SET LOCAL lock_timeout = '2s'")
        .await?;
    let rows = client.query(SIZES, &[&namespaces, &names]).await;
    client.batch_execute("ROLLBACK").await?;
    let rows = rows?;
    rows.iter()
        .map(|row| {
            let (namespace, name): (String, String) = (row.try_get(0)?, row.try_get(1)?);
            let (rows, bytes, heap): (Option<i64>, i64, i64) = (row.try_get(2)?, row.try_get(3)?, row.try_get(4)?);
            Ok(TableSize {
                table: QualifiedName {
                    namespace: Some(Ident::new(namespace)),
                    name: Ident::new(name),
                },
                rows: rows.and_then(|rows| u64::try_from(rows).ok()),
                bytes: u64::try_from(bytes).unwrap_or_default(),
                heap: u64::try_from(heap).unwrap_or_default(),
            })
        })
        .collect()
}
