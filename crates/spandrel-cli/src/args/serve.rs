use std::num::{NonZeroU64, NonZeroUsize};

use clap::{Args, ValueEnum};

use super::SpecArguments;

const AFTER_HELP: &str = "\
Examples:
  spandrel serve openapi.yaml
  spandrel serve https://petstore3.swagger.io/api/v3/openapi.json --include tag:pet
  spandrel serve openapi.yaml --header 'Authorization: Bearer env:API_TOKEN'
  spandrel serve openapi.yaml --exclude method:DELETE --listen 127.0.0.1:9000
  spandrel serve openapi.yaml --mock          Answer as the document says, without the API
  spandrel serve openapi.yaml --stdio         For a client that starts the server itself";

#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct ServeArguments {
    #[command(flatten)]
    pub(crate) spec: SpecArguments,

    #[command(flatten)]
    pub(crate) listening: ListenArguments,

    /// How tools are offered
    #[arg(long, value_name = "MODE", value_enum, default_value_t = Offer::All, help_heading = "Tools")]
    pub(crate) tools: Offer,

    #[command(flatten)]
    pub(crate) backend: BackendArguments,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Server")]
pub(crate) struct ListenArguments {
    /// Where to listen: ADDRESS:PORT, or a port of 127.0.0.1; port 0 is any free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub(crate) listen: String,

    /// Speak MCP over standard input and output instead of HTTP
    #[arg(long, conflicts_with_all = ["listen", "allow_host", "allow_origin"])]
    pub(crate) stdio: bool,

    /// Let in requests for this host, beside the loopback names; * for any
    #[arg(long, value_name = "HOST")]
    pub(crate) allow_host: Vec<String>,

    /// Let in requests of web pages of this origin, beside the loopback ones; * for any
    #[arg(long, value_name = "ORIGIN")]
    pub(crate) allow_origin: Vec<String>,
}

/// How the API is called.
#[derive(Debug, Args)]
#[command(next_help_heading = "Backend")]
pub(crate) struct BackendArguments {
    /// Send a header with every request, to the API's own servers only. A value `env:TOKEN` or
    /// `Bearer env:TOKEN` is taken from the environment
    // Kept as text: an error of the parser would repeat a secret.
    #[arg(long, value_name = "NAME: VALUE")]
    pub(crate) header: Vec<String>,

    /// Answer as the document says instead of calling the API
    #[arg(long)]
    pub(crate) mock: bool,

    /// How long a call may take as a whole
    #[arg(long, value_name = "SECONDS", default_value = "60")]
    pub(crate) timeout: NonZeroU64,

    /// The largest answer of the API that is read
    #[arg(long, value_name = "BYTES", default_value = "10485760")]
    pub(crate) max_response_bytes: NonZeroUsize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Offer {
    /// Every tool in the list
    All,
}
