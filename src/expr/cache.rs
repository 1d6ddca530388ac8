//! Canonical forms that were worked out already. The same defaults and conditions occur again and again.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use super::text::SearchPath;

/// Texts kept per thread, in bytes. Beyond that the cache starts afresh.
const CAPACITY: usize = 32 << 20;

#[derive(Default)]
struct Cache {
    forms: HashMap<(bool, SearchPath, Box<str>), Arc<str>>,
    size: usize,
}

thread_local! {
    static CACHE: RefCell<Cache> = RefCell::default();
}

/// The form of this text, worked out at most once while it stays in the cache.
pub(super) fn remembered(query: bool, text: &str, path: &SearchPath, work_out: impl FnOnce() -> String) -> Arc<str> {
    let key = (query, path.clone(), Box::from(text));
    if let Some(found) = CACHE.with_borrow(|cache| cache.forms.get(&key).cloned()) {
        return found;
    }
    let form: Arc<str> = work_out().into();
    CACHE.with_borrow_mut(|cache| {
        if cache.size > CAPACITY {
            *cache = Cache::default();
        }
        cache.size += text.len() + form.len() + 100;
        cache.forms.insert(key, form.clone());
    });
    form
}
