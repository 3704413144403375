//! Definitions: what is used once stands where it is used, and what is repeated stands once.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::subschemas;

const PREFIX: &str = "#/$defs/";
/// Keywords by which a schema is known from elsewhere: moving it would change what they name.
const IDENTIFYING: [&str; 7] =
    ["$id", "$anchor", "$dynamicAnchor", "$dynamicRef", "$recursiveRef", "definitions", "x-mcp-header"];
/// A shorter schema is not worth a definition, in bytes.
const SHORTEST_SHARED: usize = 80;
/// What a definition takes beside its schema, in bytes: its name twice.
const DEFINITION_BYTES: usize = 24;

/// Whether every reference names a definition of the root, so that schemas can be moved.
pub(super) fn may_move(schema: &Value) -> bool {
    let is_moveable = |members: &Map<String, Value>| {
        let reference = members.get("$ref");
        reference.is_none_or(|value| name_of(value).is_some())
            && !IDENTIFYING.iter().any(|keyword| members.contains_key(*keyword))
    };
    let has_inner_definitions = |schema: &Value| {
        let Value::Object(members) = schema else { return false };
        let mut found = false;
        subschemas::each(members, &mut |inner| {
            found = found || subschemas::any(inner, &|members| members.contains_key("$defs"));
        });
        found
    };
    !subschemas::any(schema, &|members| !is_moveable(members)) && !has_inner_definitions(schema)
}

/// The definition that a `$ref` names.
fn name_of(reference: &Value) -> Option<&str> {
    let name = reference.as_str()?.strip_prefix(PREFIX)?;
    (!name.contains(['/', '~', '%'])).then_some(name)
}

/// Puts definitions where they are used: those used once, and those no longer than a reference.
pub(super) fn inline(schema: &mut Value) {
    let Some(Value::Object(definitions)) = schema.get("$defs") else { return };
    let mut uses = BTreeMap::new();
    count_uses(schema, &mut uses);
    let is_short = |name: &str, definition: &Value| {
        let reference = json!({"$ref": format!("{PREFIX}{name}")}).to_string();
        definition.to_string().len() <= reference.len()
            && !subschemas::any(definition, &|members| members.contains_key("$ref"))
    };
    let chosen = |name: &str, definition: &Value| {
        let uses = uses.get(name);
        definition.is_object()
            && uses.is_some_and(|uses| !uses.decides && (uses.count == 1 || is_short(name, definition)))
    };
    let moved: Map<String, Value> = definitions
        .iter()
        .filter(|(name, definition)| chosen(name, definition))
        .map(|(name, definition)| (name.clone(), definition.clone()))
        .collect();
    let unused: BTreeSet<String> =
        definitions.keys().filter(|name| !uses.contains_key(name.as_str())).cloned().collect();
    if let Some(Value::Object(definitions)) = schema.get_mut("$defs") {
        definitions.retain(|name, _| !moved.contains_key(name) && !unused.contains(name));
    }
    expand(schema, &moved);
    if let Value::Object(members) = schema
        && members.get("$defs").and_then(Value::as_object).is_some_and(Map::is_empty)
    {
        members.shift_remove("$defs");
    }
}

#[derive(Default)]
struct Uses {
    count: usize,
    /// Whether something beside a reference decides, too.
    decides: bool,
}

fn count_uses<'s>(schema: &'s Value, uses: &mut BTreeMap<&'s str, Uses>) {
    let Value::Object(members) = schema else { return };
    if let Some(name) = members.get("$ref").and_then(name_of) {
        let entry = uses.entry(name).or_default();
        entry.count += 1;
        entry.decides |=
            members.keys().any(|keyword| keyword != "$ref" && !subschemas::is_annotation(keyword));
    }
    subschemas::each(members, &mut |inner| count_uses(inner, uses));
}

/// Replaces the references to `moved` by what they name; annotations beside a reference stay.
fn expand(schema: &mut Value, moved: &Map<String, Value>) {
    let Value::Object(members) = schema else { return };
    let named = members.get("$ref").and_then(name_of).and_then(|name| moved.get(name)).cloned();
    if let Some(Value::Object(definition)) = named {
        members.shift_remove("$ref");
        let own = std::mem::replace(members, definition);
        members.extend(own);
        // What was moved may refer to what is moved, but never to itself: it would be used twice.
        expand(schema, moved);
        return;
    }
    subschemas::each_mut(members, &mut |_, inner| expand(inner, moved));
}

/// Puts schemas that are repeated into definitions where that is shorter. Tells whether there were any.
pub(super) fn share(schema: &mut Value) -> bool {
    let mut counts = BTreeMap::new();
    count_texts(schema, 0, &mut counts);
    let is_worth = |text: &str, count: usize| {
        let reference = PREFIX.len() + DEFINITION_BYTES;
        count > 1 && text.len() * (count - 1) > reference * (count + 1)
    };
    let repeated: BTreeSet<String> =
        counts.into_iter().filter(|(text, count)| is_worth(text, *count)).map(|(text, _)| text).collect();
    if repeated.is_empty() {
        return false;
    }
    let taken = schema.get("$defs").and_then(Value::as_object).cloned().unwrap_or_default();
    let mut shared = Shared { repeated, names: BTreeMap::new(), definitions: Map::new(), taken };
    shared.replace_inside(schema);
    if let Value::Object(members) = schema {
        let definitions = members.entry("$defs").or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(definitions) = definitions {
            definitions.extend(shared.definitions);
        }
    }
    true
}

/// How often each schema stands somewhere, by its text. The root and the arguments themselves are left
/// out: clients look at them.
fn count_texts(schema: &Value, depth: usize, counts: &mut BTreeMap<String, usize>) {
    let Value::Object(members) = schema else { return };
    if depth > 1 {
        let text = schema.to_string();
        if text.len() < SHORTEST_SHARED {
            return;
        }
        *counts.entry(text).or_default() += 1;
    }
    subschemas::each(members, &mut |inner| count_texts(inner, depth + 1, counts));
}

struct Shared {
    repeated: BTreeSet<String>,
    names: BTreeMap<String, String>,
    definitions: Map<String, Value>,
    taken: Map<String, Value>,
}

impl Shared {
    fn replace_inside(&mut self, root: &mut Value) {
        let Value::Object(members) = root else { return };
        subschemas::each_mut(members, &mut |_, argument| {
            if let Value::Object(members) = argument {
                subschemas::each_mut(members, &mut |name, inner| self.replace(name, inner));
            }
        });
    }

    fn replace(&mut self, name: Option<&str>, schema: &mut Value) {
        let Value::Object(members) = &*schema else { return };
        // A reference is short, and what stands beside it belongs to its place.
        let text = if members.contains_key("$ref") { String::new() } else { schema.to_string() };
        if !self.repeated.contains(&text) {
            if let Value::Object(members) = schema {
                subschemas::each_mut(members, &mut |name, inner| self.replace(name, inner));
            }
            return;
        }
        let known = self.names.get(&text).cloned();
        let definition = known.unwrap_or_else(|| {
            let chosen = self.free_name(name);
            self.names.insert(text, chosen.clone());
            // Reserved before what is inside asks for names.
            self.definitions.insert(chosen.clone(), Value::Null);
            let mut body = schema.clone();
            if let Value::Object(members) = &mut body {
                subschemas::each_mut(members, &mut |name, inner| self.replace(name, inner));
            }
            self.definitions.insert(chosen.clone(), body);
            chosen
        });
        *schema = json!({"$ref": format!("{PREFIX}{definition}")});
    }

    /// A name after the property that the schema is of.
    fn free_name(&self, property: Option<&str>) -> String {
        let legal: String = property
            .unwrap_or_default()
            .chars()
            .filter(|character| character.is_ascii_alphanumeric() || *character == '_')
            .take(20)
            .collect();
        let base = if legal.is_empty() { "shared".to_owned() } else { legal };
        let is_free = |name: &String| !self.taken.contains_key(name) && !self.definitions.contains_key(name);
        let numbered = (2_usize..).map(|number| format!("{base}{number}"));
        std::iter::once(base.clone()).chain(numbered).find(is_free).unwrap_or(base)
    }
}
