//! How many calls one caller has in flight.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::extract::ConnectInfo;
use http::Extensions;
use spandrel_plan::{CallError, CallErrorKind};

use super::CallLimits;
use crate::principal::Principal;

/// Whom a call is counted for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Caller {
    Principal(Principal),
    /// Where nobody says who calls: an address, of IPv6 the network.
    Address(IpAddr),
}

impl Caller {
    /// The caller of the request with these extensions, and how many calls it may have at once; none where calls
    /// are not counted.
    pub(super) fn of(extensions: &Extensions, limits: &CallLimits) -> Option<(Self, usize)> {
        if let Some(principal) = Principal::of(extensions) {
            return Some((Self::Principal(principal), limits.calls_per_caller));
        }
        let limit = limits.calls_per_address?;
        let ConnectInfo(address) = extensions.get::<ConnectInfo<SocketAddr>>()?;
        Some((Self::Address(network(address.ip())), limit))
    }
}

/// Whoever has an IPv6 address has all of its network.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
        address @ IpAddr::V4(_) => address,
    }
}

/// The calls in flight of each caller.
#[derive(Default)]
pub(super) struct Callers(Mutex<HashMap<Caller, usize>>);

/// A place among a caller's calls; given back when dropped.
pub(super) struct CallerPermit<'a> {
    callers: &'a Callers,
    caller: Caller,
}

impl Callers {
    /// Takes a place, without waiting: a caller that has all of them has to wait for its own calls.
    pub(super) fn enter(&self, caller: Caller, limit: usize) -> Result<CallerPermit<'_>, CallError> {
        let mut counts = self.counts();
        let count = counts.entry(caller.clone()).or_default();
        if *count >= limit.max(1) {
            return Err(CallError::new(
                CallErrorKind::Refused,
                format!(
                    "This caller has as many calls in flight as it may have, {count}. Wait for one to end before calling again."
                ),
            ));
        }
        *count += 1;
        Ok(CallerPermit { callers: self, caller })
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<Caller, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for CallerPermit<'_> {
    fn drop(&mut self) {
        let mut counts = self.callers.counts();
        match counts.get_mut(&self.caller) {
            Some(count) if *count > 1 => *count -= 1,
            _ => {
                counts.remove(&self.caller);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn each_caller_has_places_of_its_own() {
        let callers = Callers::default();
        let (ann, bob) = (Principal::new("ann"), Principal::new("bob"));
        let enter = |principal: &Principal| callers.enter(Caller::Principal(principal.clone()), 2);
        let first = enter(&ann).unwrap();
        let _second = enter(&ann).unwrap();
        let refusal = enter(&ann).map(drop).unwrap_err();
        assert!(
            refusal.message.starts_with("This caller has as many calls in flight as it may have, 2."),
            "{refusal}"
        );
        let of_bob = enter(&bob).unwrap();
        drop(first);
        assert!(enter(&ann).is_ok());
        drop(of_bob);
        assert_eq!(callers.counts().len(), 1);
    }

    #[test]
    fn who_is_counted() {
        let limits = CallLimits { calls_per_caller: 3, ..CallLimits::default() };
        let by_address = CallLimits { calls_per_address: Some(2), ..limits.clone() };
        let from = |address: &str| {
            let mut extensions = Extensions::new();
            extensions.insert(ConnectInfo(address.parse::<SocketAddr>().unwrap()));
            extensions
        };
        let address = |text: &str| Some((Caller::Address(text.parse().unwrap()), 2));
        assert_eq!(Caller::of(&from("192.0.2.1:1"), &limits), None);
        assert_eq!(Caller::of(&Extensions::new(), &by_address), None);
        assert_eq!(Caller::of(&from("192.0.2.1:1"), &by_address), address("192.0.2.1"));
        assert_eq!(Caller::of(&from("[::ffff:192.0.2.1]:1"), &by_address), address("192.0.2.1"));
        assert_eq!(Caller::of(&from("[2001:db8::1:2]:1"), &by_address), address("2001:db8::"));
        let mut known = from("192.0.2.1:1");
        known.insert(Principal::new("ann"));
        let ann = Caller::Principal(Principal::new("ann"));
        assert_eq!(Caller::of(&known, &by_address), Some((ann, 3)));
    }
}
