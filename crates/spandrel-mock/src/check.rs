//! Schemas of the document, bundled and compiled when they are first asked for.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use jsonschema::{Draft, Validator};
use serde_json::{Value, json};
use spandrel_openapi::{Direction, DocumentSet, Location, SchemaCompiler, SpecVersion};

use crate::shape::Shapes;

/// No more complaints than this are made about one value.
const MOST_COMPLAINTS: usize = 5;
/// A complaint that quotes a long value is cut here, in characters.
const LONGEST_COMPLAINT: usize = 400;
/// Schemas of more values than this together are not kept.
const HEAVIEST: usize = 250_000;

/// A schema with its validator.
#[derive(Debug)]
pub(crate) struct Check {
    schema: Value,
    validator: Option<Validator>,
}

impl Check {
    /// Compiles `schema`, a self-contained one. Patterns that the engine cannot take are left out;
    /// a schema that cannot be compiled even so accepts everything.
    pub(crate) fn new(mut schema: Value, formats: bool) -> Self {
        let options = jsonschema::options().with_draft(Draft::Draft202012);
        let options = options.should_validate_formats(formats).should_ignore_unknown_formats(true).offline();
        let validator = options.build(&schema).ok().or_else(|| {
            drop_patterns(&mut schema, &|pattern| options.build(&json!({"pattern": pattern})).is_ok());
            options.build(&schema).ok()
        });
        Self { schema, validator }
    }

    pub(crate) const fn shapes(&self) -> Shapes<'_> {
        Shapes::new(&self.schema)
    }

    pub(crate) const fn schema(&self) -> &Value {
        &self.schema
    }

    /// Whether there is a validator at all.
    pub(crate) const fn is_compiled(&self) -> bool {
        self.validator.is_some()
    }

    pub(crate) fn accepts(&self, value: &Value) -> bool {
        self.validator.as_ref().is_none_or(|validator| validator.is_valid(value))
    }

    /// What is wrong with `value`, a sentence each; empty when nothing is.
    pub(crate) fn complaints(&self, value: &Value) -> Vec<String> {
        let Some(validator) = &self.validator else { return Vec::new() };
        let errors = validator.iter_errors(value).take(MOST_COMPLAINTS);
        errors.map(|error| complaint(error.instance_path().as_str(), &error.to_string())).collect()
    }

    /// The places in `value` where something is wrong, as JSON Pointers.
    pub(crate) fn faulty_places(&self, value: &Value) -> Vec<String> {
        let Some(validator) = &self.validator else { return Vec::new() };
        validator.iter_errors(value).take(16).map(|error| error.instance_path().as_str().to_owned()).collect()
    }
}

fn complaint(path: &str, message: &str) -> String {
    let mut text = message.to_owned();
    if let Some((cut, _)) = text.char_indices().nth(LONGEST_COMPLAINT) {
        text.truncate(cut);
        text.push('…');
    }
    if path.is_empty() { text } else { format!("at {path}: {text}") }
}

/// Removes patterns that are not `usable`, wherever they stand.
fn drop_patterns(schema: &mut Value, usable: &impl Fn(&str) -> bool) {
    match schema {
        Value::Object(members) => {
            if members.get("pattern").and_then(Value::as_str).is_some_and(|pattern| !usable(pattern)) {
                members.shift_remove("pattern");
            }
            if let Some(Value::Object(patterns)) = members.get_mut("patternProperties") {
                patterns.retain(|pattern, _| usable(pattern));
            }
            members.values_mut().for_each(|member| drop_patterns(member, usable));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| drop_patterns(item, usable)),
        _ => {}
    }
}

/// How many values a schema consists of: what its validator costs.
fn weight(schema: &Value) -> usize {
    match schema {
        Value::Object(members) => 1 + members.values().map(weight).sum::<usize>(),
        Value::Array(items) => 1 + items.iter().map(weight).sum::<usize>(),
        _ => 1,
    }
}

/// The checks of one document that were needed lately.
///
/// A validator holds all that its schema reaches, and where schemas reach each other that is most of
/// the document, each time. So the weight of what is kept is bounded; the oldest go first.
#[derive(Debug)]
pub(crate) struct Checks {
    set: Arc<DocumentSet>,
    version: SpecVersion,
    kept: Mutex<Kept>,
}

/// A schema as it is sent or answered.
type Key = (Direction, Location);

#[derive(Debug, Default)]
struct Kept {
    checks: BTreeMap<Key, Arc<Check>>,
    /// Oldest first, with their weights.
    order: VecDeque<(Key, usize)>,
    weight: usize,
}

impl Kept {
    fn insert(&mut self, key: Key, check: Arc<Check>) {
        if self.checks.contains_key(&key) {
            return;
        }
        let weight = weight(check.schema());
        self.weight += weight;
        self.order.push_back((key.clone(), weight));
        self.checks.insert(key, check);
        while self.weight > HEAVIEST && self.order.len() > 1 {
            let Some((oldest, weight)) = self.order.pop_front() else { break };
            self.weight -= weight;
            self.checks.remove(&oldest);
        }
    }
}

impl Checks {
    pub(crate) fn new(set: Arc<DocumentSet>, version: SpecVersion) -> Self {
        Self { set, version, kept: Mutex::default() }
    }

    /// The version of the documents, on which it depends how forms are written.
    pub(crate) const fn version(&self) -> SpecVersion {
        self.version
    }

    /// The check of the schema at `location`. Formats are checked in answers, which are made here,
    /// and taken as remarks in requests, as JSON Schema 2020-12 has them.
    pub(crate) fn get(&self, location: &Location, direction: Direction) -> Arc<Check> {
        let key = (direction, location.clone());
        if let Some(known) = self.kept.lock().unwrap_or_else(PoisonError::into_inner).checks.get(&key) {
            return Arc::clone(known);
        }
        // Compiled outside the lock: two requests may do the work twice, none waits for it.
        let bundle = SchemaCompiler::new(&self.set, self.version).bundle(location, direction);
        let check = Arc::new(Check::new(bundle.into_value(), direction == Direction::Response));
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).insert(key, Arc::clone(&check));
        check
    }
}
