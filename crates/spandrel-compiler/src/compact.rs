//! Tools in fewer tokens, without change of meaning: a compacted schema accepts exactly what the plain one
//! does, and prose loses what a model can do without.
//!
//! | | |
//! |---|---|
//! | [`prose`] | descriptions end with a sentence, within a budget; what only repeats a name goes |
//! | [`keywords`] | keywords that say nothing go |
//! | [`definitions`] | what is used once stands where it is used; what is repeated stands once |

mod definitions;
mod keywords;
mod prose;
mod subschemas;

use std::fmt;
use std::str::FromStr;

use serde_json::Value;
use spandrel_plan::{JsonText, Tool};
use thiserror::Error;

use crate::profile::Profile;

/// The longest schema whose repetitions are looked for, in bytes: beyond it that takes longer than a
/// server should take to start.
const LONGEST_SHARED: usize = 200_000;

/// How tools are shortened. Each level accepts the same arguments; a higher one says less about them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[non_exhaustive]
pub enum Compaction {
    /// Not at all.
    #[default]
    None,
    /// Long descriptions end earlier; what says nothing goes.
    Moderate,
    /// Descriptions are a sentence or so; examples and defaults go.
    Strong,
    /// Tools are described in a few words, and only those arguments whose names and types say little.
    Strongest,
}

/// There is no such level.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("there is no compaction `{0}`: write none, moderate, strong or strongest")]
pub struct UnknownCompaction(String);

impl Compaction {
    /// The levels, in rising strength.
    pub const ALL: [Self; 4] = [Self::None, Self::Moderate, Self::Strong, Self::Strongest];

    /// Its name, as it is written on a command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Moderate => "moderate",
            Self::Strong => "strong",
            Self::Strongest => "strongest",
        }
    }

    /// What prose it leaves.
    const fn bounds(self) -> Option<Bounds> {
        match self {
            Self::None => None,
            Self::Moderate => Some(Bounds { tool: 240, argument: 100, nested: 60, keeps_data: true }),
            Self::Strong => Some(Bounds { tool: 160, argument: 80, nested: 40, keeps_data: false }),
            Self::Strongest => Some(Bounds { tool: 80, argument: 30, nested: 0, keeps_data: false }),
        }
    }
}

impl fmt::Display for Compaction {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Compaction {
    type Err = UnknownCompaction;

    fn from_str(text: &str) -> Result<Self, UnknownCompaction> {
        let named = Self::ALL.into_iter().find(|level| level.as_str() == text);
        named.ok_or_else(|| UnknownCompaction(text.to_owned()))
    }
}

/// What annotations are kept.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    /// The most characters of a tool's description.
    tool: usize,
    /// Of an argument's.
    argument: usize,
    /// Of what is inside an argument; 0 for none.
    nested: usize,
    /// Whether examples and defaults are kept where they say something.
    keeps_data: bool,
}

/// Shortens `tool`. Schemas that were rewritten for the clients of a profile keep their form, and lose prose
/// only.
pub(crate) fn apply(compaction: Compaction, profile: Profile, tool: &mut Tool) {
    let Some(bounds) = compaction.bounds() else { return };
    if let Some(description) = &mut tool.description {
        *description = prose::shortened(description, bounds.tool);
    }
    let plain = tool.input_schema.as_str().len();
    let schema = compacted(tool.input_schema.to_value(), bounds, !profile.rewrites());
    let text = JsonText::from_value(&schema);
    if text.as_str().len() < plain {
        tool.input_schema = text;
    }
}

/// The schema with less prose, and in another form where that is shorter and `may_restructure`.
fn compacted(mut schema: Value, bounds: Bounds, may_restructure: bool) -> Value {
    prose::prune(&mut schema, bounds);
    if may_restructure {
        keywords::prune(&mut schema);
        if definitions::may_move(&schema) {
            definitions::inline(&mut schema);
            if schema.to_string().len() <= LONGEST_SHARED && definitions::share(&mut schema) {
                definitions::inline(&mut schema);
            }
        }
    }
    schema
}

#[cfg(test)]
mod tests;
