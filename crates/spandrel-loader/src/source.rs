//! Where the root document is.

use std::path::PathBuf;

use bytes::Bytes;
use spandrel_openapi::without_secrets;
use thiserror::Error;
use url::Url;

/// Where the root document is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A file.
    File(PathBuf),
    /// An `http` or `https` URL.
    Url(Url),
    /// Standard input, read to its end.
    Stdin,
    /// Bytes that the caller holds already.
    Bytes {
        /// What messages call them.
        name: String,
        /// The document.
        bytes: Bytes,
    },
}

/// Why a text names no source.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SourceError {
    /// There is no text.
    #[error("no document is named; give a file, a URL, or - for standard input")]
    Empty,
    /// It looks like a URL, but is none. The text stands here without user information and query.
    #[error("`{0}` is not a URL: {1}")]
    Url(String, url::ParseError),
}

impl Source {
    /// Reads what an operator writes: `-` is standard input, `http://…` and `https://…` are URLs,
    /// and anything else is a file, `file://…` included.
    ///
    /// # Errors
    /// When the text is empty, or starts like a URL and is none.
    pub fn parse(text: &str) -> Result<Self, SourceError> {
        let starts_with =
            |scheme: &str| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
        let url = || Url::parse(text).map_err(|error| SourceError::Url(without_secrets(text), error));
        match text {
            "" => Err(SourceError::Empty),
            "-" => Ok(Self::Stdin),
            _ if starts_with("http://") || starts_with("https://") => url().map(Self::Url),
            _ if starts_with("file://") => {
                Ok(url()?.to_file_path().map_or_else(|()| Self::File(PathBuf::from(text)), Self::File))
            }
            _ => Ok(Self::File(PathBuf::from(text))),
        }
    }

    /// What messages call it: never a password or a query, which may be secrets.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Url(url) => shown(url),
            Self::Stdin => "standard input".to_owned(),
            Self::Bytes { name, .. } => name.clone(),
        }
    }
}

/// A URL without what may be secret in it.
pub(crate) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    // Both fail only where there is no host, and then there is nothing to hide.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    url.into()
}
