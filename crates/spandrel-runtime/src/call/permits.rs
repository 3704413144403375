//! How much runs at once, so that a backend that hangs takes what it may and no more.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use http::Extensions;
use spandrel_plan::{CallError, CallErrorKind};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};

use super::CallLimits;
use super::caller::{Caller, CallerPermit, Callers};

/// How many large bodies are in memory at once; more wait within their deadline.
const LARGE_BODIES: usize = 16;

/// Permits for calls and for what they hold.
pub(crate) struct Permits {
    calls: Semaphore,
    calls_per_tool: usize,
    /// By the tool's name; only tools that exist are asked for.
    tools: Mutex<HashMap<String, Arc<Semaphore>>>,
    large_bodies: Semaphore,
    callers: Callers,
}

/// Given back when dropped.
pub(super) struct CallPermit<'a> {
    _call: SemaphorePermit<'a>,
    _tool: OwnedSemaphorePermit,
}

impl Permits {
    pub(crate) fn new(limits: &CallLimits) -> Self {
        let within = |count: usize| count.clamp(1, Semaphore::MAX_PERMITS);
        Self {
            calls: Semaphore::new(within(limits.concurrent_calls)),
            calls_per_tool: within(limits.calls_per_tool),
            tools: Mutex::default(),
            large_bodies: Semaphore::new(LARGE_BODIES),
            callers: Callers::default(),
        }
    }

    /// A place among the calls of whoever calls, where those are counted.
    pub(super) fn caller(
        &self,
        extensions: &Extensions,
        limits: &CallLimits,
    ) -> Result<Option<CallerPermit<'_>>, CallError> {
        Caller::of(extensions, limits).map(|(caller, limit)| self.callers.enter(caller, limit)).transpose()
    }

    /// Waits for a place among the tool's calls, and only then for one among all.
    pub(super) async fn call(&self, tool: &str) -> Result<CallPermit<'_>, CallError> {
        let tool = self.tool(tool).acquire_owned().await.map_err(|_| shutting_down())?;
        let call = self.calls.acquire().await.map_err(|_| shutting_down())?;
        Ok(CallPermit { _call: call, _tool: tool })
    }

    /// Waits until one more large body may be held.
    pub(super) async fn large_body(&self) -> Result<SemaphorePermit<'_>, CallError> {
        self.large_bodies.acquire().await.map_err(|_| shutting_down())
    }

    fn tool(&self, name: &str) -> Arc<Semaphore> {
        let mut tools = self.tools.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(permits) = tools.get(name) {
            return Arc::clone(permits);
        }
        let permits = Arc::new(Semaphore::new(self.calls_per_tool));
        tools.insert(name.to_owned(), Arc::clone(&permits));
        permits
    }
}

fn shutting_down() -> CallError {
    CallError::new(CallErrorKind::Internal, "The bridge is shutting down.")
}
