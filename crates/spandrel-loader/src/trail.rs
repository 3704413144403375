//! What a load looked at, so that a later look can tell whether another load would find the same.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use reqwest::header::{ETAG, HeaderMap, HeaderValue, LAST_MODIFIED};
use url::Url;

use crate::rules::Rules;

/// Every file and URL that a load looked at, those included where it found nothing, and how they were then.
/// Given to [`Loader::load_with`](crate::Loader::load_with), and asked later.
#[derive(Debug, Default)]
pub struct Trail(Mutex<Places>);

/// How the files of a [`Trail`] were at some time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileStates(BTreeMap<PathBuf, Option<FileState>>);

#[derive(Debug, Default)]
struct Places {
    files: BTreeMap<PathBuf, Option<FileState>>,
    urls: BTreeMap<Url, RemotePlace>,
}

/// What tells one state of a file from another without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FileState {
    modified: Option<SystemTime>,
    size: u64,
    /// A file that took another's place can be of the same size and time.
    number: u64,
}

/// A URL as it was asked for, and what was there.
#[derive(Debug, Clone)]
pub(crate) struct RemotePlace {
    pub(crate) rules: Rules,
    pub(crate) elsewhere: bool,
    pub(crate) seen: Option<Seen>,
}

/// A document as it was at a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Where it was in the end.
    pub(crate) url: Url,
    pub(crate) validators: Validators,
    digest: u64,
}

/// What a server calls one state of a document (RFC 9110, section 8.8).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Validators {
    pub(crate) etag: Option<HeaderValue>,
    pub(crate) last_modified: Option<HeaderValue>,
}

impl Trail {
    /// Whether any file is not as it was: changed, replaced, gone, or there where there was none.
    pub async fn files_changed(&self) -> bool {
        let before = self.places().files.clone();
        self.file_states().await.0 != before
    }

    /// How the files are now: two that are equal say that nothing was written between them.
    pub async fn file_states(&self) -> FileStates {
        let mut files = self.places().files.clone();
        for (path, state) in &mut files {
            *state = file_state(path).await;
        }
        FileStates(files)
    }

    /// Whether there are URLs to ask.
    #[must_use]
    pub fn has_urls(&self) -> bool {
        !self.places().urls.is_empty()
    }

    /// Adds what an earlier load looked at and this one did not come to: it may have ended too early.
    pub fn add_earlier(&self, earlier: Self) {
        let earlier = earlier.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut places = self.places();
        for (path, state) in earlier.files {
            places.files.entry(path).or_insert(state);
        }
        for (url, place) in earlier.urls {
            places.urls.entry(url).or_insert(place);
        }
    }

    pub(crate) fn add_file(&self, path: &Path, state: Option<FileState>) {
        self.places().files.insert(path.to_owned(), state);
    }

    pub(crate) fn add_url(&self, url: &Url, place: RemotePlace) {
        self.places().urls.insert(url.clone(), place);
    }

    pub(crate) fn urls(&self) -> BTreeMap<Url, RemotePlace> {
        self.places().urls.clone()
    }

    fn places(&self) -> MutexGuard<'_, Places> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
    pub(crate) fn new(url: &Url, validators: Validators, bytes: &[u8]) -> Self {
        // Only to tell one state of a document from the next: whoever could forge it writes the document.
        let mut hasher = DefaultHasher::new();
        bytes.hash(&mut hasher);
        Self { url: url.clone(), validators, digest: hasher.finish() }
    }

    /// Whether the document is the same, whatever the server calls it now.
    pub(crate) fn is_same_document(&self, other: &Self) -> bool {
        self.digest == other.digest
    }
}

impl Validators {
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        Self { etag: headers.get(ETAG).cloned(), last_modified: headers.get(LAST_MODIFIED).cloned() }
    }
}

/// The state of what a path leads to now; none where that is nothing.
pub(crate) async fn file_state(path: &Path) -> Option<FileState> {
    let metadata = tokio::fs::metadata(path).await.ok()?;
    Some(FileState { modified: metadata.modified().ok(), size: metadata.len(), number: number(&metadata) })
}

#[cfg(unix)]
fn number(metadata: &std::fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
const fn number(_: &std::fs::Metadata) -> u64 {
    0
}
