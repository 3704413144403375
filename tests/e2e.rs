//! End-to-end tests through the real binary.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "tests"
)]

#[path = "e2e/binary.rs"]
mod binary;
#[path = "e2e/call.rs"]
mod call;
#[path = "e2e/check.rs"]
mod check;
#[path = "e2e/compile.rs"]
mod compile;
#[path = "e2e/confirmation.rs"]
mod confirmation;
#[path = "e2e/credentials.rs"]
mod credentials;
#[path = "e2e/discovery.rs"]
mod discovery;
#[path = "e2e/help.rs"]
mod help;
#[path = "e2e/inspect.rs"]
mod inspect;
#[path = "e2e/lock.rs"]
mod lock;
#[path = "e2e/long_results.rs"]
mod long_results;
#[path = "e2e/next_page.rs"]
mod next_page;
#[path = "e2e/options.rs"]
mod options;
#[path = "e2e/overlay.rs"]
mod overlay;
#[path = "e2e/search.rs"]
mod search;
#[path = "e2e/selftest.rs"]
mod selftest;
#[path = "e2e/serve.rs"]
mod serve;
#[path = "e2e/server.rs"]
mod server;
#[path = "e2e/stdio.rs"]
mod stdio;
#[path = "e2e/supplied.rs"]
mod supplied;
#[path = "e2e/watch.rs"]
mod watch;
