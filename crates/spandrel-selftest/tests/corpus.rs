//! Real documents that nobody here wrote. They stand outside the repository, in the folder `corpus`
//! of the one that `SPANDREL_SHARED` names; without it this test says that it was skipped.
//! `SPANDREL_CORPUS` picks documents by a part of their name.
#![allow(clippy::disallowed_methods, reason = "tests read files and use threads")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, reason = "tests")]

#[path = "../../../tests/real_documents.rs"]
mod real_documents;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use spandrel_compiler::{Options, compile};
use spandrel_mock::MockApi;
use spandrel_plan::BaseUrl;
use spandrel_selftest::{Failure, Verdict, test};

/// Tools whose schemas accept no arguments: an `allOf` of types that exclude each other.
const UNTESTED: [&str; 2] = ["quirks_entirelyIncompatibleAllOf", "quirks_partiallyUsableIncompatibleAllOf"];

#[derive(Default)]
struct Tally {
    tools: usize,
    passed: usize,
    untested: usize,
    failed: usize,
    text: String,
}

/// The documents that are wanted, the largest first, so that no thread ends long after the others.
fn corpus() -> Option<Vec<PathBuf>> {
    let mut documents = real_documents::corpus()?;
    let wanted = std::env::var("SPANDREL_CORPUS").unwrap_or_default();
    documents.retain(|path| path.to_string_lossy().contains(&wanted));
    documents.sort_by_key(|path| std::cmp::Reverse(std::fs::metadata(path).unwrap().len()));
    Some(documents)
}

fn try_document(path: &Path) -> Tally {
    let set = real_documents::load(path);
    let mut options = Options::default();
    let mut compiled = compile(&set, &options);
    if compiled.catalog.tools().iter().any(|tool| tool.plan.base.is_none()) {
        options.base_url = Some(BaseUrl::parse("http://mock.invalid").unwrap());
        compiled = compile(&set, &options);
    }
    let mut mock = MockApi::new(set.into(), compiled.document.into());
    if let Some(base) = &options.base_url {
        mock = mock.with_base_url(base.as_url());
    }
    let mut tally = Tally::default();
    for tool in compiled.catalog.tools() {
        tally.tools += 1;
        let calls = test(tool, &mock);
        // Where some arguments were found, others may be hard to find.
        let is_tested = calls.iter().any(|call| matches!(call.verdict, Verdict::Passed));
        for call in calls {
            let words = match call.verdict {
                Verdict::Passed => {
                    tally.passed += 1;
                    continue;
                }
                Verdict::Untested(reason) => {
                    tally.untested += usize::from(!is_tested && !UNTESTED.contains(&&*tool.name));
                    format!("untested: {reason}")
                }
                Verdict::Failed(failure) => {
                    tally.failed += 1;
                    match failure {
                        Failure::Arguments(error) => format!("arguments: {error}"),
                        Failure::Rendering(error) => format!("rendering: {error}"),
                        Failure::Refused { status, problem } => {
                            let url = call.request.map(|request| request.uri().to_string());
                            format!("refused {status}: {problem}\n      {}", url.unwrap_or_default())
                        }
                        Failure::Result(message) => format!("result: {message}"),
                    }
                }
            };
            let words: String = words.chars().take(700).collect();
            writeln!(tally.text, "    {} ({}): {words}", tool.name, call.sampling.as_str()).unwrap();
        }
    }
    tally
}

#[test]
fn every_tool_of_the_corpus_passes() {
    let Some(documents) = corpus() else { return };
    let next = AtomicUsize::new(0);
    let tallies = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(path) = documents.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let tally = try_document(path);
                    tallies.lock().unwrap().insert(path.file_name().unwrap().to_os_string(), tally);
                }
            });
        }
    });
    let mut total = Tally::default();
    eprintln!("{:44} {:>6} {:>7} {:>8} {:>7}", "document", "tools", "passed", "untested", "failed");
    for (name, tally) in tallies.into_inner().unwrap() {
        let name = name.to_string_lossy();
        let Tally { tools, passed, untested, failed, text } = tally;
        eprintln!("{name:44} {tools:6} {passed:7} {untested:8} {failed:7}\n{}", text.trim_end());
        total.tools += tools;
        total.passed += passed;
        total.untested += untested;
        total.failed += failed;
    }
    eprintln!(
        "TOTAL {} tools; {} calls passed, {} untested, {} failed",
        total.tools, total.passed, total.untested, total.failed
    );
    assert_eq!((total.failed, total.untested), (0, 0));
}
