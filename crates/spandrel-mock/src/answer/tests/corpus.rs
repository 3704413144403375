#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "tests"
)]
//! Real documents: is what is made for them valid? Needs `SPANDREL_SHARED`, a folder that holds
//! `corpus/`; `SPANDREL_CORPUS` picks documents by a part of their name.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use spandrel_openapi::{BodySchema, Direction, Document, DocumentSet, MediaType};
use url::Url;

use crate::body::media::{Kind, essence};
use crate::check::Checks;
use crate::generate::{Extent, generate};

#[derive(Default)]
struct Tally {
    responses: usize,
    unverified: usize,
    uncompiled: usize,
    examples: usize,
    bodies: usize,
    bodies_unverified: usize,
}

#[test]
fn what_is_made_for_real_documents_is_valid() {
    let Some(shared) = std::env::var_os("SPANDREL_SHARED") else {
        eprintln!("SKIPPED: SPANDREL_SHARED is not set, so no real document was tried");
        return;
    };
    let mut paths = Vec::new();
    collect(&Path::new(&shared).join("corpus"), &mut paths);
    let wanted = std::env::var("SPANDREL_CORPUS").unwrap_or_default();
    paths.retain(|path| path.to_string_lossy().contains(&wanted));
    // The large ones first: whoever begins one last is waited for.
    paths.sort_by_key(|path| Reverse(std::fs::metadata(path).map_or(0, |metadata| metadata.len())));
    let next = AtomicUsize::new(0);
    let tallies = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let Some(set) = load(path) else { continue };
                    let (document, _) = set.read();
                    let tally = survey(Arc::new(set), &document, path);
                    tallies.lock().unwrap().insert(path, (document.operations.len(), tally));
                }
            });
        }
    });
    let mut total = Tally::default();
    for (path, (operations, tally)) in tallies.into_inner().unwrap() {
        eprintln!(
            "{:40} {operations:5} ops {:5} responses {:3} unverified {:3} uncompiled {:4} by example; {:4} bodies {:3} unverified",
            path.file_name().unwrap().to_string_lossy(),
            tally.responses,
            tally.unverified,
            tally.uncompiled,
            tally.examples,
            tally.bodies,
            tally.bodies_unverified,
        );
        total.responses += tally.responses;
        total.unverified += tally.unverified;
        total.bodies += tally.bodies;
        total.bodies_unverified += tally.bodies_unverified;
    }
    eprintln!(
        "TOTAL {} responses, {} unverified; {} bodies, {} unverified",
        total.responses, total.unverified, total.bodies, total.bodies_unverified
    );
    assert!(total.unverified * 100 <= total.responses, "more than one response in a hundred is not valid");
}

fn survey(set: Arc<DocumentSet>, document: &Document, path: &Path) -> Tally {
    let checks = Checks::new(set, document.version);
    let mut tally = Tally::default();
    for operation in &document.operations {
        let responses = operation.responses.iter().flat_map(|response| &response.content);
        for (media, direction) in responses.map(|media| (media, Direction::Response)).chain(
            operation
                .request_body
                .iter()
                .flat_map(|body| &body.content)
                .map(|media| (media, Direction::Request)),
        ) {
            let Some((verified, compiled, by_example)) = try_media(media, direction, &checks) else {
                continue;
            };
            if direction == Direction::Request {
                tally.bodies += 1;
                tally.bodies_unverified += usize::from(!verified);
            } else {
                tally.responses += 1;
                tally.unverified += usize::from(!verified && !by_example);
                tally.uncompiled += usize::from(!compiled);
                tally.examples += usize::from(by_example);
            }
            if !verified {
                let location = &media.location.pointer;
                eprintln!("  {} {direction:?} {location}", path.file_name().unwrap().to_string_lossy());
                if std::env::var_os("SPANDREL_VERBOSE").is_some() {
                    let BodySchema::Schema(location) = &media.schema else { continue };
                    let check = checks.get(location, direction);
                    let made = generate(&check, Extent::Everything).value;
                    let text: String = made.to_string().chars().take(400).collect();
                    eprintln!(
                        "    {text}\n    {:?} {:?}",
                        check.complaints(&made),
                        check.faulty_places(&made)
                    );
                }
            }
        }
    }
    tally
}

fn try_media(media: &MediaType, direction: Direction, checks: &Checks) -> Option<(bool, bool, bool)> {
    let kind = Kind::of(&essence(&media.name));
    let BodySchema::Schema(location) = &media.schema else { return None };
    if kind == Kind::Binary && !media.name.contains('*') {
        return None;
    }
    let check = checks.get(location, direction);
    let made = generate(&check, Extent::Everything);
    let by_example = media.examples.iter().any(|example| check.accepts(example));
    Some((made.verified, check.is_compiled(), by_example))
}

fn load(path: &Path) -> Option<DocumentSet> {
    let url = Url::from_file_path(path).unwrap();
    let mut set = DocumentSet::new(url, &std::fs::read(path).unwrap())
        .map_err(|error| eprintln!("{}: {error}", path.display()))
        .ok()?;
    loop {
        let missing = set.missing();
        if missing.is_empty() {
            return Some(set);
        }
        for url in missing {
            let bytes = url.to_file_path().ok().and_then(|path| std::fs::read(path).ok());
            match bytes {
                Some(bytes) if set.insert(url.clone(), &bytes).is_ok() => {}
                _ => set.mark_absent(url, "not there".to_owned()),
            }
        }
    }
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            match name.as_str() {
                "synthetic" => collect(&path, paths),
                "multifile" => paths.extend(
                    Some(path.join("beacon-apis/beacon-node-oapi.yaml")).filter(|path| path.exists()),
                ),
                _ => {}
            }
        } else if path.extension().is_some_and(|extension| extension == "json" || extension == "yaml") {
            paths.push(path);
        }
    }
}
