//! OpenAPI operations as MCP tools, as a library.
//!
//! A document is [compiled](compile) to a [`Catalog`] of tools; a [`Bridge`] serves the catalog over
//! MCP and calls the API behind it. Both can be changed where a custom bridge needs it.
//!
//! ```
//! use serde_json::json;
//! use spandrel::{BackendFn, Bridge, CustomTool, DocumentSet, HttpOptions, MockApi, Options, compile};
//!
//! #[derive(serde::Deserialize, schemars::JsonSchema)]
//! struct Greet {
//!     /// Whom to greet.
//!     name: String,
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let bytes = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../specs/bookshop.yaml"));
//! let documents = DocumentSet::new("file:///bookshop.yaml".parse()?, bytes)?;
//! let compiled = compile(&documents, &Options::default());
//! let mock = MockApi::new(documents.into(), compiled.document.into());
//!
//! let bridge = Bridge::builder(compiled.catalog)
//!     .backend(BackendFn(move |request: &_| mock.answer(request))) // leave out to call the real API
//!     .tool(CustomTool::new("greet", "Greets someone.", |greet: Greet| async move {
//!         format!("Hello, {}!", greet.name)
//!     }))
//!     .build()?;
//! let app: axum::Router = axum::Router::new()
//!     .route("/health", axum::routing::get(|| async { "ok" }))
//!     .nest_service("/mcp", bridge.streamable_http(&HttpOptions::default()));
//! // axum::serve(listener, app).await?;
//!
//! let books = bridge.call("listBooks", json!({"limit": 2}).as_object().cloned().unwrap_or_default()).await?;
//! assert_eq!(books.status, Some(200));
//! # let _ = app;
//! # Ok(())
//! # }
//! ```
//!
//! | to… | use |
//! |---|---|
//! | load a document with its references, from files or URLs | [`Loader`] |
//! | choose operations, the server, the layout of arguments | [`Options`] |
//! | serve tools without the document that they were made of | [`LockFile`] |
//! | see what a model would notice between two catalogs | [`diff::compare`] |
//! | let arguments come from environment variables | [`Catalog::set_environment`] |
//! | see what was found wrong with a document | [`Compiled::diagnostics`] |
//! | act before and after each call: policy, audit, rewriting | [`Hook`] |
//! | send the credentials that the document asks for | [`SchemeCredentials`](runtime::SchemeCredentials) |
//! | prove to the API who calls in another way | [`Credentials`], [`StaticHeaders`] |
//! | answer requests otherwise than over HTTP | [`Backend`], [`BackendFn`], [`MockApi`] |
//! | add tools written in Rust | [`CustomTool`] |
//! | let a model find the operations of a large API | [`BridgeBuilder::discovery`] |
//! | call every tool against the mock | [`selftest::test`] |
//! | find the tool that a request in plain words asks for | [`search::SearchIndex`] |
//! | call a tool without MCP | [`Bridge::call`] |
//! | serve another document in the place of the first | [`Bridge::replace`] |
//! | say who calls, so that sessions are theirs alone | [`Principal`](runtime::Principal) |
//!
//! The crates behind this one are re-exported whole, as [`openapi`], [`plan`], [`compiler`], [`diff`],
//! [`embedding`], [`loader`], [`mock`], [`overlay`], [`runtime`], [`search`], [`selftest`] and [`tokens`].

pub use spandrel_compiler as compiler;
pub use spandrel_diff as diff;
pub use spandrel_embedding as embedding;
pub use spandrel_loader as loader;
pub use spandrel_mock as mock;
pub use spandrel_openapi as openapi;
pub use spandrel_overlay as overlay;
pub use spandrel_plan as plan;
pub use spandrel_runtime as runtime;
pub use spandrel_search as search;
pub use spandrel_selftest as selftest;
pub use spandrel_tokens as tokens;

pub use spandrel_compiler::{
    ArgumentLayout, Compaction, Compiled, Listing, Options, Profile, Rule, Selection, compile,
};
pub use spandrel_loader::{LoadError, Loaded, Loader, LoaderOptions, Source};
pub use spandrel_mock::MockApi;
pub use spandrel_openapi::{Code, Diagnostic, DocumentSet, Severity};
pub use spandrel_plan::{
    BaseUrl, CallError, CallErrorKind, Catalog, Content, LockError, LockFile, Outcome, Structured, Tool,
};
pub use spandrel_runtime::{
    Backend, BackendBody, BackendFn, Bridge, BridgeBuilder, BuildError, CallContext, CallLimits, Credentials,
    CustomTool, Discovery, Hook, HttpBackend, HttpClientOptions, HttpOptions, LocalFiles, McpService,
    Progress, StaticHeaders, serve_http, shutdown_signal,
};
