use clap::{Args, Subcommand};

use super::SpecArguments;

const AFTER_HELP: &str = "\
An overlay (https://spec.openapis.org/overlay/) changes a document that is somebody else's: a list of
actions, each a JSONPath and what becomes of what it selects. Every command takes --overlay.

Examples:
  spandrel overlay init openapi.yaml > overlay.yaml
  spandrel serve openapi.yaml --overlay overlay.yaml
  spandrel overlay apply openapi.yaml --overlay overlay.yaml | jq .paths";

#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct OverlayArguments {
    #[command(subcommand)]
    pub(crate) command: OverlayCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum OverlayCommand {
    /// Print an overlay to start from: names for operations that have none, long descriptions cut,
    /// and what could do harm
    Init(SpecArguments),
    /// Print the document as the overlays make it, as JSON
    Apply(SpecArguments),
}
