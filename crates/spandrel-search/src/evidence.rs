//! What is known of a tool, by where it stands.

use spandrel_plan::{ArgumentIn, Tool};

use crate::schema_words::SchemaWords;
use crate::words::words;

/// Words of a field that are read; what follows them tells operations apart no more.
const MAX_FIELD_WORDS: usize = 600;

/// Where a word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Field {
    /// The summary; the description's first sentence where there is none.
    Title,
    /// The operation's name.
    Name,
    /// The last segment of the path that is not a parameter.
    Resource,
    /// What stands before it.
    Ancestors,
    /// A tag.
    Tag,
    /// The description.
    Description,
    /// The name of an argument.
    Argument,
    /// What is said of an argument.
    ArgumentText,
    /// The name of a property of the result.
    Result,
    /// A value that an argument or a property can have.
    Value,
}

impl Field {
    /// How much a long field's words count less than those of a short one: 0 not at all, 1 in proportion.
    pub(crate) fn length_normalization(self) -> f32 {
        match self {
            Self::Title | Self::Name | Self::Resource => 0.5,
            Self::Ancestors | Self::Tag => 0.3,
            Self::Description | Self::Argument | Self::ArgumentText | Self::Result | Self::Value => 0.75,
        }
    }

    /// Whether its words say what the operation is about.
    pub(crate) fn is_heading(self) -> bool {
        matches!(self, Self::Title | Self::Resource)
    }
}

/// The words of a tool.
#[derive(Debug)]
pub(crate) struct Evidence {
    fields: Vec<(Field, Vec<String>)>,
}

impl Evidence {
    pub(crate) fn of(tool: &Tool) -> Self {
        let (title, description) = prose(tool);
        let (resource, ancestors) = path(&tool.operation.path);
        let schema = tool.validation_schema.as_ref().unwrap_or(&tool.input_schema);
        let input = SchemaWords::read(schema.as_str());
        let output = tool.output_schema.as_ref().map(|schema| SchemaWords::read(schema.as_str()));
        let output = output.unwrap_or_default();
        // A path's parameters are in the path already.
        let in_path = |name: &String| {
            tool.arguments
                .iter()
                .any(|argument| argument.place == ArgumentIn::Path && &argument.argument == name)
        };
        let name = tool.operation.operation_id.as_deref().unwrap_or(&tool.name);
        let fields = vec![
            (Field::Title, words(title)),
            (Field::Name, words(name)),
            (Field::Resource, resource),
            (Field::Ancestors, ancestors),
            (Field::Tag, tool.tags.iter().flat_map(|tag| words(tag)).collect()),
            (Field::Description, words(description)),
            (Field::Argument, all_words(input.names.iter().filter(|name| !in_path(name)))),
            (Field::ArgumentText, all_words(&input.texts)),
            (Field::Result, all_words(&output.names)),
            (Field::Value, all_words(input.values.iter().chain(&output.values))),
        ];
        Self { fields }
    }

    /// Each field with its words, as many as are read.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (Field, &[String])> {
        let bounded = |words: &'_ [String]| words.len().min(MAX_FIELD_WORDS);
        self.fields
            .iter()
            .map(move |(field, words)| (*field, words.get(..bounded(words)).unwrap_or_default()))
    }
}

fn all_words<'t>(texts: impl IntoIterator<Item = &'t String>) -> Vec<String> {
    texts.into_iter().flat_map(|text| words(text)).take(MAX_FIELD_WORDS).collect()
}

/// What heads the tool's prose, and the prose.
pub(crate) fn prose(tool: &Tool) -> (&str, &str) {
    let description = tool.description.as_deref().unwrap_or_default().trim();
    if let Some(title) = tool.title.as_deref().map(str::trim).filter(|title| !title.is_empty()) {
        return (title, description.strip_prefix(title).unwrap_or(description));
    }
    let sentence = description.split(['\n', '.']).next().unwrap_or_default();
    (sentence, description.strip_prefix(sentence).unwrap_or_default())
}

/// The words of the last segment that is not a parameter, and those of what stands before it.
fn path(path: &str) -> (Vec<String>, Vec<String>) {
    let mut segments: Vec<Vec<String>> = path
        .split(['/', '?', '.', ':'])
        .filter(|segment| !segment.is_empty())
        .map(|segment| words(&without_parameters(segment)))
        .filter(|words| !words.is_empty())
        .collect();
    let last = segments.pop().unwrap_or_default();
    (last, segments.concat())
}

/// A segment without `{parameters}`.
fn without_parameters(segment: &str) -> String {
    let mut depth = 0_usize;
    let keep = |character: &char| {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => return depth == 0,
        }
        false
    };
    segment.chars().filter(keep).collect()
}

/// What tells a tool's meaning to a model: what heads it, and its path.
pub(crate) fn passage(tool: &Tool) -> String {
    let (title, _) = prose(tool);
    format!("{title} {}", tool.operation.path)
}
