//! Words that were nearly written.

use strsim::osa_distance;

/// Words compared with one that is known to nobody.
const MAX_COMPARED: usize = 5_000;

/// The word of `known` (sorted) that `word` was most likely meant to be: at most one letter wrong in a short
/// word, two in a long one, and the first letter right. The first of equals counts.
pub(crate) fn nearest<'k>(word: &str, known: &'k [Box<str>]) -> Option<&'k str> {
    let length = word.chars().count();
    let allowed = match length {
        0..=3 => return None,
        4..=7 => 1,
        _ => 2,
    };
    let first = word.chars().next()?;
    let start = known.partition_point(|other| other.chars().next() < Some(first));
    let alike = known.iter().skip(start).take_while(|other| other.starts_with(first)).take(MAX_COMPARED);
    alike
        .filter(|other| other.chars().count().abs_diff(length) <= allowed)
        .map(|other| (osa_distance(word, other), &**other))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, other)| other)
}

/// The known words that `word` begins, shortest first, such as `authentication` for `auth`.
pub(crate) fn begun_by<'k>(word: &str, known: &'k [Box<str>]) -> Vec<&'k str> {
    if word.chars().count() < 4 {
        return Vec::new();
    }
    let start = known.partition_point(|other| &**other < word);
    let mut found: Vec<&str> = known
        .iter()
        .skip(start)
        .take_while(|other| other.starts_with(word))
        .take(8)
        .map(|other| &**other)
        .collect();
    found.sort_by_key(|other| (other.len(), *other));
    found
}

/// The two known words that `word` is made of.
pub(crate) fn split<'w>(word: &'w str, known: &[Box<str>]) -> Option<(&'w str, &'w str)> {
    let is_known = |part: &str| known.binary_search_by(|other| (**other).cmp(part)).is_ok();
    let cuts = word.char_indices().map(|(at, _)| at).filter(|&at| at >= 3 && word.len() - at >= 3);
    cuts.filter_map(|at| word.split_at_checked(at)).find(|(left, right)| is_known(left) && is_known(right))
}
