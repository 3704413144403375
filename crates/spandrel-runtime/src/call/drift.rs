//! Answers that are not what the document says: counted for each tool, and told once.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use tracing::warn;

/// How often each tool's answers were not what it advertises.
#[derive(Default)]
pub(crate) struct Drifts(Mutex<BTreeMap<String, u64>>);

impl Drifts {
    /// Counts an answer of `tool`; the first one is logged, with what `drift` says: places and types, never
    /// values.
    pub(super) fn report(&self, tool: &str, drift: &str) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(tool) {
            *count = count.saturating_add(1);
            return;
        }
        counts.insert(tool.to_owned(), 1);
        drop(counts);
        warn!(
            target: "spandrel::drift",
            tool,
            drift,
            "an answer is not what the API's document says; its text is passed on as it is, and further ones \
             of this tool are only counted"
        );
    }

    /// By the tool's name.
    pub(crate) fn counts(&self) -> BTreeMap<String, u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
