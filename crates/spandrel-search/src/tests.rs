#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod ranking;
mod reading;

use spandrel_compiler::{Options, compile};
use spandrel_openapi::DocumentSet;

use crate::{Filter, SearchIndex};

fn index(document: &str) -> SearchIndex {
    let documents = DocumentSet::new("file:///api.yaml".parse().unwrap(), document.as_bytes()).unwrap();
    SearchIndex::new(&compile(&documents, &Options::default()).catalog)
}

fn bookshop() -> SearchIndex {
    index(include_str!("../../../specs/bookshop.yaml"))
}

/// The names of what is found, best first.
fn found(index: &SearchIndex, query: &str) -> Vec<String> {
    let ranked = index.search(query, &Filter::default(), 10);
    ranked.iter().map(|found| found.tool.name.clone()).collect()
}
