//! Which addresses a request may go to that nobody vouches for.
//!
//! A document names hosts: of its references, of its servers, of the endpoints that give tokens. Whoever
//! wrote it may be a stranger, and this machine can reach what the stranger cannot. So a host that the
//! operator did not name is held to a [`Reach`]: an address in the URL is [checked](Reach::allows_host),
//! and a name is resolved by a [`GuardedResolver`], which gives the HTTP client only addresses that are
//! within reach. What was checked is what is connected to.

mod address;
mod resolver;

pub use address::{AddressKind, Reach};
pub use resolver::{GuardedResolver, LookupError, OutOfReach};
