//! Results that are too large to be embedded, or too long for a model, kept for a while to be read by their
//! identifier.
//!
//! The store is bounded in bytes and in time. What is kept is its caller's: nobody else can read it. Where the
//! caller is not known, whoever knows the identifier can, and that cannot be guessed.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;

use crate::principal::Principal;
use crate::random_id::random_id;

/// Bounds on results that are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptLimits {
    /// How many bytes all of them may have; 0 keeps none. The oldest make room for new ones, their own
    /// caller's first. Default: 64 MiB.
    pub bytes: usize,
    /// How long each is kept. Default: 10 minutes.
    pub age: Duration,
}

impl Default for KeptLimits {
    fn default() -> Self {
        Self { bytes: 64 * 1024 * 1024, age: Duration::from_mins(10) }
    }
}

/// A result that was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptResult {
    /// Its bytes, not encoded. A part of them is had with [`Bytes::slice`], without a copy.
    pub data: Bytes,
    /// Their media type.
    pub media_type: String,
}

/// The results that are kept.
pub(crate) struct KeptResults {
    limits: KeptLimits,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    entries: HashMap<String, Entry>,
    /// Their identifiers, the oldest first: thousands may be kept, and are not gone through at each call.
    by_age: BTreeMap<u64, String>,
    bytes: usize,
    /// Counts what was ever kept, so that entries have an order.
    count: u64,
}

struct Entry {
    result: KeptResult,
    owner: Option<Principal>,
    since: Instant,
}

impl KeptResults {
    pub(crate) fn new(limits: KeptLimits) -> Self {
        Self { limits, state: Mutex::default() }
    }

    /// How long a result is kept, unless others need its room.
    pub(crate) const fn age(&self) -> Duration {
        self.limits.age
    }

    /// Keeps a result of `owner`; its identifier. None where it is larger than all that may be kept.
    pub(crate) fn keep(&self, result: KeptResult, owner: Option<Principal>, now: Instant) -> Option<String> {
        let size = result.data.len();
        if size > self.limits.bytes {
            return None;
        }
        let id = random_id()?;
        let mut state = self.state();
        state.drop_older_than(self.limits.age, now);
        while state.bytes > self.limits.bytes - size {
            state.drop_oldest(owner.as_ref());
        }
        state.count += 1;
        state.bytes += size;
        let number = state.count;
        state.by_age.insert(number, id.clone());
        state.entries.insert(id.clone(), Entry { result, owner, since: now });
        Some(id)
    }

    /// The result of that identifier, if there still is one and it is the caller's.
    pub(crate) fn read(&self, id: &str, caller: Option<&Principal>, now: Instant) -> Option<KeptResult> {
        let mut state = self.state();
        state.drop_older_than(self.limits.age, now);
        let entry = state.entries.get(id)?;
        (entry.owner.as_ref() == caller).then(|| entry.result.clone())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn drop_older_than(&mut self, age: Duration, now: Instant) {
        let is_old = |entry: &Entry| now.saturating_duration_since(entry.since) >= age;
        while let Some((number, id)) = self.by_age.first_key_value()
            && self.entries.get(id).is_none_or(is_old)
        {
            self.remove(*number);
        }
    }

    /// Drops the oldest of `owner`, else the oldest of all.
    fn drop_oldest(&mut self, owner: Option<&Principal>) {
        let is_own = |id: &String| self.entries.get(id).is_some_and(|entry| entry.owner.as_ref() == owner);
        let own = self.by_age.iter().find(|(_, id)| is_own(id)).map(|(number, _)| *number);
        match own.or_else(|| self.by_age.first_key_value().map(|(number, _)| *number)) {
            Some(number) => self.remove(number),
            None => self.bytes = 0,
        }
    }

    fn remove(&mut self, number: u64) {
        let entry = self.by_age.remove(&number).and_then(|id| self.entries.remove(&id));
        if let Some(entry) = entry {
            self.bytes -= entry.result.data.len();
        }
    }
}

impl fmt::Debug for KeptResults {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("KeptResults").field("limits", &self.limits).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);

    fn store(bytes: usize) -> KeptResults {
        KeptResults::new(KeptLimits { bytes, age: MINUTE })
    }

    fn result(size: usize) -> KeptResult {
        KeptResult { data: vec![7; size].into(), media_type: "application/pdf".to_owned() }
    }

    #[test]
    fn a_result_is_its_callers_alone() {
        let (store, now) = (store(100), Instant::now());
        let (ann, bob) = (Principal::new("ann"), Principal::new("bob"));
        let of_ann = store.keep(result(10), Some(ann.clone()), now).unwrap();
        let of_nobody = store.keep(result(20), None, now).unwrap();
        assert_eq!(store.read(&of_ann, Some(&ann), now), Some(result(10)));
        assert_eq!(store.read(&of_nobody, None, now), Some(result(20)));
        for (id, caller) in [(&of_ann, Some(&bob)), (&of_ann, None), (&of_nobody, Some(&ann))] {
            assert_eq!(store.read(id, caller, now), None);
        }
    }

    #[test]
    fn results_are_kept_for_a_while() {
        let (store, now) = (store(100), Instant::now());
        let id = store.keep(result(60), None, now).unwrap();
        assert!(store.read(&id, None, now + MINUTE / 2).is_some());
        assert!(store.read(&id, None, now + MINUTE).is_none());
        assert_eq!(store.state().bytes, 0);
    }

    #[test]
    fn results_are_kept_within_so_many_bytes() {
        let (store, now) = (store(100), Instant::now());
        assert_eq!(store.keep(result(101), None, now), None);
        let ann = Some(Principal::new("ann"));
        let first = store.keep(result(40), None, now).unwrap();
        let second = store.keep(result(40), ann.clone(), now).unwrap();
        // The caller's own makes room before the older one of another.
        let third = store.keep(result(60), ann.clone(), now).unwrap();
        assert!(store.read(&second, ann.as_ref(), now).is_none());
        assert!(store.read(&first, None, now).is_some());
        let fourth = store.keep(result(100), None, now).unwrap();
        assert!(store.read(&third, ann.as_ref(), now).is_none() && store.read(&first, None, now).is_none());
        assert!(store.read(&fourth, None, now).is_some());
        assert_eq!(store.state().bytes, 100);
    }
}
