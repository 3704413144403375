//! Puts the tools in the order of how well they serve a request.

use std::sync::Arc;

use spandrel_plan::Tool;

use crate::filter::Filter;
use crate::index::{IndexedTool, SearchIndex};
use crate::query::{Concept, Query};

/// Tools that a search finds at most.
pub const MAX_RANKED: usize = 100;

/// A tool that was found.
#[derive(Debug, Clone, Copy)]
pub struct Ranked<'i> {
    /// The tool.
    pub tool: &'i Arc<Tool>,
    /// How well it serves the request: above 0, and to be compared within one search only.
    pub score: f32,
}

/// Ranks by words, and by nearness of meaning where a model tells it.
pub(crate) fn rank<'i>(
    index: &'i SearchIndex,
    query: &Query,
    nearness: Option<&[f32]>,
    filter: &Filter,
    limit: usize,
) -> Vec<Ranked<'i>> {
    let mut scores = by_words(index, query);
    if let Some(nearness) = nearness {
        fuse(&mut scores, nearness, index.weights.nearness);
    }
    let tools = index.tools.iter().zip(scores);
    let mut ranked: Vec<Ranked<'i>> = tools
        .filter(|(tool, score)| *score > 0.0 && filter.admits(&tool.tool))
        .map(|(indexed, score)| Ranked { tool: &indexed.tool, score })
        .collect();
    // Stable: equals stay in the catalog's order.
    ranked.sort_by(|a, b| b.score.total_cmp(&a.score));
    ranked.truncate(limit.min(MAX_RANKED));
    ranked
}

/// What the request's words, and what they mean, say of each tool.
fn by_words(index: &SearchIndex, query: &Query) -> Vec<f32> {
    let mut scores = Scores::new(index.tools.len());
    for concept in &query.concepts {
        scores.add(index, concept);
    }
    let all: f32 = query.concepts.iter().map(|concept| concept.weight).sum();
    let weights = &index.weights;
    let score = |(indexed, total): (&IndexedTool, &Total)| {
        if total.score == 0.0 {
            return 0.0;
        }
        let agreement = query.action.zip(indexed.action).map_or(0.0, |(asked, done)| asked.agreement(done));
        let heading = if indexed.heading > 0.0 { total.heading / indexed.heading } else { 0.0 };
        total.score
            * (1.0 + weights.action * agreement)
            * (1.0 + weights.heading * heading)
            * (1.0 + weights.coverage * total.covered / all)
            / (1.0 + weights.depth * indexed.depth)
    };
    index.tools.iter().zip(&scores.totals).map(score).collect()
}

/// Adds nearness of meaning to scores, both brought to the same scale: the best of each counts 1, and of
/// nearness the mean counts 0, since even what has nothing in common is somewhat near.
fn fuse(scores: &mut [f32], nearness: &[f32], weight: f32) {
    #[allow(clippy::cast_precision_loss, reason = "numbers of tools are small")]
    let mean = nearness.iter().sum::<f32>() / nearness.len().max(1) as f32;
    let nearest = nearness.iter().copied().fold(mean, f32::max);
    let best = scores.iter().copied().fold(0.0, f32::max);
    let scaled = |value: f32, greatest: f32| if greatest > 0.0 { value / greatest } else { 0.0 };
    for (score, near) in scores.iter_mut().zip(nearness) {
        let near = scaled((near - mean).max(0.0), nearest - mean);
        *score = (1.0 - weight) * scaled(*score, best) + weight * near;
    }
}

/// What the concepts say of each tool.
struct Scores {
    totals: Vec<Total>,
    best: Vec<Total>,
    touched: Vec<u32>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Total {
    score: f32,
    /// The rarity of what heads the tool and is spoken of.
    heading: f32,
    /// The weight of the concepts that the tool has something of.
    covered: f32,
}

impl Scores {
    fn new(tools: usize) -> Self {
        Self {
            totals: vec![Total::default(); tools],
            best: vec![Total::default(); tools],
            touched: Vec::new(),
        }
    }

    /// Adds a concept: for each tool the term of it that says most.
    fn add(&mut self, index: &SearchIndex, concept: &Concept) {
        for &(term, weight) in &concept.terms {
            for posting in index.postings.get(term).into_iter().flatten() {
                let Some(best) = self.best.get_mut(posting.tool as usize) else { continue };
                if best.score == 0.0 {
                    self.touched.push(posting.tool);
                }
                best.score = best.score.max(posting.score * weight);
                best.heading = best.heading.max(posting.heading * weight);
                best.covered = best.covered.max(weight);
            }
        }
        for tool in self.touched.drain(..) {
            let tool = tool as usize;
            if let (Some(total), Some(best)) = (self.totals.get_mut(tool), self.best.get_mut(tool)) {
                total.score += best.score * concept.weight;
                total.heading += best.heading;
                total.covered += best.covered * concept.weight;
                *best = Total::default();
            }
        }
    }
}
