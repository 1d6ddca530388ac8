//! What can go wrong before the first query.

use std::path::PathBuf;

/// Why there is no connection.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConnError {
    /// The connection string, a flag or a variable cannot be understood.
    #[error("{message}")]
    Invalid {
        /// What is wrong.
        message: String,
        /// What to do about it.
        hint: Option<String>,
    },
    /// A file that the connection asks for cannot be used.
    #[error("cannot use the {what} {}: {reason}", path.display())]
    File {
        /// What the file is.
        what: &'static str,
        /// Which file.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// No server answered, or it will answer later.
    #[error("cannot connect to {target}: {reason}")]
    Unreachable {
        /// Where to.
        target: String,
        /// What happened, for each server tried.
        reason: String,
    },
    /// The server wants a password and none was given.
    #[error("cannot connect to {target}: the server asks for a password{}", remark.as_ref().map(|remark| format!("; {remark}")).unwrap_or_default())]
    PasswordMissing {
        /// Where to.
        target: String,
        /// Why the password file does not help.
        remark: Option<String>,
    },
    /// The server refuses this user.
    #[error("cannot connect to {target}: {reason}")]
    Refused {
        /// Where to.
        target: String,
        /// What the server said.
        reason: String,
    },
    /// The server asks in a way that the driver does not speak (GSSAPI, SSPI, OAuth).
    #[error("cannot connect to {target}: the server asks for {what}, which is not spoken here")]
    Unspoken {
        /// Where to.
        target: String,
        /// What it asks for.
        what: &'static str,
    },
    /// The server is not one that the connection asks for (`require_auth`, `requirepeer`).
    #[error("cannot connect to {target}: {reason}")]
    Unwanted {
        /// Where to.
        target: String,
        /// What it does otherwise.
        reason: String,
    },
    /// The encrypted channel could not be set up.
    #[error("cannot connect to {target} with TLS: {reason}")]
    Tls {
        /// Where to.
        target: String,
        /// What failed.
        reason: String,
    },
}

impl ConnError {
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::Invalid {
            message: message.into(),
            hint: None,
        }
    }

    pub(crate) fn invalid_with(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Invalid {
            message: message.into(),
            hint: Some(hint.into()),
        }
    }

    /// Whether the same command may work later without any change.
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Unreachable { .. })
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Invalid { hint, .. } => hint.clone(),
            Self::File { .. } => None,
            Self::Unreachable { .. } => {
                Some("check which database is meant (-d, -h, -p, PGHOST, PGPORT) and that its server runs".into())
            }
            Self::PasswordMissing { .. } => {
                Some("use a password file (~/.pgpass, mode 0600) or PGPASSWORD; on a terminal, -W asks for it".into())
            }
            Self::Refused { .. } => None,
            Self::Unspoken { .. } => Some(
                "let pg_hba.conf ask this user for scram-sha-256 (a password) or cert (a client certificate) from here"
                    .into(),
            ),
            Self::Unwanted { .. } => {
                Some("nothing was sent that lets somebody in; this may not be the server that is meant".into())
            }
            Self::Tls { .. } => Some("sslmode, sslrootcert, sslcert and sslkey work as in psql".into()),
        }
    }
}
