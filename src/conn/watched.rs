//! What the driver does not tell of how a connection begins: whether it came as far as TLS, and how the server asks who we are.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};

use super::methods::{Gate, Methods};

/// Set once the server has agreed to TLS.
#[derive(Clone, Default)]
pub(super) struct Begun(Arc<AtomicBool>);

impl Begun {
    /// Whether it has.
    pub(super) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// A connector that sets it, and lets the server ask in these ways only.
    pub(super) fn watch<T>(&self, tls: T, methods: Option<Methods>) -> Watched<T> {
        Watched {
            tls,
            begun: self.clone(),
            methods,
        }
    }
}

/// A connector that notes its use.
pub(super) struct Watched<T> {
    tls: T,
    begun: Begun,
    methods: Option<Methods>,
}

impl<S, T> MakeTlsConnect<S> for Watched<T>
where
    T: MakeTlsConnect<S>,
    <T::TlsConnect as TlsConnect<S>>::Future: Send + 'static,
    T::Stream: 'static,
{
    type Stream = Guarded<T::Stream>;
    type TlsConnect = Watched<T::TlsConnect>;
    type Error = T::Error;

    fn make_tls_connect(&mut self, domain: &str) -> Result<Self::TlsConnect, Self::Error> {
        Ok(self
            .begun
            .watch(self.tls.make_tls_connect(domain)?, self.methods.clone()))
    }
}

type Connecting<S, E> = Pin<Box<dyn Future<Output = Result<S, E>> + Send>>;

impl<S, T> TlsConnect<S> for Watched<T>
where
    T: TlsConnect<S>,
    T::Future: Send + 'static,
    T::Stream: 'static,
{
    type Stream = Guarded<T::Stream>;
    type Error = T::Error;
    type Future = Connecting<Self::Stream, T::Error>;

    fn connect(self, stream: S) -> Self::Future {
        self.begun.0.store(true, Ordering::Relaxed);
        let (connecting, methods) = (self.tls.connect(stream), self.methods);
        Box::pin(async { Ok(Guarded::new(connecting.await?, methods, T::Stream::channel_binding)) })
    }
}

/// A connector that encrypts nothing. It is told to the driver as one that begins with TLS at once, as that is the only way to
/// see what the server says in clear.
#[derive(Clone)]
pub(super) struct InClear(pub(super) Option<Methods>);

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> MakeTlsConnect<S> for InClear {
    type Stream = Guarded<S>;
    type TlsConnect = Self;
    type Error = io::Error;

    fn make_tls_connect(&mut self, _: &str) -> Result<Self, io::Error> {
        Ok(self.clone())
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> TlsConnect<S> for InClear {
    type Stream = Guarded<S>;
    type Error = io::Error;
    type Future = std::future::Ready<io::Result<Guarded<S>>>;

    fn connect(self, stream: S) -> Self::Future {
        std::future::ready(Ok(Guarded::in_clear(stream, self.0)))
    }
}

/// A stream that ends with an error when the server asks in a way that is not allowed; the driver has not seen the question then.
pub(super) struct Guarded<S> {
    stream: S,
    gate: Option<Gate>,
    binding: fn(&S) -> ChannelBinding,
}

impl<S> Guarded<S> {
    fn new(stream: S, methods: Option<Methods>, binding: fn(&S) -> ChannelBinding) -> Self {
        Self {
            stream,
            gate: methods.map(Gate::new),
            binding,
        }
    }

    /// One without TLS.
    pub(super) fn in_clear(stream: S, methods: Option<Methods>) -> Self {
        Self::new(stream, methods, |_| ChannelBinding::none())
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> TlsStream for Guarded<S> {
    fn channel_binding(&self) -> ChannelBinding {
        (self.binding)(&self.stream)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Guarded<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buf))?;
        if let Some(gate) = &mut self.gate {
            match gate.pass(&buf.filled()[before..]) {
                Ok(false) => {}
                Ok(true) => self.gate = None,
                Err(denied) => return Poll::Ready(Err(io::Error::new(io::ErrorKind::PermissionDenied, denied))),
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Guarded<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
