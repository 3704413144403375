//! The documents that an API is written in, and how references lead through them.

mod name;
mod resolve;
mod scan;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use url::Url;

use crate::diagnostic::{Code, Diagnostic};
use crate::location::{Location, Pointer, SourceId};
use crate::model::Document;
use crate::parse::{self, ParseError};
use crate::read;

/// How much a [`DocumentSet`] takes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The size of one document, in bytes; 64 MiB by default.
    pub document_bytes: usize,
    /// How many documents, the root included; 500 by default.
    pub documents: usize,
    /// How many values one YAML document may have once aliases are expanded; 5 million by default.
    pub yaml_nodes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { document_bytes: 64 * 1024 * 1024, documents: 500, yaml_nodes: 5_000_000 }
    }
}

/// One document of the set.
#[derive(Debug, Clone)]
struct Source {
    /// Where it was fetched from, without a fragment.
    url: Url,
    /// What its relative references are relative to: `$self` (3.2), else `url`.
    base: Url,
    value: Value,
    /// The schemas in it with an identifier of their own (`$id`; JSON Schema 2020-12, 8.2.1), by
    /// pointer.
    resources: BTreeMap<String, Url>,
    /// `$anchor` and `$dynamicAnchor`, with the place of the schema resource that they belong to.
    anchors: BTreeMap<(Pointer, String), Pointer>,
}

/// A root document and those that its references need.
///
/// It fetches nothing itself. The caller asks what is [missing](Self::missing), fetches it under
/// its own rules, [inserts](Self::insert) it or [marks it absent](Self::mark_absent), and asks
/// again until nothing is missing.
///
/// ```
/// use spandrel_openapi::DocumentSet;
/// use url::Url;
///
/// let url = Url::parse("https://example.com/openapi.json")?;
/// let text = br#"{"openapi": "3.1.0", "info": {"title": "Pets", "version": "1"},
///                 "paths": {"/pets": {"$ref": "pets.json"}}}"#;
/// let mut set = DocumentSet::new(url, text)?;
/// assert_eq!(set.missing(), [Url::parse("https://example.com/pets.json")?]);
/// for url in set.missing() {
///     set.insert(url, br#"{"get": {"responses": {"200": {"description": "All pets"}}}}"#)?;
/// }
/// assert!(set.missing().is_empty());
/// let (document, diagnostics) = set.read();
/// assert_eq!(document.operations.len(), 1);
/// assert!(diagnostics.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct DocumentSet {
    limits: Limits,
    /// The root; held apart so that there always is one.
    root: Source,
    /// The others, in the order of insertion: the source with number n is item n - 1.
    others: Vec<Source>,
    /// Documents and identified schemas by URL without a fragment.
    places: BTreeMap<Url, Location>,
    absent: BTreeMap<Url, String>,
    /// The documents that references name, in the order in which they were found.
    needed: Vec<Url>,
    needed_once: BTreeSet<Url>,
    diagnostics: Vec<Diagnostic>,
}

impl DocumentSet {
    /// A set whose root document are these bytes, fetched from `url`, with the default [`Limits`].
    ///
    /// # Errors
    /// See [`ParseError`]; in particular the root has to be an object.
    pub fn new(url: Url, bytes: &[u8]) -> Result<Self, ParseError> {
        Self::with_limits(url, bytes, Limits::default())
    }

    /// [`new`](Self::new) with other limits.
    ///
    /// # Errors
    /// See [`ParseError`].
    pub fn with_limits(url: Url, bytes: &[u8], limits: Limits) -> Result<Self, ParseError> {
        let parsed = parse::parse_within(bytes, limits)?;
        if !parsed.value.is_object() {
            return Err(ParseError::NotAnObject { found: parse::kind_of(&parsed.value) });
        }
        let mut set = Self::with_root(url, parsed.value, limits);
        set.report_duplicates(SourceId::ROOT, parsed.duplicate_keys);
        Ok(set)
    }

    /// A set whose root document is already parsed.
    #[must_use]
    pub fn from_value(url: Url, value: Value) -> Self {
        Self::with_root(url, value, Limits::default())
    }

    /// A set whose root document a caller holds as `openapiv3` types (3.0).
    #[must_use]
    pub fn from_openapiv3(url: Url, document: &openapiv3::OpenAPI) -> Self {
        match serde_json::to_value(document) {
            Ok(value) => Self::from_value(url, value),
            Err(error) => {
                let mut set = Self::from_value(url, Value::Object(Map::new()));
                let message = format!("the document cannot be written as JSON: {error}");
                set.diagnostics.push(Diagnostic::new(Code::UnexpectedType, Location::default(), message));
                set
            }
        }
    }

    fn with_root(url: Url, value: Value, limits: Limits) -> Self {
        let (root, needed) = Source::new(url, value);
        let names = root.names();
        let mut set = Self {
            limits,
            root,
            others: Vec::new(),
            places: BTreeMap::new(),
            absent: BTreeMap::new(),
            needed: Vec::new(),
            needed_once: BTreeSet::new(),
            diagnostics: Vec::new(),
        };
        set.register(SourceId::ROOT, names, needed);
        set
    }

    /// The set with its root document changed, as an overlay does, and what the change found. To be
    /// called before references are followed: other documents are dropped.
    ///
    /// # Errors
    /// Those of `change`.
    pub fn with_changed_root<E>(
        self,
        change: impl FnOnce(&mut Value) -> Result<Vec<Diagnostic>, E>,
    ) -> Result<Self, E> {
        let Source { url, mut value, .. } = self.root;
        let findings = change(&mut value)?;
        let duplicates = self.diagnostics.into_iter().filter(|found| found.code == Code::DuplicateKey);
        let mut set = Self::with_root(url, value, self.limits);
        set.diagnostics.extend(duplicates.chain(findings));
        Ok(set)
    }

    /// The documents, without fragments, that some reference needs and that were neither inserted
    /// nor marked absent, in the order in which the references were found.
    ///
    /// Only references count: what stands in an example, a default, an enumeration, a constant or
    /// an extension is data.
    #[must_use]
    pub fn missing(&self) -> Vec<Url> {
        self.needed
            .iter()
            .filter(|url| !self.places.contains_key(url) && !self.absent.contains_key(url))
            .cloned()
            .collect()
    }

    /// Adds the document that was fetched from `url`. A URL that the set already holds keeps its
    /// first document. The document may be any part of an API, so it need not be an object.
    ///
    /// # Errors
    /// See [`ParseError`]. The caller may [mark the document absent](Self::mark_absent) then.
    pub fn insert(&mut self, url: Url, bytes: &[u8]) -> Result<SourceId, ParseError> {
        let url = without_fragment(url);
        if let Some((id, _)) = self.sources().find(|(_, known)| **known == url) {
            return Ok(id);
        }
        let limit = self.limits.documents;
        let id = u32::try_from(self.others.len() + 1)
            .ok()
            .filter(|_| self.others.len() + 1 < limit)
            .map(SourceId)
            .ok_or(ParseError::TooManyDocuments { limit })?;
        let parsed = parse::parse_within(bytes, self.limits)?;
        if matches!(parsed.value, Value::Null | Value::Number(_) | Value::String(_)) {
            return Err(ParseError::NotAnObject { found: parse::kind_of(&parsed.value) });
        }
        self.report_duplicates(id, parsed.duplicate_keys);
        let (source, needed) = Source::new(url, parsed.value);
        self.register(id, source.names(), needed);
        self.others.push(source);
        Ok(id)
    }

    /// Says that the document could not or must not be fetched, and why. Each place that needs it
    /// is reported as [`Code::DocumentNotLoaded`].
    pub fn mark_absent(&mut self, url: Url, reason: String) {
        self.absent.insert(without_fragment(url), reason);
    }

    /// The root document.
    #[must_use]
    pub fn root(&self) -> &Value {
        &self.root.value
    }

    /// Where a document was fetched from; the root's URL for a number of another set.
    #[must_use]
    pub fn url(&self, id: SourceId) -> &Url {
        &self.source(id).unwrap_or(&self.root).url
    }

    /// What a document's relative URLs are relative to: its `$self` (3.2), else its own URL.
    #[must_use]
    pub fn base_url(&self, id: SourceId) -> &Url {
        &self.source(id).unwrap_or(&self.root).base
    }

    /// The documents, the root first.
    pub fn sources(&self) -> impl Iterator<Item = (SourceId, &Url)> {
        let numbers = (0..).map(SourceId);
        numbers.zip(std::iter::once(&self.root).chain(&self.others).map(|source| &source.url))
    }

    /// The value that stands at `location`.
    #[must_use]
    pub fn get(&self, location: &Location) -> Option<&Value> {
        resolve::value_at(&self.source(location.source)?.value, &location.pointer)
    }

    /// What was found while parsing: keys that stand twice.
    #[must_use]
    pub fn parse_diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The API that the documents describe, and what was wrong with them (without
    /// [`parse_diagnostics`](Self::parse_diagnostics)).
    #[must_use]
    pub fn read(&self) -> (Document, Vec<Diagnostic>) {
        read::read(self)
    }

    fn source(&self, id: SourceId) -> Option<&Source> {
        match id.0.checked_sub(1) {
            None => Some(&self.root),
            Some(index) => self.others.get(usize::try_from(index).ok()?),
        }
    }

    /// Notes what a document and its parts are called, and which documents it needs.
    fn register(&mut self, source: SourceId, names: Vec<(Url, Pointer)>, needed: Vec<Url>) {
        for (url, pointer) in names {
            self.places.entry(url).or_insert(Location { source, pointer });
        }
        for url in needed {
            if self.needed_once.insert(url.clone()) {
                self.needed.push(url);
            }
        }
    }

    fn report_duplicates(&mut self, source: SourceId, pointers: Vec<Pointer>) {
        for pointer in pointers {
            let key = pointer.tokens().last().unwrap_or_default().into_owned();
            let message = format!("the key `{key}` stands more than once; the last one counts");
            let diagnostic = Diagnostic::new(Code::DuplicateKey, Location { source, pointer }, message);
            self.diagnostics.push(diagnostic.with_help("keep one of them"));
        }
    }
}

impl Source {
    /// The document, and the documents that its references name.
    fn new(url: Url, value: Value) -> (Self, Vec<Url>) {
        let url = without_fragment(url);
        let own = value.get("$self").and_then(Value::as_str).and_then(|own| url.join(own).ok());
        let base = own.map_or_else(|| url.clone(), without_fragment);
        let scan::Scanned { resources, anchors, needed } = scan::scan(&value, &base);
        (Self { url, base, value, resources, anchors }, needed)
    }

    /// What the document and the schemas in it are called.
    fn names(&self) -> Vec<(Url, Pointer)> {
        let document = [&self.url, &self.base].map(|url| (url.clone(), Pointer::root()));
        let resources = self.resources.iter();
        let resources =
            resources.map(|(pointer, url)| (url.clone(), Pointer::from_escaped(pointer.as_str())));
        document.into_iter().chain(resources).collect()
    }
}

fn without_fragment(mut url: Url) -> Url {
    url.set_fragment(None);
    url
}
