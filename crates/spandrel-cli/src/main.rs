//! The `spandrel` command: OpenAPI operations as MCP tools.

mod access;
mod args;
mod banner;
mod bridge;
mod call;
mod changes;
mod client_setup;
mod command;
mod credential;
mod curl;
mod descriptors;
mod environment;
mod finding;
mod header;
mod header_origin;
mod indented;
mod invocation;
mod lock;
mod log;
mod offer;
mod output;
mod project;
mod reload;
mod report;
mod rule_advice;
mod schema_type;
mod search_model;
mod shell;
mod source_name;
mod specification;
mod starting_overlay;
mod table;
mod tokens;

use std::num::NonZeroUsize;
use std::process::ExitCode;

use clap::Parser;

use crate::args::{Arguments, Command};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The command cannot be carried out: wrong usage, a document that cannot be read.
const EXIT_UNUSABLE: u8 = 2;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    arguments.global.color.write_global();
    log::start(&arguments.global, matches!(arguments.command, Command::Serve(_)));
    match run(arguments) {
        Ok(code) => code,
        // Whoever read the output has had enough of it.
        Err(error) if output::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            output::error(&error);
            ExitCode::from(EXIT_UNUSABLE)
        }
    }
}

fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let runtime = runtime()?;
    let result = runtime.block_on(command::run(arguments));
    // A thread may still wait for standard input; nobody should wait for it.
    runtime.shutdown_background();
    result
}

/// With one processor a second thread only costs: each wake-up of it is a call into the system.
fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    let processors = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let mut builder = match processors {
        1 => tokio::runtime::Builder::new_current_thread(),
        _ => tokio::runtime::Builder::new_multi_thread(),
    };
    builder.enable_all().build()
}
