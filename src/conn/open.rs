//! Connecting: each server in turn, with the TLS fallbacks of `allow` and `prefer`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::net::UnixStream;
use tokio::sync::mpsc;
use tokio_postgres::config::{SslMode as Wire, SslNegotiation};
use tokio_postgres::error::{DbError, SqlState};
use tokio_postgres::{AsyncMessage, Client, Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::environment;
use super::error::ConnError;
use super::methods::Denied;
use super::resolve::{Endpoint, SessionAttrs, Target, number};
use super::tls::SslMode;
use super::watched::{Begun, Guarded, InClear};

/// A connection to a server. Dropping it ends the session.
pub struct Session {
    /// Runs queries.
    pub client: Client,
    /// What the server says on the side.
    pub notices: mpsc::UnboundedReceiver<DbError>,
    /// Which of the servers answered.
    pub endpoint: Endpoint,
    /// Things the user should know, such as a password file that was passed over.
    pub warnings: Vec<String>,
    cancel: CancelHandle,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Session({})", self.endpoint)
    }
}

/// Cancels what a session runs, from outside.
#[derive(Clone)]
pub struct CancelHandle {
    token: tokio_postgres::CancelToken,
    route: Route,
}

/// How another connection gets to the same server.
#[derive(Clone)]
enum Route {
    Clear,
    Watched(InClear),
    Tls(MakeRustlsConnect),
    Socket(PathBuf),
}

impl CancelHandle {
    /// Asks the server to cancel the running statement.
    pub async fn cancel(&self) -> Result<(), tokio_postgres::Error> {
        match &self.route {
            Route::Clear => self.token.cancel_query(NoTls).await,
            Route::Watched(clear) => self.token.cancel_query(clear.clone()).await,
            Route::Tls(tls) => self.token.cancel_query(tls.clone()).await,
            Route::Socket(path) => match UnixStream::connect(path).await {
                Ok(stream) => self.token.cancel_query_raw(stream, NoTls).await,
                // A server that is gone runs nothing any more.
                Err(_) => Ok(()),
            },
        }
    }
}

impl Session {
    /// A handle that cancels what this session runs.
    pub fn cancel_handle(&self) -> CancelHandle {
        self.cancel.clone()
    }

    /// Another session with the same server, by what this one was opened with.
    pub(crate) async fn another(&self, target: &Target) -> Result<Self, ConnError> {
        connect_endpoint(target, &self.endpoint).await
    }
}

/// Connects to the first server that answers and is of the wanted kind.
pub async fn connect(target: &Target) -> Result<Session, ConnError> {
    let mut attempts: Vec<(Endpoint, SessionAttrs)> = target
        .endpoints
        .iter()
        .map(|endpoint| (endpoint.clone(), target.attrs))
        .collect();
    if target.in_any_order {
        shuffle(&mut attempts);
    }
    if target.attrs == SessionAttrs::PreferStandby {
        let again = attempts
            .clone()
            .into_iter()
            .map(|(endpoint, _)| (endpoint, SessionAttrs::Any));
        attempts
            .iter_mut()
            .for_each(|(_, attrs)| *attrs = SessionAttrs::Standby);
        attempts.extend(again);
    }
    let mut failures: Vec<String> = Vec::new();
    for (endpoint, attrs) in attempts {
        let session = match connect_endpoint(target, &endpoint).await {
            Ok(session) => session,
            Err(ConnError::Unreachable { reason, .. }) => {
                failures.push(format!("{endpoint}: {reason}"));
                continue;
            }
            // As in libpq, a server that answers and refuses ends the search.
            Err(error) => return Err(error),
        };
        match mismatch(&session.client, attrs).await {
            Ok(None) => return Ok(session),
            Ok(Some(what)) => failures.push(format!("{endpoint}: {what}")),
            Err(error) => failures.push(format!("{endpoint}: {error}")),
        }
    }
    failures.dedup();
    let reason = match failures.as_slice() {
        [one] => one
            .split_once(": ")
            .map_or(one.clone(), |(_, reason)| reason.to_owned()),
        many => many.join("; "),
    };
    Err(ConnError::Unreachable {
        target: target.to_string(),
        reason,
    })
}

async fn connect_endpoint(target: &Target, endpoint: &Endpoint) -> Result<Session, ConnError> {
    let begun = Begun::default();
    let attempt = |mode| attempt(target, endpoint, mode, &begun);
    if endpoint.is_socket() {
        return attempt_socket(target, endpoint).await;
    }
    let refused = |error: &ConnError| matches!(error, ConnError::Refused { .. } | ConnError::Unspoken { .. });
    match target.sslmode {
        SslMode::Disable => attempt(Wire::Disable).await,
        SslMode::Allow => match attempt(Wire::Disable).await {
            Err(error) if refused(&error) => attempt(Wire::Require).await.map_err(|_| error),
            result => result,
        },
        // Where the server has no TLS the driver goes on by itself, and shows nobody what is asked then.
        SslMode::Prefer if target.methods.is_some() => match attempt(Wire::Require).await {
            Err(error) if refused(&error) || matches!(error, ConnError::Tls { .. }) => attempt(Wire::Disable)
                .await
                .map_err(|clear| if begun.is_set() { error } else { clear }),
            result => result,
        },
        // Without TLS the same words would only be refused once more.
        SslMode::Prefer => match attempt(Wire::Prefer).await {
            Err(error) if begun.is_set() && (refused(&error) || matches!(error, ConnError::Tls { .. })) => {
                attempt(Wire::Disable).await.map_err(|_| error)
            }
            result => result,
        },
        SslMode::Require | SslMode::VerifyCa | SslMode::VerifyFull => attempt(Wire::Require).await,
    }
}

/// A socket of this machine: opened here, as `requirepeer` asks who is behind it before anything is said.
async fn attempt_socket(target: &Target, endpoint: &Endpoint) -> Result<Session, ConnError> {
    let (config, warnings) = config(target, endpoint, Wire::Disable)?;
    let path = Path::new(&endpoint.host).join(format!(".s.PGSQL.{}", endpoint.port));
    let opening = async {
        let stream = UnixStream::connect(&path)
            .await
            .map_err(|error| ConnError::Unreachable {
                target: format!("{} on {endpoint}", target.dbname),
                reason: error.to_string(),
            })?;
        require_peer(target, endpoint, &stream)?;
        let stream = Guarded::in_clear(stream, target.methods.clone());
        let connecting = config.connect_raw(stream, NoTls).await;
        connecting.map_err(|error| classify(target, endpoint, &error, &warnings))
    };
    let (client, connection) = within(target, endpoint, opening).await??;
    Ok(session(client, connection, endpoint, warnings, Route::Socket(path)))
}

/// Refuses a socket behind which somebody else stands than `requirepeer` names.
fn require_peer(target: &Target, endpoint: &Endpoint, stream: &UnixStream) -> Result<(), ConnError> {
    let Some(wanted) = target.params.non_empty("requirepeer") else {
        return Ok(());
    };
    let reason = match stream.peer_cred() {
        Ok(peer) => match environment::account_of(&peer.uid().to_string()) {
            Some((name, _)) if name == wanted => return Ok(()),
            Some((name, _)) => format!("requirepeer={wanted}, and the server runs as {name}"),
            None => format!(
                "requirepeer={wanted}, and the server runs as user {} without a name",
                peer.uid()
            ),
        },
        Err(error) => format!("requirepeer={wanted}, and who runs the server cannot be told: {error}"),
    };
    Err(ConnError::Unwanted {
        target: format!("{} on {endpoint}", target.dbname),
        reason,
    })
}

async fn attempt(target: &Target, endpoint: &Endpoint, mode: Wire, begun: &Begun) -> Result<Session, ConnError> {
    let (mut config, warnings) = config(target, endpoint, mode)?;
    let methods = target.methods.clone();
    let failed = |error| classify(target, endpoint, &error, &warnings);
    if mode != Wire::Disable {
        let direct = target.negotiation == SslNegotiation::Direct;
        let tls = MakeRustlsConnect::new(target.tls.client_config(target.sslmode, direct)?);
        let connecting = config.connect(begun.watch(tls.clone(), methods));
        let (client, connection) = within(target, endpoint, connecting).await?.map_err(failed)?;
        return Ok(session(client, connection, endpoint, warnings, Route::Tls(tls)));
    }
    if methods.is_some() {
        let clear = InClear(methods);
        config.ssl_mode(Wire::Require).ssl_negotiation(SslNegotiation::Direct);
        let connecting = config.connect(clear.clone());
        let (client, connection) = within(target, endpoint, connecting).await?.map_err(failed)?;
        return Ok(session(client, connection, endpoint, warnings, Route::Watched(clear)));
    }
    let (client, connection) = within(target, endpoint, config.connect(NoTls)).await?.map_err(failed)?;
    Ok(session(client, connection, endpoint, warnings, Route::Clear))
}

/// A session that is driven in the background.
fn session<S, T>(
    client: Client,
    connection: tokio_postgres::Connection<S, T>,
    endpoint: &Endpoint,
    warnings: Vec<String>,
    route: Route,
) -> Session
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
    T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let (sender, notices) = mpsc::unbounded_channel();
    tokio::spawn(drive(connection, sender));
    let cancel = CancelHandle {
        token: client.cancel_token(),
        route,
    };
    Session {
        client,
        notices,
        endpoint: endpoint.clone(),
        warnings,
        cancel,
    }
}

/// Bounds the whole start of a session, not only the opening of the socket.
async fn within<T>(target: &Target, endpoint: &Endpoint, work: impl Future<Output = T>) -> Result<T, ConnError> {
    match target.connect_timeout {
        None => Ok(work.await),
        Some(limit) => tokio::time::timeout(limit, work)
            .await
            .map_err(|_| ConnError::Unreachable {
                target: format!("{} on {endpoint}", target.dbname),
                reason: format!("no answer within {} s", limit.as_secs()),
            }),
    }
}

async fn drive<S, T>(mut connection: tokio_postgres::Connection<S, T>, sender: mpsc::UnboundedSender<DbError>)
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
    T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    // An error ends the loop; the client then reports a closed connection to whoever asks it something.
    while let Some(Ok(message)) = std::future::poll_fn(|cx| connection.poll_message(cx)).await {
        if let AsyncMessage::Notice(notice) = message {
            let _ = sender.send(notice);
        }
    }
}

fn config(target: &Target, endpoint: &Endpoint, mode: Wire) -> Result<(Config, Vec<String>), ConnError> {
    let params = &target.params;
    let mut config = Config::new();
    config
        .host(&endpoint.host)
        .port(endpoint.port)
        .user(&target.user)
        .dbname(&target.dbname)
        .ssl_mode(mode)
        .channel_binding(target.channel_binding);
    if mode != Wire::Disable {
        config.ssl_negotiation(target.negotiation);
    }
    if let Some(address) = endpoint.hostaddr {
        config.hostaddr(address);
    }
    let (password, warning) = target.password(endpoint);
    if let Some(password) = password {
        config.password(password);
    }
    if let Some(options) = params.non_empty("options") {
        config.options(options);
    }
    let name = params
        .non_empty("application_name")
        .or(params.non_empty("fallback_application_name"));
    config.application_name(name.unwrap_or("pgphase"));
    if let Some(limit) = target.connect_timeout {
        config.connect_timeout(limit);
    }
    if params.get("keepalives").is_some() && number(params, "keepalives")?.is_none() {
        config.keepalives(false);
    }
    if let Some(seconds) = number(params, "keepalives_idle")? {
        config.keepalives_idle(Duration::from_secs(seconds));
    }
    if let Some(seconds) = number(params, "keepalives_interval")? {
        config.keepalives_interval(Duration::from_secs(seconds));
    }
    if let Some(count) = number(params, "keepalives_count")?.and_then(|count| u32::try_from(count).ok()) {
        config.keepalives_retries(count);
    }
    if let Some(milliseconds) = number(params, "tcp_user_timeout")? {
        config.tcp_user_timeout(Duration::from_millis(milliseconds));
    }
    let unverified = target.tls.warning(target.sslmode).filter(|_| mode != Wire::Disable);
    Ok((config, warning.into_iter().chain(unverified).collect()))
}

fn classify(target: &Target, endpoint: &Endpoint, error: &tokio_postgres::Error, warnings: &[String]) -> ConnError {
    use std::error::Error as _;
    let to = format!("{} on {endpoint}", target.dbname);
    let io = error.source().and_then(|cause| cause.downcast_ref::<std::io::Error>());
    if let Some(denied) = io.and_then(|io| io.get_ref()?.downcast_ref::<Denied>()) {
        return ConnError::Unwanted {
            target: to,
            reason: denied.to_string(),
        };
    }
    if let Some(db) = error.as_db_error() {
        let reason = match db.hint() {
            Some(hint) => format!("{} ({hint})", db.message()),
            None => db.message().to_owned(),
        };
        let code = db.code();
        // A new session writes a file of its database, and an internal error (never translated) is all that tells of a full disk.
        if *code == SqlState::DISK_FULL || db.message() == "could not write init file" {
            let reason = format!("{reason}; the server's disk is full");
            return ConnError::Unreachable { target: to, reason };
        }
        let later = code.code().starts_with("08")
            || code.code().starts_with("57P")
            || *code == SqlState::TOO_MANY_CONNECTIONS
            || *code == SqlState::CONFIGURATION_LIMIT_EXCEEDED;
        return if later {
            ConnError::Unreachable { target: to, reason }
        } else {
            ConnError::Refused { target: to, reason }
        };
    }
    let cause = error.source().map_or_else(|| error.to_string(), ToString::to_string);
    // The driver keeps its error kinds private; their texts are what it offers.
    match error.to_string().as_str() {
        "invalid configuration" | "authentication error" if cause.contains("password missing") => {
            ConnError::PasswordMissing {
                target: to,
                remark: warnings.first().cloned(),
            }
        }
        "authentication error" if cause == "unsupported authentication method" => ConnError::Unspoken {
            target: to,
            what: "GSSAPI or SSPI",
        },
        "authentication error" if cause == "unsupported SASL mechanism" => ConnError::Unspoken {
            target: to,
            what: "OAuth, or another mechanism than SCRAM",
        },
        "invalid configuration" | "authentication error" => ConnError::Refused {
            target: to,
            reason: cause,
        },
        "error performing TLS handshake" => ConnError::Tls {
            target: to,
            reason: cause,
        },
        _ => ConnError::Unreachable {
            target: to,
            reason: cause,
        },
    }
}

/// Why a server is not of the wanted kind.
async fn mismatch(client: &Client, attrs: SessionAttrs) -> Result<Option<&'static str>, tokio_postgres::Error> {
    if attrs == SessionAttrs::Any {
        return Ok(None);
    }
    let sql = "SELECT pg_catalog.pg_is_in_recovery(), pg_catalog.current_setting('transaction_read_only') = 'on'";
    let row = client.query_one(sql, &[]).await?;
    let (standby, read_only): (bool, bool) = (row.try_get(0)?, row.try_get(1)?);
    Ok(match attrs {
        SessionAttrs::ReadWrite if read_only => Some("the session is read-only"),
        SessionAttrs::ReadOnly if !read_only => Some("the session is not read-only"),
        SessionAttrs::Primary if standby => Some("the server is a standby"),
        SessionAttrs::Standby | SessionAttrs::PreferStandby if !standby => Some("the server is not a standby"),
        _ => None,
    })
}

/// A different order each time; the hasher's random seed is random enough to spread load.
fn shuffle<T>(items: &mut [T]) {
    use std::hash::{BuildHasher, Hasher, RandomState};
    for i in (1..items.len()).rev() {
        let mut hasher = RandomState::new().build_hasher();
        hasher.write_usize(i);
        items.swap(i, (hasher.finish() % (i as u64 + 1)) as usize);
    }
}
