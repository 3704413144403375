use std::path::PathBuf;

use clap::Args;
use url::Url;

/// What knows more of meaning than words tell.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Search model")]
pub(crate) struct SearchModelArguments {
    /// Search by meaning too, by the embedding model in this folder: `model.safetensors`, `tokenizer.json` and
    /// `config.json` of a sentence encoder such as all-MiniLM-L6-v2, or of a static model, which has a vector for each token
    #[arg(
        id = "search_model",
        long = "search-model",
        value_name = "DIR",
        env = "SPANDREL_SEARCH_MODEL",
        conflicts_with = "search_endpoint"
    )]
    pub(crate) folder: Option<PathBuf>,

    /// Search by meaning too, by a server that speaks OpenAI's embeddings API; the key, where it needs one, is
    /// in `SPANDREL_SEARCH_KEY`. The summaries and paths of the tools, and each request, are sent there
    #[arg(
        id = "search_endpoint",
        long = "search-endpoint",
        value_name = "URL",
        env = "SPANDREL_SEARCH_ENDPOINT",
        requires = "search_endpoint_model"
    )]
    pub(crate) endpoint: Option<Url>,

    /// The model that the server is to use
    #[arg(
        id = "search_endpoint_model",
        long = "search-endpoint-model",
        value_name = "NAME",
        env = "SPANDREL_SEARCH_ENDPOINT_MODEL"
    )]
    pub(crate) endpoint_model: Option<String>,
}
