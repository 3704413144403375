//! A resolver that knows addresses within reach only, so that what was checked is what is connected to.

use std::io;
use std::net::SocketAddr;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::address::Reach;

/// Resolves names through the system and drops every address that is out of reach. A URL that holds an
/// address is never resolved: [`Reach::allows_host`] checks it.
#[derive(Debug, Clone, Copy)]
pub struct GuardedResolver(pub Reach);

/// A name has addresses, none of them within reach.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("the name has no address that may be called")]
pub struct OutOfReach;

/// A name leads to no address that may be called.
#[derive(Debug, thiserror::Error)]
#[error("the name leads nowhere")]
pub enum LookupError {
    /// The system knows no address of it.
    Unknown(#[from] io::Error),
    /// None of its addresses is within reach.
    OutOfReach(#[from] OutOfReach),
}

impl GuardedResolver {
    /// The addresses of `name` that are within reach, each with port 0.
    ///
    /// # Errors
    /// When there is none.
    pub async fn addresses(self, name: &str) -> Result<Vec<SocketAddr>, LookupError> {
        let found = tokio::net::lookup_host((name, 0)).await?;
        let allowed: Vec<SocketAddr> = found.filter(|address| self.0.allows(address.ip())).collect();
        if allowed.is_empty() { Err(OutOfReach.into()) } else { Ok(allowed) }
    }
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = *self;
        Box::pin(async move {
            let allowed = resolver.addresses(name.as_str()).await?;
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}
