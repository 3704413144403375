use std::time::Duration;

use clap::{Args, ValueEnum};

use super::SpecArguments;
use super::serve::seconds;

const AFTER_HELP: &str = "\
Each tool is called with its required arguments, with all of them, and with values that are hard to
write: text that needs escaping, large numbers, several items. Nothing leaves this process.

Exits with 1 if a call failed, or if the time was not enough. A tool whose schema accepts no arguments
that could be found is reported as untested.

Examples:
  spandrel selftest openapi.yaml
  spandrel selftest openapi.yaml --include tag:users
  spandrel selftest openapi.yaml --format json | jq '.calls[] | select(.verdict == \"failed\")'
  spandrel selftest openapi.yaml --format json --requests    The request of every call";

#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct SelfTestArguments {
    #[command(flatten)]
    pub(crate) spec: SpecArguments,

    /// Let arguments come from this environment variable, where the document or an overlay says so
    /// (`x-spandrel`); repeat it for more
    #[arg(long, value_name = "VARIABLE", help_heading = "Test")]
    pub(crate) allow_env: Vec<String>,

    /// How long the test may take as a whole: `30`, `500ms` or `2m`
    #[arg(long, value_name = "SECONDS", default_value = "10m", value_parser = seconds, help_heading = "Test")]
    pub(crate) timeout: Duration,

    /// How to print the report
    #[arg(long, help_heading = "Output", value_enum, default_value_t = SelfTestFormat::Text)]
    pub(crate) format: SelfTestFormat,

    /// Report the calls that passed too, in JSON: each with its arguments and its request
    #[arg(long, help_heading = "Output")]
    pub(crate) requests: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SelfTestFormat {
    /// Lines for people
    Text,
    /// One JSON object
    Json,
}
