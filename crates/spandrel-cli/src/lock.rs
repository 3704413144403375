//! Lock files: made of a document, read in its place, and held against it.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, bail};
use spandrel::plan::{LockFile, LockedDocument, MAX_LOCK_BYTES};
use spandrel::{BaseUrl, Source};

use crate::changes;
use crate::output::Printable;
use crate::specification::Specification;

/// How much of a file tells whether it is a lock file, in bytes.
const HEAD: usize = 64;

/// The tools of a document, to be written.
pub(crate) fn made(specification: &Specification) -> anyhow::Result<LockFile> {
    let origin = match &specification.source {
        Source::Url(url) => Some(BaseUrl::parse(&url.origin().ascii_serialization())?),
        _ => None,
    };
    let document = LockedDocument {
        specification: specification.compiled.document.version_text.clone(),
        digest: LockedDocument::digest(specification.texts.values().map(|text| &**text)),
        origin,
    };
    Ok(LockFile::new(&specification.compiled.catalog, document))
}

/// The lock file that `source` is, where it is one.
pub(crate) fn read(source: &Source) -> anyhow::Result<Option<LockFile>> {
    let Source::File(path) = source else { return Ok(None) };
    // What cannot be opened is for the loader to tell.
    let Ok(file) = File::open(path) else { return Ok(None) };
    let mut bytes = Vec::new();
    let mut file = file.take(HEAD as u64);
    if file.read_to_end(&mut bytes).is_err() || !LockFile::is_one(&bytes) {
        return Ok(None);
    }
    read_rest(file.into_inner(), bytes).with_context(|| path.display().to_string()).map(Some)
}

fn read_rest(file: File, mut bytes: Vec<u8>) -> anyhow::Result<LockFile> {
    // One byte more than may be read tells that there is more.
    file.take(MAX_LOCK_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(LockFile::read(&bytes)?)
}

/// Makes sure that the tools are those of the lock file at `path`.
pub(crate) fn hold(specification: &Specification, path: &Path) -> anyhow::Result<()> {
    let shown = path.display().to_string();
    let read = File::open(path).map_err(anyhow::Error::from).and_then(|file| read_rest(file, Vec::new()));
    let locked = read.with_context(|| format!("--locked {shown}"))?.into_catalog(specification.base_url());
    let diff = spandrel::diff::compare(&locked, &specification.compiled.catalog);
    if diff.is_empty() {
        return Ok(());
    }
    let name = specification.source.name();
    bail!(
        "the tools of {name} are not those of {shown}:\n{}look at what has changed, then make the lock file anew \
         with `spandrel compile`",
        Printable(&changes::plain(&diff))
    );
}
