//! Whether a connection came as far as TLS, which the driver does not tell.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};

/// Set once the server has agreed to TLS.
#[derive(Clone, Default)]
pub(super) struct Begun(Arc<AtomicBool>);

impl Begun {
    /// Whether it has.
    pub(super) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// A connector that sets it.
    pub(super) fn watch<T>(&self, tls: T) -> Watched<T> {
        Watched {
            tls,
            begun: self.clone(),
        }
    }
}

/// A connector that notes its use.
pub(super) struct Watched<T> {
    tls: T,
    begun: Begun,
}

impl<S, T: MakeTlsConnect<S>> MakeTlsConnect<S> for Watched<T> {
    type Stream = T::Stream;
    type TlsConnect = Watched<T::TlsConnect>;
    type Error = T::Error;

    fn make_tls_connect(&mut self, domain: &str) -> Result<Self::TlsConnect, Self::Error> {
        Ok(self.begun.watch(self.tls.make_tls_connect(domain)?))
    }
}

impl<S, T: TlsConnect<S>> TlsConnect<S> for Watched<T> {
    type Stream = T::Stream;
    type Error = T::Error;
    type Future = T::Future;

    fn connect(self, stream: S) -> Self::Future {
        self.begun.0.store(true, Ordering::Relaxed);
        self.tls.connect(stream)
    }
}
