use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use spandrel::{BaseUrl, Rule};

use super::SpecArguments;
use super::url::UrlParser;
use crate::header_origin;

const AFTER_HELP: &str = "\
Examples:
  spandrel serve openapi.yaml
  spandrel serve https://petstore3.swagger.io/api/v3/openapi.json --include tag:pet
  spandrel serve openapi.yaml --credential 'apiKey=env:API_KEY'
  spandrel serve openapi.yaml --header 'Authorization: Bearer env:API_TOKEN'
  spandrel serve openapi.yaml --exclude method:DELETE --listen 127.0.0.1:9000
  spandrel serve openapi.yaml --watch         Serve the document as it is edited
  spandrel serve bridge.lock.json             The tools as they were locked, without the document
  spandrel serve openapi.yaml --locked bridge.lock.json    Refuse a document whose tools have changed
  spandrel serve openapi.yaml --mock          Answer as the document says, without the API
  spandrel serve openapi.yaml --tools search --pin 'operation:get*'
  spandrel serve openapi.yaml --stdio         For a client that starts the server itself";

#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct ServeArguments {
    #[command(flatten)]
    pub(crate) spec: SpecArguments,

    /// Start only if the tools are those of this lock file, and say otherwise what differs
    #[arg(long, value_name = "LOCK", help_heading = "Documents")]
    pub(crate) locked: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) watching: WatchArguments,

    #[command(flatten)]
    pub(crate) listening: ListenArguments,

    #[command(flatten)]
    pub(crate) offer: OfferArguments,

    /// List tools in pages of this many. All are on one page otherwise: many clients never ask for a second
    #[arg(long, value_name = "N", help_heading = "Tools")]
    pub(crate) tools_per_page: Option<NonZeroUsize>,

    #[command(flatten)]
    pub(crate) backend: BackendArguments,
}

/// The most tokens of a result; none for no bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ResultTokens(pub(crate) Option<usize>);

/// What happens when the document changes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Documents")]
pub(crate) struct WatchArguments {
    /// Serve the document as it changes: its files, what it refers to and overlays are looked at twice a
    /// second, URLs at --poll-interval. A document that cannot be served leaves the tools as they were
    #[arg(long)]
    pub(crate) watch: bool,

    /// How often --watch asks for documents at URLs, by their tag or date where they have one; at least 5 s
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = poll_interval, requires = "watch")]
    pub(crate) poll_interval: Duration,
}

/// How tools are offered.
#[derive(Debug, Args)]
#[command(next_help_heading = "Tools")]
pub(crate) struct OfferArguments {
    /// How tools are offered
    #[arg(long, value_name = "MODE", value_enum, default_value_t = Offer::All)]
    pub(crate) tools: Offer,

    /// List tools whose operations a rule matches, written as for --include, beside those that search
    #[arg(long, value_name = "RULE")]
    pub(crate) pin: Vec<Rule>,

    /// Make the list of tools fit: shorten it like --compact, as strongly as needed, and where that is not
    /// enough offer the tools by search
    #[arg(long, value_name = "TOKENS")]
    pub(crate) budget: Option<NonZeroUsize>,

    /// Shorten results of more than this many tokens, and list a tool that reads the rest; 0 for no bound
    #[arg(long, value_name = "N", default_value = "10000", value_parser = result_tokens)]
    pub(crate) max_result_tokens: ResultTokens,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Server")]
pub(crate) struct ListenArguments {
    /// Where to listen: ADDRESS:PORT, or a port of 127.0.0.1; port 0 is any free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub(crate) listen: String,

    /// Speak MCP over standard input and output instead of HTTP
    #[arg(long, conflicts_with_all = ["listen", "allow_host", "allow_origin", "sessions", "max_calls_per_address"])]
    pub(crate) stdio: bool,

    /// Let in requests for this host, beside the loopback names; * for any
    #[arg(long, value_name = "HOST")]
    pub(crate) allow_host: Vec<String>,

    /// Let in requests of web pages of this origin, beside the loopback ones; * for any
    #[arg(long, value_name = "ORIGIN")]
    pub(crate) allow_origin: Vec<String>,

    /// Give clients of the revisions up to 2025-11-25 sessions, over which they are told of what --watch finds
    /// and can give up a request by its id. Clients of 2026-07-28 subscribe without one
    #[arg(long)]
    pub(crate) sessions: bool,

    /// Refuse a client's calls while as many from its address are in flight. Not behind a proxy: there all
    /// come from one address
    #[arg(long, value_name = "N")]
    pub(crate) max_calls_per_address: Option<NonZeroUsize>,
}

/// How the API is called.
#[derive(Debug, Args)]
#[command(next_help_heading = "Backend")]
pub(crate) struct BackendArguments {
    /// Send a header with every request to the one origin of the API. A value `env:TOKEN` or
    /// `Bearer env:TOKEN` is taken from the environment
    // Kept as text: an error of the parser would repeat a secret.
    #[arg(long, value_name = "NAME: VALUE")]
    pub(crate) header: Vec<String>,

    /// Take the credential of a security scheme of the document from somewhere: `env:VARIABLE`,
    /// `file:PATH`, `command:COMMAND`, or `argument` to let the caller give it
    // Kept as text: an error of the parser would repeat a secret.
    #[arg(long, value_name = "SCHEME=SOURCE")]
    pub(crate) credential: Vec<String>,

    /// Take credentials from this YAML or JSON file instead of `spandrel/credentials.yaml` in the user's
    /// configuration folder
    #[arg(long, value_name = "FILE")]
    pub(crate) credentials: Option<PathBuf>,

    /// Send the headers and credentials to this origin; needed where the tools call several, repeat it
    /// for more
    #[arg(long, visible_alias = "credential-origin", value_name = "ORIGIN", value_parser = UrlParser(header_origin::parse))]
    pub(crate) header_origin: Vec<BaseUrl>,

    /// Call operations without the credentials that they ask for where none is configured
    #[arg(long)]
    pub(crate) allow_anonymous: bool,

    /// Which redirects to follow; credentials never go along to another origin
    #[arg(long, value_name = "WHICH", value_enum, default_value_t = Redirects::SameOrigin)]
    pub(crate) redirects: Redirects,

    /// Call servers at any address, also those that only the document names: private, link-local
    #[arg(long)]
    pub(crate) allow_private: bool,

    /// Trust the authorities in this PEM file beside those of the system; repeat it for more
    #[arg(long, value_name = "FILE")]
    pub(crate) ca_certificate: Vec<PathBuf>,

    /// Let arguments come from this environment variable, where the document or an overlay says so
    /// (`x-spandrel`); repeat it for more
    #[arg(long, value_name = "VARIABLE")]
    pub(crate) allow_env: Vec<String>,

    /// Answer as the document says instead of calling the API
    #[arg(long)]
    pub(crate) mock: bool,

    /// How long a call may take as a whole: `30`, `0.5`, `30s`, `500ms` or `2m`
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    pub(crate) timeout: Duration,

    /// The largest answer of the API that is read
    #[arg(long, value_name = "BYTES", default_value = "10485760")]
    pub(crate) max_response_bytes: NonZeroUsize,
}

/// Which redirects of the API are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Redirects {
    /// Those within the API's origin
    SameOrigin,
    /// None: they are the answer
    None,
    /// Those to any origin that the operator named or that is public, without anything secret
    Any,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Offer {
    /// Every tool in the list
    All,
    /// Three tools, to search operations, describe them and call them
    Search,
    /// By search where there are more than 100 tools, or they are more than 20,000 tokens
    Auto,
}

/// The longest timeout: a day.
const LONGEST: Duration = Duration::from_hours(24);

/// The shortest time between two questions to a server for a document.
const SHORTEST_POLL: Duration = Duration::from_secs(5);

fn poll_interval(text: &str) -> Result<Duration, String> {
    let time = seconds(text)?;
    if time < SHORTEST_POLL { Err("the least is 5 s, to spare the server".to_owned()) } else { Ok(time) }
}

/// A time in seconds, or with one of the units ms, s and m.
pub(crate) fn seconds(text: &str) -> Result<Duration, String> {
    let units = [("ms", 0.001), ("s", 1.0), ("m", 60.0)];
    let unit = units.into_iter().find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, factor)));
    let (number, factor) = unit.unwrap_or((text, 1.0));
    let number: f64 =
        number.trim_end().parse().map_err(|_| "write seconds, such as 30, 0.5 or 500ms".to_owned())?;
    let time = Duration::try_from_secs_f64(number * factor).map_err(|_| "this is not a time".to_owned())?;
    match time {
        Duration::ZERO => Err("a call needs some time; write more than 0".to_owned()),
        time if time > LONGEST => Err("the most is a day".to_owned()),
        time => Ok(time),
    }
}

/// A number of tokens that a result may have: 1,000 or more, as what is left out has to be told, or 0.
pub(crate) fn result_tokens(text: &str) -> Result<ResultTokens, String> {
    match text.parse() {
        Ok(0) => Ok(ResultTokens(None)),
        Ok(tokens @ 1_000..) => Ok(ResultTokens(Some(tokens))),
        Ok(_) => Err("the least is 1000, as what is left out has to be told; 0 is no bound".to_owned()),
        Err(_) => Err("write a number of tokens, such as 10000, or 0 for no bound".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{ResultTokens, result_tokens, seconds};

    #[test]
    fn bounds_on_results() {
        let table = [
            ("0", Some(None)),
            ("1000", Some(Some(1_000))),
            ("10000", Some(Some(10_000))),
            ("999", None),
            ("-1", None),
            ("many", None),
        ];
        for (text, expected) in table {
            assert_eq!(result_tokens(text).ok(), expected.map(ResultTokens), "{text}");
        }
    }

    #[test]
    fn times() {
        let table = [
            ("60", Some(60_000)),
            ("0.5", Some(500)),
            ("500ms", Some(500)),
            ("30s", Some(30_000)),
            ("30 s", Some(30_000)),
            ("2m", Some(120_000)),
            ("0", None),
            ("0ms", None),
            ("-1", None),
            ("nan", None),
            ("inf", None),
            ("1e99", None),
            ("soon", None),
            ("", None),
        ];
        for (text, expected) in table {
            assert_eq!(seconds(text).ok(), expected.map(Duration::from_millis), "{text}");
        }
    }
}
