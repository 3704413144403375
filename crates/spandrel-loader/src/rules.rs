//! What a reference may lead to.

use std::path::PathBuf;

use spandrel_egress::Reach;
use url::{Origin, Url};

use crate::error::{FetchError, Refusal};
use crate::file;

/// What the operator named, as far as the rules need to know.
#[derive(Debug, Clone)]
pub(crate) struct Rules {
    /// The directory that files may be read from: the root document's, without symbolic links.
    pub(crate) directory: Option<PathBuf>,
    /// The origin that the operator named.
    pub(crate) origin: Option<Origin>,
    /// Whether references may lead to other origins.
    pub(crate) allow_remote_refs: bool,
}

/// How a document may be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Access {
    /// From this file, symbolic links resolved.
    File(PathBuf),
    /// From its URL, wherever that leads: the operator named its host.
    Named,
    /// From its URL, if that leads to a public address.
    Public,
}

impl Rules {
    /// How the document that a reference names may be fetched.
    pub(crate) fn reference(&self, url: &Url) -> Result<Access, FetchError> {
        match url.scheme() {
            "file" => self.file(url).map(Access::File),
            "http" | "https" => Ok(self.remote(url, self.allow_remote_refs)?),
            scheme => Err(Refusal::Scheme { scheme: scheme.to_owned() }.into()),
        }
    }

    /// How `url` may be fetched; another origin than the named one only if `elsewhere` is allowed.
    pub(crate) fn remote(&self, url: &Url, elsewhere: bool) -> Result<Access, Refusal> {
        if self.origin.as_ref() == Some(&url.origin()) {
            return Ok(Access::Named);
        }
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Refusal::Scheme { scheme: url.scheme().to_owned() });
        }
        if !elsewhere {
            return Err(Refusal::OtherOrigin);
        }
        // A name is checked when it is resolved. An address is not resolved, so it is checked here.
        let public = url.host().is_some_and(|host| Reach::Public.allows_host(&host));
        let host = || url.host_str().unwrap_or_default().to_owned();
        if public { Ok(Access::Public) } else { Err(Refusal::NotPublic { host: host() }) }
    }

    fn file(&self, url: &Url) -> Result<PathBuf, FetchError> {
        let directory = self.directory.as_deref().ok_or(Refusal::FileFromElsewhere)?;
        let path = url.to_file_path().map_err(|()| Refusal::OutsideDirectory)?;
        // Outside, whether a file exists is not told either.
        let lexical = path.starts_with(directory);
        let path = path.canonicalize().map_err(|error| {
            if lexical { file::classify(&error) } else { Refusal::OutsideDirectory.into() }
        })?;
        if path.starts_with(directory) { Ok(path) } else { Err(Refusal::OutsideDirectory.into()) }
    }
}
