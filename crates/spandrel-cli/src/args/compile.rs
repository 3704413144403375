use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::SpecArguments;

const AFTER_HELP: &str = "\
The same document and options give the same bytes, so the output can be kept and compared.

A lock file holds all that serving the tools needs: serve, call and inspect take it in place of the
document, and diff compares it.

Examples:
  spandrel compile openapi.yaml
  spandrel compile openapi.yaml -o tools.json
  spandrel compile openapi.yaml -o bridge.lock.json    A lock file
  spandrel compile openapi.yaml | jq -r '.tools[].name'";

#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct CompileArguments {
    #[command(flatten)]
    pub(crate) spec: SpecArguments,

    /// How to print the tools; the default is a lock file where FILE ends in `.lock.json`, else json
    #[arg(long, help_heading = "Output", value_enum)]
    pub(crate) format: Option<CompileFormat>,

    /// Write to this file
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CompileFormat {
    /// One JSON object, for people and programs
    Json,
    /// A lock file
    Lock,
}

impl CompileArguments {
    /// The format that was asked for, or that the file's name asks for.
    pub(crate) fn format(&self) -> CompileFormat {
        let named = self.output.as_ref().is_some_and(|path| path.to_string_lossy().ends_with(".lock.json"));
        self.format.unwrap_or(if named { CompileFormat::Lock } else { CompileFormat::Json })
    }
}
