//! Names of arguments: keys that every client takes, unique within a tool.

use std::collections::{HashMap, HashSet};

use crate::tool_name::{legal, shortened};

/// The most characters of a key that every client takes.
const LONGEST: usize = 64;

/// Gives out the keys of one arguments object.
pub(crate) struct ArgumentNames {
    taken: HashSet<String>,
    /// Legal names of what has no key yet: each becomes its own key.
    reserved: HashSet<String>,
    numbers: HashMap<String, u32>,
    allows_dots: bool,
}

impl ArgumentNames {
    /// Keys with or without dots.
    pub(crate) fn new(allows_dots: bool) -> Self {
        Self { taken: HashSet::new(), reserved: HashSet::new(), numbers: HashMap::new(), allows_dots }
    }

    /// Keeps `name` for what is called that, if it can be a key as it is: no other name that is made
    /// into a key takes it.
    pub(crate) fn reserve(&mut self, name: &str) {
        if key(name, self.allows_dots) == name {
            self.reserved.insert(name.to_owned());
        }
    }

    /// The key for `name`; where it is taken, `place` (`query`, `body`, …) tells the later one apart.
    pub(crate) fn name(&mut self, name: &str, place: &str) -> String {
        let key = key(name, self.allows_dots);
        let is_free = key == name || !self.reserved.contains(&key);
        if is_free && self.taken.insert(key.clone()) {
            return key;
        }
        let placed = format!("{place}_{key}");
        // Counting goes on where it stopped: a hostile body has thousands of names that end alike.
        let number = self.numbers.entry(placed.clone()).or_insert(0);
        loop {
            *number += 1;
            let text = if *number == 1 { placed.clone() } else { format!("{placed}_{number}") };
            let candidate = shortened(&text, &text, LONGEST);
            if !self.reserved.contains(&candidate) && self.taken.insert(candidate.clone()) {
                return candidate;
            }
        }
    }
}

/// `name` as a key: itself where it is legal, else readable words for what is not.
fn key(name: &str, allows_dots: bool) -> String {
    let is_legal = |byte: u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-') || (byte == b'.' && allows_dots)
    };
    if !name.is_empty() && name.len() <= LONGEST && name.bytes().all(is_legal) {
        return name.to_owned();
    }
    // Comparisons and signs are written as words: they are what tells such names apart.
    let mut words = String::with_capacity(name.len());
    for character in name.chars() {
        match character {
            '<' => words.push_str("_lt"),
            '>' => words.push_str("_gt"),
            '=' => words.push_str("_eq"),
            '!' => words.push_str("_not"),
            '+' => words.push_str("_plus"),
            '.' => words.push('_'),
            other => words.push(other),
        }
    }
    let readable = legal(&words);
    let readable = if readable.is_empty() { "argument".to_owned() } else { readable };
    shortened(&readable, name, LONGEST)
}

#[cfg(test)]
mod tests {
    use super::{ArgumentNames, key};

    #[test]
    fn keys_are_legal_and_readable() {
        let rows = [
            ("id", "id"),
            ("X-Request-Id", "X-Request-Id"),
            ("a.b", "a.b"),
            ("filter[status]", "filter_status"),
            ("$top", "top"),
            ("Date<", "Date_lt"),
            ("Date>", "Date_gt"),
            ("@type", "type"),
            ("名前", "argument"),
        ];
        for (given, expected) in rows {
            assert_eq!(key(given, true), expected, "{given}");
        }
    }

    #[test]
    fn dots_are_left_out_where_they_are_not_taken() {
        assert_eq!(key("a.b", false), "a_b");
        let mut names = ArgumentNames::new(false);
        assert_eq!(
            (names.name("a_b", "query"), names.name("a.b", "query")),
            ("a_b".into(), "query_a_b".into())
        );
    }

    #[test]
    fn a_legal_name_is_kept_for_what_has_it() {
        let mut names = ArgumentNames::new(true);
        let given = [
            ("filter[x]", "query"),
            ("filter_x", "query"),
            ("id", "path"),
            ("id", "query"),
            ("query_id", "query"),
        ];
        for (name, _) in &given {
            names.reserve(name);
        }
        let keys: Vec<String> = given.iter().map(|(name, place)| names.name(name, place)).collect();
        assert_eq!(keys, ["query_filter_x", "filter_x", "id", "query_id_2", "query_id"]);
    }

    #[test]
    fn collisions_name_the_place() {
        let mut names = ArgumentNames::new(true);
        let given = [("id", "path"), ("id", "query"), ("id", "body"), ("body_id", "body"), ("id", "body")];
        let keys: Vec<String> = given.iter().map(|(name, place)| names.name(name, place)).collect();
        assert_eq!(keys, ["id", "query_id", "body_id", "body_body_id", "body_id_2"]);
    }
}
