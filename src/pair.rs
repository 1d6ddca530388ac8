//! The live and the desired side of something.

/// The live and the desired side of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair<T> {
    /// As the database is.
    pub live: T,
    /// As the files want it.
    pub desired: T,
}

impl<T> Pair<T> {
    /// Both sides.
    pub fn new(live: T, desired: T) -> Self {
        Self { live, desired }
    }

    /// Both sides changed in the same way.
    pub fn map<U>(self, mut f: impl FnMut(T) -> U) -> Pair<U> {
        Pair {
            live: f(self.live),
            desired: f(self.desired),
        }
    }
}
