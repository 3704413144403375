//! One schema object to JSON Schema 2020-12.
//!
//! Keywords that JSON Schema 2020-12 does not know are left out; those that older dialects write
//! otherwise are rewritten; those that are not valid are left out with a diagnostic.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::discriminator::describe_mapping;
use super::meaning::describe_values;
use super::{Direction, SchemaCompiler};
use crate::diagnostic::Code;
use crate::location::{Location, SourceId};
use crate::model::SpecVersion;
use crate::prose;

/// Where a schema stands, kept as a chain so that no text is built unless it is needed.
#[derive(Clone, Copy)]
pub(super) enum Place<'p> {
    Root(&'p Location),
    Member(&'p Place<'p>, &'p str),
    Item(&'p Place<'p>, usize),
}

impl<'p> Place<'p> {
    pub(super) fn member(&'p self, name: &'p str) -> Self {
        Self::Member(self, name)
    }

    pub(super) fn item(&'p self, index: usize) -> Self {
        Self::Item(self, index)
    }

    pub(super) fn location(&self) -> Location {
        match self {
            Self::Root(location) => (*location).clone(),
            Self::Member(parent, name) => parent.location().child(name),
            Self::Item(parent, index) => parent.location().item(*index),
        }
    }

    fn source(&self) -> SourceId {
        match self {
            Self::Root(location) => location.source,
            Self::Member(parent, _) | Self::Item(parent, _) => parent.source(),
        }
    }
}

/// The reference of a schema that is nothing else: 2.0 and 3.0 ignore what stands beside `$ref`,
/// later versions do not. A description beside it is an annotation in every version.
pub(super) fn sole_reference(schema: &Value, version: SpecVersion) -> Option<&str> {
    let members = schema.as_object()?;
    let reference = members.get("$ref")?.as_str()?;
    let alone = || members.keys().all(|key| is_annotation(key));
    (version <= SpecVersion::V3_0 || alone()).then_some(reference)
}

fn is_annotation(key: &str) -> bool {
    matches!(
        key,
        "$ref" | "description" | "title" | "summary" | "example" | "examples" | "deprecated" | "$comment"
    ) || key.starts_with("x-")
}

/// Copies the annotations that a reference carries onto what it led to.
pub(super) fn describe(schema: &mut Value, reference: &Value) {
    let Value::Object(members) = schema else { return };
    if let Some(description) = reference
        .get("description")
        .and_then(Value::as_str)
        .map(|text| prose::plain(text, prose::SCHEMA_DESCRIPTION))
        && !description.is_empty()
    {
        members.insert("description".to_owned(), Value::String(description));
    }
    if reference.get("deprecated") == Some(&Value::Bool(true)) {
        members.insert("deprecated".to_owned(), Value::Bool(true));
    }
}

impl<'s> SchemaCompiler<'s> {
    /// Lowers the schema `value` that stands at `place`; the definitions that it refers to are
    /// added to `references`.
    pub(super) fn lower(
        &mut self,
        value: &Value,
        place: &Place<'_>,
        direction: Direction,
        references: &mut BTreeSet<usize>,
    ) -> Value {
        match value {
            // `true` and `{}` are equal, and some clients cannot read `true`.
            Value::Bool(true) => json!({}),
            Value::Bool(false) => json!({"not": {}}),
            Value::Object(members) => self.lower_object(members, place, direction, references),
            _ => {
                self.report(
                    Code::UnexpectedType,
                    place.location(),
                    "a schema must be an object; any value is accepted here",
                );
                json!({})
            }
        }
    }

    fn lower_object(
        &mut self,
        members: &Map<String, Value>,
        place: &Place<'_>,
        direction: Direction,
        references: &mut BTreeSet<usize>,
    ) -> Value {
        let mut lowered = Map::new();
        if let Some(target) = members.get("$ref").or_else(|| members.get("$dynamicRef")) {
            let target = self.lower_reference(target, place, direction, references);
            if self.version <= SpecVersion::V3_0 {
                let mut target = Value::Object(target);
                for (key, value) in members {
                    if is_annotation(key) && key != "$ref" {
                        describe(&mut target, &json!({ (key): value }));
                    }
                }
                return target;
            }
            lowered = target;
        }
        let mut scope =
            Scope { place, direction, references, hidden: self.hidden_properties(members, place, direction) };
        for (keyword, value) in members {
            self.lower_keyword(keyword, value, members, &mut lowered, &mut scope);
        }
        self.finish(members, lowered, place)
    }

    fn lower_reference(
        &mut self,
        reference: &Value,
        place: &Place<'_>,
        direction: Direction,
        references: &mut BTreeSet<usize>,
    ) -> Map<String, Value> {
        let Some(reference) = reference.as_str() else {
            self.report(
                Code::UnexpectedType,
                place.location(),
                "`$ref` must be a string; any value is accepted here",
            );
            return Map::new();
        };
        // The location is only needed for a reference that was not seen before.
        let known = self.definitions(direction).by_reference.get(&place.source());
        let index = match known.and_then(|known| known.get(reference)) {
            Some(&index) => index,
            None => self.definition_of(reference, &place.location(), direction),
        };
        let Some(index) = index else { return Map::new() };
        references.insert(index);
        let name = self
            .definitions(direction)
            .entries
            .get(index)
            .map(|entry| entry.name.clone())
            .unwrap_or_default();
        Map::from_iter([("$ref".to_owned(), Value::String(format!("#/$defs/{name}")))])
    }

    /// The properties that this direction does not carry, also those of inline `allOf` branches:
    /// `required` may stand in another branch than the property.
    fn hidden_properties(
        &mut self,
        members: &Map<String, Value>,
        place: &Place<'_>,
        direction: Direction,
    ) -> BTreeSet<String> {
        let mut found = Hidden { direction, names: BTreeSet::new(), seen: Vec::new() };
        self.collect_hidden(members, place.source(), &mut found);
        found.names
    }

    fn collect_hidden(&mut self, members: &Map<String, Value>, source: SourceId, found: &mut Hidden) {
        for (name, property) in members.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let own = Marks::of(property);
            let marks = match property.get("$ref").and_then(Value::as_str) {
                Some(reference) => own.with(self.marks_behind(reference, source)),
                None => own,
            };
            if marks.hide_from(found.direction) {
                found.names.insert(name.clone());
            }
        }
        // What stands beside a reference holds together with it since 3.1.
        if let Some(reference) = members.get("$ref").and_then(Value::as_str)
            && let Some((source, Value::Object(target))) = self.target(reference, source)
            && found.enters(target)
        {
            self.collect_hidden(target, source, found);
        }
        for branch in members.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            let branch = match branch.get("$ref").and_then(Value::as_str) {
                Some(reference) => self.target(reference, source),
                None => Some((source, branch)),
            };
            if let Some((source, Value::Object(branch))) = branch
                && found.enters(branch)
            {
                self.collect_hidden(branch, source, found);
            }
        }
    }

    /// The marks of the schema that `reference` leads to; asked once for each reference.
    fn marks_behind(&mut self, reference: &str, source: SourceId) -> Marks {
        if let Some(&marks) = self.marks.get(&source).and_then(|known| known.get(reference)) {
            return marks;
        }
        let marks = self.target(reference, source).map(|(_, target)| Marks::of(target)).unwrap_or_default();
        self.marks.entry(source).or_default().insert(reference.to_owned(), marks);
        marks
    }

    /// The schema that `reference`, standing in the document `source`, leads to, and its document.
    pub(super) fn target(&self, reference: &str, source: SourceId) -> Option<(SourceId, &'s Value)> {
        let base = Location { source, ..Location::default() };
        let set = self.set;
        let (location, value) =
            set.resolve(&base, reference).and_then(|location| set.follow(location)).ok()?;
        Some((location.source, value))
    }

    /// The schema that a reference at `place` leads to; any other schema is itself.
    pub(super) fn dereferenced<'v>(&self, schema: &'v Value, place: &Place<'_>) -> &'v Value
    where
        's: 'v,
    {
        let reference = schema.get("$ref").and_then(Value::as_str);
        reference
            .and_then(|reference| self.target(reference, place.source()))
            .map_or(schema, |(_, value)| value)
    }

    /// What depends on several keywords at once.
    fn finish(
        &mut self,
        members: &Map<String, Value>,
        mut lowered: Map<String, Value>,
        place: &Place<'_>,
    ) -> Value {
        if lowered.get("required").is_some_and(|required| required == &json!([])) {
            lowered.shift_remove("required");
        }
        describe_values(members, &mut lowered);
        describe_mapping(members, &mut lowered);
        if lowered.contains_key("description") {
            lowered.shift_remove("title");
        }
        // 2020-12 would read `items` of a tuple as the items behind it, and clients want an `items`.
        let is_array = lowered.get("type").and_then(Value::as_str) == Some("array");
        // Items that something describes are no longer unevaluated.
        let is_bare =
            !["items", "prefixItems", "unevaluatedItems"].iter().any(|key| lowered.contains_key(*key));
        if is_array && is_bare {
            lowered.insert("items".to_owned(), json!({}));
        }
        self.repair_enum(&mut lowered, place);
        let nullable =
            ["nullable", "x-nullable"].iter().any(|key| members.get(*key) == Some(&Value::Bool(true)));
        let lowered = unwrap_sole_all_of(lowered);
        if nullable { nullable_schema(lowered) } else { Value::Object(lowered) }
    }
}

/// The search for properties that a direction does not carry.
struct Hidden {
    direction: Direction,
    names: BTreeSet<String>,
    /// The branches that were entered: each says all it has to say the first time.
    seen: Vec<*const Map<String, Value>>,
}

impl Hidden {
    /// The most branches that are entered for one schema.
    const MOST_BRANCHES: usize = 100;

    fn enters(&mut self, branch: &Map<String, Value>) -> bool {
        let branch = std::ptr::from_ref(branch);
        let is_new = self.seen.len() < Self::MOST_BRANCHES && !self.seen.contains(&branch);
        if is_new {
            self.seen.push(branch);
        }
        is_new
    }
}

/// `readOnly` and `writeOnly` of a schema.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Marks {
    read_only: bool,
    write_only: bool,
}

impl Marks {
    fn of(schema: &Value) -> Self {
        let is_set = |mark: &str| schema.get(mark) == Some(&Value::Bool(true));
        Self { read_only: is_set("readOnly"), write_only: is_set("writeOnly") }
    }

    fn with(self, other: Self) -> Self {
        Self { read_only: self.read_only || other.read_only, write_only: self.write_only || other.write_only }
    }

    fn hide_from(self, direction: Direction) -> bool {
        match direction {
            Direction::Request => self.read_only,
            Direction::Response => self.write_only,
        }
    }
}

/// What lowering a keyword needs to know of its schema.
pub(super) struct Scope<'p, 'r> {
    pub(super) place: &'p Place<'p>,
    pub(super) direction: Direction,
    pub(super) references: &'r mut BTreeSet<usize>,
    pub(super) hidden: BTreeSet<String>,
}

/// `{"allOf": [X], annotations…}` is X with those annotations: documents write it because older
/// versions ignore what stands beside `$ref`.
fn unwrap_sole_all_of(mut lowered: Map<String, Value>) -> Map<String, Value> {
    let others_annotate = || {
        lowered.keys().all(|key| {
            matches!(key.as_str(), "allOf" | "description" | "title" | "default" | "deprecated" | "examples")
        })
    };
    let is_sole = matches!(lowered.get("allOf"), Some(Value::Array(branches)) if matches!(branches.as_slice(), [Value::Object(_)]));
    if !is_sole || !others_annotate() {
        return lowered;
    }
    let Some(Value::Array(mut branches)) = lowered.shift_remove("allOf") else { return lowered };
    let Some(Value::Object(mut only)) = branches.pop() else { return lowered };
    only.extend(lowered);
    only
}

/// The schema that accepts `null` beside what `lowered` accepts.
///
/// OpenAPI 3.0.3 gives `nullable` no meaning without `type`, and none against an `enum` without
/// `null`; authors mean it there too, so it is honoured everywhere.
fn nullable_schema(mut lowered: Map<String, Value>) -> Value {
    if let Some(Value::Array(values)) = lowered.get_mut("enum")
        && !values.contains(&Value::Null)
    {
        values.push(Value::Null);
    }
    let combines = ["$ref", "allOf", "anyOf", "oneOf", "not", "if", "const"]
        .iter()
        .any(|key| lowered.contains_key(*key));
    if !combines {
        let widened = match lowered.get("type") {
            Some(Value::String(name)) if name != "null" => Some(json!([name, "null"])),
            Some(Value::Array(names)) if !names.contains(&json!("null")) => {
                Some(Value::Array(names.iter().cloned().chain([json!("null")]).collect()))
            }
            _ => None,
        };
        if let Some(widened) = widened {
            lowered.insert("type".to_owned(), widened);
        }
        return Value::Object(lowered);
    }
    let mut outer = Map::new();
    for key in ["title", "description", "default", "deprecated"] {
        if let Some(value) = lowered.shift_remove(key) {
            outer.insert(key.to_owned(), value);
        }
    }
    outer.insert("anyOf".to_owned(), json!([Value::Object(lowered), {"type": "null"}]));
    Value::Object(outer)
}
