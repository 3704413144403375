//! Objects.

use serde_json::{Map, Value};

use super::maker::{Maker, Plain};
use super::{Extent, pattern, string};
use crate::shape::{member, member_names};

/// Members that are made up to reach `minProperties`.
const MOST_FILLERS: u64 = 64;

pub(super) fn make<'a>(maker: &mut Maker<'a, '_>, plain: &[Plain<'a>]) -> Option<Value> {
    let required = required(plain);
    let named: Vec<&str> = member_names(plain).into_iter().filter(|name| is_allowed(plain, name)).collect();
    let optional = named.iter().filter(|name| !required.contains(name)).count();
    let picked = maker.pick("members", if optional == 0 { 1 } else { 2 });
    let begins_small = maker.extent == Extent::Required;
    let only_required = maker.is_frugal() || (picked == 1) != begins_small;
    let holds_one = begins_small && !maker.is_outermost() && !maker.is_frugal();
    let most = string::limit(plain, "maxProperties", u64::min).unwrap_or(u64::MAX);
    let mut room = usize::try_from(most).unwrap_or(usize::MAX).saturating_sub(required.len());

    let mut object = Map::new();
    for name in named.iter().chain(required.iter().filter(|name| !named.contains(name))) {
        let is_required = required.contains(name);
        let is_wanted = !only_required || (holds_one && object.is_empty() && required.is_empty());
        if !is_required && (!is_wanted || room == 0) {
            continue;
        }
        match maker.make_child(name, &member(plain, name)) {
            Some(value) => {
                room -= usize::from(!is_required);
                object.insert((*name).to_owned(), value);
            }
            None if is_required => return None,
            None => {}
        }
    }
    add_unnamed(maker, plain, &mut object, only_required)?;
    Some(Value::Object(object))
}

/// Required members, and those that `dependentRequired` asks for besides them.
fn required<'a>(plain: &[Plain<'a>]) -> Vec<&'a str> {
    let mut names: Vec<&str> = Vec::new();
    let lists = plain.iter().filter_map(|schema| schema.get("required")).filter_map(Value::as_array);
    for name in lists.flatten().filter_map(Value::as_str) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let dependent: Vec<&Map<String, Value>> = plain
        .iter()
        .filter_map(|schema| schema.get("dependentRequired"))
        .filter_map(Value::as_object)
        .collect();
    let mut next = 0;
    while let Some(name) = names.get(next).copied() {
        let lists = dependent.iter().filter_map(|map| map.get(name)).filter_map(Value::as_array);
        for other in lists.flatten().filter_map(Value::as_str) {
            if !names.contains(&other) {
                names.push(other);
            }
        }
        next += 1;
    }
    names
}

/// Whether every schema that is closed names `name` itself.
fn is_allowed(plain: &[Plain<'_>], name: &str) -> bool {
    plain.iter().all(|schema| {
        schema.get("additionalProperties") != Some(&Value::Bool(false))
            || schema.get("patternProperties").is_some()
            || schema
                .get("properties")
                .and_then(Value::as_object)
                .is_some_and(|names| names.contains_key(name))
    })
}

/// Members that no schema names: one to show what they are, and as many as there must be.
fn add_unnamed<'a>(
    maker: &mut Maker<'a, '_>,
    plain: &[Plain<'a>],
    object: &mut Map<String, Value>,
    only_required: bool,
) -> Option<()> {
    let least = string::limit(plain, "minProperties", u64::max).unwrap_or(0).min(MOST_FILLERS);
    let least = usize::try_from(least).unwrap_or_default();
    let described = plain.iter().any(|schema| {
        schema.get("additionalProperties").is_some_and(Value::is_object)
            || schema.contains_key("patternProperties")
    });
    let shown =
        usize::from(described && object.is_empty() && !only_required && member_names(plain).is_empty());
    for number in 0..least.max(shown).saturating_sub(object.len()) {
        let Some(name) = unnamed(plain, number) else { break };
        let Some(value) = maker.make_child(&name, &member(plain, &name)) else {
            if number < least {
                return None;
            }
            break;
        };
        object.insert(name, value);
    }
    Some(())
}

/// A name for a member without a name of its own.
fn unnamed(plain: &[Plain<'_>], number: usize) -> Option<String> {
    for schema in plain {
        if let Some(names) = schema.get("propertyNames").and_then(Value::as_object) {
            if let Some(values) = names.get("enum").and_then(Value::as_array) {
                return values.get(number).and_then(Value::as_str).map(str::to_owned);
            }
            if let Some(Value::String(pattern)) = names.get("pattern") {
                return pattern::sample(pattern, 0, number);
            }
            if let Some(Value::String(format)) = names.get("format") {
                return string::of_format(format, number);
            }
        }
        if let Some(patterns) = schema.get("patternProperties").and_then(Value::as_object) {
            return patterns.keys().next().and_then(|pattern| pattern::sample(pattern, 0, number));
        }
    }
    Some(if number == 0 { "key".to_owned() } else { format!("key{}", number + 1) })
}
