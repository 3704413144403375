use clap::{Args, ValueEnum};

use super::{SearchModelArguments, SpecArguments};

const AFTER_HELP: &str = "\
Examples:
  spandrel search openapi.yaml cancel a subscription
  spandrel search openapi.yaml \"who can see this file\" --method get --limit 3
  spandrel search openapi.yaml - < requests.txt

The words of the request need not be those of the document: common words for common things of APIs
are known, endings do not matter, and small misspellings are forgiven.";

#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct SearchArguments {
    #[command(flatten)]
    pub(crate) spec: SpecArguments,

    /// What is to be done, in your own words; `-` reads one request a line from standard input, and answers
    /// each with a line of JSON
    #[arg(help_heading = None::<&'static str>, required = true, value_name = "QUERY")]
    pub(crate) query: Vec<String>,

    /// Show at most this many tools
    #[arg(long, help_heading = "Search", value_name = "N", default_value_t = 10)]
    #[arg(value_parser = clap::value_parser!(u8).range(1..=100))]
    pub(crate) limit: u8,

    /// Search tools with this tag only; repeat for more than one
    #[arg(long, help_heading = "Search", value_name = "TAG")]
    pub(crate) tag: Vec<String>,

    /// Search tools with this method only; repeat for more than one
    #[arg(long, help_heading = "Search", value_name = "METHOD")]
    pub(crate) method: Vec<String>,

    #[command(flatten)]
    pub(crate) model: SearchModelArguments,

    /// How to print what was found
    #[arg(long, help_heading = "Output", value_enum, default_value_t = SearchFormat::Text)]
    pub(crate) format: SearchFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SearchFormat {
    /// A table for people
    Text,
    /// JSON
    Json,
}
