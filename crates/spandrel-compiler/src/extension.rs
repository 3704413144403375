//! What a document's author says of tools: the extensions that are in use for that.
//!
//! An extension on an operation counts before one on its path, and that before one of the document.
//! Of several on one object, the one that names its purpose alone (`x-mcp-name`) counts first, then
//! `x-spandrel`, `x-mcp`, `x-speakeasy-mcp` and `x-gram`.

mod settings;

use serde_json::{Map, Value};
use spandrel_openapi::{Code, Diagnostic, DocumentSet, Location, Operation, SourceId, prose};
use spandrel_plan::Annotations;

pub(crate) use self::settings::{ParameterRule, ParameterSetting, ParameterValue, Presented, Settings};
use crate::annotation;
use crate::tool_name::legal;

/// Extensions that are true where there is to be no tool.
const IGNORING: [&str; 3] = ["x-mcp-ignore", "x-mcp-exclude", "x-mcp-hidden"];
/// Extensions whose value is an object about the tool.
const DESCRIBING: [&str; 4] = [settings::NAME, "x-mcp", "x-speakeasy-mcp", "x-gram"];
/// The most path items that are looked at for one path.
const MOST_LAYERS: usize = 16;
const LONGEST_TITLE: usize = 80;
const LONGEST_DESCRIPTION: usize = 1_000;

/// What the author says of the tool of one operation; nothing where a field is empty.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Curation {
    /// Whether there is to be no tool.
    pub(crate) is_disabled: bool,
    pub(crate) name: Option<String>,
    pub(crate) title: Option<String>,
    pub(crate) description: Option<String>,
    /// What only `x-spandrel` says.
    pub(crate) settings: Settings,
    hints: Hints,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Hints {
    read_only: Option<bool>,
    destructive: Option<bool>,
    idempotent: Option<bool>,
    open_world: Option<bool>,
}

impl Curation {
    /// Reads what is said of `operation`. What cannot be used is left out with a finding.
    pub(crate) fn read(operation: &Operation, set: &DocumentSet, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let own = Level { members: &operation.extensions, location: operation.location.clone() };
        let mut reader = Reader { diagnostics };
        let mut curation = Self::default();
        let levels: Vec<Level<'_>> =
            [own].into_iter().chain(path_levels(operation, set)).chain(root_level(set)).collect();
        let enabled = levels.iter().find_map(|level| reader.enabled(level));
        curation.is_disabled = enabled == Some(false);
        for level in &levels {
            reader.hints(level, &mut curation.hints);
        }
        curation.settings = Settings::read(&levels, &mut reader);
        if let Some(own) = levels.first() {
            curation.name = reader.name(own);
            let title =
                reader.text(own, &["x-mcp-title"], &[("title", &DESCRIBING), ("summary", &["x-gram"])]);
            curation.title = title.map(|text| prose::plain(&text, LONGEST_TITLE));
            let description = reader.text(own, &["x-mcp-description"], &[("description", &DESCRIBING)]);
            curation.description = description.map(|text| prose::plain(&text, LONGEST_DESCRIPTION));
        }
        curation
    }

    /// The hints of the method, but for those that the author gives. What changes nothing destroys
    /// nothing, unless it is said.
    pub(crate) fn hints_of(&self, operation: &Operation) -> Annotations {
        let of_method = annotation::from_method(&operation.method);
        let Hints { read_only, destructive, idempotent, open_world } = self.hints;
        let is_harmless = read_only == Some(true) && destructive.is_none();
        Annotations {
            read_only: read_only.unwrap_or(of_method.read_only),
            destructive: destructive.unwrap_or(of_method.destructive && !is_harmless),
            idempotent: idempotent.unwrap_or(of_method.idempotent),
            open_world: open_world.unwrap_or(of_method.open_world),
        }
    }
}

/// An object of the document with its extensions.
struct Level<'d> {
    members: &'d Map<String, Value>,
    location: Location,
}

/// The path item, and those that its references lead to: what an outer one says counts.
fn path_levels<'d>(operation: &Operation, set: &'d DocumentSet) -> Vec<Level<'d>> {
    let root = Location { source: operation.path_location.source, ..Location::default() };
    let mut next = Some(root.child("paths").child(&operation.path));
    let mut levels = Vec::new();
    while let Some(location) = next.take().filter(|_| levels.len() < MOST_LAYERS) {
        let Some(members) = set.get(&location).and_then(Value::as_object) else { break };
        let reference = members.get("$ref").and_then(Value::as_str);
        next = reference.and_then(|reference| set.resolve(&location, reference).ok());
        levels.push(Level { members, location });
    }
    levels
}

fn root_level(set: &DocumentSet) -> Option<Level<'_>> {
    let location = Location { source: SourceId::ROOT, ..Location::default() };
    Some(Level { members: set.root().as_object()?, location })
}

struct Reader<'f> {
    diagnostics: &'f mut Vec<Diagnostic>,
}

impl Reader<'_> {
    /// Whether there is to be a tool, where something is said of that.
    fn enabled(&mut self, level: &Level<'_>) -> Option<bool> {
        let ignoring = IGNORING.iter().find_map(|name| self.flag(level.members.get(*name)?, level, name));
        if let Some(is_ignored) = ignoring {
            return Some(!is_ignored);
        }
        DESCRIBING.iter().find_map(|name| match level.members.get(*name)? {
            Value::Bool(enabled) => Some(*enabled),
            Value::Object(members) => {
                let enabled = members.get("enabled").and_then(|value| self.flag(value, level, name));
                let mut disabled = || members.get("disabled").and_then(|value| self.flag(value, level, name));
                enabled.or_else(|| disabled().map(|disabled| !disabled))
            }
            _ => {
                self.report(level, name, "must be a boolean or an object");
                None
            }
        })
    }

    fn name(&mut self, level: &Level<'_>) -> Option<String> {
        let name = self.text(level, &["x-mcp-tool-name", "x-mcp-name"], &[("name", &DESCRIBING)])?;
        let written = legal(&name);
        if written.is_empty() {
            let message = format!("`{}` cannot be a tool's name", prose::excerpt(&name, 80));
            self.push(level.location.clone(), message, "use letters, digits, `_` and `-`");
            return None;
        }
        if written != name {
            let message = format!("`{}` cannot be a tool's name; `{written}` is", prose::excerpt(&name, 80));
            self.push(level.location.clone(), message, "use letters, digits, `_` and `-`");
        }
        Some(written)
    }

    /// The first text of the extensions `alone`, then of the members of describing extensions.
    fn text(&mut self, level: &Level<'_>, alone: &[&str], members: &[(&str, &[&str])]) -> Option<String> {
        let alone = alone.iter().filter_map(|name| Some((*name, level.members.get(*name)?)));
        let described = members.iter().flat_map(|(member, extensions)| {
            extensions.iter().filter_map(|name| Some((*name, level.members.get(*name)?.get(*member)?)))
        });
        for (name, value) in alone.chain(described) {
            match value {
                Value::String(text) if text.trim().is_empty() => {}
                Value::String(text) => return Some(text.trim().to_owned()),
                _ => self.report(level, name, "has a member that must be a string"),
            }
        }
        None
    }

    /// Fills in what `level` says and no nearer one did.
    fn hints(&mut self, level: &Level<'_>, hints: &mut Hints) {
        let fields = [
            ("readOnlyHint", &mut hints.read_only),
            ("destructiveHint", &mut hints.destructive),
            ("idempotentHint", &mut hints.idempotent),
            ("openWorldHint", &mut hints.open_world),
        ];
        for (hint, field) in fields {
            if field.is_none() {
                *field = self.hint(level, hint);
            }
        }
    }

    fn hint(&mut self, level: &Level<'_>, hint: &str) -> Option<bool> {
        let own = level.members.get("x-mcp-annotations").and_then(|members| members.get(hint));
        if let Some(found) = own.and_then(|value| self.flag(value, level, "x-mcp-annotations")) {
            return Some(found);
        }
        DESCRIBING.iter().find_map(|name| {
            let members = level.members.get(*name)?;
            let listed = members.get("annotations").and_then(|annotations| annotations.get(hint));
            self.flag(listed.or_else(|| members.get(hint))?, level, name)
        })
    }

    fn flag(&mut self, value: &Value, level: &Level<'_>, name: &str) -> Option<bool> {
        if value.as_bool().is_none() {
            self.report(level, name, "must be, or hold, a boolean");
        }
        value.as_bool()
    }

    fn reject(&mut self, location: &Location, name: &str, why: &str) {
        let message = format!("`{}` {why}; it was left out", prose::excerpt(name, 80));
        self.push(location.clone(), message, "see the page on extensions");
    }

    fn report(&mut self, level: &Level<'_>, name: &str, expected: &str) {
        let message = format!("`{name}` {expected}; it was left out");
        self.push(level.location.child(name), message, "see the page on extensions");
    }

    fn push(&mut self, location: Location, message: String, help: &str) {
        self.diagnostics.push(Diagnostic::new(Code::ExtensionInvalid, location, message).with_help(help));
    }
}
