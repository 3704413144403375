//! Holds `docs/diagnostics` to the codes: one page each, and an index that names them all.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use spandrel::{Code, Severity};

fn pages() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/diagnostics")
}

fn severity(code: Code) -> &'static str {
    match code.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}

#[test]
fn each_code_has_its_page_and_each_page_its_code() {
    let codes: BTreeSet<String> = Code::ALL.iter().map(|code| code.as_str().to_owned()).collect();
    let files = std::fs::read_dir(pages()).unwrap().map(|entry| entry.unwrap().path());
    let found: BTreeSet<String> = files
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .filter(|name| name != "README")
        .collect();
    assert_eq!(codes, found);
}

#[test]
fn a_page_says_what_it_is_about_and_what_to_do() {
    for code in Code::ALL.iter().copied() {
        let name = code.as_str();
        let page = std::fs::read_to_string(pages().join(format!("{name}.md"))).unwrap();
        assert!(page.starts_with(&format!("# `{name}`\n")), "{name}");
        assert!(page.contains(&format!("Severity: {}.", severity(code))), "{name}");
        for heading in ["\n## Example\n", "\n## What to do\n"] {
            assert!(page.contains(heading), "{name} has no {heading}");
        }
    }
}

#[test]
fn the_index_names_each_page_with_its_severity() {
    let index = std::fs::read_to_string(pages().join("README.md")).unwrap();
    for code in Code::ALL.iter().copied() {
        let name = code.as_str();
        let row = format!("| [`{name}`]({name}.md) | {} |", severity(code));
        assert!(index.contains(&row), "the index has no row {row}");
    }
}
