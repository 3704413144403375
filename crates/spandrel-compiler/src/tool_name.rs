//! Names of tools: legal for every client, unique, and the same when the document grows.

use std::collections::HashSet;

use spandrel_openapi::Operation;

use crate::profile::Profile;

/// The most characters that every client takes.
pub(crate) const LONGEST: usize = 64;
/// A shorter limit than this leaves no room for a readable name and its hash.
pub(crate) const SHORTEST_LIMIT: usize = 16;

/// Gives out names, each once.
pub(crate) struct ToolNames {
    limit: usize,
    wants_letter: bool,
    taken: HashSet<String>,
}

/// A name, and whether it is not the one that the operation would have alone.
pub(crate) struct ToolName {
    pub(crate) name: String,
    pub(crate) was_taken: bool,
}

impl ToolNames {
    /// Names for `profile`, of at most `limit` characters.
    pub(crate) fn new(limit: Option<usize>, profile: Profile) -> Self {
        let longest = profile.name_limit();
        let limit = limit.unwrap_or(longest).clamp(SHORTEST_LIMIT, longest);
        Self { limit, wants_letter: profile.wants_initial_letter(), taken: HashSet::new() }
    }

    /// The name of `operation`: the `chosen` one, else from its `operationId`, else from its method and path. A name that
    /// an earlier operation has gets a suffix made from the method and path, so that it stays the
    /// same wherever other operations are added.
    pub(crate) fn name(&mut self, operation: &Operation, chosen: Option<&str>) -> ToolName {
        let identity = format!("{} {}", operation.method, operation.path);
        let written = [chosen, operation.operation_id.as_deref()].into_iter().flatten();
        let named = written.map(legal).find(|name| !name.is_empty());
        let mut full = named.unwrap_or_else(|| from_path(operation));
        if self.wants_letter && !full.starts_with(|first: char| first.is_ascii_alphabetic()) {
            full.insert(0, '_');
        }
        let name = shortened(&full, &full, self.limit);
        if self.taken.insert(name.to_ascii_lowercase()) {
            return ToolName { name, was_taken: false };
        }
        let mut seed = identity;
        loop {
            let name = suffixed(&full, &seed, self.limit);
            if self.taken.insert(name.to_ascii_lowercase()) {
                return ToolName { name, was_taken: true };
            }
            seed.push('\'');
        }
    }
}

fn from_path(operation: &Operation) -> String {
    let mut text = operation.method.to_ascii_lowercase();
    for segment in operation.path.split('/').filter(|segment| !segment.is_empty()) {
        text.push('_');
        text.push_str(&segment.replace('{', "by_"));
    }
    legal(&text)
}

/// Letters, digits, `_` and `-`; runs of anything else become one `_`.
pub(crate) fn legal(text: &str) -> String {
    let mut legal = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '-' => legal.push(character),
            _ if legal.ends_with('_') || legal.is_empty() => {}
            _ => legal.push('_'),
        }
    }
    let trimmed = legal.trim_end_matches('_').len();
    legal.truncate(trimmed);
    legal
}

/// `text` within `limit`, with a hash of `identity` where something had to go.
pub(crate) fn shortened(text: &str, identity: &str, limit: usize) -> String {
    if text.len() <= limit { text.to_owned() } else { suffixed(text, identity, limit) }
}

/// `text` with a hash of `identity` behind it, within `limit`; cut between words where one ends near.
fn suffixed(text: &str, identity: &str, limit: usize) -> String {
    let room = limit.saturating_sub(7);
    let mut head = text.get(..room.min(text.len())).unwrap_or(text);
    if head.len() < text.len() {
        let boundary = head.rfind(['_', '-']).filter(|&end| end + 12 >= head.len());
        head = boundary.and_then(|end| head.get(..end)).unwrap_or(head);
    }
    format!("{}_{:06x}", head.trim_end_matches(['_', '-']), hash(identity) & 0x00ff_ffff)
}

/// FNV-1a: small, and the same on every machine and in every release.
fn hash(text: &str) -> u64 {
    let mut state = 0xcbf2_9ce4_8422_2325_u64;
    for byte in text.bytes() {
        state = (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    state ^ (state >> 32)
}

#[cfg(test)]
mod tests {
    use super::{legal, shortened};

    #[test]
    fn names_are_legal() {
        let rows = [
            ("listPets", "listPets"),
            ("repos/get-content", "repos_get-content"),
            ("Pets.list v2", "Pets_list_v2"),
            ("__x__", "x"),
            ("größe", "gr_e"),
            ("日本", ""),
        ];
        for (given, expected) in rows {
            assert_eq!(legal(given), expected, "{given}");
        }
    }

    #[test]
    fn long_names_keep_their_difference() {
        let long = "a_rather_long_operation_name_that_goes_on_and_on_until_it_is_too_long_for_";
        let one = shortened(&format!("{long}one"), &format!("{long}one"), 64);
        let two = shortened(&format!("{long}two"), &format!("{long}two"), 64);
        assert_ne!(one, two);
        assert!(one.len() <= 64 && two.len() <= 64);
        assert!(one.starts_with("a_rather_long_operation_name"));
    }
}
