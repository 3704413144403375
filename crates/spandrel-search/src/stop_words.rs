//! Words that say nothing of what is searched. They stand in `stop_words.txt`, sorted, one a line.

use std::sync::OnceLock;

const TEXT: &str = include_str!("stop_words.txt");

pub(crate) fn is_stop_word(word: &str) -> bool {
    stop_words().binary_search(&word).is_ok()
}

pub(crate) fn stop_words() -> &'static [&'static str] {
    static WORDS: OnceLock<Vec<&str>> = OnceLock::new();
    WORDS.get_or_init(|| TEXT.lines().collect())
}
