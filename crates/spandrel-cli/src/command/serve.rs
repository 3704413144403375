//! `spandrel serve`: the tools over MCP.

use std::future::poll_fn;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::pin::Pin;
use std::process::ExitCode;
use std::task::Poll;

use anyhow::{Context, anyhow};
use spandrel::Bridge;
use spandrel::loader::Trail;
use spandrel::runtime::{Allowed, HttpOptions, SessionOptions, serve_http, shutdown_signal};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tracing::info;
use url::Url;

use crate::access::Access;
use crate::args::serve::ListenArguments;
use crate::args::{LogFormat, ServeArguments};
use crate::offer::Offering;
use crate::reload::Served;
use crate::{banner, bridge, descriptors, output};

/// How a server speaks to whoever started it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Voice {
    /// To a person.
    Banner,
    /// To a program that reads the log.
    Log,
    /// Not at all.
    Quiet,
}

impl Voice {
    pub(crate) const fn new(quiet: bool, log_format: LogFormat) -> Self {
        match (quiet, log_format) {
            (true, _) => Self::Quiet,
            (false, LogFormat::Text) => Self::Banner,
            (false, LogFormat::Json) => Self::Log,
        }
    }

    fn tell(self, text: &str) {
        if self == Self::Banner {
            output::tell(text);
        }
    }

    fn log(self, offering: &Offering, access: &Access) {
        if self == Self::Log {
            let compiled = &offering.specification.compiled;
            let tools = compiled.catalog.tools();
            let without_server = tools.iter().filter(|tool| tool.plan.base.is_none()).count();
            let (operations, tools) = (compiled.operations, tools.len());
            let (unselected, findings) = (compiled.unselected, compiled.diagnostics.len());
            let lacking: Vec<&str> = access.needs.iter().map(|need| need.name.as_str()).collect();
            let lacking_credentials = lacking.join(" ");
            let offered = offering.notes.iter().chain(&offering.warnings).map(String::as_str);
            let offered = offered.collect::<Vec<_>>().join("; ");
            info!(
                target: "spandrel::serve",
                operations, tools, unselected, findings, without_server, lacking_credentials, offered, "loaded"
            );
        }
    }
}

pub(crate) async fn run(arguments: &ServeArguments, voice: Voice) -> anyhow::Result<ExitCode> {
    let mut served = Served::new(arguments)?;
    let trail = Trail::default();
    let (specification, access) = served.read(&trail).await?;
    let offering = Offering::choose(specification, &arguments.offer);
    voice.log(&offering, &access);
    let loaded = banner::loaded(&offering, &access, arguments);
    let Offering { specification, discovery, .. } = offering;
    served.compaction = specification.compaction();
    let title = specification.compiled.catalog.api().title.clone();
    let (backend, tools) = (&arguments.backend, &arguments.spec.tools);
    let serving = bridge::Serving {
        calls_per_address: arguments.listening.max_calls_per_address,
        result_tokens: arguments.offer.max_result_tokens.0,
        tools_per_page: arguments.tools_per_page,
        announces_changes: arguments.watching.watch,
        asks_for_confirmation: true,
        discovery,
    };
    let bridge = bridge::build(specification, access, &served.headers, backend, tools, serving)?;
    let serving = serve(&bridge, arguments, voice, loaded, &title);
    if !arguments.watching.watch {
        return serving.await;
    }
    tokio::select! {
        ended = serving => ended,
        () = served.keep_up(&bridge, trail) => Ok(ExitCode::SUCCESS),
    }
}

async fn serve(
    bridge: &Bridge,
    arguments: &ServeArguments,
    voice: Voice,
    loaded: String,
    title: &str,
) -> anyhow::Result<ExitCode> {
    if arguments.listening.stdio {
        let shutdown = watched_signal().await;
        voice.tell(&format!("{loaded}\nSpeaking MCP over standard input and output\n"));
        let counted = settle(bridge.clone(), voice);
        bridge.serve_stdio(shutdown).await?;
        counted.abort();
        return Ok(ExitCode::SUCCESS);
    }
    descriptors::raise_limit();
    let listener = bind(&arguments.listening.listen).await?;
    let address = listener.local_addr()?;
    let (options, notes) = http_options(&arguments.listening, address)?;
    let shutdown = watched_signal().await;
    voice.tell(&format!("{loaded}{}", banner::listening(address, title, &notes)));
    if voice == Voice::Log {
        info!(target: "spandrel::serve", url = banner::url(address), "listening");
    }
    let counted = settle(bridge.clone(), voice);
    serve_http(listener, bridge.router(&options), shutdown).await?;
    counted.abort();
    voice.tell("Stopped\n");
    Ok(ExitCode::SUCCESS)
}

/// Makes what searches need, and says what the list costs a model. Both take a while where the list is
/// large, and clients need not wait for it.
fn settle(bridge: Bridge, voice: Voice) -> JoinHandle<()> {
    tokio::spawn(async move {
        let count = move || {
            bridge.prepare_search();
            (voice != Voice::Quiet).then(|| bridge.list_tokens())
        };
        let Ok(Some(tokens)) = tokio::task::spawn_blocking(count).await else { return };
        voice.tell(&banner::list_tokens(tokens));
        if voice == Voice::Log {
            info!(target: "spandrel::serve", tokens, "counted");
        }
    })
}

/// The signal to end, watched for from now on: it may come as soon as somebody knows of the server.
async fn watched_signal() -> Pin<Box<dyn Future<Output = ()> + Send>> {
    let mut signal: Pin<Box<dyn Future<Output = ()> + Send>> = Box::pin(shutdown_signal());
    let mut came = false;
    poll_fn(|context| {
        came = signal.as_mut().poll(context).is_ready();
        Poll::Ready(())
    })
    .await;
    if came { Box::pin(std::future::ready(())) } else { signal }
}

async fn bind(listen: &str) -> anyhow::Result<TcpListener> {
    let target = match listen.strip_prefix(':').unwrap_or(listen) {
        port if port.parse::<u16>().is_ok() => format!("127.0.0.1:{port}"),
        _ => listen.to_owned(),
    };
    TcpListener::bind(&target).await.map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => anyhow!(
            "{target} is in use; stop what listens there, or choose another port with --listen (0 is any free one)"
        ),
        ErrorKind::PermissionDenied => {
            anyhow!("{target}: permission denied; ports below 1024 may need more rights")
        }
        ErrorKind::InvalidInput => {
            anyhow!("`{listen}` is not an address; write ADDRESS:PORT, such as 127.0.0.1:8080")
        }
        _ => anyhow!("{target}: {error}; write ADDRESS:PORT of this machine, such as 127.0.0.1:8080"),
    })
}

/// Who is let in, and what a person should know of that.
fn http_options(
    arguments: &ListenArguments,
    address: SocketAddr,
) -> anyhow::Result<(HttpOptions, Vec<String>)> {
    let sessions = arguments.sessions.then(SessionOptions::default);
    let mut options = HttpOptions { sessions, ..HttpOptions::default() };
    let mut notes = Vec::new();
    if !address.ip().is_loopback() {
        notes.push(format!("whoever reaches {address} can call the API, with the headers given here"));
        if arguments.allow_host.is_empty() {
            options.allowed_hosts = Allowed::Any;
            notes
                .push("requests for any host are let in; --allow-host NAME lets in only that one".to_owned());
        }
    }
    for host in &arguments.allow_host {
        allow(&mut options.allowed_hosts, host.clone());
    }
    for origin in &arguments.allow_origin {
        allow(&mut options.allowed_origins, normal_origin(origin)?);
    }
    Ok((options, notes))
}

fn allow(allowed: &mut Allowed, entry: String) {
    match allowed {
        _ if entry == "*" => *allowed = Allowed::Any,
        Allowed::Any => {}
        Allowed::Only(entries) => entries.push(entry),
    }
}

/// An origin with its port, as the server compares them.
fn normal_origin(text: &str) -> anyhow::Result<String> {
    if text == "*" || text.ends_with(":*") {
        return Ok(text.to_owned());
    }
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let port = url.as_ref().and_then(Url::port_or_known_default);
    let origin = url
        .as_ref()
        .zip(port)
        .and_then(|(url, port)| url.host_str().map(|host| format!("{}://{host}:{port}", url.scheme())));
    origin.with_context(|| format!("`{text}` is not an origin; write it like https://app.example.com"))
}
