//! What a request said comes back in the answer, where the answer has a member of that name.

use std::mem::discriminant;
use std::sync::Arc;

use serde_json::Value;

use crate::check::Check;
use crate::judge::Said;

/// Members that are replaced in one answer at most.
const MOST: usize = 32;

/// `value` with members of the request's names set to what the request said, as long as the check
/// accepts it. The last variable of the path also sets `id`.
pub(super) fn echo(
    value: &Value,
    said: &Said,
    variables: &[(String, String)],
    check: impl FnOnce() -> Arc<Check>,
) -> Value {
    let Value::Object(members) = value else { return value.clone() };
    let mut wanted: Vec<(&str, &Value)> = Vec::new();
    let mut want = |name, value| {
        // Of the same kind: a schema that names no type takes any, and means one.
        let replaces = |known: &Value| known != value && discriminant(known) == discriminant(value);
        if wanted.len() < MOST && members.get(name).is_some_and(replaces) {
            wanted.push((name, value));
        }
    };
    if let Some(Value::Object(body)) = &said.body {
        body.iter().for_each(|(name, value)| want(name, value));
    }
    said.parameters.iter().for_each(|(name, value)| want(name, value));
    let last = variables.last().and_then(|(last, _)| said.parameters.iter().find(|(name, _)| name == last));
    if let Some((name, value)) = last
        && name.to_ascii_lowercase().ends_with("id")
    {
        want("id", value);
    }
    let with = |members: &serde_json::Map<String, Value>, wanted: &[(&str, &Value)]| {
        let mut members = members.clone();
        for (name, value) in wanted {
            members.insert((*name).to_owned(), (*value).clone());
        }
        Value::Object(members)
    };
    if wanted.is_empty() {
        return value.clone();
    }
    let (check, whole) = (check(), with(members, &wanted));
    if check.accepts(&whole) {
        return whole;
    }
    let mut accepted = Value::Object(members.clone());
    for one in &wanted {
        let Value::Object(members) = &accepted else { break };
        let candidate = with(members, std::slice::from_ref(one));
        if check.accepts(&candidate) {
            accepted = candidate;
        }
    }
    accepted
}
