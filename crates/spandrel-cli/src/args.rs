//! What was typed.

mod call;
mod check;
mod compile;
mod diff;
mod inspect;
mod new;
mod overlay;
mod search;
mod search_model;
mod selftest;
pub(crate) mod serve;
pub(crate) mod spec;
mod url;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

pub(crate) use self::call::{CallArguments, CallFormat};
pub(crate) use self::check::{CheckArguments, CheckFormat};
pub(crate) use self::compile::{CompileArguments, CompileFormat};
pub(crate) use self::diff::{DiffArguments, DiffFormat};
pub(crate) use self::inspect::{InspectArguments, InspectFormat};
pub(crate) use self::new::NewArguments;
pub(crate) use self::overlay::{OverlayArguments, OverlayCommand};
pub(crate) use self::search::{SearchArguments, SearchFormat};
pub(crate) use self::search_model::SearchModelArguments;
pub(crate) use self::selftest::{SelfTestArguments, SelfTestFormat};
pub(crate) use self::serve::ServeArguments;
pub(crate) use self::spec::SpecArguments;

const AFTER_HELP: &str = "\
Examples:
  spandrel serve openapi.yaml          Serve every operation as an MCP tool
  spandrel inspect openapi.yaml        See the tools and what they cost
  spandrel search openapi.yaml refund  Find tools by what they are for
  spandrel check openapi.yaml          See what is wrong with the document
  spandrel diff old.yaml new.yaml      See what a model would notice

Exit codes:
  0  all went well
  1  check or diff found something, or a call failed, as a self-test's may
  2  the command cannot be carried out: wrong usage, a document that cannot be read";

/// Serves the operations of an OpenAPI document as MCP tools.
#[derive(Debug, Parser)]
#[command(name = "spandrel", version, after_help = AFTER_HELP, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: GlobalArguments,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the operations of a document over MCP
    Serve(Box<ServeArguments>),
    /// Call one tool and print what it answers
    Call(Box<CallArguments>),
    /// Show the tools of a document, or one tool in full
    Inspect(Box<InspectArguments>),
    /// Find the tools that a request in plain words asks for
    Search(Box<SearchArguments>),
    /// Report what is wrong with a document
    Check(Box<CheckArguments>),
    /// Call every tool of a document against a mock that judges the requests
    #[command(name = "selftest")]
    SelfTest(Box<SelfTestArguments>),
    /// Print the tools of a document as JSON
    Compile(Box<CompileArguments>),
    /// Show what a model would notice between two documents or lock files
    Diff(Box<DiffArguments>),
    /// Write a Cargo project for a bridge of your own
    New(Box<NewArguments>),
    /// Start an overlay for a document, or see what overlays make of it
    Overlay(Box<OverlayArguments>),
}

/// What every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct GlobalArguments {
    /// Log more; repeat for still more
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,

    /// Print errors and results only
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,

    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,

    /// How to write the log, which goes to standard error; `RUST_LOG` chooses what is in it
    #[arg(long, global = true, value_name = "FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub(crate) log_format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Color {
    /// Makes it the choice of every stream.
    pub(crate) fn write_global(self) {
        let choice = match self {
            Self::Auto => anstream::ColorChoice::Auto,
            Self::Always => anstream::ColorChoice::Always,
            Self::Never => anstream::ColorChoice::Never,
        };
        choice.write_global();
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// Lines for people
    Text,
    /// One JSON object a line
    Json,
}
