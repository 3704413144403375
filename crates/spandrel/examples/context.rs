//! What the tools of each document cost a model, as `just measure-context` prints it: the plain list, each
//! strength of compaction, discovery; and what a search takes.
#![allow(clippy::print_stdout, reason = "it prints what it measures")]

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use spandrel::search::{Filter, SearchIndex};
use spandrel::{
    Bridge, Catalog, Compaction, Discovery, DocumentSet, Loader, LoaderOptions, Options, Source, compile,
    tokens,
};

/// What is searched for: words that most APIs have, and some that few do.
const QUERIES: [&str; 6] = [
    "list all users",
    "create a new item",
    "delete",
    "who may change the settings of an organisation",
    "upload a file",
    "cancel what is still running",
];

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    println!(
        "{:<18} {:>6} {:>9} {:>9} {:>6} {:>9} {:>9} {:>9} {:>9} {:>9}",
        "document",
        "tools",
        "plain",
        "moderate",
        "saved",
        "strong",
        "strongest",
        "discovery",
        "index",
        "search"
    );
    for document in std::env::args().skip(1) {
        measure(&document).await?;
    }
    Ok(())
}

async fn measure(document: &str) -> Result<(), Box<dyn Error>> {
    let loaded = Loader::new(LoaderOptions::default()).load(&Source::parse(document)?).await?;
    let catalog = |compaction| compiled(&loaded.documents, compaction);
    let listed = |compaction| {
        catalog(compaction)
            .tools()
            .iter()
            .map(|tool| tokens::of_tool(&tool.name, tool.description.as_deref(), tool.input_schema.as_str()))
            .sum::<usize>()
    };
    let [plain, moderate, strong, strongest] = Compaction::ALL.map(listed);
    let bridge = Bridge::builder(catalog(Compaction::None)).discovery(Discovery::new()).build()?;
    let discovery = bridge.list_tokens() + bridge.instructions().as_deref().map_or(0, tokens::count);
    let (index, search) = times(&catalog(Compaction::None));
    let name = Path::new(document).file_stem().unwrap_or_default().to_string_lossy();
    let saved = 100 - moderate * 100 / plain.max(1);
    let tools = catalog(Compaction::None).tools().len();
    println!(
        "{name:<18} {tools:>6} {plain:>9} {moderate:>9} {saved:>5}% {strong:>9} {strongest:>9} {discovery:>9} {index:>6.1} ms {search:>6.2} ms"
    );
    Ok(())
}

fn compiled(documents: &DocumentSet, compaction: Compaction) -> Catalog {
    compile(documents, &Options { compaction, ..Options::default() }).catalog
}

/// Milliseconds to make the index, and of the slowest of the searches' medians.
fn times(catalog: &Catalog) -> (f64, f64) {
    let start = Instant::now();
    let index = SearchIndex::new(catalog);
    let made = start.elapsed().as_secs_f64() * 1_000.0;
    let median = |query: &str| {
        let mut times: Vec<f64> = (0..9)
            .map(|_| {
                let start = Instant::now();
                std::hint::black_box(index.search(query, &Filter::default(), 5));
                start.elapsed().as_secs_f64() * 1_000.0
            })
            .collect();
        times.sort_by(f64::total_cmp);
        times.get(times.len() / 2).copied().unwrap_or_default()
    };
    (made, QUERIES.iter().map(|query| median(query)).fold(0.0, f64::max))
}
