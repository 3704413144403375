//! MCP, through the official SDK: the only module that knows its types.
//!
//! The SDK answers the protocol in every revision. What it gets wrong is closed around it:
//!
//! | the SDK | here |
//! |---|---|
//! | answers malformed JSON, a batch or `id: null` with 415 and plain text | [`message`] refuses them as JSON-RPC asks |
//! | takes a known method with wrong `params` for an unknown method | [`message`], -32602 |
//! | wants both media types in `Accept` | [`service`] adds what a lenient client left out |
//! | checks no `Origin` unless told to | [`HttpOptions`] always tells it |
//! | names no server on tool results | [`listing`] keeps the `_meta` to put on them |
//! | costs more on a small call than the call itself | [`recogniser`] and [`response`] answer the plain ones |
//! | binds a session to nobody, and keeps what it sent | [`service`] has sessions of its own |
//! | tells nobody of a list that changed | [`list_changes`], wherever a client can hear it |
//! | gives calls in flight five seconds once stdin has ended | [`stdio`] waits for them first |

mod admission;
mod handler;
mod list_changes;
mod listing;
mod message;
mod pages;
mod progress;
mod recogniser;
mod resources;
mod response;
mod result;
mod service;
mod stdio;

pub(crate) use list_changes::SUBSCRIPTIONS;
pub(crate) use listing::{Listing, Usage};
pub use service::{Allowed, HttpOptions, McpService, SessionOptions};
