//! From flags, connection string, service file and environment to the servers to try and how.

use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio_postgres::config::{ChannelBinding, SslNegotiation};

use super::environment::Environment;
use super::error::ConnError;
use super::keyword::KEYWORDS;
use super::methods::Methods;
use super::params::Params;
use super::tls::{SslMode, TlsFiles};
use super::{passfile, service};

/// One server to try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Host name or socket folder.
    pub host: String,
    /// Address to use instead of looking the name up.
    pub hostaddr: Option<IpAddr>,
    /// Port.
    pub port: u16,
}

impl Endpoint {
    /// Whether this is a socket on this machine, where TLS has no meaning.
    pub fn is_socket(&self) -> bool {
        self.host.starts_with('/') && self.hostaddr.is_none()
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

/// Which kind of server is wanted, where several are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionAttrs {
    /// Any server.
    Any,
    /// One that takes writes by default.
    ReadWrite,
    /// One that does not.
    ReadOnly,
    /// A primary.
    Primary,
    /// A standby.
    Standby,
    /// A standby where there is one.
    PreferStandby,
}

/// Everything that is needed to connect.
#[derive(Clone)]
pub struct Target {
    /// The servers to try, in order.
    pub endpoints: Vec<Endpoint>,
    /// Whether they are tried in another order each time (`load_balance_hosts`).
    pub(crate) in_any_order: bool,
    /// Database.
    pub dbname: String,
    /// User.
    pub user: String,
    /// What was said about the connection; holds the password, never shows it.
    pub(crate) params: Params,
    /// The password file.
    pub(crate) passfile: Option<PathBuf>,
    /// Encryption.
    pub(crate) sslmode: SslMode,
    /// Direct TLS or the classic request.
    pub(crate) negotiation: SslNegotiation,
    /// Certificates and keys.
    pub(crate) tls: TlsFiles,
    /// SCRAM channel binding.
    pub(crate) channel_binding: ChannelBinding,
    /// How a server may ask who we are; in any way where nothing is said.
    pub(crate) methods: Option<Methods>,
    /// Time for each server.
    pub(crate) connect_timeout: Option<Duration>,
    /// The kind of server.
    pub(crate) attrs: SessionAttrs,
}

impl Target {
    /// Puts a password in, one that was typed.
    pub fn with_password(mut self, password: &str) -> Result<Self, ConnError> {
        self.params.set("password", password)?;
        Ok(self)
    }

    /// The password for a server, and a warning about the password file.
    pub(crate) fn password(&self, endpoint: &Endpoint) -> (Option<String>, Option<String>) {
        if let Some(password) = self.params.non_empty("password") {
            return (Some(password.to_owned()), None);
        }
        let Some(path) = &self.passfile else {
            return (None, None);
        };
        let host = if DEFAULT_SOCKETS.contains(&endpoint.host.as_str()) {
            "localhost"
        } else {
            &endpoint.host
        };
        let key = passfile::Key {
            host,
            port: endpoint.port,
            dbname: &self.dbname,
            user: &self.user,
        };
        match passfile::read(path, key) {
            Ok(password) => (password, None),
            Err(warning) => (None, Some(warning)),
        }
    }
}

/// Database and servers, for people.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on ", self.dbname)?;
        for (i, endpoint) in self.endpoints.iter().enumerate() {
            let comma = if i == 0 { "" } else { ", " };
            write!(f, "{comma}{endpoint}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Target({self}, user {}, {})", self.user, self.params)
    }
}

/// Where servers put their socket when nobody says otherwise: Debian's folder, then PostgreSQL's own.
const DEFAULT_SOCKETS: &[&str] = &["/var/run/postgresql", "/tmp"];

/// Settles every parameter: `flags` win over `given` (the connection string), then the service file, then `PG*`
/// variables, then defaults.
pub fn resolve(flags: &Params, given: &Params, env: &Environment) -> Result<Target, ConnError> {
    let mut params = given.clone();
    params.overlay(flags);
    let service = params.non_empty("service").or(env.non_empty("PGSERVICE"));
    if let Some(service) = service {
        let file = params.non_empty("servicefile");
        let from_service = service::read(service, file, env)?;
        params.fill_from(&from_service);
    }
    for keyword in KEYWORDS {
        let Some(variable) = keyword.variable else { continue };
        if let Some(value) = env.var(variable).filter(|_| params.get(keyword.name).is_none()) {
            params.set(keyword.name, value).map_err(|error| match error {
                ConnError::Invalid { message, hint } => ConnError::Invalid {
                    message: format!("{message} (from {variable})"),
                    hint,
                },
                other => other,
            })?;
        }
    }

    let user = match params.non_empty("user").or(env.account.as_deref()) {
        Some(user) => user.to_owned(),
        None => {
            return Err(ConnError::invalid_with(
                "no user is named",
                "name one with -U or PGUSER",
            ));
        }
    };
    let passfile = match params.non_empty("passfile") {
        Some(path) => Some(PathBuf::from(path)),
        None => env.home.as_ref().map(|home| home.join(".pgpass")),
    };
    let sslmode = match params.get("sslmode") {
        Some(mode) => SslMode::parse(mode)?,
        None => SslMode::Prefer,
    };
    let negotiation = match params.get("sslnegotiation") {
        None | Some("postgres") => SslNegotiation::Postgres,
        Some("direct") if sslmode.is_weak() => {
            return Err(ConnError::invalid(
                "sslnegotiation=direct needs sslmode=require or stronger",
            ));
        }
        Some("direct") => SslNegotiation::Direct,
        Some(other) => return Err(bad_value("sslnegotiation", other)),
    };
    let channel_binding = match params.get("channel_binding") {
        None | Some("prefer") => ChannelBinding::Prefer,
        Some("disable") => ChannelBinding::Disable,
        Some("require") => ChannelBinding::Require,
        Some(other) => return Err(bad_value("channel_binding", other)),
    };
    let attrs = match params.get("target_session_attrs") {
        None | Some("any") => SessionAttrs::Any,
        Some("read-write") => SessionAttrs::ReadWrite,
        Some("read-only") => SessionAttrs::ReadOnly,
        Some("primary") => SessionAttrs::Primary,
        Some("standby") => SessionAttrs::Standby,
        Some("prefer-standby") => SessionAttrs::PreferStandby,
        Some(other) => return Err(bad_value("target_session_attrs", other)),
    };
    let in_any_order = match params.get("load_balance_hosts") {
        None | Some("disable") => false,
        Some("random") => true,
        Some(other) => return Err(bad_value("load_balance_hosts", other)),
    };
    Ok(Target {
        endpoints: endpoints(&params)?,
        in_any_order,
        dbname: params.non_empty("dbname").unwrap_or(&user).to_owned(),
        tls: TlsFiles::from_params(&params, env.home.as_deref())?,
        methods: params.non_empty("require_auth").map(Methods::parse).transpose()?,
        connect_timeout: connect_timeout(&params)?,
        user,
        passfile,
        sslmode,
        negotiation,
        channel_binding,
        attrs,
        params,
    })
}

pub(crate) fn bad_value(name: &str, value: &str) -> ConnError {
    ConnError::invalid(format!("connection parameter {name} has no value \"{value}\""))
}

/// A whole number of seconds or milliseconds; libpq reads zero and less as "off".
pub(crate) fn number(params: &Params, name: &str) -> Result<Option<u64>, ConnError> {
    let Some(text) = params.get(name) else {
        return Ok(None);
    };
    let number: i64 = text.trim().parse().map_err(|_| bad_value(name, text))?;
    Ok(u64::try_from(number).ok().filter(|number| *number > 0))
}

fn connect_timeout(params: &Params) -> Result<Option<Duration>, ConnError> {
    // libpq rounds one second up to two: less is a coin toss.
    Ok(number(params, "connect_timeout")?.map(|seconds| Duration::from_secs(seconds.max(2))))
}

fn endpoints(params: &Params) -> Result<Vec<Endpoint>, ConnError> {
    let split = |name| -> Vec<&str> {
        params
            .non_empty(name)
            .map(|v| v.split(',').collect())
            .unwrap_or_default()
    };
    let (hosts, addresses, ports) = (split("host"), split("hostaddr"), split("port"));
    if !hosts.is_empty() && !addresses.is_empty() && hosts.len() != addresses.len() {
        return Err(ConnError::invalid(format!(
            "{} hosts are named but {} addresses",
            hosts.len(),
            addresses.len()
        )));
    }
    let count = hosts.len().max(addresses.len()).max(1);
    if ports.len() > 1 && ports.len() != count {
        return Err(ConnError::invalid(format!(
            "{} ports are named but {count} hosts",
            ports.len()
        )));
    }
    (0..count)
        .map(|i| {
            let port = match ports.get(i).or(ports.first()).map(|port| port.trim()) {
                None | Some("") => 5432,
                Some(port) => port
                    .parse::<u16>()
                    .ok()
                    .filter(|port| *port > 0)
                    .ok_or_else(|| bad_value("port", port))?,
            };
            let hostaddr = match addresses.get(i).map(|address| address.trim()) {
                None | Some("") => None,
                Some(address) => Some(address.parse::<IpAddr>().map_err(|_| bad_value("hostaddr", address))?),
            };
            let host = match (hosts.get(i).copied().unwrap_or(""), hostaddr) {
                ("", Some(address)) => address.to_string(),
                ("", None) => default_host(port),
                (host, _) if host.starts_with('@') => {
                    return Err(ConnError::invalid(
                        "sockets in the abstract namespace are not supported",
                    ));
                }
                (host, _) => host.to_owned(),
            };
            Ok(Endpoint { host, hostaddr, port })
        })
        .collect()
}

/// The first default folder that has a socket for this port, else `localhost`.
fn default_host(port: u16) -> String {
    let found = DEFAULT_SOCKETS
        .iter()
        .find(|folder| Path::new(folder).join(format!(".s.PGSQL.{port}")).exists());
    found.map_or_else(|| "localhost".to_owned(), |folder| (*folder).to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::conninfo;
    use super::*;

    fn env(pairs: &[(&str, &str)]) -> Environment {
        Environment {
            vars: pairs.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect(),
            home: None,
            account: Some("me".into()),
        }
    }

    fn target(flags: &str, given: &str, vars: &[(&str, &str)]) -> Target {
        let flags = conninfo::parse(flags).expect("flags");
        resolve(&flags, &conninfo::parse(given).expect("given"), &env(vars)).expect("resolves")
    }

    #[test]
    fn precedence() {
        let vars = [("PGHOST", "e"), ("PGUSER", "eu"), ("PGPORT", "7"), ("PGDATABASE", "ed")];
        let target = target("host=f", "host=g user=gu", &vars);
        assert_eq!(target.to_string(), "ed on f:7");
        assert_eq!(target.user, "gu");
    }

    #[test]
    fn a_service_sits_between_string_and_variables() {
        let folder = tempfile::tempdir().expect("folder");
        let file = folder.path().join("services");
        std::fs::write(&file, "[s]\nhost=sh\nuser=su\n").expect("write");
        let path = file.to_string_lossy().into_owned();
        let vars = [
            ("PGSERVICEFILE", path.as_str()),
            ("PGSERVICE", "s"),
            ("PGUSER", "eu"),
            ("PGPORT", "9"),
        ];
        let target = target("dbname=d", "host=g", &vars);
        assert_eq!((target.to_string().as_str(), target.user.as_str()), ("d on g:9", "su"));
    }

    #[test]
    fn defaults() {
        let target = target("host=h", "user=", &[]);
        assert_eq!((target.dbname.as_str(), target.user.as_str()), ("me", "me"));
        assert_eq!(target.endpoints[0].port, 5432);
        assert_eq!(target.sslmode, SslMode::Prefer);
    }

    #[test]
    fn several_servers() {
        let target = target("host=a,b port=1,", "dbname=d", &[]);
        assert_eq!(target.to_string(), "d on a:1, b:5432");
    }

    #[test]
    fn nonsense_is_refused() {
        for given in [
            "port=x host=h",
            "port=0 host=h",
            "host=a,b port=1,2,3",
            "sslmode=maybe",
            "hostaddr=host",
            "connect_timeout=soon host=h",
            "host=@x",
            "sslnegotiation=direct host=h",
        ] {
            let given = conninfo::parse(given).expect(given);
            assert!(resolve(&Params::new(), &given, &env(&[])).is_err(), "{given}");
        }
    }

    #[test]
    fn passwords_do_not_show() {
        let target = target("host=h", "password=hunter2", &[]);
        assert!(!format!("{target:?} {target}").contains("hunter2"));
        assert_eq!(target.password(&target.endpoints[0]).0.as_deref(), Some("hunter2"));
    }
}
