//! Sequences as SQL.

use super::{ColumnRef, Sequence, SequenceChange, SequenceOptions};
use crate::name::QualifiedName;
use crate::object::ObjectId;
use crate::operation::IfExists;
use crate::sql::literal;
use crate::types::TypeName;

/// `CREATE SEQUENCE`; `owned` says whether the owning column is there already.
pub(crate) fn create(sequence: &Sequence, if_exists: IfExists, owned: bool) -> Vec<String> {
    let unlogged = if sequence.unlogged { "UNLOGGED " } else { "" };
    let exists = if if_exists == IfExists::Skip {
        "IF NOT EXISTS "
    } else {
        ""
    };
    let mut text = format!("CREATE {unlogged}SEQUENCE {exists}{}", sequence.name);
    if sequence.data_type.name.as_str() != "bigint" {
        text.push_str(&format!(" AS {}", sequence.data_type));
    }
    for option in spoken(&sequence.options, &sequence.data_type) {
        text.push(' ');
        text.push_str(&option);
    }
    if let Some(owner) = sequence.owned_by.as_ref().filter(|_| owned) {
        text.push_str(&format!(" OWNED BY {}", column(owner)));
    }
    vec![text]
}

fn column(owner: &ColumnRef) -> String {
    format!("{}.{}", owner.table, owner.column)
}

/// The options that differ from what PostgreSQL fills in.
pub(crate) fn spoken(options: &SequenceOptions, data_type: &TypeName) -> Vec<String> {
    let defaults = SequenceOptions::defaults(data_type, options.increment);
    let start = if options.increment < 0 {
        options.max
    } else {
        options.min
    };
    let mut texts = Vec::new();
    let mut say = |differs: bool, text: String| texts.extend(differs.then_some(text));
    say(options.increment != 1, format!("INCREMENT BY {}", options.increment));
    say(options.min != defaults.min, format!("MINVALUE {}", options.min));
    say(options.max != defaults.max, format!("MAXVALUE {}", options.max));
    say(options.start != start, format!("START WITH {}", options.start));
    say(options.cache != 1, format!("CACHE {}", options.cache));
    say(options.cycle, "CYCLE".to_owned());
    texts
}

/// Every option, written out.
pub(crate) fn all(options: &SequenceOptions) -> Vec<String> {
    vec![
        format!("INCREMENT BY {}", options.increment),
        format!("MINVALUE {}", options.min),
        format!("MAXVALUE {}", options.max),
        format!("START WITH {}", options.start),
        format!("CACHE {}", options.cache),
        (if options.cycle { "CYCLE" } else { "NO CYCLE" }).to_owned(),
    ]
}

/// Where no value of the old range is in the new one, the sequence stands outside and starts again: PostgreSQL refuses the new bounds
/// otherwise.
pub(crate) fn restart(from: &SequenceOptions, to: &SequenceOptions) -> Option<String> {
    (to.min > from.max || to.max < from.min).then(|| format!("RESTART WITH {}", to.start))
}

/// Where only a part of the old range is in the new one, a sequence that stands before its beginning goes on from there: PostgreSQL
/// refuses the new bounds otherwise. One that stands behind its end has no numbers left, and is refused.
pub(crate) fn ahead(name: &QualifiedName, from: &SequenceOptions, to: &SequenceOptions) -> Option<String> {
    let (first, stands_before, moves) = if to.increment < 0 {
        (to.max, ">", to.max < from.max)
    } else {
        (to.min, "<", to.min > from.min)
    };
    (moves && restart(from, to).is_none()).then(|| {
        format!(
            "SELECT pg_catalog.setval({}, {first}, false) FROM {name} WHERE last_value {stands_before} {first}",
            literal(&name.to_string())
        )
    })
}

/// `ALTER SEQUENCE`, given the options before.
pub(crate) fn alter(id: &ObjectId, change: &SequenceChange, before: Option<&SequenceOptions>) -> Vec<String> {
    let with = |options: &SequenceOptions| {
        let mut words = all(options);
        words.extend(before.and_then(|before| restart(before, options)));
        words.join(" ")
    };
    let action = match change {
        SequenceChange::Type(data_type, options) => format!("AS {data_type} {}", with(options)),
        SequenceChange::Options(options) => with(options),
        SequenceChange::Unlogged(true) => "SET UNLOGGED".to_owned(),
        SequenceChange::Unlogged(false) => "SET LOGGED".to_owned(),
        SequenceChange::OwnedBy(owner) => {
            format!("OWNED BY {}", owner.as_ref().map_or_else(|| "NONE".to_owned(), column))
        }
    };
    let name = id.qualified();
    let ahead = match change {
        SequenceChange::Type(_, to) | SequenceChange::Options(to) => before.and_then(|from| ahead(&name, from, to)),
        _ => None,
    };
    ahead
        .into_iter()
        .chain([format!("ALTER SEQUENCE {name} {action}")])
        .collect()
}
