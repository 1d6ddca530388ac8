//! Conversions as SQL.

use super::Conversion;
use crate::sql;

/// `CREATE CONVERSION`.
pub(crate) fn create(conversion: &Conversion) -> Vec<String> {
    let default = if conversion.default { "DEFAULT " } else { "" };
    vec![format!(
        "CREATE {default}CONVERSION {} FOR {} TO {} FROM {}",
        conversion.name,
        sql::literal(&conversion.from),
        sql::literal(&conversion.to),
        conversion.function
    )]
}
