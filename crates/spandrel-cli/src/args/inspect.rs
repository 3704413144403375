use clap::{Args, ValueEnum};

use super::SpecArguments;

const AFTER_HELP: &str = "\
Examples:
  spandrel inspect openapi.yaml
  spandrel inspect openapi.yaml listPets
  spandrel inspect openapi.yaml --include tag:pets --format json";

#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct InspectArguments {
    #[command(flatten)]
    pub(crate) spec: SpecArguments,

    /// Show this tool in full
    #[arg(help_heading = None::<&'static str>)]
    pub(crate) tool: Option<String>,

    /// How to print tools
    #[arg(long, help_heading = "Output", value_enum, default_value_t = InspectFormat::Text)]
    pub(crate) format: InspectFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum InspectFormat {
    /// Tables for people
    Text,
    /// JSON
    Json,
}
