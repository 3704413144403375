//! The file of credentials: YAML or JSON, as `docs/credentials.schema.json` describes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde::Deserialize;
use serde_json::Value;
use spandrel::runtime::{Secret, SecretSource};
use spandrel::{BaseUrl, DocumentSet};
use url::Url;

use super::parts::{self, Parts, Source};
use super::{Entry, Place, Schemes};
use crate::{header_origin, output};

/// The largest file, in bytes.
const LARGEST: u64 = 1024 * 1024;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    #[serde(rename = "$schema")]
    _schema: Option<String>,
    /// For the API's own origin, by scheme.
    #[serde(default)]
    credentials: BTreeMap<String, Written>,
    /// For one origin, by scheme.
    #[serde(default)]
    origins: BTreeMap<String, BTreeMap<String, Written>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Value(String),
    Parts(Box<WrittenParts>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenParts {
    value: Option<String>,
    username: Option<String>,
    password: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
    token_url: Option<String>,
    auth: Option<String>,
    scopes: Option<Vec<String>>,
    #[serde(default)]
    parameters: BTreeMap<String, String>,
    certificate: Option<PathBuf>,
    key: Option<PathBuf>,
}

/// Reads a file that the operator named.
pub(super) fn read(path: &Path) -> anyhow::Result<Vec<Entry>> {
    let place = Place::File(path.to_owned());
    let entries = content(path).and_then(|content| {
        let named = content.named()?.map(|named| named.entry(path, &place));
        named.collect()
    });
    entries.with_context(|| format!("--credentials {}", path.display()))
}

/// Reads the user's own file, if there is one. What it holds is for the origins that it names: it is
/// read for every document. What is for others is not looked at.
pub(super) fn read_of_user(schemes: &Schemes) -> anyhow::Result<Vec<Entry>> {
    let Some(path) = user_file() else { return Ok(Vec::new()) };
    let content = content(&path).with_context(|| path.display().to_string())?;
    if !content.credentials.is_empty() {
        bail!(
            "{}: this file is read for every document, so write its credentials under `origins`",
            path.display()
        );
    }
    let named = content.named().with_context(|| path.display().to_string())?;
    let own = named.filter(|named| schemes.are_called(&named.scheme, named.origin.as_ref()));
    let entries = own.filter_map(|named| {
        let entry = named.entry(&path, &Place::UserFile);
        entry.map_err(|error| output::warning(format!("{}: {error:#}", path.display()))).ok()
    });
    Ok(entries.collect())
}

/// `credentials.yaml`, `.yml` or `.json` in the user's configuration folder.
pub(super) fn user_file() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let folder = set("XDG_CONFIG_HOME").or_else(|| Some(set("HOME")?.join(".config")))?.join("spandrel");
    let names = ["credentials.yaml", "credentials.yml", "credentials.json"];
    names.into_iter().map(|name| folder.join(name)).find(|path| path.is_file())
}

fn content(path: &Path) -> anyhow::Result<Content> {
    let size = std::fs::metadata(path).context("the file cannot be read")?.len();
    if size > LARGEST {
        bail!("the file has more than {LARGEST} bytes");
    }
    let bytes = std::fs::read(path).context("the file cannot be read")?;
    let value = parse(&bytes)?;
    warn_if_others_read(path);
    // An error of serde's may repeat a value.
    serde_json::from_value(value).ok().context(
        "the file is not as docs/credentials.schema.json describes: `credentials` by scheme, or `origins` by \
         origin and scheme; each credential is text, or an object with known members",
    )
}

/// A credential with its name and its origin.
struct Named {
    scheme: String,
    origin: Option<BaseUrl>,
    written: Written,
}

impl Content {
    fn named(self) -> anyhow::Result<impl Iterator<Item = Named>> {
        let mut all = Vec::new();
        for (scheme, written) in self.credentials {
            all.push(Named { scheme, origin: None, written });
        }
        for (origin, schemes) in self.origins {
            let origin =
                header_origin::parse(&origin).map_err(|error| anyhow::anyhow!("`origins`: {error}"))?;
            let named = |(scheme, written)| Named { scheme, origin: Some(origin.clone()), written };
            all.extend(schemes.into_iter().map(named));
        }
        Ok(all.into_iter())
    }
}

impl Named {
    fn entry(self, path: &Path, place: &Place) -> anyhow::Result<Entry> {
        let folder = path.parent().unwrap_or(Path::new(""));
        let parts = parts(self.written, folder).with_context(|| format!("`{}`", self.scheme))?;
        Ok(Entry { scheme: self.scheme, origin: self.origin, parts, place: place.clone() })
    }
}

/// YAML and JSON alike. Where it is neither, the place is told, not what stands there.
fn parse(bytes: &[u8]) -> anyhow::Result<Value> {
    let url = Url::parse("file:///credentials")?;
    let set = DocumentSet::new(url, bytes).ok().context("the file is neither YAML nor JSON")?;
    Ok(set.root().clone())
}

fn parts(written: Written, folder: &Path) -> anyhow::Result<Parts> {
    let secret = |text: &String| match Source::parse(text, folder)? {
        Source::Secret(source) => anyhow::Ok(source),
        Source::Plain => Ok(SecretSource::fixed(Secret::new(text))),
    };
    let written = match written {
        Written::Value(text) => return Ok(Parts { value: Some(secret(&text)?), ..Parts::default() }),
        Written::Parts(parts) => *parts,
    };
    Ok(Parts {
        value: written.value.as_ref().map(secret).transpose()?,
        username: written.username.as_ref().map(secret).transpose()?,
        password: written.password.as_ref().map(secret).transpose()?,
        client_id: written.client_id.as_ref().map(secret).transpose()?,
        client_secret: written.client_secret.as_ref().map(secret).transpose()?,
        token_url: written.token_url.as_deref().map(parts::token_url).transpose()?,
        authentication: written.auth.as_deref().map(parts::authentication).transpose()?,
        scopes: written.scopes,
        parameters: written.parameters.into_iter().collect(),
        certificate: written.certificate.map(|path| folder.join(path)),
        key: written.key.map(|path| folder.join(path)),
        is_argument: false,
    })
}

/// A file of secrets is for its owner.
#[cfg(unix)]
fn warn_if_others_read(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(path).map_or(0, |metadata| metadata.permissions().mode());
    if mode & 0o077 != 0 {
        let name = path.display();
        output::warning(format!("others can read {name}; keep it to yourself with chmod 600 {name}"));
    }
}

#[cfg(not(unix))]
fn warn_if_others_read(_path: &Path) {}

#[cfg(test)]
mod tests;
