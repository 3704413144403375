//! Follows references.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use serde_json::Value;
use url::Url;

use super::{DocumentSet, Source, without_fragment};
use crate::location::{Location, Pointer, SourceId};
use crate::prose;
use crate::reference::{ReferenceError, without_secrets};

/// How many references are followed to resolve one. All of them count, so that references through
/// references cannot multiply.
const MAX_HOPS: usize = 64;

impl DocumentSet {
    /// The place that `reference`, written at `base`, names. The value there may be a reference
    /// again; see [`follow`](Self::follow).
    ///
    /// The reference is relative to the document that `base` stands in, to its `$self` (3.2), or to
    /// the `$id` of the schema around it. Its fragment is a JSON Pointer or an anchor. A pointer may
    /// lead through objects that are references themselves.
    ///
    /// # Errors
    /// See [`ReferenceError`].
    pub fn resolve(&self, base: &Location, reference: &str) -> Result<Location, ReferenceError> {
        self.resolve_within(base, reference, &mut { MAX_HOPS })
    }

    /// The value behind a chain of Reference Objects that starts at `location`, and its place.
    ///
    /// # Errors
    /// See [`ReferenceError`].
    pub fn follow(&self, location: Location) -> Result<(Location, &Value), ReferenceError> {
        let mut at = location.clone();
        for _ in 0..MAX_HOPS {
            let value = self.get(&at).ok_or_else(|| self.missing_at(&at))?;
            match value.get("$ref").and_then(Value::as_str) {
                None => return Ok((at, value)),
                Some(reference) => at = self.resolve(&at, reference)?,
            }
        }
        Err(ReferenceError::Cycle(Box::new(location)))
    }

    fn resolve_within(
        &self,
        base: &Location,
        reference: &str,
        hops: &mut usize,
    ) -> Result<Location, ReferenceError> {
        *hops = hops.checked_sub(1).ok_or_else(|| ReferenceError::Cycle(Box::new(base.clone())))?;
        let source = self.source(base.source).unwrap_or(&self.root);
        let (document, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        if !document.is_empty() {
            let place = self.document(source, base, document)?;
            return self.fragment(&place, fragment, hops);
        }
        let root = Location { source: base.source, pointer: Pointer::root() };
        let Some((resource, _)) = source.resource_around(&base.pointer) else {
            return self.fragment(&root, fragment, hops);
        };
        // A reference inside a schema with an `$id` starts at that schema. Many documents have an
        // `$id` that means nothing, so the whole document is looked at next.
        let own = Location { source: base.source, pointer: Pointer::from_escaped(resource) };
        match self.fragment(&own, fragment, hops) {
            Err(error @ ReferenceError::Missing { .. }) => {
                self.fragment(&root, fragment, hops).map_err(|_| error)
            }
            other => other,
        }
    }

    /// The start of the document (or identified schema) that a reference names.
    fn document(&self, source: &Source, at: &Location, document: &str) -> Result<Location, ReferenceError> {
        let base = source.resource_around(&at.pointer).map_or(&source.base, |(_, url)| url);
        let url = base.join(document).map(without_fragment).map_err(|error| ReferenceError::InvalidUrl {
            reference: without_secrets(document),
            message: error.to_string(),
        })?;
        self.places.get(&url).cloned().ok_or_else(|| {
            let reason = self.absent.get(&url).cloned();
            let reason = reason.unwrap_or_else(|| "it was not given".to_owned());
            ReferenceError::NotLoaded { document: self.name_of(&url), reason }
        })
    }

    fn fragment(
        &self,
        start: &Location,
        fragment: &str,
        hops: &mut usize,
    ) -> Result<Location, ReferenceError> {
        if fragment.is_empty() {
            return Ok(start.clone());
        }
        if !fragment.starts_with('/') {
            return self.anchor(start, fragment);
        }
        let decoded = decoded(fragment);
        let found = self.walk(start, &decoded, hops);
        match found {
            // A key may hold a percent sign that nobody encoded.
            Err(ReferenceError::Missing { .. }) if decoded != fragment => self.walk(start, fragment, hops),
            other => other,
        }
    }

    fn anchor(&self, start: &Location, fragment: &str) -> Result<Location, ReferenceError> {
        let key = (start.pointer.clone(), decoded(fragment).into_owned());
        let anchors = self.source(start.source).map(|source| &source.anchors);
        match anchors.and_then(|anchors| anchors.get(&key)) {
            Some(pointer) => Ok(Location { source: start.source, pointer: pointer.clone() }),
            None => Err(self.missing_in(start.source, fragment)),
        }
    }

    /// The place of `pointer` below `start`.
    fn walk(&self, start: &Location, pointer: &str, hops: &mut usize) -> Result<Location, ReferenceError> {
        let below = Location {
            source: start.source,
            pointer: Pointer::from_escaped(format!("{}{pointer}", start.pointer.as_str())),
        };
        if self.get(&below).is_some() {
            return Ok(below);
        }
        self.walk_through_references(start, pointer, hops)
    }

    /// Walks where an object on the way is a reference: the rest of the way starts at its target.
    fn walk_through_references(
        &self,
        start: &Location,
        pointer: &str,
        hops: &mut usize,
    ) -> Result<Location, ReferenceError> {
        let mut at = start.clone();
        for token in Pointer::from_escaped(pointer).tokens() {
            let mut value = self.get(&at).ok_or_else(|| self.missing_at(&at))?;
            while member(value, &token).is_none() {
                let Some(reference) = value.get("$ref").and_then(Value::as_str) else {
                    return Err(self.missing_in(start.source, &format!("{}{pointer}", start.pointer)));
                };
                at = self.resolve_within(&at, reference, hops)?;
                value = self.get(&at).ok_or_else(|| self.missing_at(&at))?;
            }
            at = at.child(&token);
        }
        Ok(at)
    }

    fn missing_at(&self, location: &Location) -> ReferenceError {
        self.missing_in(location.source, location.pointer.as_str())
    }

    fn missing_in(&self, source: SourceId, fragment: &str) -> ReferenceError {
        ReferenceError::Missing {
            document: self.name_of(self.url(source)),
            fragment: prose::excerpt(fragment, 500),
        }
    }
}

impl DocumentSet {
    /// Whether the document `source` holds schemas with an `$id`, so that one reference may lead to
    /// different places.
    pub(crate) fn identifies_schemas(&self, source: SourceId) -> bool {
        self.source(source).is_some_and(|source| !source.resources.is_empty())
    }
}

impl Source {
    /// The innermost schema with an `$id` that `pointer` stands in, and that identifier.
    fn resource_around<'p>(&self, pointer: &'p Pointer) -> Option<(&'p str, &Url)> {
        let mut around = Some(pointer.as_str()).filter(|_| !self.resources.is_empty());
        while let Some(at) = around {
            if let Some(url) = self.resources.get(at) {
                return Some((at, url));
            }
            around = at.rsplit_once('/').map(|(parent, _)| parent);
        }
        None
    }
}

/// The value at `pointer` of `root`.
pub(super) fn value_at<'a>(root: &'a Value, pointer: &Pointer) -> Option<&'a Value> {
    pointer.tokens().try_fold(root, |value, token| member(value, &token))
}

fn member<'a>(value: &'a Value, token: &str) -> Option<&'a Value> {
    match value {
        Value::Object(members) => members.get(token),
        Value::Array(items) => items.get(array_index(token)?),
        _ => None,
    }
}

/// An array index of a JSON Pointer: digits without a leading zero.
fn array_index(token: &str) -> Option<usize> {
    let canonical = token == "0" || !token.starts_with(['0', '+']);
    token.parse().ok().filter(|_| canonical)
}

fn decoded(fragment: &str) -> Cow<'_, str> {
    percent_decode_str(fragment).decode_utf8().unwrap_or(Cow::Borrowed(fragment))
}
