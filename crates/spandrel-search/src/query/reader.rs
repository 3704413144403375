//! Reads the words of a request, one after the other.

use crate::action::Action;
use crate::index::SearchIndex;
use crate::query::{Concept, Query};
use crate::spelling;
use crate::stop_words::is_stop_word;
use crate::vocabulary::{Meaning, Vocabulary};
use crate::weights::Weights;

/// Words that a question begins within.
const LEADING: usize = 2;

pub(super) struct Reader<'r> {
    index: &'r SearchIndex,
    weights: &'r Weights,
    vocabulary: &'static Vocabulary,
    concepts: Vec<Concept>,
    /// Whether it is a question: what it asks for is an answer.
    is_question: bool,
    /// What the words say is to be done, in their order.
    actions: Vec<Action>,
}

/// The terms of a concept while it is made.
#[derive(Default)]
struct Terms {
    terms: Vec<(usize, f32)>,
    /// Whether they say what is to be done.
    is_verb: bool,
}

impl Terms {
    /// Adds a term; of one twice the greater weight counts.
    fn add(&mut self, term: usize, weight: f32) {
        match self.terms.iter_mut().find(|(own, _)| *own == term) {
            Some((_, own)) => *own = own.max(weight),
            None => self.terms.push((term, weight)),
        }
    }
}

impl<'r> Reader<'r> {
    pub(super) fn new(index: &'r SearchIndex) -> Self {
        let vocabulary = Vocabulary::of_apis();
        Self {
            index,
            weights: &index.weights,
            vocabulary,
            concepts: Vec::new(),
            is_question: false,
            actions: Vec::new(),
        }
    }

    pub(super) fn into_query(self) -> Query {
        // To get or to find something is often but the way to something else: `find the bug and close it`.
        let changes = self.actions.iter().find(|action| **action != Action::Read);
        let action =
            if self.is_question { Some(Action::Read) } else { changes.or(self.actions.first()).copied() };
        Query { concepts: self.concepts, action }
    }

    /// Reads words, given as they were written and as stems.
    pub(super) fn read(&mut self, written: &[String], stems: &[String]) {
        let mut taken = vec![false; stems.len()];
        for start in 0..stems.len() {
            if taken.get(start).copied().unwrap_or(true) {
                continue;
            }
            let Some(found) = self.vocabulary.phrase_at(stems, start) else {
                self.word(start, written, stems);
                continue;
            };
            let mut terms = Terms::default();
            self.add_meaning(found.meaning, 1.0, None, &mut terms);
            let mut words = found.positions.iter().filter_map(|&position| written.get(position));
            self.is_question |= start < LEADING
                && found.meaning.action == Some(Action::Read)
                && words.all(|word| is_stop_word(word));
            for &position in &found.positions {
                taken.iter_mut().skip(position).take(1).for_each(|taken| *taken = true);
                let (Some(word), Some(stem)) = (written.get(position), stems.get(position)) else { continue };
                if !is_stop_word(word) {
                    self.add_word(
                        stem,
                        self.weights.part_of_phrase,
                        self.weights.meaning_of_part,
                        &mut terms,
                    );
                }
            }
            self.add_concept(terms);
        }
    }

    /// A word on its own, or written apart from the next: `web hook`.
    fn word(&mut self, at: usize, written: &[String], stems: &[String]) {
        let (Some(word), Some(stem)) = (written.get(at), stems.get(at)) else { return };
        if is_stop_word(word) {
            let action = self.vocabulary.meaning(stem).and_then(|meaning| meaning.action);
            self.is_question |= at < LEADING && action == Some(Action::Read);
            return;
        }
        let mut terms = Terms::default();
        self.add_word(stem, 1.0, 1.0, &mut terms);
        let joined = stems.get(at + 1).and_then(|next| self.index.term(&format!("{word}{next}")));
        if let Some(joined) = joined {
            terms.add(joined, 1.0);
        }
        self.add_concept(terms);
    }

    /// Adds a word and what it means; where nobody knows it, what it was meant to be.
    fn add_word(&mut self, stem: &str, weight: f32, meanings: f32, terms: &mut Terms) {
        let own = self.index.term(stem);
        if let Some(own) = own {
            terms.add(own, weight);
        }
        let meaning = self.vocabulary.meaning(stem);
        if let Some(meaning) = meaning {
            self.add_meaning(meaning, meanings, own, terms);
        }
        if own.is_none() && meaning.is_none() {
            self.add_guesses(stem, weight, terms);
        }
    }

    /// Adds what a word that nobody knows was meant to be.
    fn add_guesses(&self, stem: &str, weight: f32, terms: &mut Terms) {
        let known = &self.index.terms;
        let mut add = |stem: &str, weight: f32| {
            if let Some(term) = self.index.term(stem) {
                terms.add(term, weight);
            }
        };
        if let Some((left, right)) = spelling::split(stem, known) {
            add(left, weight * self.weights.misspelt);
            add(right, weight * self.weights.misspelt);
            return;
        }
        let begun = spelling::begun_by(stem, known);
        if let (true, Some(near)) = (begun.is_empty(), spelling::nearest(stem, known)) {
            add(near, weight * self.weights.misspelt);
        }
        for longer in begun {
            add(longer, weight * self.weights.begun);
        }
    }

    /// Adds what a word means. Where operations are headed by the word itself, `own`, that is what is meant
    /// most likely: its meanings count less then, and a rare one no more than the word.
    fn add_meaning(&mut self, meaning: &Meaning, weight: f32, own: Option<usize>, terms: &mut Terms) {
        let own_rarity = own.filter(|&own| self.index.heads(own)).map(|own| self.index.rarity(own));
        for (stem, of_meaning) in &meaning.terms {
            let Some(term) = self.index.term(stem) else { continue };
            let beside_own = own_rarity
                .map_or(1.0, |own| self.weights.meaning_of_known * (own / self.index.rarity(term)).min(1.0));
            terms.add(term, of_meaning * weight * beside_own);
        }
        self.actions.extend(meaning.action);
        terms.is_verb |= meaning.action.is_some();
    }

    fn add_concept(&mut self, terms: Terms) {
        if !terms.terms.is_empty() {
            let weight = if terms.is_verb { self.weights.verb } else { 1.0 };
            self.concepts.push(Concept { terms: terms.terms, weight });
        }
    }
}
