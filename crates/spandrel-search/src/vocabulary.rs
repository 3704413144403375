//! What everyday words mean in the language of APIs. The words stand in `vocabulary.txt`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::action::Action;
use crate::stem::Stems;
use crate::words::words;

const TEXT: &str = include_str!("vocabulary.txt");

/// What a meaning counts beside the word itself, where the line does not say.
const DEFAULT_WEIGHT: f32 = 0.7;
/// Words that may stand where a pattern has its `*`.
const MAX_GAP: usize = 3;

/// Patterns of words, and what they mean.
pub(crate) struct Vocabulary {
    /// By the stem that a pattern begins with; longer patterns first.
    patterns: BTreeMap<String, Vec<Pattern>>,
}

/// Words that stand together, and their meaning.
struct Pattern {
    /// What follows the first word; none is a gap.
    rest: Vec<Option<String>>,
    meaning: Meaning,
}

/// What something means.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Meaning {
    /// Stems, and what each counts.
    pub(crate) terms: Vec<(String, f32)>,
    /// What is asked for.
    pub(crate) action: Option<Action>,
}

/// A pattern that was found.
pub(crate) struct Match<'v> {
    /// The positions of its words.
    pub(crate) positions: Vec<usize>,
    pub(crate) meaning: &'v Meaning,
}

impl Vocabulary {
    /// The vocabulary of APIs, read at its first use.
    pub(crate) fn of_apis() -> &'static Self {
        static VOCABULARY: OnceLock<Vocabulary> = OnceLock::new();
        VOCABULARY.get_or_init(|| Self::read(TEXT))
    }

    /// Reads lines `pattern, pattern -> meaning meaning^weight @action`, and `word = word = word` for words
    /// that mean each other.
    pub(crate) fn read(text: &str) -> Self {
        let stems = Stems::english();
        let mut meanings: BTreeMap<Vec<Option<String>>, Meaning> = BTreeMap::new();
        let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
        for line in lines {
            if let Some((patterns, meaning)) = line.split_once("->") {
                let meaning = read_meaning(meaning, &stems);
                for pattern in patterns.split(',') {
                    meanings.entry(read_pattern(pattern, &stems)).or_default().add(&meaning);
                }
            } else {
                let equals: Vec<&str> =
                    line.split('=').map(str::trim).filter(|word| !word.is_empty()).collect();
                for word in &equals {
                    let others: Vec<&str> = equals.iter().copied().filter(|other| other != word).collect();
                    let meaning = read_meaning(&others.join(" "), &stems);
                    meanings.entry(read_pattern(word, &stems)).or_default().add(&meaning);
                }
            }
        }
        let mut patterns: BTreeMap<String, Vec<Pattern>> = BTreeMap::new();
        for (mut pattern, meaning) in meanings {
            if pattern.is_empty() {
                continue;
            }
            let rest = pattern.split_off(1);
            if let Some(Some(first)) = pattern.pop() {
                patterns.entry(first).or_default().push(Pattern { rest, meaning });
            }
        }
        for patterns in patterns.values_mut() {
            patterns.sort_by_key(|pattern| std::cmp::Reverse(pattern.rest.len()));
        }
        Self { patterns }
    }

    /// The longest pattern that begins at `start`, with more than one word.
    pub(crate) fn phrase_at(&self, stems: &[String], start: usize) -> Option<Match<'_>> {
        let patterns = self.patterns.get(stems.get(start)?)?;
        patterns.iter().filter(|pattern| !pattern.rest.is_empty()).find_map(|pattern| {
            let mut positions = vec![start];
            positions.extend(positions_of(&pattern.rest, stems, start + 1)?);
            Some(Match { positions, meaning: &pattern.meaning })
        })
    }

    /// What a word means on its own.
    pub(crate) fn meaning(&self, stem: &str) -> Option<&Meaning> {
        let patterns = self.patterns.get(stem)?;
        patterns.iter().find(|pattern| pattern.rest.is_empty()).map(|pattern| &pattern.meaning)
    }
}

impl Meaning {
    /// Adds another line about the same word; the greater weight counts.
    fn add(&mut self, other: &Self) {
        for (term, weight) in &other.terms {
            match self.terms.iter_mut().find(|(own, _)| own == term) {
                Some((_, own)) => *own = own.max(*weight),
                None => self.terms.push((term.clone(), *weight)),
            }
        }
        self.action = self.action.or(other.action);
    }
}

/// Where the words of a pattern stand from `start` on.
fn positions_of(pattern: &[Option<String>], stems: &[String], start: usize) -> Option<Vec<usize>> {
    let Some((first, rest)) = pattern.split_first() else { return Some(Vec::new()) };
    let Some(word) = first else {
        return (0..=MAX_GAP).find_map(|gap| positions_of(rest, stems, start + gap));
    };
    if stems.get(start) != Some(word) {
        return None;
    }
    let mut positions = vec![start];
    positions.extend(positions_of(rest, stems, start + 1)?);
    Some(positions)
}

fn read_pattern(text: &str, stems: &Stems) -> Vec<Option<String>> {
    let parts = text.split_whitespace();
    parts
        .flat_map(|part| match part {
            "*" => vec![None],
            _ => words(part).iter().map(|word| Some(stems.stem(word))).collect(),
        })
        .collect()
}

fn read_meaning(text: &str, stems: &Stems) -> Meaning {
    let mut meaning = Meaning::default();
    for part in text.split_whitespace() {
        if let Some(action) = part.strip_prefix('@') {
            meaning.action = match action {
                "read" => Some(Action::Read),
                "create" => Some(Action::Create),
                "update" => Some(Action::Update),
                "delete" => Some(Action::Delete),
                _ => None,
            };
            continue;
        }
        let (word, weight) = part.split_once('^').unwrap_or((part, ""));
        let weight = weight.parse().unwrap_or(DEFAULT_WEIGHT);
        let terms = words(word).into_iter().map(|word| (stems.stem(&word), weight)).collect();
        meaning.add(&Meaning { terms, action: None });
    }
    meaning
}
