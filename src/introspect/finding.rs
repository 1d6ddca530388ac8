//! What a database holds beside the model, or holds in bad order.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Something about a live database that the reviewer should know.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// An object that is not managed, because its kind is not in the model.
    Unmanaged {
        /// Its kind: `publication`.
        kind: String,
        /// Its name.
        name: String,
    },
    /// An index that a failed build left behind, or that waits for the indexes of partitions.
    InvalidIndex {
        /// Its name.
        name: String,
    },
    /// A subscription whose connection the role may not read, so that the files are believed.
    HiddenConnection {
        /// Its name.
        name: String,
    },
    /// A partition whose `DETACH ... CONCURRENTLY` was cut off: queries of the parent no longer see its rows.
    DetachPending {
        /// Its name.
        name: String,
    },
    /// The sequence of an identity column that is logged where its table is not, or the other way round.
    LoggedApart {
        /// The sequence.
        name: String,
    },
    /// A materialized view that cannot be read before somebody refreshes it.
    NotPopulated {
        /// Its name.
        name: String,
    },
    /// A constraint that existing rows have not been checked against.
    NotValid {
        /// Its table or domain, and its name.
        name: String,
    },
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unmanaged { kind, name } => write!(f, "{kind} {name} is not managed"),
            Self::InvalidIndex { name } => write!(f, "index {name} is invalid"),
            Self::HiddenConnection { name } => write!(
                f,
                "the connection of subscription {name} can be read by superusers only, and is taken to be as the files say"
            ),
            Self::DetachPending { name } => write!(
                f,
                "partition {name} is half detached (DETACH CONCURRENTLY was cut off): queries of its parent no longer see its rows, and ALTER TABLE ... DETACH PARTITION ... FINALIZE ends it"
            ),
            Self::LoggedApart { name } => write!(
                f,
                "whether sequence {name} is logged is not managed apart from the table of its identity column; the two differ"
            ),
            Self::NotPopulated { name } => write!(
                f,
                "materialized view {name} holds no data, and cannot be read before REFRESH MATERIALIZED VIEW"
            ),
            Self::NotValid { name } => write!(f, "constraint {name} is not valid"),
        }
    }
}

#[derive(Deserialize)]
struct Row {
    kind: String,
    name: String,
}

impl Finding {
    pub(super) fn unmanaged(row: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(row).map(|Row { kind, name }| Self::Unmanaged { kind, name })
    }

    pub(super) fn doubtful(row: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(row).map(|Row { kind, name }| match kind.as_str() {
            "invalid index" => Self::InvalidIndex { name },
            "detach pending" => Self::DetachPending { name },
            "logged apart" => Self::LoggedApart { name },
            "not populated" => Self::NotPopulated { name },
            "hidden connection" => Self::HiddenConnection { name },
            _ => Self::NotValid { name },
        })
    }
}
