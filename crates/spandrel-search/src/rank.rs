//! Puts the tools in the order of how well they serve a request.

use std::sync::Arc;

use spandrel_plan::Tool;

use crate::filter::Filter;
use crate::index::SearchIndex;
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

pub(crate) fn rank<'i>(
    index: &'i SearchIndex,
    query: &Query,
    filter: &Filter,
    limit: usize,
) -> Vec<Ranked<'i>> {
    let mut scores = Scores::new(index.tools.len());
    for concept in &query.concepts {
        scores.add(index, concept);
    }
    let all: f32 = query.concepts.iter().map(|concept| concept.weight).sum();
    let weights = &index.weights;
    let tools = index.tools.iter().zip(&scores.totals);
    let mut ranked: Vec<Ranked<'i>> = tools
        .filter(|(tool, total)| total.score > 0.0 && filter.admits(&tool.tool))
        .map(|(indexed, total)| {
            let agreement =
                query.action.zip(indexed.action).map_or(0.0, |(asked, done)| asked.agreement(done));
            let heading = if indexed.heading > 0.0 { total.heading / indexed.heading } else { 0.0 };
            let score = total.score
                * (1.0 + weights.action * agreement)
                * (1.0 + weights.heading * heading)
                * (1.0 + weights.coverage * total.covered / all)
                / (1.0 + weights.depth * indexed.depth);
            Ranked { tool: &indexed.tool, score }
        })
        .collect();
    // Stable: equals stay in the catalog's order.
    ranked.sort_by(|a, b| b.score.total_cmp(&a.score));
    ranked.truncate(limit.min(MAX_RANKED));
    ranked
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
