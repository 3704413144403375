//! The specification's own compliance sets and schema tests. They stand outside the repository, in the
//! folder `conformance/overlay` of the one that `SPANDREL_SHARED` names; without it these tests say
//! that they were skipped.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "tests"
)]

use std::path::{Path, PathBuf};

use spandrel_openapi::parse_value;
use spandrel_overlay::Overlay;

fn official(folder: &str) -> Option<Vec<PathBuf>> {
    let Some(shared) = std::env::var_os("SPANDREL_SHARED") else {
        eprintln!("SKIPPED: set SPANDREL_SHARED to the folder that holds conformance/ to run this test");
        return None;
    };
    let folder = Path::new(&shared).join("conformance/overlay").join(folder);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    Some(paths)
}

/// Valid by the specification's JSON schema, which cannot look into a path: `@.x-oai-traits` is no
/// shorthand of RFC 9535 (2.5.1.1), where a name with `-` stands in brackets.
const NO_JSON_PATH: &str = "pass/actions-traits-example.yaml";

#[test]
fn compliance_sets() {
    let Some(sets) = official("compliant-sets") else { return };
    let mut passed = 0;
    for set in sets.iter().filter(|path| path.is_dir()) {
        let read = |name: &str| std::fs::read(set.join(name)).unwrap();
        let overlay = Overlay::parse(&read("overlay.yaml")).unwrap();
        let mut document = parse_value(&read("openapi.yaml")).unwrap();
        let applied =
            overlay.apply(&mut document).unwrap_or_else(|error| panic!("{}: {error}", set.display()));
        assert_eq!(document, parse_value(&read("output.yaml")).unwrap(), "{}", set.display());
        assert!(applied.changed > 0, "{}", set.display());
        passed += 1;
    }
    assert!(passed >= 8, "only {passed} sets");
}

#[test]
fn schema_tests() {
    for version in ["v1.0", "v1.1"] {
        for (folder, expected) in [("pass", true), ("fail", false)] {
            let Some(files) = official(&format!("tests/{version}/{folder}")) else { return };
            assert!(files.len() > 10, "{version}/{folder}");
            for file in files {
                let parsed = Overlay::parse(&std::fs::read(&file).unwrap());
                let expected = expected && !file.ends_with(NO_JSON_PATH);
                assert_eq!(parsed.is_ok(), expected, "{}: {:?}", file.display(), parsed.err());
            }
        }
    }
}
