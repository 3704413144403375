//! The `deepObject` style: `color[R]=100`.
//!
//! `OpenAPI` defines it for objects of scalars. Deeper down this follows the servers that read
//! brackets (Stripe's, PHP's, Rails', those that use `qs`): members as `a[b][c]`, scalar items as
//! `a[b][]`, and items that are objects or arrays by their index, `a[b][0][c]`, so that their
//! members stay together. Brackets are percent-encoded, as OAS 3.1.1, appendix E, demands; servers
//! decode names before they read them.

use std::fmt::Write;

use serde_json::Value;

/// Calls `found` with each scalar in `value` and the name that it stands under.
pub(super) fn each(name: &str, value: &Value, found: &mut dyn FnMut(&str, &Value)) {
    each_at(&mut name.to_owned(), value, found);
}

/// `key` comes back as it was.
fn each_at(key: &mut String, value: &Value, found: &mut dyn FnMut(&str, &Value)) {
    let length = key.len();
    match value {
        Value::Null => {}
        Value::Object(members) => {
            for (member, value) in members {
                key.push('[');
                key.push_str(member);
                key.push(']');
                each_at(key, value, found);
                key.truncate(length);
            }
        }
        Value::Array(items) => {
            let nested = items.iter().any(|item| item.is_object() || item.is_array());
            for (index, item) in items.iter().filter(|item| !item.is_null()).enumerate() {
                if nested {
                    // Writing to a string cannot fail.
                    let _ = write!(key, "[{index}]");
                } else {
                    key.push_str("[]");
                }
                each_at(key, item, found);
                key.truncate(length);
            }
        }
        scalar => found(key, scalar),
    }
}
