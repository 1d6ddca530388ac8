//! Runs work that recurses as deep as its input on a thread with a large stack.

use super::error::ParseError;

/// Enough for the deepest statement that the nesting limit lets through, with a wide margin.
const STACK_BYTES: usize = 64 << 20;

/// Runs the work on a thread with a 64 MB stack and gives its result; a panic in it goes on in the caller.
pub fn on_big_stack<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, ParseError> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("parse".into()).stack_size(STACK_BYTES);
        match thread.spawn_scoped(scope, work) {
            Ok(handle) => match handle.join() {
                Ok(value) => Ok(value),
                Err(panic) => std::panic::resume_unwind(panic),
            },
            Err(error) => Err(ParseError::new(format!(
                "no thread could be started for parsing: {error}"
            ))),
        }
    })
}
