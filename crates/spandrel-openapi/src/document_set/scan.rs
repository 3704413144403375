//! Looks through a document once for what references need to know: which documents they name, and
//! which schemas have identifiers and anchors.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use url::Url;

use super::without_fragment;
use crate::location::Pointer;

/// Deeper than any parsed document; only a value that a caller built can be deeper.
const MAX_DEPTH: usize = 256;

/// What a document names and needs.
#[derive(Debug, Default)]
pub(super) struct Scanned {
    pub(super) resources: BTreeMap<String, Url>,
    pub(super) anchors: BTreeMap<(Pointer, String), Pointer>,
    pub(super) needed: Vec<Url>,
}

pub(super) fn scan(root: &Value, base: &Url) -> Scanned {
    // `$id` and `$anchor` came with 3.1. In older documents they are somebody's own members.
    let version = root.get("openapi").and_then(Value::as_str);
    let identifiers = root.get("swagger").is_none() && version.is_none_or(|text| !text.starts_with("3.0"));
    let is_api = version.is_some() || root.get("swagger").is_some();
    let mut scan = Scan { identifiers, scanned: Scanned::default(), seen: BTreeSet::new() };
    let scope = Scope { base, resource: &Pointer::root() };
    match root {
        Value::Object(members) if is_api => scan.members(members, &Path::Root, scope, 0),
        other => scan.value(other, &Path::Root, scope, 0),
    }
    scan.scanned
}

/// Where the walk is; made into a pointer only for the few values that need one.
enum Path<'a> {
    Root,
    Member(&'a Path<'a>, &'a str),
    Item(&'a Path<'a>, usize),
}

impl Path<'_> {
    fn pointer(&self) -> Pointer {
        match self {
            Self::Root => Pointer::root(),
            Self::Member(parent, name) => parent.pointer().child(name),
            Self::Item(parent, index) => parent.pointer().item(*index),
        }
    }
}

/// What references and anchors belong to.
#[derive(Clone, Copy)]
struct Scope<'a> {
    base: &'a Url,
    resource: &'a Pointer,
}

struct Scan<'v> {
    identifiers: bool,
    scanned: Scanned,
    /// The references to other documents that were seen, by base and text before the fragment.
    seen: BTreeSet<(String, &'v str)>,
}

impl<'v> Scan<'v> {
    /// A value of the specification's own: an object's members have the names it gives them.
    fn value(&mut self, value: &'v Value, path: &Path<'_>, scope: Scope<'_>, depth: usize) {
        match value {
            Value::Object(members) => self.object(members, path, scope, depth),
            Value::Array(items) if depth < MAX_DEPTH => {
                for (index, item) in items.iter().enumerate() {
                    self.value(item, &Path::Item(path, index), scope, depth + 1);
                }
            }
            _ => {}
        }
    }

    fn object(&mut self, members: &'v Map<String, Value>, path: &Path<'_>, scope: Scope<'_>, depth: usize) {
        let text = |name: &str| members.get(name).and_then(Value::as_str).filter(|_| self.identifiers);
        let (id, anchors) = (text("$id"), [text("$anchor"), text("$dynamicAnchor")]);
        let own = id.and_then(|id| scope.base.join(id).ok()).map(without_fragment);
        let Some(url) = own.filter(|url| url != scope.base) else {
            self.anchors(anchors, path, scope);
            return self.members(members, path, scope, depth);
        };
        let pointer = path.pointer();
        let inner = Scope { base: &url, resource: &pointer };
        self.anchors(anchors, path, inner);
        self.scanned.resources.insert(pointer.as_str().to_owned(), url.clone());
        self.members(members, path, inner, depth);
    }

    fn anchors(&mut self, anchors: [Option<&str>; 2], path: &Path<'_>, scope: Scope<'_>) {
        for anchor in anchors.into_iter().flatten() {
            let key = (scope.resource.clone(), anchor.to_owned());
            self.scanned.anchors.entry(key).or_insert_with(|| path.pointer());
        }
    }

    fn members(&mut self, members: &'v Map<String, Value>, path: &Path<'_>, scope: Scope<'_>, depth: usize) {
        if depth >= MAX_DEPTH {
            return;
        }
        for (name, value) in members {
            let below = Path::Member(path, name);
            match (name.as_str(), value) {
                ("$ref" | "$dynamicRef", Value::String(reference)) => self.reference(reference, scope),
                ("examples", Value::Object(named)) => self.examples(named, scope),
                ("example" | "examples" | "default" | "const" | "enum", _) => {}
                (name, _) if name.starts_with("x-") => {}
                (name, Value::Object(named)) if holds_names(name) => {
                    self.named(named, &below, scope, depth + 1);
                }
                (_, Value::Object(_) | Value::Array(_)) => self.value(value, &below, scope, depth + 1),
                _ => {}
            }
        }
    }

    /// An object whose members have names of the document's own.
    fn named(&mut self, named: &'v Map<String, Value>, path: &Path<'_>, scope: Scope<'_>, depth: usize) {
        for (name, value) in named {
            match (name.as_str(), value) {
                // A whole map in a file of its own: not the specification's way, but a common one.
                ("$ref", Value::String(reference)) => self.reference(reference, scope),
                _ => self.value(value, &Path::Member(path, name), scope, depth + 1),
            }
        }
    }

    /// Example Objects may be references; what they hold is data.
    fn examples(&mut self, named: &'v Map<String, Value>, scope: Scope<'_>) {
        for example in named.values() {
            if let Some(Value::String(reference)) = example.get("$ref") {
                self.reference(reference, scope);
            }
        }
    }

    fn reference(&mut self, reference: &'v str, scope: Scope<'_>) {
        let document = reference.split('#').next().unwrap_or_default();
        if document.is_empty() || !self.seen.insert((scope.base.to_string(), document)) {
            return;
        }
        if let Ok(url) = scope.base.join(document) {
            self.scanned.needed.push(without_fragment(url));
        }
    }
}

/// Whether the member `keyword`, if an object, maps names to values instead of having members
/// that the specification names.
fn holds_names(keyword: &str) -> bool {
    matches!(
        keyword,
        "properties"
            | "patternProperties"
            | "$defs"
            | "definitions"
            | "dependentSchemas"
            | "schemas"
            | "responses"
            | "parameters"
            | "requestBodies"
            | "headers"
            | "securitySchemes"
            | "securityDefinitions"
            | "links"
            | "callbacks"
            | "pathItems"
            | "mediaTypes"
            | "paths"
            | "webhooks"
            | "content"
            | "encoding"
            | "variables"
            | "additionalOperations"
    )
}
