//! A resolver that knows addresses within reach only, so that what was checked is what is connected to.

use std::net::SocketAddr;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::address::Reach;

/// Resolves names through the system and drops every address that is out of reach. A URL that holds an
/// address is never resolved: [`Reach::allows_host`] checks it.
#[derive(Debug, Clone, Copy)]
pub struct GuardedResolver(pub Reach);

/// A name has addresses, none of them within reach.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the name has no address that may be called")]
pub struct OutOfReach;

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.0;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = found.filter(|address| reach.allows(address.ip())).collect();
            if allowed.is_empty() {
                return Err(OutOfReach.into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}
