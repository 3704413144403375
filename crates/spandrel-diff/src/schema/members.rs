//! Members, items and branches: schemas within schemas.

use serde_json::{Map, Value};

use super::place::Place;
use super::view::{ANNOTATIONS, Keywords};
use super::{Comparison, Effect};

static ANYTHING: Value = Value::Bool(true);

impl<'s> Comparison<'_, 's> {
    /// `properties`, `required` and `additionalProperties`.
    pub(super) fn members(&mut self, old: &Keywords<'s>, new: &Keywords<'s>, place: &Place<'_>) {
        let (was, is) = (Members::of(old), Members::of(new));
        // What is left over depends on the patterns.
        let patterns = old.get("patternProperties").is_some() || new.get("patternProperties").is_some();
        let unclear = place.unclear();
        let place = if patterns { &unclear } else { place };
        for (name, schema) in is.properties() {
            match was.property(name) {
                Some(before) => {
                    self.necessity(name, &was, &is, place);
                    self.schemas(before, schema, &place.property(name));
                }
                None => self.added(name, schema, &was, &is, place),
            }
        }
        for (name, _) in was.properties().filter(|(name, _)| is.property(name).is_none()) {
            let (effect, what) = match is.others {
                Value::Bool(false) => (Effect::Narrower, "is gone"),
                _ => (Effect::Unclear, "is gone, though nothing forbids it"),
            };
            let effect = if self.direction == super::Direction::Result { Effect::Gone } else { effect };
            self.tell(&place.property(name), effect, what);
        }
        let mut unlisted: Vec<&str> = was.required.iter().chain(&is.required).copied().collect();
        unlisted.retain(|name| was.property(name).is_none() && is.property(name).is_none());
        unlisted.sort_unstable();
        unlisted.dedup();
        for name in unlisted {
            self.necessity(name, &was, &is, place);
        }
        self.schemas(was.others, is.others, &place.others());
    }

    /// A property that was not listed before.
    fn added(&mut self, name: &str, schema: &Value, was: &Members<'s>, is: &Members<'s>, place: &Place<'_>) {
        let is_required = is.requires(name) && !was.requires(name);
        let (effect, what) = match (is_required, was.others) {
            (true, _) => (Effect::Narrower, "is new and required"),
            (false, Value::Bool(false)) => (Effect::Wider, "is new and optional"),
            (false, _) if says_nothing(schema) => (Effect::None, "is listed now"),
            (false, _) => (Effect::Unclear, "is new, where anything could be given before"),
        };
        let effect = if self.direction == super::Direction::Result { Effect::New } else { effect };
        self.tell(&place.property(name), effect, what);
    }

    fn necessity(&mut self, name: &str, was: &Members<'s>, is: &Members<'s>, place: &Place<'_>) {
        match (was.requires(name), is.requires(name)) {
            (false, true) => self.tell(&place.property(name), Effect::Narrower, "is required now"),
            (true, false) => self.tell(&place.property(name), Effect::Wider, "is optional now"),
            _ => {}
        }
    }

    /// `items`; with `prefixItems` it depends on how many of those there are.
    pub(super) fn items(&mut self, old: &Keywords<'s>, new: &Keywords<'s>, place: &Place<'_>) {
        let count = |keywords: &Keywords<'_>| {
            keywords.get("prefixItems").and_then(Value::as_array).map_or(0, Vec::len)
        };
        let unclear = place.unclear();
        let place = if count(old) == count(new) { place } else { &unclear };
        let items = |keywords: &Keywords<'s>| keywords.kept("items").unwrap_or(&ANYTHING);
        self.schemas(items(old), items(new), &place.items());
    }

    /// `anyOf`, `allOf` and `oneOf`.
    pub(super) fn branches(&mut self, old: &Keywords<'s>, new: &Keywords<'s>, place: &Place<'_>) {
        let table = [
            ("anyOf", Effect::Wider, Effect::Narrower),
            ("allOf", Effect::Narrower, Effect::Wider),
            ("oneOf", Effect::Unclear, Effect::Unclear),
        ];
        for (keyword, more, fewer) in table {
            let list = |keywords: &Keywords<'s>| keywords.kept(keyword).and_then(Value::as_array);
            let place = if keyword == "oneOf" { place.unclear() } else { place.branch() };
            match (list(old), list(new)) {
                (None, None) => {}
                (Some(was), Some(is)) => self.alternatives(keyword, was, is, (more, fewer), &place),
                // A condition more, or one less.
                (None, Some(_)) => self.tell(&place, Effect::Narrower, format!("has {keyword} now")),
                (Some(_), None) => self.tell(&place, Effect::Wider, format!("has no {keyword} any more")),
            }
        }
    }

    /// Branches that are written alike belong together, then those that stand in the same order.
    fn alternatives(
        &mut self,
        keyword: &str,
        was: &'s [Value],
        is: &'s [Value],
        (more, fewer): (Effect, Effect),
        place: &Place<'_>,
    ) {
        let mut left: Vec<&'s Value> = is.iter().collect();
        let mut unmatched = Vec::new();
        for branch in was {
            match left.iter().position(|other| *other == branch) {
                // What it refers to may have changed all the same.
                Some(position) => self.schemas(branch, left.remove(position), place),
                None => unmatched.push(branch),
            }
        }
        let pairs = unmatched.len().min(left.len());
        for (branch, other) in unmatched.iter().zip(&left) {
            self.schemas(branch, other, place);
        }
        for _ in unmatched.iter().skip(pairs) {
            self.tell(place, fewer, format!("has one branch of {keyword} less"));
        }
        for _ in left.iter().skip(pairs) {
            self.tell(place, more, format!("has one branch of {keyword} more"));
        }
    }
}

/// Whether a schema allows everything.
fn says_nothing(schema: &Value) -> bool {
    match schema {
        Value::Bool(allows) => *allows,
        Value::Object(members) => members.keys().all(|keyword| ANNOTATIONS.contains(&keyword.as_str())),
        _ => false,
    }
}

/// What a schema says of an object's members.
struct Members<'s> {
    properties: Option<&'s Map<String, Value>>,
    required: Vec<&'s str>,
    others: &'s Value,
}

impl<'s> Members<'s> {
    fn of(keywords: &Keywords<'s>) -> Self {
        let required = keywords.kept("required").and_then(Value::as_array).into_iter().flatten();
        Self {
            properties: keywords.kept("properties").and_then(Value::as_object),
            required: required.filter_map(Value::as_str).collect(),
            others: keywords.kept("additionalProperties").unwrap_or(&ANYTHING),
        }
    }

    fn properties(&self) -> impl Iterator<Item = (&'s str, &'s Value)> {
        self.properties.into_iter().flatten().map(|(name, schema)| (name.as_str(), schema))
    }

    fn property(&self, name: &str) -> Option<&'s Value> {
        self.properties?.get(name)
    }

    fn requires(&self, name: &str) -> bool {
        self.required.contains(&name)
    }
}
