//! The bridge over real sockets, with a small API behind it on the loopback interface.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod api;
mod backend;
mod calls;
mod client;
mod custom;
mod egress;
mod event_reader;
mod event_streams;
mod faults;
mod hooks;
mod list_changes;
mod progress;
mod protocol;
mod renewal;
mod resources;
mod responses;
mod serving;
mod sessions;
mod stdio;
