//! The fuzz targets over mutated documents of this repository: the same few thousand inputs each time.
//! `just fuzz SECONDS` searches further.
#![allow(clippy::disallowed_methods, reason = "tests read files")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    unreachable_pub,
    reason = "tests"
)]

#[path = "../../../fuzz/src/lib.rs"]
mod targets;

use std::path::{Path, PathBuf};

/// Words that turn one part of a document into another.
const WORDS: &[&str] = &[
    "$ref: '#/'",
    "\"$ref\": \"#\"",
    "null",
    "true",
    "[]",
    "{}",
    "- ",
    "&a ",
    "*a",
    "\0",
    "\u{feff}",
    "é",
    "1e999",
    "-1",
    "allOf:",
    "type: array",
    "{",
    "}",
    "%2F",
    "~1",
    "\t",
    "openapi: 2.0",
    "'",
    "|\n",
    "? ",
];

/// The xorshift generator: inputs must not depend on anything but this file.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(count.max(1)).unwrap()).unwrap()
    }

    fn bytes(&mut self, most: usize) -> Vec<u8> {
        (0..self.below(most)).map(|_| self.next().to_be_bytes()[0]).collect()
    }

    fn mutated(&mut self, original: &[u8]) -> Vec<u8> {
        let mut bytes = original.to_vec();
        for _ in 0..=self.below(3) {
            let start = self.below(bytes.len());
            let end = (start + self.below(40)).min(bytes.len());
            match self.below(5) {
                0 if start < bytes.len() => bytes[start] = self.next().to_be_bytes()[0],
                1 => drop(bytes.drain(start..end)),
                2 => {
                    let copied = bytes[start..end].to_vec();
                    let target = self.below(bytes.len());
                    bytes.splice(target..target, copied);
                }
                _ => {
                    let word = WORDS[self.below(WORDS.len())];
                    bytes.splice(start..end, word.bytes());
                }
            }
        }
        bytes
    }
}

fn documents() -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let files = |folder: &Path| -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    };
    let fixtures =
        files(&root.join("fixtures/compile")).into_iter().map(|folder| folder.join("openapi.yaml"));
    files(&root.join("specs")).into_iter().chain(fixtures).map(|path| std::fs::read(path).unwrap()).collect()
}

#[test]
fn any_document_is_read() {
    let mut random = Random(0x005e_ed01);
    for original in documents() {
        targets::document(&original);
        for _ in 0..60 {
            targets::document(&random.mutated(&original));
        }
    }
}

#[test]
fn any_schema_becomes_a_valid_one() {
    let mut random = Random(0x005e_ed02);
    for _ in 0..1500 {
        targets::schema(&random.bytes(120));
    }
}

#[test]
fn what_is_valid_is_rendered() {
    let mut random = Random(0x005e_ed03);
    for _ in 0..5000 {
        targets::render(&random.bytes(80));
    }
}

#[test]
fn any_answer_is_mapped() {
    let mut random = Random(0x005e_ed04);
    for _ in 0..5000 {
        targets::response(&random.bytes(200));
    }
}
