use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::SpecArguments;

const AFTER_HELP: &str = "\
The same document and options give the same bytes, so the output can be kept and compared.

Examples:
  spandrel compile openapi.yaml
  spandrel compile openapi.yaml -o tools.json
  spandrel compile openapi.yaml | jq -r '.tools[].name'";

#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct CompileArguments {
    #[command(flatten)]
    pub(crate) spec: SpecArguments,

    /// How to print the tools
    #[arg(long, help_heading = "Output", value_enum, default_value_t = CompileFormat::Json)]
    pub(crate) format: CompileFormat,

    /// Write to this file
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CompileFormat {
    /// One JSON object
    Json,
}
