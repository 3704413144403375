//! Credentials as an operator configures them: options, a file, the environment.

mod file;
mod parts;
mod scheme;

use std::path::PathBuf;

use anyhow::{Context, bail};
use spandrel::runtime::{ClientIdentity, HttpBackend, Origin, SchemeCredentials, environment_variable};
use spandrel::{BaseUrl, StaticHeaders};

use self::parts::Parts;
pub(crate) use self::scheme::{Need, Schemes};
use crate::args::serve::BackendArguments;
use crate::output;
use crate::rule_advice::nearest;

/// What was configured, in the order in which it counts.
#[derive(Debug, Default)]
pub(crate) struct Credentials {
    entries: Vec<Entry>,
    anonymous: bool,
}

/// What was configured for one scheme.
#[derive(Debug)]
struct Entry {
    scheme: String,
    /// Whom it is for; none for the API's own origin.
    origin: Option<BaseUrl>,
    parts: Parts,
    /// Where it was configured, for messages.
    place: Place,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    Option,
    File(PathBuf),
    /// The file that every document is served with: what does not fit this one is for another.
    UserFile,
    Environment,
}

/// Credentials made ready, and what the HTTP client presents.
pub(crate) struct Ready {
    pub(crate) credentials: SchemeCredentials,
    pub(crate) identities: Vec<ClientIdentity>,
}

impl Credentials {
    /// Reads what is configured; `schemes` are those of the document. No error repeats a secret.
    pub(crate) fn read(arguments: &BackendArguments, schemes: &Schemes) -> anyhow::Result<Self> {
        let mut entries = Vec::new();
        for text in &arguments.credential {
            add_option(text, schemes, &mut entries)?;
        }
        let environment = |name: &str| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
        match &arguments.credentials {
            Some(path) => entries.extend(file::read(path)?),
            None => entries.extend(file::read_of_user(schemes)?),
        }
        let from_environment = schemes.names().filter_map(|scheme| {
            let parts = Parts::from_environment(&environment_variable(scheme), environment)?;
            Some(Entry { scheme: scheme.to_owned(), origin: None, parts, place: Place::Environment })
        });
        let before_user_file = entries.iter().position(|entry| entry.place == Place::UserFile);
        let rest = entries.split_off(before_user_file.unwrap_or(entries.len()));
        entries.extend(from_environment);
        entries.extend(rest);
        entries.retain(|entry| schemes.is_known(&entry.scheme) || entry.place != Place::UserFile);
        let credentials = Self { entries, anonymous: arguments.allow_anonymous };
        credentials.check_names(schemes)?;
        Ok(credentials)
    }

    fn check_names(&self, schemes: &Schemes) -> anyhow::Result<()> {
        let Some(entry) = self.entries.iter().find(|entry| !schemes.is_known(&entry.scheme)) else {
            return Ok(());
        };
        let (place, name) = (entry.place.name(), &entry.scheme);
        match (nearest(name, schemes.known()), schemes.known().next()) {
            (_, None) => bail!("{place}: the document has no security scheme `{name}`, nor any other"),
            (Some(near), _) => {
                bail!("{place}: the document has no security scheme `{name}`; did you mean `{near}`?")
            }
            (None, _) => {
                let known = schemes.known().collect::<Vec<_>>().join(", ");
                bail!("{place}: the document has no security scheme `{name}`; it has {known}")
            }
        }
    }

    /// The schemes whose keys the caller gives as arguments.
    pub(crate) fn arguments(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().filter(|entry| entry.parts.is_argument).map(|entry| entry.scheme.as_str())
    }

    /// Whether something is configured that is for the API's own origin.
    pub(crate) fn need_origin(&self, schemes: &Schemes) -> bool {
        self.entries.iter().any(|entry| entry.origin.is_none() && schemes.kind(&entry.scheme).is_some())
    }

    /// Where the operator says that tokens are fetched.
    pub(crate) fn token_origins(&self) -> impl Iterator<Item = Origin> {
        let urls = self.entries.iter().filter_map(|entry| entry.parts.token_url.as_ref());
        urls.filter_map(|url| Origin::of_uri(&url.as_str().parse().ok()?))
    }

    /// Where the scheme's credential comes from, for people.
    pub(crate) fn place_of(&self, scheme: &str) -> Option<String> {
        self.entries.iter().find(|entry| entry.scheme == scheme).map(|entry| entry.place.name())
    }

    /// Binds everything to its origins; what names none is for `origins`.
    pub(crate) fn ready(
        &self,
        schemes: &Schemes,
        origins: &[Origin],
        headers: StaticHeaders,
        token_backend: impl Fn() -> anyhow::Result<HttpBackend>,
    ) -> anyhow::Result<Ready> {
        let mut credentials = SchemeCredentials::new().with_headers(headers).anonymous(self.anonymous);
        let mut identities = Vec::new();
        for entry in &self.entries {
            let Some(kind) = schemes.kind(&entry.scheme) else { continue };
            let own = entry.origin.as_ref().and_then(Origin::of_server);
            let made = entry.parts.credential(&entry.scheme, kind, own.as_ref(), &token_backend);
            let origins: Vec<Origin> = own.map_or_else(|| origins.to_vec(), |origin| vec![origin]);
            let credential = match made.with_context(|| entry.place.name()) {
                Ok(credential) => credential,
                Err(error) if entry.place == Place::UserFile => {
                    output::warning(format!("{error:#}"));
                    continue;
                }
                Err(error) => return Err(error),
            };
            if let Some(pem) = entry.parts.identity_pem()? {
                let identity = |origin: &Origin| ClientIdentity { origin: origin.clone(), pem: pem.clone() };
                identities.extend(origins.iter().map(identity));
            }
            credentials = credentials.with(entry.scheme.clone(), origins, credential);
        }
        Ok(Ready { credentials, identities })
    }
}

impl Place {
    fn name(&self) -> String {
        match self {
            Self::Option => "--credential".to_owned(),
            Self::File(path) => path.display().to_string(),
            Self::UserFile => file::user_file().map(|path| path.display().to_string()).unwrap_or_default(),
            Self::Environment => "the environment".to_owned(),
        }
    }
}

/// Adds what `NAME=SOURCE` or `NAME.PART=SOURCE` says.
fn add_option(text: &str, schemes: &Schemes, entries: &mut Vec<Entry>) -> anyhow::Result<()> {
    let (name, source) = text.split_once('=').with_context(|| {
        "--credential is written SCHEME=SOURCE, as in 'apiKey=env:API_KEY'; a secret itself is never written there"
    })?;
    let (scheme, part) = match name.rsplit_once('.') {
        Some((scheme, part)) if !schemes.is_known(name) => (scheme, Some(part)),
        _ => (name, None),
    };
    let position = entries.iter().position(|entry| entry.scheme == scheme);
    let position = position.unwrap_or_else(|| {
        let place = Place::Option;
        entries.push(Entry { scheme: scheme.to_owned(), origin: None, parts: Parts::default(), place });
        entries.len() - 1
    });
    let Some(entry) = entries.get_mut(position) else { return Ok(()) };
    entry.parts.set(part, source).with_context(|| format!("--credential {name}"))
}
