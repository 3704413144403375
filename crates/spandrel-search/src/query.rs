//! A request in plain words, understood: what it is about, and what is to be done.

use crate::action::Action;
use crate::spelling;
use crate::stem::Stems;
use crate::vocabulary::{Meaning, Vocabulary};
use crate::words::words;

/// Characters of a request that are read; the rest is ignored.
pub const MAX_QUERY_CHARACTERS: usize = 1_000;
/// Words of a request that are read.
const MAX_WORDS: usize = 64;

/// What a word counts that was not written but nearly.
const MISSPELT: f32 = 0.8;
/// What a longer word counts that begins as the written one.
const BEGUN: f32 = 0.5;
/// What a part of a phrase counts beside the phrase.
const PART_OF_PHRASE: f32 = 0.8;
/// What a part's own meanings count beside the phrase's.
const MEANING_OF_PART: f32 = 0.6;

/// Words that say nothing of what is searched.
const STOP_WORDS: &[&str] = &[
    "a",
    "about",
    "after",
    "again",
    "all",
    "already",
    "also",
    "am",
    "an",
    "and",
    "another",
    "any",
    "anybody",
    "anyone",
    "anything",
    "are",
    "as",
    "at",
    "be",
    "because",
    "been",
    "before",
    "being",
    "but",
    "by",
    "can",
    "cant",
    "could",
    "did",
    "do",
    "does",
    "doesnt",
    "doing",
    "dont",
    "each",
    "else",
    "ever",
    "every",
    "for",
    "from",
    "give",
    "go",
    "going",
    "gone",
    "got",
    "had",
    "has",
    "have",
    "he",
    "her",
    "here",
    "hers",
    "him",
    "his",
    "how",
    "i",
    "id",
    "if",
    "ill",
    "im",
    "in",
    "into",
    "is",
    "isnt",
    "it",
    "its",
    "ive",
    "just",
    "let",
    "lets",
    "like",
    "longer",
    "make",
    "many",
    "may",
    "me",
    "more",
    "most",
    "much",
    "my",
    "need",
    "needs",
    "no",
    "not",
    "now",
    "of",
    "off",
    "on",
    "one",
    "only",
    "or",
    "other",
    "our",
    "out",
    "over",
    "own",
    "please",
    "put",
    "really",
    "she",
    "should",
    "so",
    "some",
    "something",
    "sure",
    "than",
    "that",
    "the",
    "their",
    "them",
    "then",
    "there",
    "these",
    "they",
    "thing",
    "things",
    "this",
    "those",
    "to",
    "too",
    "up",
    "us",
    "use",
    "using",
    "very",
    "via",
    "want",
    "wants",
    "was",
    "way",
    "we",
    "were",
    "weve",
    "what",
    "whats",
    "when",
    "where",
    "which",
    "while",
    "who",
    "whom",
    "whose",
    "why",
    "will",
    "with",
    "without",
    "would",
    "yet",
    "you",
    "your",
    "yours",
    "youre",
];

/// A request, understood in the words of one index.
#[derive(Debug, Default)]
pub(crate) struct Query {
    pub(crate) concepts: Vec<Concept>,
    /// What is asked for, and how surely.
    pub(crate) action: Option<Action>,
}

/// One thing that the request speaks of, as terms of the index: any one of them will do.
#[derive(Debug, PartialEq)]
pub(crate) struct Concept {
    /// Indices of terms, and what each counts.
    pub(crate) terms: Vec<(usize, f32)>,
}

impl Query {
    /// Understands `text` by the terms of an index, which are stems in their order.
    pub(crate) fn understand(text: &str, known: &[Box<str>]) -> Self {
        let text: String = text.chars().take(MAX_QUERY_CHARACTERS).collect();
        let mut written = words(&text);
        written.truncate(MAX_WORDS);
        let stems = Stems::english();
        let stemmed: Vec<String> = written.iter().map(|word| stems.stem(word)).collect();
        let mut reader =
            Reader { known, vocabulary: Vocabulary::of_apis(), query: Self::default(), votes: Vec::new() };
        reader.read(&written, &stemmed);
        let Reader { mut query, votes, .. } = reader;
        query.action = votes.first().copied();
        query
    }
}

struct Reader<'r> {
    known: &'r [Box<str>],
    vocabulary: &'static Vocabulary,
    query: Query,
    votes: Vec<Action>,
}

impl Reader<'_> {
    fn read(&mut self, written: &[String], stems: &[String]) {
        let mut taken = vec![false; stems.len()];
        for start in 0..stems.len() {
            if taken.get(start).copied().unwrap_or(true) {
                continue;
            }
            let Some(found) = self.vocabulary.phrase_at(stems, start) else {
                self.word(start, written, stems);
                continue;
            };
            let mut terms = Vec::new();
            self.add_meaning(found.meaning, 1.0, &mut terms);
            for &position in &found.positions {
                taken.iter_mut().skip(position).take(1).for_each(|taken| *taken = true);
                let (Some(word), Some(stem)) = (written.get(position), stems.get(position)) else { continue };
                if !is_stop_word(word) {
                    self.add_word(stem, PART_OF_PHRASE, MEANING_OF_PART, &mut terms);
                }
            }
            self.add_concept(terms);
        }
    }

    /// A word on its own, or written apart from the next: `web hook`.
    fn word(&mut self, at: usize, written: &[String], stems: &[String]) {
        let (Some(word), Some(stem)) = (written.get(at), stems.get(at)) else { return };
        let mut terms = Vec::new();
        if is_stop_word(word) {
            if let Some(action) = self.vocabulary.meaning(stem).and_then(|meaning| meaning.action) {
                self.votes.push(action);
            }
            return;
        }
        self.add_word(stem, 1.0, 1.0, &mut terms);
        let joined = stems.get(at + 1).and_then(|next| self.term(&format!("{word}{next}")));
        if let Some(joined) = joined {
            add_term(&mut terms, joined, 1.0);
        }
        self.add_concept(terms);
    }

    /// Adds a word and what it means; where nobody knows it, what it was meant to be.
    fn add_word(&mut self, stem: &str, weight: f32, meanings: f32, terms: &mut Vec<(usize, f32)>) {
        let vocabulary = self.vocabulary;
        let own = self.term(stem);
        let meaning = vocabulary.meaning(stem);
        if let Some(own) = own {
            add_term(terms, own, weight);
        }
        if let Some(meaning) = meaning {
            self.add_meaning(meaning, meanings, terms);
        }
        if own.is_some() || meaning.is_some() {
            return;
        }
        if let Some((left, right)) = spelling::split(stem, self.known) {
            for part in [left, right] {
                terms.extend(self.term(part).map(|term| (term, weight * MISSPELT)));
            }
            return;
        }
        let begun = spelling::begun_by(stem, self.known);
        if begun.is_empty() {
            let nearest = spelling::nearest(stem, self.known).and_then(|nearest| self.term(nearest));
            terms.extend(nearest.map(|term| (term, weight * MISSPELT)));
        }
        for other in begun {
            terms.extend(self.term(other).map(|term| (term, weight * BEGUN)));
        }
    }

    fn add_meaning(&mut self, meaning: &Meaning, weight: f32, terms: &mut Vec<(usize, f32)>) {
        for (stem, own) in &meaning.terms {
            if let Some(term) = self.term(stem) {
                add_term(terms, term, own * weight);
            }
        }
        self.votes.extend(meaning.action);
    }

    fn add_concept(&mut self, terms: Vec<(usize, f32)>) {
        if !terms.is_empty() {
            self.query.concepts.push(Concept { terms });
        }
    }

    fn term(&self, stem: &str) -> Option<usize> {
        self.known.binary_search_by(|other| (**other).cmp(stem)).ok()
    }
}

/// Adds a term; of one twice the greater weight counts.
fn add_term(terms: &mut Vec<(usize, f32)>, term: usize, weight: f32) {
    match terms.iter_mut().find(|(own, _)| *own == term) {
        Some((_, own)) => *own = own.max(weight),
        None => terms.push((term, weight)),
    }
}

fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.binary_search(&word).is_ok()
}
