//! Holds the crates to `docs/architecture.md`: what each may depend on, and which modules may know MCP's wire
//! types and the HTTP client.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The crates that do no I/O.
const PURE: [&str; 10] = [
    "spandrel-diff",
    "spandrel-openapi",
    "spandrel-overlay",
    "spandrel-plan",
    "spandrel-compiler",
    "spandrel-mock",
    "spandrel-embedding",
    "spandrel-search",
    "spandrel-selftest",
    "spandrel-tokens",
];
/// What does I/O, and what only makes sense beside it.
const IMPURE: [&str; 12] = [
    "axum",
    "hyper",
    "mio",
    "native-tls",
    "openssl-sys",
    "quinn",
    "reqwest",
    "rmcp",
    "rustls",
    "socket2",
    "tokio",
    "tower",
];

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The direct dependencies of each crate of the workspace, without those of its tests.
fn workspace_dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--offline", "--locked", "--no-deps", "--format-version", "1"])
        .current_dir(repository())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let packages = metadata["packages"].as_array().unwrap().iter().map(|package| {
        let dependencies = package["dependencies"].as_array().unwrap().iter();
        let normal = dependencies.filter(|dependency| dependency["kind"].is_null());
        (text(&package["name"]), normal.map(|dependency| text(&dependency["name"])).collect())
    });
    packages.collect()
}

/// The dependencies of every package in `Cargo.lock`, by name; versions of one name are taken together.
fn locked_dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let lock = std::fs::read_to_string(repository().join("Cargo.lock")).unwrap();
    let mut packages = BTreeMap::<String, BTreeSet<String>>::new();
    let mut current = String::new();
    for line in lock.lines() {
        if let Some(name) = line.strip_prefix("name = ") {
            name.trim_matches('"').clone_into(&mut current);
            packages.entry(current.clone()).or_default();
        } else if let Some(entry) = line.strip_prefix(" \"") {
            let name = entry.split([' ', '"']).next().unwrap();
            packages.get_mut(&current).unwrap().insert(name.to_owned());
        }
    }
    packages
}

/// Everything that the crate is built from.
fn tree(name: &str) -> BTreeSet<String> {
    let workspace = workspace_dependencies();
    let mut all = locked_dependencies();
    all.extend(workspace);
    let mut found = BTreeSet::new();
    let mut open = vec![name.to_owned()];
    while let Some(name) = open.pop() {
        let dependencies = all.get(&name).unwrap_or_else(|| panic!("{name} is not in Cargo.lock"));
        open.extend(dependencies.iter().filter(|name| found.insert((*name).clone())).cloned());
    }
    found
}

#[test]
fn pure_crates_are_built_from_nothing_that_does_io() {
    assert!(tree("spandrel-runtime").contains("tokio"), "the test finds what is there");
    for name in PURE {
        let tree = tree(name);
        let impure: Vec<_> = IMPURE.iter().filter(|dependency| tree.contains(**dependency)).collect();
        assert!(impure.is_empty(), "{name} is built from {impure:?}");
    }
}

#[test]
fn pure_crates_share_the_lints_that_forbid_io() {
    let lints = |name: &str| {
        std::fs::read_to_string(repository().join("crates").join(name).join("clippy.toml")).unwrap()
    };
    let first = lints(PURE[0]);
    for function in ["std::fs::read", "std::env::var", "std::time::SystemTime::now", "std::net::TcpStream"] {
        assert!(first.contains(&format!("\"{function}\"")), "{function} is not disallowed");
    }
    for name in PURE {
        assert_eq!(first, lints(name), "clippy.toml of {name} differs");
    }
    let root = std::fs::read_to_string(repository().join("clippy.toml")).unwrap();
    for threshold in root.lines().filter(|line| line.contains("-threshold")) {
        assert!(
            first.lines().any(|line| line == threshold),
            "{threshold} is not in the clippy.toml of {}",
            PURE[0]
        );
    }
}

#[test]
fn crates_do_not_know_what_they_must_not() {
    let table = [
        // The call path cannot do schema work.
        ("spandrel-plan", &["spandrel-openapi", "spandrel-compiler"][..]),
        ("spandrel-runtime", &["spandrel-openapi", "spandrel-compiler", "spandrel-mock"]),
        // Reading knows nothing of what is made of it.
        ("spandrel-openapi", &["spandrel-plan", "spandrel-compiler"]),
        // The mock judges requests without knowing how they were made.
        ("spandrel-mock", &["spandrel-plan", "spandrel-compiler", "spandrel-runtime"]),
        // Testing tools takes their plans, not the way in which they were made.
        ("spandrel-search", &["spandrel-compiler", "spandrel-openapi", "spandrel-runtime"]),
        ("spandrel-selftest", &["spandrel-compiler", "spandrel-runtime"]),
        ("spandrel-loader", &["spandrel-plan", "spandrel-compiler", "spandrel-runtime"]),
        // What both of them ask knows neither.
        ("spandrel-egress", &["spandrel-openapi", "spandrel-plan"]),
    ];
    for (name, forbidden) in table {
        let tree = tree(name);
        let known: Vec<_> = forbidden.iter().filter(|dependency| tree.contains(**dependency)).collect();
        assert!(known.is_empty(), "{name} depends on {known:?}");
    }
}

#[test]
fn one_module_knows_mcp_types_and_one_of_each_crate_the_http_client() {
    let table = [
        ("rmcp::", &["spandrel-runtime/src/mcp.rs", "spandrel-runtime/src/mcp/"][..]),
        ("reqwest::", &["spandrel-egress/src/", "spandrel-loader/src/"]),
        ("hyper::client", &["spandrel-runtime/src/http_backend.rs", "spandrel-runtime/src/http_backend/"]),
        ("hyper_util::client", &["spandrel-runtime/src/http_backend/"]),
        ("rustls::", &["spandrel-runtime/src/http_backend/"]),
    ];
    let crates = repository().join("crates");
    for (path, text) in sources(&crates) {
        let path = path.strip_prefix(&crates).unwrap().to_string_lossy().replace('\\', "/");
        for (name, homes) in table {
            let is_home = homes.iter().any(|home| path.starts_with(home));
            let is_test = path.contains("/tests");
            assert!(is_home || is_test || !text.contains(name), "{path} names {name}");
        }
    }
}

fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
    found
}
