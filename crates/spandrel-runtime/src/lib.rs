//! Serves a catalog over MCP and calls the backend: transports, HTTP client, credentials, the call
//! pipeline.
//!
//! A [`Bridge`] holds a [`Catalog`](spandrel_plan::Catalog) and everything a call needs. It answers
//! MCP over [HTTP](Bridge::streamable_http) and [stdio](Bridge::serve_stdio), and plain Rust through
//! [`Bridge::call`].
//!
//! ```no_run
//! # async fn run(catalog: spandrel_plan::Catalog) -> Result<(), Box<dyn std::error::Error>> {
//! use spandrel_runtime::{Bridge, HttpOptions, serve_http, shutdown_signal};
//!
//! let bridge = Bridge::builder(catalog).build()?;
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
//! serve_http(listener, bridge.router(&HttpOptions::default()), shutdown_signal()).await?;
//! # Ok(())
//! # }
//! ```
//!
//! What a bridge does can be changed at four places, each a small trait or type:
//!
//! | | |
//! |---|---|
//! | [`Backend`] | who answers a request: the API over HTTP, a recording, a mock |
//! | [`Credentials`] | what proves to the API who calls |
//! | [`Hook`] | what happens before and after each call: policy, audit, rewriting |
//! | [`CustomTool`] | tools written in Rust, beside those of the catalog |
//!
//! The operations of a large API can be found by [search](BridgeBuilder::discovery) rather than listed.
//!
//! The types of the official MCP SDK and of the HTTP client stay inside: none is in this interface.

mod backend;
mod bridge;
mod call;
mod catalog_change;
mod credentials;
mod custom_tool;
mod discovery;
mod embedding_endpoint;
mod hook;
mod http_backend;
mod kept_results;
mod local_files;
mod mcp;
mod origin;
mod outcome;
mod principal;
mod progress;
mod random_id;
mod result_reader;
mod serve;
#[cfg(test)]
mod test_plan;
mod tool_names;

pub use backend::{Backend, BackendBody, BackendFn};
pub use bridge::{Bridge, BridgeBuilder, BuildError, Replacement};
pub use call::CallLimits;
pub use catalog_change::CatalogChange;
pub use credentials::{
    ClientAuthentication, ClientCredentials, Credential, Credentials, HeaderError, NoCredentials,
    Placeholder, SchemeCredentials, Secret, SecretError, SecretSource, SeveralOrigins, StaticHeaders,
    TokenClient, TokenEndpoint, TokenError, UsedCredentials, describe as describe_security,
    environment_variable, how_to_set,
};
pub use custom_tool::{CustomTool, CustomToolError};
pub use discovery::Discovery;
pub use embedding_endpoint::{EmbeddingEndpoint, EmbeddingError};
pub use futures_util::future::BoxFuture;
pub use hook::{CallContext, CallResult, CalledTool, Hook};
pub use http_backend::{
    ClientIdentity, EgressRules, HttpBackend, HttpBackendError, HttpClientOptions, RedirectScope,
};
pub use kept_results::{KeptLimits, KeptResult};
pub use local_files::LocalFiles;
pub use mcp::{Allowed, HttpOptions, McpService, SessionOptions};
pub use origin::Origin;
pub use outcome::{IntoOutcome, Json};
pub use principal::Principal;
pub use progress::Progress;
pub use serve::{DRAIN, serve_http, serve_http_with_drain, shutdown_signal};
pub use spandrel_egress::Reach;
