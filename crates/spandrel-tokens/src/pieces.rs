//! Text as the pieces that are encoded on their own: a word, a few digits, punctuation, white space.

use std::sync::LazyLock;

use regex::Regex;

/// The pieces of `o200k_base`, but for white space before a word: its last character belongs to the
/// word, which would need a look-ahead.
static PIECE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let word_begin = r"[^\r\n\p{L}\p{N}]?";
    let contraction = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?";
    let alternatives = [
        &format!(
            r"{word_begin}[\p{{Lu}}\p{{Lt}}\p{{Lm}}\p{{Lo}}\p{{M}}]*[\p{{Ll}}\p{{Lm}}\p{{Lo}}\p{{M}}]+{contraction}"
        ),
        &format!(
            r"{word_begin}[\p{{Lu}}\p{{Lt}}\p{{Lm}}\p{{Lo}}\p{{M}}]+[\p{{Ll}}\p{{Lm}}\p{{Lo}}\p{{M}}]*{contraction}"
        ),
        r"\p{N}{1,3}",
        r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
        r"\s*[\r\n]+",
        r"\s+",
    ];
    Regex::new(&alternatives.join("|")).ok()
});

/// The pieces, in their order; together they are the text.
pub(crate) fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end = PIECE.as_ref().and_then(|piece| piece.find(rest)).map_or(rest.len(), |found| found.end());
        let (piece, after) = rest.split_at_checked(end)?;
        let (piece, after) = leave_last_space(piece, after, rest);
        rest = after;
        (!piece.is_empty()).then_some(piece)
    })
}

/// Leaves the last of several spaces to what follows them.
fn leave_last_space<'t>(piece: &'t str, after: &'t str, whole: &'t str) -> (&'t str, &'t str) {
    let is_space =
        |piece: &str| piece.chars().all(|character| character.is_whitespace() && !"\r\n".contains(character));
    let split = piece.char_indices().next_back().filter(|(last, _)| *last > 0 && !after.is_empty());
    match split.filter(|_| is_space(piece)).and_then(|(last, _)| whole.split_at_checked(last)) {
        Some(parts) => parts,
        None => (piece, after),
    }
}
