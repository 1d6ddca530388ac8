//! Collations as SQL.

use super::{Collation, Provider};
use crate::operation::IfExists;
use crate::sql;

/// `CREATE COLLATION`.
pub(crate) fn create(collation: &Collation, if_exists: IfExists) -> Vec<String> {
    let exists = if if_exists == IfExists::Skip {
        "IF NOT EXISTS "
    } else {
        ""
    };
    let mut parameters = vec![format!("provider = {}", collation.provider.word())];
    if collation.nondeterministic {
        parameters.push("deterministic = false".into());
    }
    let locale = match collation.provider {
        Provider::Libc if collation.lc_collate == collation.lc_ctype => collation.lc_collate.as_ref(),
        Provider::Libc => None,
        Provider::Icu | Provider::Builtin => collation.locale.as_ref(),
    };
    let named = [
        ("locale", locale),
        ("lc_collate", collation.lc_collate.as_ref().filter(|_| locale.is_none())),
        ("lc_ctype", collation.lc_ctype.as_ref().filter(|_| locale.is_none())),
        ("rules", collation.rules.as_ref()),
    ];
    for (key, value) in named {
        parameters.extend(value.map(|value| format!("{key} = {}", sql::literal(value))));
    }
    vec![format!(
        "CREATE COLLATION {exists}{} ({})",
        collation.name,
        sql::list(parameters)
    )]
}
