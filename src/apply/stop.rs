//! Signals: SIGINT and SIGTERM end a run at the next safe point.

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// Knows whether a signal has come.
#[derive(Debug, Clone)]
pub struct Stop {
    /// `None`: no signal is listened for.
    receiver: Option<watch::Receiver<State>>,
}

#[derive(Debug, Clone, Copy, Default)]
struct State {
    /// The first signal that came, or 0.
    signal: i32,
    /// How many came.
    count: u32,
}

impl Stop {
    /// Listens from now on. Must be called inside a runtime.
    pub fn listen() -> std::io::Result<Self> {
        let (sender, receiver) = watch::channel(State::default());
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::spawn(async move {
            loop {
                let number = tokio::select! {
                    _ = interrupt.recv() => 2,
                    _ = terminate.recv() => 15,
                };
                sender.send_modify(|state| {
                    if state.signal == 0 {
                        state.signal = number;
                    }
                    state.count += 1;
                });
            }
        });
        Ok(Self {
            receiver: Some(receiver),
        })
    }

    /// Never stops.
    pub fn never() -> Self {
        Self { receiver: None }
    }

    /// The number of the signal that has come.
    pub fn signal(&self) -> Option<i32> {
        let signal = self.receiver.as_ref()?.borrow().signal;
        (signal != 0).then_some(signal)
    }

    /// Waits for a signal; `count` is how many must have come.
    pub async fn wait(&self, count: u32) {
        if let Some(mut receiver) = self.receiver.clone()
            && receiver.wait_for(|state| state.count >= count).await.is_ok()
        {
            return;
        }
        std::future::pending::<()>().await;
    }

    /// Sleeps, but not beyond a signal.
    pub async fn sleep(&self, time: std::time::Duration) {
        tokio::select! {
            () = tokio::time::sleep(time) => {}
            () = self.wait(1) => {}
        }
    }
}
