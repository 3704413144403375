//! A request in plain words, understood: what it is about, and what is to be done.

mod reader;

use self::reader::Reader;
use crate::action::Action;
use crate::index::SearchIndex;
use crate::stem::Stems;
use crate::words::words;

/// Characters of a request that are read; the rest is ignored.
pub const MAX_QUERY_CHARACTERS: usize = 1_000;
/// Words of a request that are read.
const MAX_WORDS: usize = 64;

/// A request, understood in the words of one index.
#[derive(Debug, Default)]
pub(crate) struct Query {
    pub(crate) concepts: Vec<Concept>,
    /// What is to be done.
    pub(crate) action: Option<Action>,
}

/// One thing that the request speaks of, as terms of the index: any one of them will do.
#[derive(Debug, PartialEq)]
pub(crate) struct Concept {
    /// Indices of terms, and what each counts.
    pub(crate) terms: Vec<(usize, f32)>,
    /// What it counts among the others.
    pub(crate) weight: f32,
}

impl Query {
    /// Understands `text` by the terms of an index.
    pub(crate) fn understand(text: &str, index: &SearchIndex) -> Self {
        let text: String = text.chars().take(MAX_QUERY_CHARACTERS).collect();
        let mut written = words(&text);
        written.truncate(MAX_WORDS);
        let stems = Stems::english();
        let stemmed: Vec<String> = written.iter().map(|word| stems.stem(word)).collect();
        let mut reader = Reader::new(index);
        reader.read(&written, &stemmed);
        reader.into_query()
    }
}
