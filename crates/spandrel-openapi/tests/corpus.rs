//! Reads a directory of real documents, named by `SPANDREL_SHARED`, and compares the number of
//! operations with the directory's `MANIFEST.tsv`.

#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "the caller of the pure crate, as a test: it reads files and prints what it found"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use spandrel_openapi::{DocumentSet, positions_of};
use url::Url;

fn documents(directory: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let is_document =
            path.extension().is_some_and(|extension| extension == "json" || extension == "yaml");
        if path.is_dir() {
            documents(&path, found);
        } else if is_document {
            found.push(path);
        }
    }
}

fn load(path: &Path) -> Result<DocumentSet, String> {
    let bytes = std::fs::read(path).unwrap();
    let mut set =
        DocumentSet::new(Url::from_file_path(path).unwrap(), &bytes).map_err(|error| error.to_string())?;
    loop {
        let missing = set.missing();
        if missing.is_empty() {
            return Ok(set);
        }
        for url in missing {
            let bytes = url.to_file_path().ok().and_then(|path| std::fs::read(path).ok());
            let outcome = match bytes {
                Some(bytes) => set.insert(url.clone(), &bytes).map_err(|error| error.to_string()),
                None => Err("no such file".to_owned()),
            };
            if let Err(reason) = outcome {
                set.mark_absent(url, reason);
            }
        }
    }
}

fn expected(directory: &Path) -> BTreeMap<String, usize> {
    let manifest = std::fs::read_to_string(directory.join("MANIFEST.tsv")).unwrap_or_default();
    let rows = manifest.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    rows.filter_map(|row| Some(((*row.first()?).to_owned(), row.get(2)?.parse().ok()?))).collect()
}

fn is_root(path: &Path) -> bool {
    std::fs::read_to_string(path).unwrap().starts_with("openapi")
}

#[test]
fn every_document_of_the_corpus_is_read() {
    let Some(directory) = std::env::var_os("SPANDREL_SHARED").map(PathBuf::from) else {
        eprintln!("SKIPPED: set SPANDREL_SHARED to a directory of OpenAPI documents");
        return;
    };
    let expected = expected(&directory);
    let mut paths = Vec::new();
    documents(&directory, &mut paths);
    // What stands in directories of `multifile` is reached from their roots.
    paths.retain(|path| !path.starts_with(directory.join("multifile")) || is_root(path));
    let mut different = Vec::new();
    for path in paths {
        let name = path.strip_prefix(&directory).unwrap().to_string_lossy().into_owned();
        match load(&path) {
            Ok(set) => {
                let found = report(&name, &path, &set);
                let wanted = expected.get(&name).copied().unwrap_or(found);
                if wanted != found {
                    different.push((name, wanted, found));
                }
            }
            Err(error) => eprintln!("{name}: {error}"),
        }
    }
    assert_eq!(different, [], "operations by the manifest and as read");
}

/// Prints what was read and the first findings of each code; gives the number of operations.
fn report(name: &str, path: &Path, set: &DocumentSet) -> usize {
    let (document, diagnostics) = set.read();
    let pointers: Vec<_> = diagnostics.iter().map(|found| &found.location.pointer).collect();
    let positions = positions_of(&std::fs::read(path).unwrap(), &pointers);
    eprintln!(
        "{name}: {} operations, {} read, {} duplicate keys, {} findings",
        document.operations_found,
        document.operations.len(),
        set.parse_diagnostics().len(),
        diagnostics.len()
    );
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (finding, position) in diagnostics.iter().zip(positions) {
        let count = counts.entry(finding.code.as_str()).or_default();
        *count += 1;
        if *count <= 2 {
            let (line, column) = position.map_or((0, 0), |at| (at.line, at.column));
            eprintln!("    {} at {line}:{column}: {}", finding.code.as_str(), finding.message);
        }
    }
    document.operations_found
}
