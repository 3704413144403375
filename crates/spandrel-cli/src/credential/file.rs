//! The file of credentials: YAML or JSON, as `docs/credentials.schema.json` describes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde::Deserialize;
use serde_json::Value;
use spandrel::DocumentSet;
use spandrel::runtime::{Secret, SecretSource};
use url::Url;

use super::parts::{self, Parts, Source};
use super::{Entry, Place};
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
    entries(path, &place).with_context(|| format!("--credentials {}", path.display()))
}

/// Reads the user's own file, if there is one. What it holds is for the origins that it names: it is
/// read for every document.
pub(super) fn read_of_user() -> anyhow::Result<Vec<Entry>> {
    let Some(path) = user_file() else { return Ok(Vec::new()) };
    let entries = entries(&path, &Place::UserFile).with_context(|| path.display().to_string())?;
    if entries.iter().any(|entry| entry.origin.is_none()) {
        bail!(
            "{}: this file is read for every document, so write its credentials under `origins`",
            path.display()
        );
    }
    Ok(entries)
}

/// `credentials.yaml`, `.yml` or `.json` in the user's configuration folder.
pub(super) fn user_file() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let folder = set("XDG_CONFIG_HOME").or_else(|| Some(set("HOME")?.join(".config")))?.join("spandrel");
    let names = ["credentials.yaml", "credentials.yml", "credentials.json"];
    names.into_iter().map(|name| folder.join(name)).find(|path| path.is_file())
}

fn entries(path: &Path, place: &Place) -> anyhow::Result<Vec<Entry>> {
    let size = std::fs::metadata(path).context("the file cannot be read")?.len();
    if size > LARGEST {
        bail!("the file has more than {LARGEST} bytes");
    }
    let bytes = std::fs::read(path).context("the file cannot be read")?;
    let value = parse(&bytes)?;
    // An error of serde's may repeat a value.
    let content: Content = serde_json::from_value(value).ok().context(
        "the file is not as docs/credentials.schema.json describes: `credentials` by scheme, or `origins` by \
         origin and scheme; each credential is text, or an object with known members",
    )?;
    warn_if_others_read(path);
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut entries = Vec::new();
    let entry = |scheme: String, written, origin| {
        let parts = parts(written, folder).with_context(|| format!("`{scheme}`"))?;
        anyhow::Ok(Entry { scheme, origin, parts, place: place.clone() })
    };
    for (scheme, written) in content.credentials {
        entries.push(entry(scheme, written, None)?);
    }
    for (origin, schemes) in content.origins {
        let origin = header_origin::parse(&origin).map_err(|error| anyhow::anyhow!("`origins`: {error}"))?;
        for (scheme, written) in schemes {
            entries.push(entry(scheme, written, Some(origin.clone()))?);
        }
    }
    Ok(entries)
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
