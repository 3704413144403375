use std::path::PathBuf;

use clap::Args;

use super::spec::ToolArguments;

const AFTER_HELP: &str = "\
The project holds a lock file of the tools, one tool of its own and one test. Spandrel is not on a package
registry: the project depends on its source, a folder or a git repository.

Examples:
  spandrel new petshop --from openapi.yaml --spandrel ../spandrel
  spandrel new petshop --from openapi.yaml --spandrel https://git.example.com/spandrel.git
  cd petshop && cargo test && cargo run";

#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct NewArguments {
    /// The folder to make; its name is the project's
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,

    /// The OpenAPI document that the tools are made of: a file, a URL, or - for standard input
    #[arg(long, value_name = "SPEC")]
    pub(crate) from: String,

    /// Where Spandrel's source is: a folder, or the URL of a git repository. The default is the checkout
    /// that this program was built in, where it still lies there
    #[arg(long, value_name = "SOURCE")]
    pub(crate) spandrel: Option<String>,

    #[command(flatten)]
    pub(crate) tools: ToolArguments,
}
