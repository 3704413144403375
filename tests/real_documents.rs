//! The real documents that stand outside the repository, for the tests of several crates: in the folder
//! `corpus` of the one that `SPANDREL_SHARED` names.

use std::path::{Path, PathBuf};

use spandrel_openapi::DocumentSet;
use url::Url;

/// The documents; without the folder, says that the test is skipped.
pub(crate) fn corpus() -> Option<Vec<PathBuf>> {
    let Some(shared) = std::env::var_os("SPANDREL_SHARED") else {
        eprintln!("SKIPPED: set SPANDREL_SHARED to the folder that holds corpus/ to run this test");
        return None;
    };
    let corpus =
        std::fs::canonicalize(Path::new(&shared).join("corpus")).expect("SPANDREL_SHARED holds corpus/");
    let mut documents: Vec<PathBuf> = Vec::new();
    for folder in ["", "synthetic"] {
        let entries = std::fs::read_dir(corpus.join(folder)).unwrap().map(|entry| entry.unwrap().path());
        documents.extend(
            entries.filter(|path| path.extension().is_some_and(|end| end == "json" || end == "yaml")),
        );
    }
    documents.push(corpus.join("multifile/beacon-apis/beacon-node-oapi.yaml"));
    documents.sort();
    Some(documents)
}

/// A document with those that it refers to.
pub(crate) fn load(path: &Path) -> DocumentSet {
    let url = Url::from_file_path(path).unwrap();
    let mut set = DocumentSet::new(url, &std::fs::read(path).unwrap())
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    loop {
        let missing = set.missing();
        if missing.is_empty() {
            return set;
        }
        for url in missing {
            match url.to_file_path().ok().and_then(|path| std::fs::read(path).ok()) {
                Some(bytes) => {
                    if let Err(error) = set.insert(url.clone(), &bytes) {
                        set.mark_absent(url, error.to_string());
                    }
                }
                None => set.mark_absent(url, "it is not in the corpus".to_owned()),
            }
        }
    }
}
