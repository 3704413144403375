//! The document and how its operations become tools.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use spandrel::{BaseUrl, Compaction, Profile, Rule};

use super::url::UrlParser;

/// What every command takes that reads a document.
#[derive(Debug, Args)]
pub(crate) struct SpecArguments {
    /// The OpenAPI document: a file, a URL, or - for standard input
    #[arg(value_name = "SPEC")]
    pub(crate) spec: String,

    #[command(flatten)]
    pub(crate) tools: ToolArguments,
}

/// How operations become tools.
#[derive(Debug, Args)]
#[command(next_help_heading = "Tools")]
#[allow(clippy::struct_excessive_bools, reason = "flags of the command, each on its own")]
pub(crate) struct ToolArguments {
    /// Make tools only of operations that a rule matches: `tag:pets`, `method:GET`, `path:/pets/**`,
    /// `operation:list*`; with `~` instead of `:` a regular expression, `path~^/v[12]/`; `deprecated`,
    /// `read-only`, `destructive`, `idempotent`, `open-world`
    #[arg(long, value_name = "RULE")]
    pub(crate) include: Vec<Rule>,

    /// Leave out operations that a rule matches, whatever --include says
    #[arg(long, value_name = "RULE")]
    pub(crate) exclude: Vec<Rule>,

    /// Leave out operations that may change something, whatever --include says
    #[arg(long)]
    pub(crate) read_only: bool,

    /// Have a person asked before operations are called that a rule matches, written as for --include:
    /// `destructive`. Their first call sends nothing and answers with a token, which the second gives back
    #[arg(long, value_name = "RULE")]
    pub(crate) confirm: Vec<Rule>,

    /// Make tools for the clients of one provider: default, claude, openai, openai-strict, gemini or
    /// cursor
    #[arg(long, value_name = "CLIENTS", default_value_t)]
    pub(crate) profile: Profile,

    /// Describe tools in fewer tokens, without change of what they accept: moderate, strong or strongest
    #[arg(
        long, value_name = "LEVEL", num_args = 0..=1, require_equals = true, default_value_t,
        default_missing_value = "moderate", hide_default_value = true
    )]
    pub(crate) compact: Compaction,

    /// How a tool's arguments are laid out
    #[arg(long, value_name = "LAYOUT", value_enum, default_value_t = Layout::Flat)]
    pub(crate) arguments: Layout,

    /// The most characters of a tool's name, from 16 to 64
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(16..=64))]
    pub(crate) name_limit: Option<u8>,

    /// Let models name the members of a JSON result that they want, by one more argument of each tool,
    /// `result_fields`
    #[arg(long)]
    pub(crate) result_fields: bool,

    /// List tools without schemas of their results
    #[arg(long)]
    pub(crate) no_output_schemas: bool,

    /// Call this server instead of the document's
    #[arg(long, value_name = "URL", value_parser = UrlParser(BaseUrl::parse), help_heading = "Backend")]
    pub(crate) base_url: Option<BaseUrl>,

    /// Call this one of the document's servers: by its name, description, URL or number, from 1
    #[arg(long, value_name = "SERVER", conflicts_with = "base_url", help_heading = "Backend")]
    pub(crate) server: Option<String>,

    /// Choose the value of a variable in the document's server URLs
    #[arg(long, visible_alias = "server-variable", value_name = "NAME=VALUE", value_parser = name_and_value, help_heading = "Backend")]
    pub(crate) server_var: Vec<(String, String)>,

    /// Let file arguments name files in this folder, `{"path": "a.png"}`, which are then read from there
    #[arg(long, value_name = "FOLDER", help_heading = "Backend")]
    pub(crate) allow_files: Option<PathBuf>,

    /// Change the document by an OpenAPI Overlay (1.0 or 1.1) before anything else: a file or a URL.
    /// Several are applied in their order
    #[arg(long, value_name = "OVERLAY", help_heading = "Documents")]
    pub(crate) overlay: Vec<String>,

    /// Fetch documents that references name from other servers, if their address is public
    #[arg(long, help_heading = "Documents")]
    pub(crate) allow_remote_refs: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Layout {
    /// Parameters and the properties of the body side by side. The body stays one argument, `body`,
    /// where it is no plain object: an array, alternatives at its root, several media types
    Flat,
    /// One object for each of path, query, header, cookie and body
    Grouped,
}

fn name_and_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("write NAME=VALUE".to_owned()),
    }
}
