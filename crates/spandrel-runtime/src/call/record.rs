//! One log event a call. Neither arguments nor messages: either may hold a secret.

use std::time::Instant;

use tracing::info;

use crate::hook::CallResult;

/// The most characters of a tool's name that are logged or repeated; a caller chose them.
const NAME_CHARS: usize = 64;

/// Logs its call when that ends, or when it is dropped before: the caller went away.
pub(super) struct CallRecord<'a> {
    tool: &'a str,
    started: Instant,
    finished: bool,
}

impl<'a> CallRecord<'a> {
    pub(super) fn start(tool: &'a str) -> Self {
        Self { tool, started: Instant::now(), finished: false }
    }

    pub(super) fn finish(mut self, result: CallResult) -> CallResult {
        self.finished = true;
        let (status, drifted) = result
            .as_ref()
            .map_or((None, None), |outcome| (outcome.status, outcome.drift.is_some().then_some(true)));
        let (word, error) = match &result {
            Ok(outcome) if outcome.is_error => ("error", None),
            Ok(_) => ("ok", None),
            Err(error) => ("failed", Some(error.kind.as_str())),
        };
        self.log(word, status, error, drifted);
        result
    }

    fn log(&self, outcome: &str, status: Option<u16>, error: Option<&str>, drifted: Option<bool>) {
        let duration_ms = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        info!(target: "spandrel::call", tool = printable(self.tool), outcome, status, error, drifted, duration_ms, "call");
    }
}

impl Drop for CallRecord<'_> {
    fn drop(&mut self) {
        if !self.finished {
            self.log("failed", None, Some("cancelled"), None);
        }
    }
}

/// A name from outside, short and on one line.
pub(super) fn printable(name: &str) -> String {
    name.chars().take(NAME_CHARS).flat_map(char::escape_debug).collect()
}
