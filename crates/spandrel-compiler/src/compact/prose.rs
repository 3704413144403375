//! What a model is told in words.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use spandrel_openapi::prose;

use super::{Bounds, subschemas};

/// Words that a description may add to a name without saying more.
const EMPTY_WORDS: [&str; 13] =
    ["a", "an", "the", "of", "this", "that", "its", "is", "to", "for", "in", "value", "field"];
/// How sentences begin that send the reader elsewhere; a model cannot go there.
const ELSEWHERE: [&str; 9] = [
    "for more info",
    "for more detail",
    "more info",
    "more detail",
    "learn more",
    "read more",
    "see also",
    "see [",
    "see http",
];

/// Drops and shortens prose everywhere inside a tool's schema.
pub(super) fn prune(schema: &mut Value, bounds: Bounds) {
    prune_at(schema, None, 0, bounds);
}

fn prune_at(schema: &mut Value, name: Option<&str>, depth: usize, bounds: Bounds) {
    let Value::Object(members) = schema else { return };
    let limit = if depth <= 1 { bounds.argument } else { bounds.nested };
    describe(members, name, limit);
    if !keeps_data(members, bounds) {
        members.shift_remove("examples");
        members.shift_remove("example");
    }
    let is_plain = |value: &Value| {
        matches!(value, Value::Null) || value == "" || value.as_array().is_some_and(Vec::is_empty)
    };
    if !bounds.keeps_data || members.get("default").is_some_and(is_plain) {
        members.shift_remove("default");
    }
    subschemas::each_mut(members, &mut |name, inner| prune_at(inner, name, depth + 1, bounds));
}

/// Leaves a description that says more than the name does, within `limit`, and no title beside it.
fn describe(members: &mut Map<String, Value>, name: Option<&str>, limit: usize) {
    let text = |members: &Map<String, Value>, keyword| {
        members.get(keyword).and_then(Value::as_str).map(str::to_owned)
    };
    let title = text(members, "title").filter(|title| !repeats(title, name));
    let description = text(members, "description").filter(|text| !repeats(text, name));
    if title.is_none() || description.is_some() || limit == 0 {
        members.shift_remove("title");
    }
    if let Some(kept) = description.map(|text| shortened(&text, limit)).filter(|text| !text.is_empty()) {
        members.insert("description".to_owned(), kept.into());
    } else {
        members.shift_remove("description");
    }
}

/// Examples help where neither words nor other keywords say how a value is written.
fn keeps_data(members: &Map<String, Value>, bounds: Bounds) -> bool {
    let says_how = ["description", "enum", "const", "format", "pattern", "properties", "items", "$ref"];
    let is_text = members.get("type").is_none_or(|kind| kind == "string");
    bounds.keeps_data && is_text && !says_how.iter().any(|keyword| members.contains_key(*keyword))
}

/// Whether `text` says no more than the words of `name`.
fn repeats(text: &str, name: Option<&str>) -> bool {
    let said = words(name.unwrap_or_default());
    let adds =
        words(text).into_iter().any(|word| !said.contains(&word) && !EMPTY_WORDS.contains(&word.as_str()));
    !adds
}

/// The words of a name or a text, in lower case: `petId`, `pet_id` and `Pet ID` are the same ones.
fn words(text: &str) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    let mut word = String::new();
    let mut after_lower = false;
    for character in text.chars() {
        let begins = character.is_uppercase() && after_lower;
        if (begins || !character.is_alphanumeric()) && !word.is_empty() {
            words.insert(std::mem::take(&mut word));
        }
        if character.is_alphanumeric() {
            word.extend(character.to_lowercase());
        }
        after_lower = character.is_lowercase() || character.is_numeric();
    }
    if !word.is_empty() {
        words.insert(word);
    }
    words
}

/// The beginning of `text` that ends with a sentence within `limit` characters, without links and without
/// sentences that send the reader elsewhere.
pub(super) fn shortened(text: &str, limit: usize) -> String {
    if limit == 0 {
        return String::new();
    }
    let text = without_links(text);
    let mut kept = String::new();
    for sentence in sentences(&text) {
        let lower = sentence.trim_start().to_lowercase();
        if ELSEWHERE.iter().any(|begin| lower.starts_with(begin)) {
            continue;
        }
        if !kept.trim().is_empty() && kept.chars().count() + sentence.trim_end().chars().count() > limit {
            break;
        }
        kept.push_str(sentence);
    }
    prose::plain(kept.trim(), limit)
}

/// The sentences and paragraphs of a text, with the white space behind them.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (sentence, after) = rest.split_at_checked(sentence_end(rest)).filter(|_| !rest.is_empty())?;
        rest = after;
        Some(sentence)
    })
}

fn sentence_end(text: &str) -> usize {
    let mut characters = text.char_indices().peekable();
    while let Some((_, character)) = characters.next() {
        let next = characters.peek().copied();
        match next {
            Some((at, next)) if matches!(character, '.' | '!' | '?') && next.is_whitespace() => {
                let after = text.get(at..).unwrap_or_default();
                let begins = after.trim_start().chars().next();
                // `e.g. this` goes on.
                if begins.is_none_or(|first| !first.is_lowercase()) {
                    return text.len() - after.trim_start().len();
                }
            }
            Some((at, '\n')) if character == '\n' => {
                let after = text.get(at..).unwrap_or_default();
                return text.len() - after.trim_start().len();
            }
            _ => {}
        }
    }
    text.len()
}

/// Markdown links as their text.
fn without_links(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, from)) = rest.split_once('[') {
        plain.push_str(before);
        let link = from.split_once("](").and_then(|(label, target)| {
            let (target, after) = target.split_once(')')?;
            let is_link = !label.contains(['[', '\n']) && !target.contains(char::is_whitespace);
            is_link.then_some((label, after))
        });
        if let Some((label, after)) = link {
            plain.push_str(label);
            rest = after;
        } else {
            plain.push('[');
            rest = from;
        }
    }
    plain.push_str(rest);
    plain
}
