use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::SpecArguments;
use super::serve::{BackendArguments, ResultTokens, result_tokens};

const AFTER_HELP: &str = "\
How to write arguments:
  name=value       as the tool's schema says: text, or JSON where it wants no text;
                   repeat it for the items of an array
  name:=json       JSON
  name=@file       the content of a file
  group.name=value a member of an object

Exits with 1 if the call failed.

Examples:
  spandrel call openapi.yaml listPets limit=10 tag=cat tag=dog
  spandrel call openapi.yaml createPet --args '{\"name\": \"Rex\"}'
  spandrel call openapi.yaml uploadPhoto id=7 photo=@rex.png
  spandrel call openapi.yaml getPhoto id=7 --output rex.png
  spandrel call openapi.yaml getPet id=7 --dry-run
  spandrel call openapi.yaml getPet id=7 --mock";

#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct CallArguments {
    #[command(flatten)]
    pub(crate) spec: SpecArguments,

    /// The tool
    #[arg(help_heading = None::<&'static str>)]
    pub(crate) tool: String,

    /// Arguments of the tool
    #[arg(value_name = "NAME=VALUE", help_heading = None::<&'static str>)]
    pub(crate) values: Vec<String>,

    /// Arguments of the tool as one JSON object: itself, @FILE, or - for standard input
    #[arg(long, value_name = "JSON", allow_hyphen_values = true, help_heading = "Call")]
    pub(crate) args: Option<String>,

    /// Show the request instead of sending it; secrets are masked, and none is read or fetched
    #[arg(long, conflicts_with_all = ["mock", "output"], help_heading = "Call")]
    pub(crate) dry_run: bool,

    /// How to print the result (text, json) or the request of a dry run (curl, json)
    #[arg(long, value_enum, help_heading = "Output")]
    pub(crate) format: Option<CallFormat>,

    /// Write the result to this file, bytes as they are
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,

    /// Shorten the result as `serve` would for a model where it is more than this many tokens
    #[arg(long, value_name = "N", default_value = "0", value_parser = result_tokens, help_heading = "Output")]
    pub(crate) max_result_tokens: ResultTokens,

    #[command(flatten)]
    pub(crate) backend: BackendArguments,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CallFormat {
    /// What a model reads
    Text,
    /// The whole result, or request, as one JSON object
    Json,
    /// A curl command
    Curl,
}
