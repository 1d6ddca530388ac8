//! The keywords of libpq's connection strings, and what pgphase does with each.

/// What happens to a keyword.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Support {
    /// It has its effect.
    Used,
    /// It has no meaning here (compression, Kerberos names), and leaving it out changes no promise.
    Ignored,
    /// It would promise something that is not kept; only these values, which promise nothing, are taken.
    Only {
        values: &'static [&'static str],
        /// Whether the server reads it, to which capital letters are the same; libpq goes by the letter.
        by_server: bool,
        /// What to do instead.
        hint: &'static str,
    },
}

/// One keyword.
#[derive(Debug)]
pub(crate) struct Keyword {
    /// Its name in connection strings.
    pub(crate) name: &'static str,
    /// The variable that gives its default.
    pub(crate) variable: Option<&'static str>,
    /// What happens to it.
    pub(crate) support: Support,
}

const fn used(name: &'static str, variable: Option<&'static str>) -> Keyword {
    Keyword {
        name,
        variable,
        support: Support::Used,
    }
}

const fn ignored(name: &'static str, variable: Option<&'static str>) -> Keyword {
    Keyword {
        name,
        variable,
        support: Support::Ignored,
    }
}

const fn only(
    name: &'static str,
    variable: Option<&'static str>,
    values: &'static [&'static str],
    hint: &'static str,
) -> Keyword {
    only_of(false, name, variable, values, hint)
}

/// `by_server`: whether capital letters are the same.
const fn only_of(
    by_server: bool,
    name: &'static str,
    variable: Option<&'static str>,
    values: &'static [&'static str],
    hint: &'static str,
) -> Keyword {
    Keyword {
        name,
        variable,
        support: Support::Only {
            values,
            by_server,
            hint,
        },
    }
}

/// Every keyword of libpq 18 and before.
pub(crate) const KEYWORDS: &[Keyword] = &[
    used("service", Some("PGSERVICE")),
    used("servicefile", Some("PGSERVICEFILE")),
    used("host", Some("PGHOST")),
    used("hostaddr", Some("PGHOSTADDR")),
    used("port", Some("PGPORT")),
    used("dbname", Some("PGDATABASE")),
    used("user", Some("PGUSER")),
    used("password", Some("PGPASSWORD")),
    used("passfile", Some("PGPASSFILE")),
    used("connect_timeout", Some("PGCONNECT_TIMEOUT")),
    used("options", Some("PGOPTIONS")),
    used("application_name", Some("PGAPPNAME")),
    used("fallback_application_name", None),
    used("keepalives", None),
    used("keepalives_idle", None),
    used("keepalives_interval", None),
    used("keepalives_count", None),
    used("tcp_user_timeout", None),
    used("sslmode", Some("PGSSLMODE")),
    used("sslnegotiation", Some("PGSSLNEGOTIATION")),
    used("sslrootcert", Some("PGSSLROOTCERT")),
    used("sslcert", Some("PGSSLCERT")),
    used("sslkey", Some("PGSSLKEY")),
    used("sslcrl", Some("PGSSLCRL")),
    used("sslcrldir", Some("PGSSLCRLDIR")),
    used("sslsni", Some("PGSSLSNI")),
    used("ssl_min_protocol_version", Some("PGSSLMINPROTOCOLVERSION")),
    used("ssl_max_protocol_version", Some("PGSSLMAXPROTOCOLVERSION")),
    used("channel_binding", Some("PGCHANNELBINDING")),
    used("target_session_attrs", Some("PGTARGETSESSIONATTRS")),
    used("load_balance_hosts", Some("PGLOADBALANCEHOSTS")),
    only_of(
        true,
        "client_encoding",
        Some("PGCLIENTENCODING"),
        &["", "auto", "utf8", "utf-8", "unicode"],
        "texts go to and fro in UTF8; leave it out",
    ),
    // Without a ticket libpq goes on without GSSAPI too.
    only(
        "gssencmode",
        Some("PGGSSENCMODE"),
        &["disable", "prefer"],
        "GSSAPI is not spoken here; leave it out, and let TLS encrypt: sslmode=verify-full, or require",
    ),
    used("requirepeer", Some("PGREQUIREPEER")),
    used("require_auth", Some("PGREQUIREAUTH")),
    used("sslpassword", None),
    only(
        "sslcertmode",
        Some("PGSSLCERTMODE"),
        &["allow"],
        "a client certificate is sent where there is one and the server asks for it; leave it out",
    ),
    only_of(
        true,
        "replication",
        None,
        &["", "false", "off", "no", "0"],
        "a session for replication runs no statements of this kind; leave it out",
    ),
    ignored("sslcompression", Some("PGSSLCOMPRESSION")),
    ignored("sslkeylogfile", None),
    ignored("krbsrvname", Some("PGKRBSRVNAME")),
    ignored("gsslib", Some("PGGSSLIB")),
    ignored("gssdelegation", Some("PGGSSDELEGATION")),
    only(
        "min_protocol_version",
        Some("PGMINPROTOCOLVERSION"),
        &["3.0"],
        "version 3.0 of the protocol is spoken here, which every server takes; leave it out",
    ),
    only(
        "max_protocol_version",
        Some("PGMAXPROTOCOLVERSION"),
        &["3.0", "3.2", "latest"],
        "version 3.0 of the protocol is spoken here, which every server takes; leave it out",
    ),
    only("scram_client_key", None, &[], "use a password, or a password file"),
    only("scram_server_key", None, &[], "use a password, or a password file"),
    ignored("oauth_issuer", None),
    ignored("oauth_client_id", None),
    ignored("oauth_client_secret", None),
    ignored("oauth_scope", None),
];

/// The keyword of this name.
pub(crate) fn find(name: &str) -> Option<&'static Keyword> {
    KEYWORDS.iter().find(|keyword| keyword.name == name)
}
