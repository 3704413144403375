//! The index: for each term the tools that it says something of.

use std::collections::BTreeMap;
use std::sync::Arc;

use spandrel_plan::{Catalog, Tool};

use crate::action::Action;
use crate::evidence::{Evidence, Field, passage};
use crate::filter::Filter;
use crate::query::Query;
use crate::rank::{Ranked, rank};
use crate::stem::Stems;
use crate::weights::Weights;

/// The tools of a catalog, ready to be searched.
pub struct SearchIndex {
    pub(crate) tools: Vec<IndexedTool>,
    /// The terms, sorted.
    pub(crate) terms: Vec<Box<str>>,
    /// For each term its postings, by tool.
    pub(crate) postings: Vec<Box<[Posting]>>,
    /// For each term how much it tells.
    pub(crate) rarities: Vec<f32>,
    pub(crate) weights: Weights,
}

/// A tool, and what is known of it beside its words.
pub(crate) struct IndexedTool {
    pub(crate) tool: Arc<Tool>,
    pub(crate) action: Option<Action>,
    /// The rarity of the terms that head it, all together.
    pub(crate) heading: f32,
    /// The segments of its path.
    pub(crate) depth: f32,
}

/// A term in a tool.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Posting {
    /// The tool's place in the catalog.
    pub(crate) tool: u32,
    /// What the term says of the tool.
    pub(crate) score: f32,
    /// The term's rarity, where it heads the tool; else 0.
    pub(crate) heading: f32,
}

impl SearchIndex {
    /// Indexes the tools of `catalog`.
    #[must_use]
    pub fn new(catalog: &Catalog) -> Self {
        let stems = Stems::english();
        let documents: Vec<StemmedFields> =
            catalog.tools().iter().map(|tool| stemmed(&Evidence::of(tool), &stems)).collect();
        Self::weighted(catalog, &documents, Weights::TUNED)
    }

    /// Indexes tools that have been read.
    pub(crate) fn weighted(catalog: &Catalog, documents: &[StemmedFields], weights: Weights) -> Self {
        let averages = average_lengths(documents);
        let mut found: BTreeMap<&str, Vec<Posting>> = BTreeMap::new();
        for (place, document) in documents.iter().enumerate() {
            let Ok(tool) = u32::try_from(place) else { break };
            for (term, (frequency, heads)) in frequencies(document, &averages, &weights) {
                let score = frequency / (weights.saturation + frequency);
                let heading = if heads { 1.0 } else { 0.0 };
                found.entry(term).or_default().push(Posting { tool, score, heading });
            }
        }
        let mut index = Self {
            tools: catalog.tools().iter().map(IndexedTool::new).collect(),
            terms: Vec::with_capacity(found.len()),
            postings: Vec::with_capacity(found.len()),
            rarities: Vec::with_capacity(found.len()),
            weights,
        };
        for (term, postings) in found {
            index.add(term, postings);
        }
        index
    }

    fn add(&mut self, term: &str, mut postings: Vec<Posting>) {
        let rarity = rarity(postings.len(), self.tools.len());
        for posting in &mut postings {
            posting.score *= rarity;
            posting.heading *= rarity;
            if let Some(tool) = self.tools.get_mut(posting.tool as usize) {
                tool.heading += posting.heading;
            }
        }
        self.terms.push(term.into());
        self.rarities.push(rarity);
        self.postings.push(postings.into());
    }

    /// The tools that `query` asks for, best first, at most `limit` and [`MAX_RANKED`](crate::MAX_RANKED).
    /// Of equals the one that stands first in the catalog comes first. What shares no word with the
    /// request, and none with what its words mean, is not found.
    #[must_use]
    pub fn search(&self, query: &str, filter: &Filter, limit: usize) -> Vec<Ranked<'_>> {
        rank(self, &Query::understand(query, self), None, filter, limit)
    }

    /// For each tool in the catalog's order the text that tells its meaning, for a model to turn into
    /// [vectors](crate::SemanticIndex).
    #[must_use]
    pub fn passages(&self) -> Vec<String> {
        self.tools.iter().map(|indexed| passage(&indexed.tool)).collect()
    }

    /// The place of a stem among the terms.
    pub(crate) fn term(&self, stem: &str) -> Option<usize> {
        self.terms.binary_search_by(|other| (**other).cmp(stem)).ok()
    }

    /// How much a term tells.
    pub(crate) fn rarity(&self, term: usize) -> f32 {
        self.rarities.get(term).copied().unwrap_or_default()
    }

    /// Whether some tool is headed by the term.
    pub(crate) fn heads(&self, term: usize) -> bool {
        self.postings.get(term).is_some_and(|postings| postings.iter().any(|posting| posting.heading > 0.0))
    }

    /// How many tools there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tools.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tools.is_empty()
    }
}

impl IndexedTool {
    fn new(tool: &Arc<Tool>) -> Self {
        let segments = tool.operation.path.split('/').filter(|segment| !segment.is_empty()).count();
        let depth = u16::try_from(segments).map_or(0.0, f32::from);
        Self { tool: Arc::clone(tool), action: Action::of_tool(tool), heading: 0.0, depth }
    }
}

pub(crate) type StemmedFields = Vec<(Field, Vec<String>)>;

pub(crate) fn stemmed(evidence: &Evidence, stems: &Stems) -> StemmedFields {
    let stem = |words: &[String]| words.iter().map(|word| stems.stem(word)).collect();
    evidence.fields().map(|(field, words)| (field, stem(words))).collect()
}

#[allow(clippy::cast_precision_loss, reason = "lengths of texts are small")]
fn average_lengths(documents: &[StemmedFields]) -> BTreeMap<Field, f32> {
    let mut lengths: BTreeMap<Field, usize> = BTreeMap::new();
    for (field, stems) in documents.iter().flatten() {
        *lengths.entry(*field).or_default() += stems.len();
    }
    let documents = documents.len().max(1) as f32;
    lengths.into_iter().map(|(field, length)| (field, (length as f32 / documents).max(1.0))).collect()
}

/// For each term of a document its frequency, weighted by field, and whether it heads the tool.
#[allow(clippy::cast_precision_loss, reason = "lengths of texts are small")]
fn frequencies<'d>(
    document: &'d StemmedFields,
    averages: &BTreeMap<Field, f32>,
    weights: &Weights,
) -> BTreeMap<&'d str, (f32, bool)> {
    let mut frequencies: BTreeMap<&str, (f32, bool)> = BTreeMap::new();
    for (field, stems) in document {
        let average = averages.get(field).copied().unwrap_or(1.0);
        let normalization = field.length_normalization();
        let length = 1.0 - normalization + normalization * stems.len() as f32 / average;
        for stem in stems {
            let (frequency, heads) = frequencies.entry(stem).or_default();
            *frequency += weights.of_field(*field) / length;
            *heads |= field.is_heading();
        }
    }
    frequencies
}

/// How much a term tells that stands in `frequency` of `total` tools.
#[allow(clippy::cast_precision_loss, reason = "numbers of tools are small")]
fn rarity(frequency: usize, total: usize) -> f32 {
    let (frequency, total) = (frequency as f32, total as f32);
    (1.0 + (total - frequency + 0.5) / (frequency + 0.5)).ln()
}
