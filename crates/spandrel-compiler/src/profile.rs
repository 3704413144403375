//! What the clients of one provider take: names, argument keys and schemas.
//!
//! A profile changes only how a tool is shown. Arguments are held to the document's own schema, so
//! nothing that a rewriting had to leave out is lost.

mod form;
mod gemini;
mod merge;
mod openai;
mod strict;
mod written;

use std::fmt;
use std::str::FromStr;

use serde_json::Value;
use spandrel_openapi::{Code, Diagnostic, Location};
use spandrel_plan::{JsonText, Tool, WrittenArguments};
use thiserror::Error;

use crate::tool_name;

/// The clients that tools are made for. Each takes another part of what MCP and JSON Schema allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Profile {
    /// Names, keys and roots that every client takes; below that, JSON Schema 2020-12.
    #[default]
    Default,
    /// Claude.
    Claude,
    /// `OpenAI`, without strict mode.
    OpenAi,
    /// `OpenAI` with strict mode ("structured outputs").
    OpenAiStrict,
    /// Gemini: a subset of the Schema Object of `OpenAPI` 3.0.
    Gemini,
    /// Cursor: short names, and few tools.
    Cursor,
}

/// There is no profile of that name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("there is no profile `{0}`: write default, claude, openai, openai-strict, gemini or cursor")]
pub struct UnknownProfile(String);

/// A schema as it is advertised.
struct Rewritten {
    schema: Value,
    written: WrittenArguments,
}

impl Profile {
    /// Every profile.
    pub const ALL: [Self; 6] =
        [Self::Default, Self::Claude, Self::OpenAi, Self::OpenAiStrict, Self::Gemini, Self::Cursor];

    /// Its name, as it is written on a command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Claude => "claude",
            Self::OpenAi => "openai",
            Self::OpenAiStrict => "openai-strict",
            Self::Gemini => "gemini",
            Self::Cursor => "cursor",
        }
    }

    /// The most characters of a tool's name. Cursor takes 60 for the names of server and tool
    /// together.
    pub(crate) const fn name_limit(self) -> usize {
        match self {
            Self::Cursor => 50,
            _ => tool_name::LONGEST,
        }
    }

    /// Whether a tool's name must begin with a letter or `_`.
    pub(crate) const fn wants_initial_letter(self) -> bool {
        matches!(self, Self::Gemini)
    }

    /// Whether a key of the arguments may have dots.
    pub(crate) const fn allows_dots_in_keys(self) -> bool {
        !matches!(self, Self::OpenAi | Self::OpenAiStrict)
    }

    /// The most tools that are offered to a model, where the rest is left out without a word.
    const fn most_tools(self) -> Option<usize> {
        match self {
            Self::Cursor => Some(80),
            _ => None,
        }
    }

    /// Whether clients take `examples` in the schema of the arguments.
    pub(crate) const fn takes_examples(self) -> bool {
        !matches!(self, Self::OpenAiStrict | Self::Gemini)
    }

    /// Whether schemas are advertised otherwise than the document has them.
    pub(crate) const fn rewrites(self) -> bool {
        !matches!(self, Self::Default | Self::Claude | Self::Cursor)
    }

    /// `schema` as clients take it; none where it is advertised as it is.
    ///
    /// # Errors
    /// When the profile has no room for it: why, for a person.
    fn rewrite(self, schema: &Value) -> Result<Option<Rewritten>, String> {
        match self {
            Self::Default | Self::Claude | Self::Cursor => Ok(None),
            Self::OpenAi => {
                let schema = openai::explicit(schema.clone());
                Ok(Some(Rewritten { schema, written: WrittenArguments::default() }))
            }
            Self::OpenAiStrict => strict::rewrite(schema).map(Some),
            Self::Gemini => Ok(Some(gemini::rewrite(schema))),
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Profile {
    type Err = UnknownProfile;

    fn from_str(text: &str) -> Result<Self, UnknownProfile> {
        let named = Self::ALL.into_iter().find(|profile| profile.as_str() == text);
        named.ok_or_else(|| UnknownProfile(text.to_owned()))
    }
}

/// Shows `tool` as the clients of `profile` take it. A finding where that cannot be done; the tool
/// then stays as it is.
pub(crate) fn apply(profile: Profile, tool: &mut Tool, location: &Location) -> Option<Diagnostic> {
    if !profile.rewrites() {
        return None;
    }
    match profile.rewrite(&tool.input_schema.to_value()) {
        Ok(None) => None,
        Ok(Some(rewritten)) => {
            let advertised = JsonText::from_value(&rewritten.schema);
            if advertised != tool.input_schema {
                tool.validation_schema = Some(std::mem::replace(&mut tool.input_schema, advertised));
            }
            tool.plan.written = Some(rewritten.written).filter(|written| !written.is_empty());
            None
        }
        Err(reason) => {
            let message = format!("`{}` cannot be shown as the profile {profile} asks: {reason}", tool.name);
            let help = "choose another profile, or leave the operation out";
            Some(Diagnostic::new(Code::ProfileNotMet, location.clone(), message).with_help(help))
        }
    }
}

/// A finding where there are more `tools` than the clients of `profile` offer to a model.
pub(crate) fn too_many(profile: Profile, tools: usize) -> Option<Diagnostic> {
    let most = profile.most_tools().filter(|&most| tools > most)?;
    let message =
        format!("there are {tools} tools; clients of the profile {profile} offer {most} to a model");
    let help = "choose operations with --include and --exclude";
    Some(Diagnostic::new(Code::TooManyTools, Location::default(), message).with_help(help))
}

#[cfg(test)]
mod tests;
