//! Time of a search: `cargo run --release -p spandrel-search --example search_time DOCUMENT QUERY…`

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "it reads a file and a clock to measure"
)]

use std::error::Error;
use std::io::Write;
use std::time::{Duration, Instant};

use spandrel_compiler::{Options, compile};
use spandrel_openapi::DocumentSet;
use spandrel_search::{Filter, SearchIndex};

/// How often each request is searched for.
const ROUNDS: u32 = 50;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("name a document")?;
    let queries: Vec<String> = arguments.collect();
    let documents = DocumentSet::new("file:///api".parse()?, &std::fs::read(&path)?)?;
    let catalog = compile(&documents, &Options::default()).catalog;

    let begin = Instant::now();
    let index = SearchIndex::new(&catalog);
    let mut out = std::io::stdout();
    writeln!(out, "{} tools indexed in {:.1} ms", index.len(), milliseconds(begin.elapsed()))?;
    for query in queries {
        let begin = Instant::now();
        let found = (0..ROUNDS).map(|_| index.search(&query, &Filter::default(), 10).len()).sum::<usize>();
        let each = milliseconds(begin.elapsed()) / f64::from(ROUNDS);
        writeln!(out, "{each:.3} ms  {query}  ({} found)", found / ROUNDS as usize)?;
    }
    Ok(())
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}
