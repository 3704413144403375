//! Keywords that say something of a value alone.

use serde_json::Value;

use super::place::Place;
use super::view::Keywords;
use super::{Comparison, Effect};
use crate::change::{quoted, shortened};

/// Keywords of which a larger value allows less.
const LOWER: [&str; 5] = ["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"];
/// Keywords of which a smaller value allows less.
const UPPER: [&str; 5] = ["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"];
/// Keywords that allow less where they stand, and of which two cannot be compared.
const CONJUNCTS: [&str; 6] =
    ["pattern", "multipleOf", "not", "contains", "propertyNames", "dependentRequired"];
/// Keywords that are compared elsewhere.
const ELSEWHERE: [&str; 11] = [
    "type",
    "enum",
    "const",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "anyOf",
    "allOf",
    "oneOf",
    "uniqueItems",
];
/// The most values that a message names.
const SHOWN: usize = 6;

const TYPES: [(&str, u8); 7] = [
    ("null", 1),
    ("boolean", 2),
    ("string", 4),
    ("array", 8),
    ("object", 16),
    ("integer", 32),
    // Every integer is a number.
    ("number", 64 | 32),
];
const ANY: u8 = 127;

impl Comparison<'_, '_> {
    /// What a model reads.
    pub(super) fn words(&mut self, old: &Keywords<'_>, new: &Keywords<'_>, place: &Place<'_>) {
        for keyword in ["title", "description"] {
            let text = |keywords: &Keywords<'_>| keywords.get(keyword).and_then(Value::as_str).map(quoted);
            match (text(old), text(new)) {
                (old, new) if old == new => {}
                (Some(old), Some(new)) => {
                    self.tell(place, Effect::Words, format!("had the {keyword} {old} and has {new}"));
                }
                (None, Some(new)) => self.tell(place, Effect::Words, format!("has the {keyword} {new}")),
                (Some(_), None) => self.tell(place, Effect::Words, format!("has no {keyword} any more")),
                (None, None) => {}
            }
            // Longer than what is shown, they may differ behind it.
            if old.get(keyword) != new.get(keyword) && text(old) == text(new) {
                self.tell(place, Effect::Words, format!("has another {keyword}"));
            }
        }
        for keyword in ["default", "examples", "x-mcp-header"] {
            if old.get(keyword) != new.get(keyword) {
                let words = |keywords: &Keywords<'_>| {
                    keywords.get(keyword).map_or_else(|| "none".to_owned(), quoted_value)
                };
                let message = format!("had the {keyword} {} and has {}", words(old), words(new));
                self.tell(place, Effect::Words, message);
            }
        }
        let is_deprecated = |keywords: &Keywords<'_>| keywords.get("deprecated") == Some(&Value::Bool(true));
        match (is_deprecated(old), is_deprecated(new)) {
            (false, true) => self.tell(place, Effect::None, "is deprecated"),
            (true, false) => self.tell(place, Effect::None, "is deprecated no more"),
            _ => {}
        }
    }

    pub(super) fn assertions(&mut self, old: &Keywords<'_>, new: &Keywords<'_>, place: &Place<'_>) {
        self.types(old, new, place);
        self.values(old, new, place);
        for keyword in LOWER {
            self.bound(keyword, old, new, place, Effect::Narrower);
        }
        for keyword in UPPER {
            self.bound(keyword, old, new, place, Effect::Wider);
        }
        let is_unique = |keywords: &Keywords<'_>| keywords.get("uniqueItems") == Some(&Value::Bool(true));
        match (is_unique(old), is_unique(new)) {
            (false, true) => self.tell(place, Effect::Narrower, "must have items that differ"),
            (true, false) => self.tell(place, Effect::Wider, "may have items that are alike"),
            _ => {}
        }
        let mut keywords: Vec<&str> = old.assertions().collect();
        keywords.extend(new.assertions().filter(|keyword| old.get(keyword).is_none()));
        for keyword in keywords {
            let is_elsewhere = [&ELSEWHERE[..], &LOWER, &UPPER].iter().any(|all| all.contains(&keyword));
            let (was, is) = (old.get(keyword), new.get(keyword));
            if is_elsewhere {
                continue;
            }
            if was == is {
                // Alike in words, and yet what it refers to may have changed.
                if self.definitions_differ && was.is_some_and(mentions_reference) {
                    let message = format!("has the {keyword} it had, which refers to what may have changed");
                    self.tell(place, Effect::Unclear, message);
                }
                continue;
            }
            let effect = match (was, is) {
                (None, Some(_)) if CONJUNCTS.contains(&keyword) => Effect::Narrower,
                (Some(_), None) if CONJUNCTS.contains(&keyword) => Effect::Wider,
                _ => Effect::Unclear,
            };
            self.tell(place, effect, changed(keyword, was, is));
        }
    }

    fn types(&mut self, old: &Keywords<'_>, new: &Keywords<'_>, place: &Place<'_>) {
        let (was, is) = (types(old), types(new));
        let (Some(was), Some(is)) = (was, is) else {
            if old.get("type") != new.get("type") {
                self.tell(place, Effect::Unclear, changed("type", old.get("type"), new.get("type")));
            }
            return;
        };
        let message = || format!("was {} and is {}", type_words(was), type_words(is));
        match (was & !is, is & !was) {
            (0, 0) => {}
            (_, 0) => self.tell(place, Effect::Narrower, message()),
            (0, _) => self.tell(place, Effect::Wider, message()),
            _ if was & is == 0 => self.tell(place, Effect::Other, message()),
            _ => {
                self.tell(place, Effect::Narrower, message());
                self.tell(place, Effect::Wider, message());
            }
        }
    }

    /// `enum`, and `const`, which is one of a single value.
    fn values(&mut self, old: &Keywords<'_>, new: &Keywords<'_>, place: &Place<'_>) {
        match (values(old), values(new)) {
            (None, None) => {}
            (None, Some(is)) => {
                self.tell(place, Effect::Narrower, format!("must be {} now", list(&is)));
            }
            (Some(_), None) => self.tell(place, Effect::Wider, "is no longer one of a list of values"),
            (Some(was), Some(is)) => {
                let gone: Vec<&Value> = was.iter().filter(|value| !is.contains(value)).copied().collect();
                let come: Vec<&Value> = is.iter().filter(|value| !was.contains(value)).copied().collect();
                if !gone.is_empty() {
                    let effect = if is.iter().all(|value| come.contains(value)) {
                        Effect::Other
                    } else {
                        Effect::Narrower
                    };
                    self.tell(place, effect, format!("can no longer be {}", list(&gone)));
                }
                if !come.is_empty() {
                    self.tell(place, Effect::Wider, format!("can be {} now", list(&come)));
                }
            }
        }
    }

    /// A number that bounds the value: `raised` is the effect of a larger one.
    fn bound(
        &mut self,
        keyword: &str,
        old: &Keywords<'_>,
        new: &Keywords<'_>,
        place: &Place<'_>,
        raised: Effect,
    ) {
        let (was, is) = (old.get(keyword), new.get(keyword));
        if was == is {
            return;
        }
        let lowered = if raised == Effect::Narrower { Effect::Wider } else { Effect::Narrower };
        let number = |value: &Value| value.as_f64().filter(|number| number.is_finite());
        let effect = match (was, is) {
            (None, _) => Effect::Narrower,
            (_, None) => Effect::Wider,
            (Some(was), Some(is)) => match (number(was), number(is)) {
                (Some(was), Some(is)) if is > was => raised,
                (Some(was), Some(is)) if is < was => lowered,
                // The same, or too near to each other to be told apart.
                _ => Effect::Unclear,
            },
        };
        self.tell(place, effect, changed(keyword, was, is));
    }
}

fn mentions_reference(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(mentions_reference),
        Value::Object(members) => members.contains_key("$ref") || members.values().any(mentions_reference),
        _ => false,
    }
}

fn changed(keyword: &str, was: Option<&Value>, is: Option<&Value>) -> String {
    match (was.map(quoted_value), is.map(quoted_value)) {
        (Some(was), Some(is)) => format!("had the {keyword} {was} and has {is}"),
        (None, Some(is)) => format!("has the {keyword} {is}"),
        _ => format!("has no {keyword} any more"),
    }
}

fn types(keywords: &Keywords<'_>) -> Option<u8> {
    let bits = |name: &Value| {
        let name = name.as_str()?;
        TYPES.iter().find(|(own, _)| *own == name).map(|(_, bits)| *bits)
    };
    match keywords.get("type") {
        None => Some(ANY),
        Some(Value::Array(names)) => names.iter().try_fold(0, |all, name| Some(all | bits(name)?)),
        Some(name) => bits(name),
    }
}

fn type_words(types: u8) -> String {
    if types == ANY {
        return "anything".to_owned();
    }
    let is_number = types & 64 != 0;
    let named = TYPES.iter().filter(|(name, bits)| match *name {
        "integer" => types & bits != 0 && !is_number,
        "number" => is_number,
        _ => types & bits != 0,
    });
    named.map(|(name, _)| *name).collect::<Vec<_>>().join(" or ")
}

fn values<'k>(keywords: &'k Keywords<'_>) -> Option<Vec<&'k Value>> {
    let listed =
        keywords.get("enum").and_then(Value::as_array).map(|values| values.iter().collect::<Vec<_>>());
    match (listed, keywords.get("const")) {
        (listed, None) => listed,
        (None, Some(only)) => Some(vec![only]),
        (Some(listed), Some(only)) => Some(listed.into_iter().filter(|value| *value == only).collect()),
    }
}

fn list(values: &[&Value]) -> String {
    let mut words: Vec<String> = values.iter().take(SHOWN).map(|value| quoted_value(value)).collect();
    if let more @ 1.. = values.len().saturating_sub(SHOWN) {
        words.push(format!("{more} more"));
    }
    if words.is_empty() { "nothing".to_owned() } else { words.join(" or ") }
}

fn quoted_value(value: &Value) -> String {
    value.as_str().map_or_else(|| shortened(&value.to_string()), quoted)
}
