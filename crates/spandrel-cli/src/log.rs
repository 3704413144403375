//! The log, on standard error.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::args::{Color, GlobalArguments, LogFormat};
use crate::output;

/// Starts the log. A server says what it does; other commands only what goes wrong.
pub(crate) fn start(arguments: &GlobalArguments, is_server: bool) {
    let terminal = std::io::stderr().is_terminal();
    let ansi = match arguments.color {
        Color::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        Color::Always => true,
        Color::Never => false,
    };
    let log = tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(filter(arguments, is_server))
        .with_ansi(ansi);
    match arguments.log_format {
        LogFormat::Json => log.json().flatten_event(true).init(),
        LogFormat::Text if terminal => log.compact().init(),
        LogFormat::Text => log.init(),
    }
}

fn filter(arguments: &GlobalArguments, is_server: bool) -> EnvFilter {
    let chosen = std::env::var("RUST_LOG").unwrap_or_default();
    if !chosen.is_empty() {
        match EnvFilter::try_new(&chosen) {
            Ok(filter) => return filter,
            Err(error) => output::warning(format!("RUST_LOG is ignored: {error}")),
        }
    }
    EnvFilter::new(directives(arguments, is_server))
}

/// The libraries below are noisy: an HTTP or MCP library logs each message.
fn directives(arguments: &GlobalArguments, is_server: bool) -> String {
    const LEVELS: [&str; 5] = ["error", "warn", "info", "debug", "trace"];
    if arguments.quiet {
        return "error".to_owned();
    }
    let level = usize::from(arguments.verbose) + if is_server { 2 } else { 1 };
    let own = LEVELS.get(level).copied().unwrap_or("trace");
    let others = if arguments.verbose > 2 { "debug" } else { "warn" };
    format!("{others},spandrel={own}")
}
