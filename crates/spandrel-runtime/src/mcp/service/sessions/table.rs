//! The sessions there are, and whose they are.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::value::RawValue;
use tokio_util::sync::CancellationToken;

use super::SessionOptions;
use crate::principal::Principal;
use crate::random_id::random_id;

/// The open sessions by their ids. What is idle for too long is gone as soon as somebody looks.
pub(super) struct Table {
    options: SessionOptions,
    open: Mutex<HashMap<String, Arc<Session>>>,
}

/// A client that has said hello.
pub(super) struct Session {
    owner: Option<Principal>,
    usage: Mutex<Usage>,
    /// Cancelled when the session is over.
    closed: CancellationToken,
    /// What gives up each request in flight, by its id as JSON text.
    requests: Mutex<HashMap<String, CancellationToken>>,
    /// Ends the stream that the client opened last.
    stream: Mutex<CancellationToken>,
    /// The version of the list of tools that the client has seen.
    listed: AtomicU64,
}

struct Usage {
    /// When a request last began or ended.
    last: Instant,
    /// How many are in flight, the client's stream included.
    in_flight: usize,
}

/// A session in use: it does not grow idle while this is there.
pub(super) struct InUse {
    session: Arc<Session>,
    /// The request that is answered, as a key of [`Session::requests`].
    request: Option<String>,
}

/// There is no room for another session.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Full;

impl Table {
    pub(super) fn new(options: SessionOptions) -> Self {
        Self { options, open: Mutex::default() }
    }

    /// Begins a session of `owner` at that `version` of the list of tools. Where there is no
    /// room, the owner's session that was idle for longest makes room; nobody else's does.
    pub(super) fn begin(&self, owner: Option<Principal>, version: u64, now: Instant) -> Result<String, Full> {
        let id = random_id().ok_or(Full)?;
        let mut open = self.open();
        open.retain(|_, session| !session.is_idle(self.options.idle_timeout, now));
        let own = open.values().filter(|session| session.owner == owner).count();
        let is_full = open.len() >= self.options.sessions;
        if is_full || owner.is_some() && own >= self.options.sessions_per_caller {
            let idle = open.iter().filter(|(_, session)| session.owner == owner);
            let idle = idle.filter_map(|(id, session)| Some((session.idle_since()?, id)));
            let oldest = idle.min().map(|(_, id)| id.clone()).ok_or(Full)?;
            if let Some(session) = open.remove(&oldest) {
                session.closed.cancel();
            }
        }
        open.insert(id.clone(), Arc::new(Session::new(owner, version, now)));
        Ok(id)
    }

    /// Takes a session in use; none where there is no such session, or where it is another's.
    pub(super) fn enter(&self, id: &str, caller: Option<&Principal>, now: Instant) -> Option<InUse> {
        let mut open = self.open();
        let session = Arc::clone(open.get(id)?);
        if session.owner.as_ref() != caller {
            return None;
        }
        if session.is_idle(self.options.idle_timeout, now) {
            open.remove(id);
            return None;
        }
        let mut usage = session.usage();
        usage.in_flight += 1;
        usage.last = now;
        drop(usage);
        Some(InUse { session, request: None })
    }

    /// Ends a session, and what it has in flight; tells whether there was one that is the caller's.
    pub(super) fn end(&self, id: &str, caller: Option<&Principal>, now: Instant) -> bool {
        let Some(entered) = self.enter(id, caller, now) else { return false };
        self.open().remove(id);
        entered.session.closed.cancel();
        true
    }

    fn open(&self) -> MutexGuard<'_, HashMap<String, Arc<Session>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Session {
    fn new(owner: Option<Principal>, version: u64, now: Instant) -> Self {
        Self {
            owner,
            usage: Mutex::new(Usage { last: now, in_flight: 0 }),
            closed: CancellationToken::new(),
            requests: Mutex::default(),
            stream: Mutex::default(),
            listed: AtomicU64::new(version),
        }
    }

    fn usage(&self) -> MutexGuard<'_, Usage> {
        self.usage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn requests(&self) -> MutexGuard<'_, HashMap<String, CancellationToken>> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Since when nothing is in flight.
    fn idle_since(&self) -> Option<Instant> {
        let usage = self.usage();
        (usage.in_flight == 0).then_some(usage.last)
    }

    fn is_idle(&self, timeout: Duration, now: Instant) -> bool {
        self.idle_since().is_some_and(|since| now.saturating_duration_since(since) >= timeout)
    }
}

impl InUse {
    /// What gives up the request of that id: the client's word, or the end of the session. A client that
    /// uses an id twice at once can only give up the later one.
    pub(super) fn begin_request(&mut self, id: &RawValue) -> CancellationToken {
        let token = self.session.closed.child_token();
        self.session.requests().insert(id.get().to_owned(), token.clone());
        self.request = Some(id.get().to_owned());
        token
    }

    /// Gives up the request of that id.
    pub(super) fn cancel_request(&self, id: &RawValue) {
        if let Some(token) = self.session.requests().get(id.get()) {
            token.cancel();
        }
    }

    /// What ends the client's stream: another one, or the end of the session.
    pub(super) fn begin_stream(&self) -> CancellationToken {
        let token = self.session.closed.child_token();
        let before = std::mem::replace(
            &mut *self.session.stream.lock().unwrap_or_else(PoisonError::into_inner),
            token.clone(),
        );
        before.cancel();
        token
    }

    /// The version of the list of tools that the client has seen. What it was told does not count: a message
    /// to a client that has just gone away is lost.
    pub(super) fn listed(&self) -> u64 {
        self.session.listed.load(Ordering::Relaxed)
    }

    /// Notes that the client sees the list.
    pub(super) fn list(&self, version: u64) {
        self.session.listed.store(version, Ordering::Relaxed);
    }
}

impl Drop for InUse {
    fn drop(&mut self) {
        if let Some(id) = &self.request {
            self.session.requests().remove(id);
        }
        let mut usage = self.session.usage();
        usage.in_flight = usage.in_flight.saturating_sub(1);
        usage.last = Instant::now();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);

    fn table(sessions: usize, sessions_per_caller: usize) -> Table {
        Table::new(SessionOptions { sessions, sessions_per_caller, idle_timeout: MINUTE })
    }

    #[test]
    fn a_session_is_its_callers_alone() {
        let (table, now) = (table(9, 9), Instant::now());
        let (ann, bob) = (Principal::new("ann"), Principal::new("bob"));
        let of_ann = table.begin(Some(ann.clone()), 0, now).unwrap();
        let of_nobody = table.begin(None, 0, now).unwrap();
        assert_ne!(of_ann, of_nobody);
        for (id, caller, enters) in [
            (of_ann.as_str(), Some(&ann), true),
            (&of_ann, Some(&bob), false),
            (&of_ann, None, false),
            (&of_nobody, None, true),
            (&of_nobody, Some(&ann), false),
            ("x", None, false),
        ] {
            assert_eq!(table.enter(id, caller, now).is_some(), enters, "{id} {caller:?}");
        }
        assert!(!table.end(&of_ann, Some(&bob), now));
        let in_use = table.enter(&of_ann, Some(&ann), now).unwrap();
        assert!(table.end(&of_ann, Some(&ann), now));
        assert!(in_use.session.closed.is_cancelled());
        assert!(table.enter(&of_ann, Some(&ann), now).is_none() && !table.end(&of_ann, Some(&ann), now));
    }

    #[test]
    fn a_session_that_is_idle_for_too_long_is_gone() {
        let (table, now) = (table(9, 9), Instant::now());
        let (used, idle) = (table.begin(None, 0, now).unwrap(), table.begin(None, 0, now).unwrap());
        let in_use = table.enter(&used, None, now).unwrap();
        let later = now + 2 * MINUTE;
        assert!(table.enter(&idle, None, later).is_none());
        assert!(table.enter(&used, None, later).is_some());
        // What ends now was in use until now, which is before the moments that were looked from.
        drop(in_use);
        assert!(table.enter(&used, None, later).is_none());
    }

    #[test]
    fn who_is_idle_makes_room_for_the_same_caller_only() {
        let (table, now) = (table(3, 2), Instant::now());
        let (ann, bob) = (Some(Principal::new("ann")), Some(Principal::new("bob")));
        let first = table.begin(ann.clone(), 0, now).unwrap();
        let later = now + Duration::from_secs(1);
        let second = table.begin(ann.clone(), 0, later).unwrap();
        let third = table.begin(ann.clone(), 0, later).unwrap();
        assert!(table.enter(&first, ann.as_ref(), later).is_none());
        let in_use = [&second, &third].map(|id| table.enter(id, ann.as_ref(), later).unwrap());
        assert_eq!(table.begin(ann.clone(), 0, later), Err(Full));
        let of_bob = table.begin(bob.clone(), 0, later).unwrap();
        drop(in_use);
        assert_eq!(table.begin(None, 0, later), Err(Full), "all of them are others'");
        assert!(table.enter(&of_bob, bob.as_ref(), later).is_some());
    }
}
