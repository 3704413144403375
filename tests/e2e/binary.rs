//! Running the binary in the folder of its fixtures.

use std::fmt::Write as _;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// The folder that the binary runs in.
pub(crate) fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/cli").canonicalize().unwrap()
}

/// The binary with arguments as a shell would split them at spaces, in an environment of its own.
pub(crate) fn spandrel(arguments: &str) -> Command {
    spandrel_with(&arguments.split_whitespace().collect::<Vec<_>>())
}

pub(crate) fn spandrel_with(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_spandrel"));
    for variable in ["RUST_LOG", "CLICOLOR_FORCE", "COLUMNS"] {
        command.env_remove(variable);
    }
    // Nothing of the user's own.
    command.env("XDG_CONFIG_HOME", folder().join("no such folder"));
    command.env("NO_COLOR", "1").env("API_TOKEN", "s3cret").current_dir(folder()).args(arguments);
    command.stdin(Stdio::null());
    command
}

/// Runs the command to its end.
pub(crate) fn run(mut command: Command) -> Output {
    command.output().unwrap()
}

/// Runs the command with this standard input.
pub(crate) fn run_with_input(mut command: Command, input: &str) -> Output {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Text without what differs from machine to machine.
pub(crate) fn portable(text: &str) -> String {
    let repository = folder().join("../..").canonicalize().unwrap();
    text.replace(&repository.display().to_string(), "[repository]")
}

/// All that can be seen of a run.
pub(crate) fn seen(output: &Output) -> String {
    let mut seen = format!("exit: {}\n", output.status.code().unwrap());
    for (name, text) in [("stdout", stdout(output)), ("stderr", stderr(output))] {
        if !text.is_empty() {
            write!(seen, "----- {name}\n{text}").unwrap();
        }
    }
    portable(&seen)
}
