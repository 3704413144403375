//! What a document is called in messages.

use std::path::Path;

use spandrel::Source;
use spandrel::openapi::{DocumentSet, SourceId};
use url::Url;

/// The names of the documents of a set.
pub(crate) struct SourceNames<'s> {
    root: String,
    set: &'s DocumentSet,
}

impl<'s> SourceNames<'s> {
    /// The root is called what the operator called it.
    pub(crate) fn new(source: &Source, set: &'s DocumentSet) -> Self {
        let root = match source {
            Source::Stdin => "<stdin>".to_owned(),
            source => source.name(),
        };
        Self { root, set }
    }

    /// The root's own name, a path relative to the current directory, or a URL.
    pub(crate) fn get(&self, id: SourceId) -> String {
        if id == SourceId::ROOT { self.root.clone() } else { name(self.set.url(id)) }
    }
}

fn name(url: &Url) -> String {
    let Some(path) = (url.scheme() == "file").then(|| url.to_file_path().ok()).flatten() else {
        return Source::Url(url.clone()).name();
    };
    let current = std::env::current_dir().and_then(|current| current.canonicalize()).unwrap_or_default();
    let relative = path.strip_prefix(&current).map(Path::to_owned).ok();
    relative.unwrap_or(path).display().to_string()
}
