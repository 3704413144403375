//! Schemas of any version of OpenAPI as JSON Schema 2020-12.
//!
//! A schema is lowered once per [`Direction`] and remembered. What it refers to becomes an entry of
//! `$defs`, so recursion stays finite, and a [`Bundle`] holds only the entries that its root reaches.

mod annotation;
mod applicator;
mod cycle;
mod discriminator;
mod keyword;
mod lower;
mod meaning;
mod name;
mod pattern;
mod size;
#[cfg(test)]
mod tests;
mod value_list;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::diagnostic::{Code, Diagnostic};
use crate::document_set::DocumentSet;
use crate::location::{Location, SourceId};
use crate::model::SpecVersion;
use crate::reference::ReferenceError;
use lower::{Marks, Place};

/// The most references that are followed from one schema that is nothing else to the next.
const MOST_HOPS: usize = 64;

/// Whether a schema describes what is sent or what is answered: `readOnly` members are not sent,
/// `writeOnly` members are not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// What a client sends.
    Request,
    /// What the API answers.
    Response,
}

/// A schema with everything it reaches.
#[derive(Debug, Clone, PartialEq)]
pub struct Bundle {
    /// The schema itself. A root that was a reference is replaced by what it refers to.
    pub schema: Value,
    /// What `#/$defs/…` references in it, and in each other, lead to.
    pub defs: BTreeMap<String, Arc<Value>>,
}

impl Bundle {
    /// A schema that accepts everything.
    #[must_use]
    pub fn anything() -> Self {
        Self { schema: Value::Object(Map::new()), defs: BTreeMap::new() }
    }

    /// One self-contained schema, with the definitions under `$defs`.
    #[must_use]
    pub fn into_value(self) -> Value {
        let mut schema = match self.schema {
            Value::Object(schema) => schema,
            // `true` and `false` have no room for definitions, and need none.
            other => return other,
        };
        if !self.defs.is_empty() {
            let defs = self.defs.into_iter().map(|(name, def)| (name, Arc::unwrap_or_clone(def)));
            schema.insert("$defs".to_owned(), Value::Object(defs.collect()));
        }
        Value::Object(schema)
    }
}

/// Lowers the schemas of one document set.
pub struct SchemaCompiler<'s> {
    set: &'s DocumentSet,
    version: SpecVersion,
    request: Definitions,
    response: Definitions,
    patterns: HashMap<String, pattern::Verdict>,
    marks: HashMap<SourceId, HashMap<String, Marks>>,
    allowance: size::Allowance,
    diagnostics: Vec<Diagnostic>,
}

/// The definitions of one direction.
#[derive(Default)]
struct Definitions {
    entries: Vec<Definition>,
    by_location: HashMap<Location, usize>,
    by_reference: HashMap<SourceId, HashMap<String, Option<usize>>>,
    by_name: HashMap<String, usize>,
    /// The last number that each name was given to tell it from others.
    numbers: HashMap<String, u32>,
    /// How many bytes of JSON text each takes, about, where that was asked for.
    sizes: HashMap<usize, usize>,
    /// Named, but not lowered yet.
    pending: Vec<usize>,
}

/// One entry of `$defs`.
struct Definition {
    name: String,
    location: Location,
    schema: Arc<Value>,
    /// The definitions that it refers to.
    references: BTreeSet<usize>,
}

impl<'s> SchemaCompiler<'s> {
    /// A compiler for the schemas of `set`, read as `version` has them.
    #[must_use]
    pub fn new(set: &'s DocumentSet, version: SpecVersion) -> Self {
        Self {
            set,
            version,
            request: Definitions::default(),
            response: Definitions::default(),
            patterns: HashMap::new(),
            marks: HashMap::new(),
            allowance: size::Allowance::NONE,
            diagnostics: Vec::new(),
        }
    }

    /// The schema at `location`, with what it reaches. A location without a value, or with one that
    /// is no schema, gives the schema that accepts everything, and a diagnostic. What is
    /// [allowed](Self::allow) bounds it.
    pub fn bundle(&mut self, location: &Location, direction: Direction) -> Bundle {
        let (schema, references) = self.lower_root(location, direction);
        self.lower_pending(direction);
        let defs = self.reachable(&references, direction);
        Bundle { schema, defs }
    }

    /// What was found wrong with the schemas since the last time this was asked.
    pub fn take_diagnostics(&mut self) -> Vec<Diagnostic> {
        std::mem::take(&mut self.diagnostics)
    }

    fn lower_root(&mut self, location: &Location, direction: Direction) -> (Value, BTreeSet<usize>) {
        let set = self.set;
        let Some(value) = set.get(location) else {
            self.report(Code::UnresolvedReference, location.clone(), "there is no schema here");
            return (Value::Object(Map::new()), BTreeSet::new());
        };
        if let Some(reference) = lower::sole_reference(value, self.version) {
            let Some(index) = self.definition_of(reference, location, direction) else {
                return (Value::Object(Map::new()), BTreeSet::new());
            };
            self.lower_pending(direction);
            let entry = self.definitions(direction).entries.get(index);
            let Some((schema, references)) =
                entry.map(|entry| (Arc::clone(&entry.schema), entry.references.clone()))
            else {
                return (Value::Object(Map::new()), BTreeSet::new());
            };
            if !self.affords(&schema) {
                return (Value::Object(Map::new()), BTreeSet::new());
            }
            let mut schema = Value::clone(&schema);
            lower::describe(&mut schema, value);
            return (schema, references);
        }
        let mut references = BTreeSet::new();
        if !self.affords(value) {
            return (Value::Object(Map::new()), references);
        }
        let schema = self.lower(value, &Place::Root(location), direction, &mut references);
        (schema, references)
    }

    /// Lowers what was named on the way, until nothing new turns up.
    fn lower_pending(&mut self, direction: Direction) {
        let set = self.set;
        let mut fresh = Vec::new();
        while let Some(index) = self.definitions(direction).pending.pop() {
            let Some(location) =
                self.definitions(direction).entries.get(index).map(|entry| entry.location.clone())
            else {
                continue;
            };
            let mut references = BTreeSet::new();
            let schema = match set.get(&location) {
                Some(value) => self.lower(value, &Place::Root(&location), direction, &mut references),
                None => Value::Object(Map::new()),
            };
            if let Some(entry) = self.definitions(direction).entries.get_mut(index) {
                entry.schema = Arc::new(schema);
                entry.references = references;
            }
            fresh.push(index);
        }
        if !fresh.is_empty() {
            self.break_cycles(&fresh, direction);
        }
    }

    /// The definition that `reference`, standing at `from`, leads to; none where it leads nowhere.
    fn definition_of(&mut self, reference: &str, from: &Location, direction: Direction) -> Option<usize> {
        if self.set.identifies_schemas(from.source) {
            return self.define(reference, from, direction);
        }
        let known = self.definitions(direction).by_reference.get(&from.source);
        if let Some(&index) = known.and_then(|references| references.get(reference)) {
            return index;
        }
        let index = self.define(reference, from, direction);
        let references = self.definitions(direction).by_reference.entry(from.source).or_default();
        references.insert(reference.to_owned(), index);
        index
    }

    fn define(&mut self, reference: &str, from: &Location, direction: Direction) -> Option<usize> {
        let set = self.set;
        let location = match self.resolved(reference, from) {
            Ok(location) => location,
            Err(error) => {
                let (code, help) = diagnosis(&error);
                let message = format!("the reference `{reference}` cannot be followed: {error}");
                self.diagnostics.push(Diagnostic::new(code, from.clone(), message).with_help(help));
                return None;
            }
        };
        let definitions = self.definitions(direction);
        if let Some(&index) = definitions.by_location.get(&location) {
            return Some(index);
        }
        let index = definitions.entries.len();
        let url = set.url(location.source);
        let name = name::unique(&location.pointer, url, &definitions.by_name, &mut definitions.numbers);
        definitions.by_name.insert(name.clone(), index);
        definitions.by_location.insert(location.clone(), index);
        let schema = Arc::new(Value::Object(Map::new()));
        definitions.entries.push(Definition { name, location, schema, references: BTreeSet::new() });
        definitions.pending.push(index);
        Some(index)
    }

    /// Where the schema stands that `reference` leads to, behind schemas that are references alone.
    fn resolved(&self, reference: &str, from: &Location) -> Result<Location, ReferenceError> {
        let mut location = self.set.resolve(from, reference)?;
        for _ in 0..MOST_HOPS {
            let value = self.set.get(&location);
            let Some(next) = value.and_then(|value| lower::sole_reference(value, self.version)) else {
                return Ok(location);
            };
            location = self.set.resolve(&location, next)?;
        }
        Err(ReferenceError::Cycle(Box::new(location)))
    }

    fn definitions(&mut self, direction: Direction) -> &mut Definitions {
        match direction {
            Direction::Request => &mut self.request,
            Direction::Response => &mut self.response,
        }
    }

    fn report(&mut self, code: Code, location: Location, message: impl Into<String>) {
        self.diagnostics.push(Diagnostic::new(code, location, message));
    }
}

/// The code of a reference that cannot be followed, and what to do about it.
fn diagnosis(error: &ReferenceError) -> (Code, &'static str) {
    match error {
        ReferenceError::NotLoaded { .. } => {
            (Code::DocumentNotLoaded, "allow the document to be loaded, or bundle the files into one")
        }
        ReferenceError::Cycle(_) => (Code::ReferenceCycle, "let one of the references lead to a schema"),
        ReferenceError::InvalidUrl { .. } | ReferenceError::Missing { .. } => {
            (Code::UnresolvedReference, "correct the reference, or add what it refers to")
        }
    }
}
