//! What the operator chooses.

use http::HeaderName;
use indexmap::IndexMap;
use spandrel_plan::BaseUrl;

use crate::compact::Compaction;
use crate::profile::Profile;
use crate::selection::{Rule, Selection};

/// How a tool's arguments are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ArgumentLayout {
    /// Parameters and the properties of an object body side by side.
    #[default]
    Flat,
    /// One object for each of path, query, header, cookie and body.
    Grouped,
}

/// What the operator chooses for a compilation. The default compiles every operation.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Which operations become tools.
    pub selection: Selection,
    /// Operations whose calls a person has to agree to: those that one of the rules matches, also where
    /// their document says `never`, beside those whose document asks for it.
    pub confirm: Vec<Rule>,
    /// Takes the place of every server of the document.
    pub base_url: Option<BaseUrl>,
    /// Which of several servers is called: by its name (3.2), its description, its URL as written, or
    /// its number, from 1. An operation that has no such server is not called at all.
    pub server: Option<String>,
    /// Values for server variables, by name.
    pub server_variables: IndexMap<String, String>,
    /// Whether a file argument may also name a file by its path: whoever calls must then read it, as
    /// the runtime's `LocalFiles` does.
    pub file_paths: bool,
    /// How arguments are laid out.
    pub arguments: ArgumentLayout,
    /// The clients that the tools are made for.
    pub profile: Profile,
    /// How much shorter tools are than the document has them.
    pub compaction: Compaction,
    /// The most characters of a tool's name; none for what the profile takes.
    pub name_limit: Option<usize>,
    /// Whether a model may name the members of a JSON result that it wants, by one more argument of each tool.
    pub result_fields: bool,
    /// Whether tools are listed without a schema of their results.
    pub omit_output_schemas: bool,
    /// Headers that the operator sends with every request: parameters of these names are no
    /// arguments.
    pub supplied_headers: Vec<HeaderName>,
    /// Security schemes whose API keys the caller gives: parameters that carry them stay arguments.
    /// Any other scheme's parameter is no argument of an operation that asks for the scheme.
    pub credential_arguments: Vec<String>,
    /// The bytes that all tools together may take, about; none for 256 million. Beyond it, and again
    /// beyond two and three times as much, each tool keeps less of its schemas.
    pub catalog_bytes: Option<usize>,
}
