//! Names of definitions.

use std::collections::HashMap;

use url::Url;

use crate::location::Pointer;

/// A readable name for what stands at `pointer`, not among `taken`: the pointer's last word that is
/// no keyword or index, else the document's file name.
pub(super) fn unique(
    pointer: &Pointer,
    document: &Url,
    taken: &HashMap<String, usize>,
    numbers: &mut HashMap<String, u32>,
) -> String {
    let last = pointer.tokens().filter(|word| !is_position(word)).last();
    let base = match last {
        Some(word) => legal(&word),
        None => legal(
            document.path().rsplit('/').next().unwrap_or_default().split('.').next().unwrap_or_default(),
        ),
    };
    if !taken.contains_key(&base) {
        return base;
    }
    // Counting goes on where it stopped: thousands of schemas may have one name.
    let number = numbers.entry(base.clone()).or_insert(1);
    loop {
        *number += 1;
        let candidate = format!("{base}_{number}");
        if !taken.contains_key(&candidate) {
            return candidate;
        }
    }
}

/// Whether a token says where something stands rather than what it is.
fn is_position(token: &str) -> bool {
    matches!(
        token,
        "schema" | "items" | "properties" | "allOf" | "anyOf" | "oneOf" | "not" | "additionalProperties"
    ) || token.bytes().all(|byte| byte.is_ascii_digit())
}

/// Keeps letters, digits, `_`, `-` and `.`; everything else becomes `_`, so that the name needs no
/// escaping in a reference.
fn legal(text: &str) -> String {
    let legal: String = text
        .chars()
        .map(|character| match character {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '_' | '-' | '.' => character,
            _ => '_',
        })
        .take(64)
        .collect();
    if legal.is_empty() { "schema".to_owned() } else { legal }
}
