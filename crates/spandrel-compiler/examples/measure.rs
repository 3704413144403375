//! Prints how long documents take to compile, beside reading the same bytes with `serde_json`.
//!
//! ```text
//! cargo run --release -p spandrel-compiler --example measure -- DOCUMENT…
//! ```
//!
//! Each figure is the least of several runs: the machine's noise only ever adds.
#![allow(clippy::print_stdout, reason = "this program exists to print")]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "measuring reads files and the clock"
)]

use std::time::{Duration, Instant};

use spandrel_compiler::{Options, compile};
use spandrel_openapi::DocumentSet;

const RUNS: usize = 7;

fn least<T>(mut work: impl FnMut() -> T) -> (Duration, Option<T>) {
    let mut least = Duration::MAX;
    let mut result = None;
    for _ in 0..RUNS {
        let start = Instant::now();
        let value = work();
        least = least.min(start.elapsed());
        result = Some(value);
    }
    (least, result)
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!(
        "{:28} {:>9} {:>9} {:>9} {:>9} {:>9} {:>7}",
        "document", "json ms", "parse ms", "read ms", "comp. ms", "all ms", "ratio"
    );
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path)?;
        let name = path.rsplit('/').next().unwrap_or_default();
        let url: url::Url = "file:///document".parse()?;
        // A YAML document is compared with the JSON that says the same.
        let json = DocumentSet::new(url.clone(), &bytes)?.root().to_string();
        let json = if bytes.starts_with(b"{") { bytes.clone() } else { json.into_bytes() };
        let (reference, _) = least(|| serde_json::from_slice::<serde_json::Value>(&json).map(drop));
        let (parse, set) = least(|| DocumentSet::new(url.clone(), &bytes));
        let Some(Ok(set)) = set else { continue };
        let (read, _) = least(|| set.read());
        let (compiled, result) = least(|| compile(&set, &Options::default()));
        drop(result);
        let whole = parse + compiled;
        println!(
            "{name:28} {:9.1} {:9.1} {:9.1} {:9.1} {:9.1} {:7.2}",
            milliseconds(reference),
            milliseconds(parse),
            milliseconds(read),
            milliseconds(compiled),
            milliseconds(whole),
            whole.as_secs_f64() / reference.as_secs_f64()
        );
    }
    Ok(())
}
