//! A bridge with a tool of its own beside those of the document.

use spandrel::{
    Bridge, CustomTool, HttpOptions, Loader, LoaderOptions, Options, Source, compile, serve_http,
    shutdown_signal,
};

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Greet {
    /// Whom to greet.
    name: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let source = Source::parse("specs/bookshop.yaml")?;
    let loaded = Loader::new(LoaderOptions::default()).load(&source).await?;
    let compiled = compile(&loaded.documents, &Options::default());

    let bridge = Bridge::builder(compiled.catalog)
        .tool(CustomTool::new("greet", "Greets someone.", |greet: Greet| async move {
            format!("Hello, {}!", greet.name)
        }))
        .build()?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
    serve_http(listener, bridge.router(&HttpOptions::default()), shutdown_signal()).await?;
    Ok(())
}
