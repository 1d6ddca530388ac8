//! TLS by libpq's rules, on rustls: what each `sslmode` checks, and where certificates come from.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pkcs8::{EncryptedPrivateKeyInfoRef, SecretDocument};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{
    CertificateDer, CertificateRevocationListDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, UnixTime,
};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};

use super::error::ConnError;
use super::params::Params;
use super::resolve::bad_value;

/// libpq's `sslmode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum SslMode {
    /// Never encrypted.
    Disable,
    /// Encrypted only if the server insists.
    Allow,
    /// Encrypted where the server can.
    Prefer,
    /// Encrypted, whoever answers.
    Require,
    /// Encrypted, and the certificate comes from a trusted authority.
    VerifyCa,
    /// As before, and it is for this host.
    VerifyFull,
}

impl SslMode {
    pub(crate) fn parse(text: &str) -> Result<Self, ConnError> {
        Ok(match text {
            "disable" => Self::Disable,
            "allow" => Self::Allow,
            "prefer" => Self::Prefer,
            "require" => Self::Require,
            "verify-ca" => Self::VerifyCa,
            "verify-full" => Self::VerifyFull,
            other => return Err(bad_value("sslmode", other)),
        })
    }

    /// Whether a connection without TLS is acceptable.
    pub(crate) fn is_weak(self) -> bool {
        self < Self::Require
    }
}

/// What opens a client key; never shown.
#[derive(Clone)]
struct Passphrase(String);

impl std::fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// Certificates, keys and protocol limits.
#[derive(Debug, Clone)]
pub(crate) struct TlsFiles {
    root: Option<PathBuf>,
    root_named: bool,
    revoked: Vec<PathBuf>,
    cert: Option<PathBuf>,
    cert_named: bool,
    key: Option<PathBuf>,
    passphrase: Option<Passphrase>,
    sni: bool,
    versions: Vec<&'static rustls::SupportedProtocolVersion>,
}

impl TlsFiles {
    /// Reads the paths from the parameters; the defaults are in `~/.postgresql`.
    pub(crate) fn from_params(params: &Params, home: Option<&Path>) -> Result<Self, ConnError> {
        let path = |name: &str, file: &str| match params.non_empty(name) {
            Some(path) => Some(PathBuf::from(path)),
            None => home.map(|home| home.join(".postgresql").join(file)),
        };
        Ok(Self {
            root: path("sslrootcert", "root.crt"),
            root_named: params.non_empty("sslrootcert").is_some(),
            revoked: revocation_lists(params, home)?,
            cert: path("sslcert", "postgresql.crt"),
            cert_named: params.non_empty("sslcert").is_some(),
            key: path("sslkey", "postgresql.key"),
            passphrase: params.non_empty("sslpassword").map(|text| Passphrase(text.to_owned())),
            sni: params.non_empty("sslsni") != Some("0"),
            versions: versions(params)?,
        })
    }

    /// The rustls settings for a mode.
    pub(crate) fn client_config(&self, mode: SslMode, direct: bool) -> Result<ClientConfig, ConnError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier = self.verifier(mode, &provider)?;
        let builder = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&self.versions)
            .map_err(|error| ConnError::invalid(format!("TLS settings: {error}")))?
            .dangerous()
            .with_custom_certificate_verifier(verifier);
        let mut config = match self.client_certificate()? {
            Some((certs, key)) => builder
                .with_client_auth_cert(certs, key)
                .map_err(|error| ConnError::invalid(format!("client certificate: {error}")))?,
            None => builder.with_no_client_auth(),
        };
        config.enable_sni = self.sni;
        if direct {
            config.alpn_protocols = vec![b"postgresql".to_vec()];
        }
        Ok(config)
    }

    fn verifier(
        &self,
        mode: SslMode,
        provider: &Arc<CryptoProvider>,
    ) -> Result<Arc<dyn ServerCertVerifier>, ConnError> {
        // With "system" libpq takes nothing below verify-full, since anyone can get a certificate of a public authority.
        if self.root_named && self.root.as_deref() == Some(Path::new("system")) {
            if mode != SslMode::VerifyFull {
                return Err(ConnError::invalid("sslrootcert=system needs sslmode=verify-full"));
            }
            return self.checked(system_roots()?, provider, false);
        }
        let root = self.root.as_ref().filter(|path| path.exists());
        match (mode, root) {
            (SslMode::VerifyFull, Some(root)) => self.checked(roots(root)?, provider, false),
            // A root certificate that is there is used: `require` then checks as `verify-ca`, as in libpq.
            (SslMode::VerifyCa | SslMode::Require, Some(root)) => self.checked(roots(root)?, provider, true),
            (SslMode::VerifyFull | SslMode::VerifyCa, None) => Err(ConnError::invalid_with(
                match &self.root {
                    Some(path) => format!("the root certificate file {} does not exist", path.display()),
                    None => "no root certificate file is named".to_owned(),
                },
                "name one with sslrootcert, or use sslrootcert=system, or an sslmode that does not verify",
            )),
            _ => Ok(Arc::new(Unverified(provider.clone()))),
        }
    }

    /// Checks a certificate by trusted ones and, where there are any, by lists of those that were revoked.
    fn checked(
        &self,
        roots: RootCertStore,
        provider: &Arc<CryptoProvider>,
        any_name: bool,
    ) -> Result<Arc<dyn ServerCertVerifier>, ConnError> {
        let mut builder = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone());
        let mut lists = Vec::new();
        for path in &self.revoked {
            let file = |error: rustls::pki_types::pem::Error| ConnError::File {
                what: "revocation list",
                path: path.clone(),
                reason: error.to_string(),
            };
            for list in CertificateRevocationListDer::pem_file_iter(path).map_err(file)? {
                lists.push(list.map_err(file)?);
            }
        }
        if !lists.is_empty() {
            builder = builder.with_crls(lists).enforce_revocation_expiration();
        }
        let verifier = builder
            .build()
            .map_err(|error| ConnError::invalid(format!("root certificates: {error}")))?;
        Ok(if any_name {
            Arc::new(AnyName(verifier))
        } else {
            verifier
        })
    }

    /// What is to be told about them: `require` goes on without the root certificates that it would check by.
    pub(crate) fn warning(&self, mode: SslMode) -> Option<String> {
        let missing = self.root.as_ref().filter(|path| self.root_named && !path.exists())?;
        (mode == SslMode::Require).then(|| {
            format!(
                "the root certificate file {} does not exist: the server's certificate is not verified",
                missing.display()
            )
        })
    }

    fn client_certificate(&self) -> Result<Option<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)>, ConnError> {
        let Some(cert) = self.cert.as_ref().filter(|path| self.cert_named || path.exists()) else {
            return Ok(None);
        };
        let certs = certificates(cert, "client certificate")?;
        let Some(key) = &self.key else {
            return Err(ConnError::invalid(
                "a client certificate needs a key; name it with sslkey",
            ));
        };
        check_key_mode(key)?;
        Ok(Some((certs, private_key(key, self.passphrase.as_ref())?)))
    }
}

/// Reads a key, and opens it where it is encrypted (PKCS #8, as openssl writes them).
fn private_key(path: &Path, passphrase: Option<&Passphrase>) -> Result<PrivateKeyDer<'static>, ConnError> {
    let file = |reason: String| ConnError::File {
        what: "client key",
        path: path.to_owned(),
        reason,
    };
    let text = std::fs::read_to_string(path).map_err(|error| file(error.to_string()))?;
    if text.contains("Proc-Type: 4,ENCRYPTED") {
        return Err(file(
            "its encryption is an old one that is not supported; `openssl pkcs8 -topk8` writes it anew".into(),
        ));
    }
    if !text.contains(ENCRYPTED) {
        return PrivateKeyDer::from_pem_slice(text.as_bytes()).map_err(|error| file(error.to_string()));
    }
    let Some(Passphrase(passphrase)) = passphrase else {
        return Err(file("it has a passphrase; sslpassword gives it".into()));
    };
    let (_, sealed) = SecretDocument::from_pem(text.trim()).map_err(|error| file(error.to_string()))?;
    let sealed = EncryptedPrivateKeyInfoRef::try_from(sealed.as_bytes()).map_err(|error| file(error.to_string()))?;
    let opened = sealed
        .decrypt(passphrase)
        .map_err(|error| file(format!("sslpassword does not open it: {error}")))?;
    Ok(PrivatePkcs8KeyDer::from(opened.as_bytes().to_vec()).into())
}

const ENCRYPTED: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----";

fn versions(params: &Params) -> Result<Vec<&'static rustls::SupportedProtocolVersion>, ConnError> {
    let level = |name: &str, default: usize| {
        let Some(word) = params.non_empty(name) else {
            return Ok(default);
        };
        let known = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];
        let place = known.iter().position(|other| other.eq_ignore_ascii_case(word));
        place.ok_or_else(|| bad_value(name, word))
    };
    let (min, max) = (
        level("ssl_min_protocol_version", 2)?,
        level("ssl_max_protocol_version", 3)?,
    );
    let versions: Vec<_> = [(2, &rustls::version::TLS12), (3, &rustls::version::TLS13)]
        .into_iter()
        .filter(|(level, _)| (min..=max).contains(level))
        .map(|(_, version)| version)
        .collect();
    if versions.is_empty() {
        return Err(ConnError::invalid(
            "no TLS version from 1.2 to 1.3 is allowed by the settings",
        ));
    }
    Ok(versions)
}

fn certificates(path: &Path, what: &'static str) -> Result<Vec<CertificateDer<'static>>, ConnError> {
    let file = |reason: String| ConnError::File {
        what,
        path: path.to_owned(),
        reason,
    };
    let certs: Vec<_> = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect)
        .map_err(|error| file(error.to_string()))?;
    if certs.is_empty() {
        return Err(file("it holds no certificate".into()));
    }
    Ok(certs)
}

fn roots(path: &Path) -> Result<RootCertStore, ConnError> {
    let mut store = RootCertStore::empty();
    let (added, _) = store.add_parsable_certificates(certificates(path, "root certificate")?);
    if added == 0 {
        return Err(ConnError::File {
            what: "root certificate",
            path: path.to_owned(),
            reason: "no certificate in it can be read".into(),
        });
    }
    Ok(store)
}

fn system_roots() -> Result<RootCertStore, ConnError> {
    let mut store = RootCertStore::empty();
    let (added, _) = store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if added == 0 {
        return Err(ConnError::invalid("this system has no trusted root certificates"));
    }
    Ok(store)
}

/// libpq's rule: nobody else may read the key, except a group when root owns it.
fn check_key_mode(path: &Path) -> Result<(), ConnError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, PermissionsExt};
        if let Ok(meta) = std::fs::metadata(path) {
            let forbidden = if meta.uid() == 0 { 0o037 } else { 0o077 };
            if meta.permissions().mode() & forbidden != 0 {
                return Err(ConnError::File {
                    what: "client key",
                    path: path.to_owned(),
                    reason: "others may read it; its mode should be 0600".into(),
                });
            }
        }
    }
    Ok(())
}

/// The files of `sslcrl` and `sslcrldir`; without them `~/.postgresql/root.crl`, where there is one.
fn revocation_lists(params: &Params, home: Option<&Path>) -> Result<Vec<PathBuf>, ConnError> {
    let mut files: Vec<PathBuf> = params.non_empty("sslcrl").map(PathBuf::from).into_iter().collect();
    if let Some(folder) = params.non_empty("sslcrldir").map(Path::new) {
        let entries = std::fs::read_dir(folder).map_err(|error| ConnError::File {
            what: "folder of revocation lists",
            path: folder.to_owned(),
            reason: error.to_string(),
        })?;
        files.extend(
            entries
                .filter_map(Result::ok)
                .map(|entry| entry.path())
                .filter(|path| path.is_file()),
        );
    }
    if files.is_empty() {
        let usual = home.map(|home| home.join(".postgresql/root.crl"));
        files.extend(usual.filter(|path| path.exists()));
    }
    Ok(files)
}

/// `require` and below: the channel is encrypted, whoever is at the other end.
#[derive(Debug)]
struct Unverified(Arc<CryptoProvider>);

impl ServerCertVerifier for Unverified {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls12_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls13_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

/// `verify-ca`: everything but the name is checked.
#[derive(Debug)]
struct AnyName(Arc<WebPkiServerVerifier>);

impl ServerCertVerifier for AnyName {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        match self
            .0
            .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
        {
            Err(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            verdict => verdict,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}
