//! The loop: read the root, ask what is missing, fetch what is allowed, ask again.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use spandrel_openapi::{DocumentSet, SourceId};
use spandrel_overlay::Overlay;
use tracing::debug;
use url::Url;

use crate::budget::Budget;
use crate::error::{FetchError, LoadError, Refusal};
use crate::file;
use crate::home::Home;
use crate::overlay::{self, NamedOverlay};
use crate::remote::{Fetched, Remote};
use crate::rules::{Access, Rules};
use crate::source::{Source, shown};
use crate::trail::{RemotePlace, Trail, file_state};

/// How many documents are fetched at once.
const AT_ONCE: usize = 8;

/// What the operator allows.
#[derive(Debug, Clone, Default)]
pub struct LoaderOptions {
    /// Whether references may lead to origins that the operator did not name.
    pub allow_remote_refs: bool,
    /// What changes the root document before anything else is done with it, in this order.
    pub overlays: Vec<Source>,
    /// How much is taken in.
    pub limits: Limits,
}

/// How much a [`Loader`] takes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The size of one document, decoded, in bytes; 64 MiB by default.
    pub document_bytes: usize,
    /// The size of all documents together, in bytes; 256 MiB by default.
    pub total_bytes: usize,
    /// How many documents, the root included; 500 by default.
    pub documents: usize,
    /// How many documents references may lead through in a row; 50 by default.
    pub depth: usize,
    /// How long one document may take, redirects included; 30 seconds by default.
    pub timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        let documents = spandrel_openapi::Limits::default();
        Self {
            document_bytes: documents.document_bytes,
            total_bytes: 256 * 1024 * 1024,
            documents: documents.documents,
            depth: 50,
            timeout: Duration::from_secs(30),
        }
    }
}

/// Loads document sets under an operator's rules.
#[derive(Debug)]
pub struct Loader {
    options: LoaderOptions,
    remote: Remote,
}

/// A document set whose references have been followed as far as the rules allow.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The documents. None is missing: what was not fetched is marked absent, with the reason.
    pub documents: DocumentSet,
    /// The text of each document, for whoever prints where in it something stands.
    pub texts: BTreeMap<SourceId, Bytes>,
}

/// The root document before it is parsed.
struct Root {
    name: String,
    url: Url,
    bytes: Bytes,
    rules: Rules,
}

impl Loader {
    /// A loader. HTTP clients start when they are first needed.
    #[must_use]
    pub const fn new(options: LoaderOptions) -> Self {
        let remote = Remote::new(options.limits.timeout);
        Self { options, remote }
    }

    /// Loads a document and everything that its references need.
    ///
    /// # Errors
    /// When the root document or an overlay cannot be fetched or read, or the overlay not applied. A document that only references need is
    /// marked absent instead, and is reported where it is needed.
    pub async fn load(&self, source: &Source) -> Result<Loaded, LoadError> {
        self.load_with(source, &Trail::default()).await
    }

    /// The same, noting in `trail` what it looks at: also where it fails.
    ///
    /// # Errors
    /// As [`Loader::load`].
    pub async fn load_with(&self, source: &Source, trail: &Trail) -> Result<Loaded, LoadError> {
        let limits = self.options.limits;
        let budget = self.budget();
        let root = self.root(source, &budget, trail).await?;
        let set_limits = spandrel_openapi::Limits {
            document_bytes: limits.document_bytes,
            documents: limits.documents,
            ..spandrel_openapi::Limits::default()
        };
        let documents = DocumentSet::with_limits(root.url, &root.bytes, set_limits)
            .map_err(|error| LoadError::Parse { name: root.name, error })?;
        let overlays = self.overlays(&budget, trail).await?;
        let documents = overlay::apply(documents, &overlays)
            .map_err(|(name, error)| LoadError::Overlay { name, error })?;
        let mut loaded = Loaded { documents, texts: BTreeMap::from([(SourceId::ROOT, root.bytes)]) };
        self.follow(&mut loaded, &root.rules, &budget, trail).await;
        Ok(loaded)
    }

    /// Whether any URL that a load looked at leads to another document now, or to one where it led to none.
    /// Servers are asked conditionally.
    ///
    /// # Errors
    /// When one that led to a document cannot be asked.
    pub async fn urls_changed(&self, trail: &Trail) -> Result<bool, LoadError> {
        let budget = self.budget();
        let places = trail.urls();
        let questions = places.iter().map(|(url, place)| async {
            match self.remote.has_changed(url, place, &budget).await {
                // Still nothing there.
                Err(_) if place.seen.is_none() => Ok(false),
                Err(error) => Err(LoadError::Fetch { name: shown(url), error }),
                Ok(changed) => Ok(changed),
            }
        });
        let mut answers = stream::iter(questions).buffered(AT_ONCE);
        let mut changed = false;
        while let Some(answer) = answers.next().await {
            changed |= answer?;
        }
        Ok(changed)
    }

    fn budget(&self) -> Budget {
        Budget::new(self.options.limits.total_bytes, self.options.limits.document_bytes)
    }

    async fn overlays(&self, budget: &Budget, trail: &Trail) -> Result<Vec<NamedOverlay>, LoadError> {
        let mut overlays = Vec::with_capacity(self.options.overlays.len());
        for source in &self.options.overlays {
            let Root { name, bytes, .. } = self.root(source, budget, trail).await?;
            match Overlay::parse(&bytes) {
                Ok(overlay) => overlays.push(NamedOverlay { name, overlay }),
                Err(error) => return Err(LoadError::Overlay { name, error }),
            }
        }
        Ok(overlays)
    }

    async fn root(&self, source: &Source, budget: &Budget, trail: &Trail) -> Result<Root, LoadError> {
        let name = source.name();
        let mut rules =
            Rules { directory: None, origin: None, allow_remote_refs: self.options.allow_remote_refs };
        let fetched = match source {
            Source::File(path) => {
                rules.directory = directory(path);
                trail.add_file(path, file_state(path).await);
                file::read_named(path, budget).await.and_then(|bytes| Ok((file_url(path)?, bytes)))
            }
            Source::Url(url) => {
                rules.origin = Some(url.origin());
                let fetched = self.fetch(url, &rules, true, budget, trail).await;
                fetched.map(|Fetched { url: found, bytes, .. }| {
                    // The same host over https is no other place: references are to the better one.
                    if is_upgrade(url, &found) {
                        rules.origin = Some(found.origin());
                    }
                    (found, bytes)
                })
            }
            Source::Stdin => file::read_stdin(budget).await.and_then(|bytes| Ok((nowhere("stdin")?, bytes))),
            Source::Bytes { bytes, name } => {
                budget.take(0, bytes.len()).and_then(|()| Ok((nowhere(name)?, bytes.clone())))
            }
        };
        match fetched {
            Ok((url, bytes)) => Ok(Root { name, url, bytes, rules }),
            Err(error) => Err(LoadError::Fetch { name, error }),
        }
    }

    /// Fetches what is missing, and what that needs, and so on. It ends: each round adds or marks
    /// every document that it was asked for, and the number of rounds is bounded.
    async fn follow(&self, loaded: &mut Loaded, rules: &Rules, budget: &Budget, trail: &Trail) {
        let home = Home::of(&loaded.documents);
        let home = &home;
        let limit = self.options.limits.documents;
        // What is tried counts, not what comes of it: a document may name any number of others.
        let mut tries = limit.saturating_sub(1);
        for _ in 0..self.options.limits.depth {
            let mut missing = loaded.documents.missing();
            if missing.is_empty() {
                return;
            }
            for url in missing.split_off(tries.min(missing.len())) {
                loaded.documents.mark_absent(url, Refusal::TooMany { limit }.to_string());
            }
            tries -= missing.len();
            let requests = missing.into_iter().map(|url| async {
                let fetched = self.referenced(&home.place_of(&url), rules, budget, trail).await;
                (url, fetched)
            });
            let mut fetched = stream::iter(requests).buffered(AT_ONCE);
            while let Some((url, fetched)) = fetched.next().await {
                loaded.add(url, fetched);
            }
        }
        let limit = self.options.limits.depth;
        for url in loaded.documents.missing() {
            loaded.documents.mark_absent(url, Refusal::TooDeep { limit }.to_string());
        }
    }

    async fn referenced(
        &self,
        url: &Url,
        rules: &Rules,
        budget: &Budget,
        trail: &Trail,
    ) -> Result<Bytes, FetchError> {
        let access = rules.reference(url);
        if matches!(access, Err(FetchError::NotFound))
            && let Ok(path) = url.to_file_path()
        {
            trail.add_file(&path, None);
        }
        match access? {
            Access::File(path) => {
                trail.add_file(&path, file_state(&path).await);
                file::read_referenced(&path, budget).await
            }
            Access::Named | Access::Public => {
                Ok(self.fetch(url, rules, rules.allow_remote_refs, budget, trail).await?.bytes)
            }
        }
    }

    async fn fetch(
        &self,
        url: &Url,
        rules: &Rules,
        elsewhere: bool,
        budget: &Budget,
        trail: &Trail,
    ) -> Result<Fetched, FetchError> {
        let fetched = self.remote.fetch(url, rules, elsewhere, budget).await;
        // What the rules forbid, they will forbid later, too.
        if !matches!(fetched, Err(FetchError::Refused(_))) {
            let seen = fetched.as_ref().ok().map(|fetched| fetched.seen.clone());
            trail.add_url(url, RemotePlace { rules: rules.clone(), elsewhere, seen });
        }
        fetched
    }
}

impl Loaded {
    fn add(&mut self, url: Url, fetched: Result<Bytes, FetchError>) {
        let reason = match fetched {
            Ok(bytes) => match self.documents.insert(url.clone(), &bytes) {
                Ok(id) => {
                    debug!(url = shown(&url), bytes = bytes.len(), "document loaded");
                    self.texts.entry(id).or_insert(bytes);
                    return;
                }
                Err(error) => error.to_string(),
            },
            Err(error) => error.to_string(),
        };
        debug!(url = shown(&url), reason, "document not loaded");
        self.documents.mark_absent(url, reason);
    }
}

/// Whether a redirect led from http to https of the same host, each on its usual port.
pub(crate) fn is_upgrade(from: &Url, to: &Url) -> bool {
    let usual = |url: &Url| url.port().is_none();
    (from.scheme(), to.scheme()) == ("http", "https")
        && from.host_str() == to.host_str()
        && usual(from)
        && usual(to)
}

/// The directory that references of the file may lead to; none where the file is in none, such as
/// a pipe of the shell's.
fn directory(path: &Path) -> Option<std::path::PathBuf> {
    let path = path.canonicalize().ok()?;
    path.is_file().then(|| path.parent().map(Path::to_owned)).flatten()
}

/// The URL of a file, without symbolic links where it has any: references are relative to where the
/// document really is.
fn file_url(path: &Path) -> Result<Url, FetchError> {
    let absolute = path.canonicalize().or_else(|_| std::path::absolute(path));
    let url = absolute.ok().and_then(|path| Url::from_file_path(path).ok());
    url.ok_or_else(|| FetchError::Io("the path cannot be made absolute".to_owned()))
}

/// A URL for a document that has none. What it refers to is no file of this machine's: the rules
/// name no directory.
fn nowhere(name: &str) -> Result<Url, FetchError> {
    let mut url = Url::parse("file:///").map_err(|error| FetchError::Io(error.to_string()))?;
    url.set_path(name);
    Ok(url)
}
