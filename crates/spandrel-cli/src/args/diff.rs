use clap::{Args, ValueEnum};
use spandrel::diff::Risk;

use super::spec::ToolArguments;

const AFTER_HELP: &str = "\
Each change is one of three:
  breaking  a call that was right is refused, or something that was there is gone
  risky     it may mean something else, or nobody can tell: descriptions, hints, servers
  safe      whatever was right stays right

Exits with 1 if there is a change that --fail-on names, with 2 if one of the two cannot be read.

Examples:
  spandrel diff old.yaml new.yaml
  spandrel diff bridge.lock.json openapi.yaml
  spandrel diff bridge.lock.json openapi.yaml --format markdown --fail-on none    For a pull request
  spandrel diff old.yaml new.yaml --format json | jq '.changes[] | select(.risk == \"breaking\")'";

#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct DiffArguments {
    /// What was: a document (a file, a URL, or - for standard input) or a lock file
    pub(crate) old: String,

    /// What is, likewise
    pub(crate) new: String,

    /// Options for those of the two that are documents.
    #[command(flatten)]
    pub(crate) tools: ToolArguments,

    /// How to print the changes
    #[arg(long, help_heading = "Output", value_enum, default_value_t = DiffFormat::Text)]
    pub(crate) format: DiffFormat,

    /// Exit with 1 for these changes
    #[arg(long, value_name = "WHICH", help_heading = "Output", value_enum, default_value_t = FailOn::Breaking)]
    pub(crate) fail_on: FailOn,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffFormat {
    /// Lines for people
    Text,
    /// One JSON object
    Json,
    /// Markdown, for a pull request
    Markdown,
}

/// Which changes fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// Breaking ones
    Breaking,
    /// Breaking and risky ones
    Risky,
    /// All
    Any,
    /// None
    None,
}

impl FailOn {
    pub(crate) const fn fails(self, risk: Risk) -> bool {
        match (self, risk) {
            (Self::Any, _)
            | (Self::Breaking, Risk::Breaking)
            | (Self::Risky, Risk::Breaking | Risk::Risky) => true,
            (Self::None | Self::Breaking | Self::Risky, _) => false,
        }
    }
}
