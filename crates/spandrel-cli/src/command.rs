//! The commands.

mod call;
mod check;
mod compile;
mod diff;
mod inspect;
mod new;
mod overlay;
mod search;
mod selftest;
mod serve;

use std::process::ExitCode;

use self::serve::Voice;
use crate::args::{Arguments, Command, GlobalArguments};

/// Carries out what was typed.
///
/// # Errors
/// When the command cannot be carried out at all. A finding or a failed call is an exit code.
pub(crate) async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let GlobalArguments { quiet, log_format, .. } = arguments.global;
    match arguments.command {
        Command::Serve(arguments) => Box::pin(serve::run(&arguments, Voice::new(quiet, log_format))).await,
        Command::Call(arguments) => call::run(&arguments).await,
        Command::Inspect(arguments) => inspect::run(&arguments).await,
        Command::Search(arguments) => search::run(&arguments).await,
        Command::Check(arguments) => check::run(&arguments, quiet).await,
        Command::SelfTest(arguments) => selftest::run(&arguments, quiet).await,
        Command::Compile(arguments) => compile::run(&arguments, quiet).await,
        Command::Diff(arguments) => diff::run(&arguments, quiet).await,
        Command::New(arguments) => new::run(&arguments, quiet).await,
        Command::Overlay(arguments) => overlay::run(&arguments, quiet).await,
    }
}
