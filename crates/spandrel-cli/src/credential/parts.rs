//! The parts of one credential.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use spandrel::plan::SecuritySchemeKind;
use spandrel::runtime::{
    ClientAuthentication, ClientCredentials, Credential, HttpBackend, Origin, Secret, SecretSource,
    TokenClient, TokenEndpoint, describe_security,
};
use url::{Host, Url};

/// Everything that may be configured for a scheme. Which of it there is decides what it is.
#[derive(Debug, Clone, Default)]
pub(super) struct Parts {
    pub(super) value: Option<SecretSource>,
    pub(super) username: Option<SecretSource>,
    pub(super) password: Option<SecretSource>,
    pub(super) client_id: Option<SecretSource>,
    pub(super) client_secret: Option<SecretSource>,
    pub(super) token_url: Option<Url>,
    pub(super) authentication: Option<ClientAuthentication>,
    pub(super) scopes: Option<Vec<String>>,
    pub(super) parameters: Vec<(String, String)>,
    /// PEM files.
    pub(super) certificate: Option<PathBuf>,
    pub(super) key: Option<PathBuf>,
    pub(super) is_argument: bool,
}

/// Where a secret is to be taken from.
#[derive(Debug)]
pub(super) enum Source {
    Secret(SecretSource),
    /// Text that names no source: a secret in a file, a mistake on the command line.
    Plain,
}

impl Source {
    /// Reads `env:NAME`, `file:PATH` and `command:COMMAND`; a relative path is relative to `folder`.
    pub(super) fn parse(text: &str, folder: &Path) -> anyhow::Result<Self> {
        if let Some(name) = text.strip_prefix("env:") {
            let secret = std::env::var(name).ok().filter(|secret| !secret.trim().is_empty());
            let secret = secret.with_context(|| {
                format!("the environment variable `{name}` is not set; set it, or name another source")
            })?;
            return Ok(Self::Secret(SecretSource::fixed(Secret::new(&secret))));
        }
        if let Some(path) = text.strip_prefix("file:") {
            return Ok(Self::Secret(SecretSource::file(folder.join(path))));
        }
        Ok(match text.strip_prefix("command:") {
            Some(command) => Self::Secret(SecretSource::command(command)),
            None => Self::Plain,
        })
    }
}

impl Parts {
    /// Takes what an option says.
    pub(super) fn set(&mut self, part: Option<&str>, text: &str) -> anyhow::Result<()> {
        let secret = || match Source::parse(text, Path::new(""))? {
            Source::Secret(source) => Ok(Some(source)),
            Source::Plain => bail!(
                "write env:NAME, file:PATH or command:COMMAND; a secret itself would be seen in the list of \
                 processes"
            ),
        };
        let path = || Some(PathBuf::from(text.strip_prefix("file:").unwrap_or(text)));
        match part {
            None if text == "argument" => self.is_argument = true,
            None => self.value = secret()?,
            Some("username") => self.username = plain_or(text, secret)?,
            Some("password") => self.password = secret()?,
            Some("client_id") => self.client_id = plain_or(text, secret)?,
            Some("client_secret") => self.client_secret = secret()?,
            Some("certificate") => self.certificate = path(),
            Some("key") => self.key = path(),
            Some("token_url") => self.token_url = Some(token_url(text)?),
            Some("auth") => self.authentication = Some(authentication(text)?),
            Some("scopes") => self.scopes = Some(text.split_whitespace().map(str::to_owned).collect()),
            Some(_) => bail!(
                "there is no such part; there are username, password, client_id, client_secret, token_url, \
                 auth, scopes, certificate and key"
            ),
        }
        Ok(())
    }

    /// What the environment says in variables that begin with `variable`; none where it says nothing.
    pub(super) fn from_environment(
        variable: &str,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Option<Self> {
        let part = |name: &str| environment(&format!("{variable}{name}"));
        let secret = |name: &str| part(name).map(|text| SecretSource::fixed(Secret::new(&text)));
        let path = |name: &str| part(name).map(PathBuf::from);
        let parts = Self {
            value: secret(""),
            username: secret("_USERNAME"),
            password: secret("_PASSWORD"),
            client_id: secret("_CLIENT_ID"),
            client_secret: secret("_CLIENT_SECRET"),
            certificate: path("_CERTIFICATE"),
            key: path("_KEY"),
            ..Self::default()
        };
        let is_there =
            [&parts.value, &parts.username, &parts.password, &parts.client_id, &parts.client_secret]
                .iter()
                .any(|part| part.is_some());
        (is_there || parts.certificate.is_some() || parts.key.is_some()).then_some(parts)
    }

    /// The credential for a scheme of that kind; `bound` is the origin that it was written for, if it
    /// names one itself.
    pub(super) fn credential(
        &self,
        name: &str,
        kind: &SecuritySchemeKind,
        bound: Option<&Origin>,
        token_backend: impl Fn() -> anyhow::Result<HttpBackend>,
    ) -> anyhow::Result<Credential> {
        let credential = if self.is_argument {
            Credential::Argument
        } else if self.certificate.is_some() || self.key.is_some() {
            ensure!(
                self.certificate.is_some() && self.key.is_some(),
                "`{name}` needs both a certificate and a key, the paths of PEM files"
            );
            Credential::Certificate
        } else if self.client_id.is_some() || self.client_secret.is_some() {
            Credential::Client(TokenClient::new(self.client(name, kind, bound)?, token_backend()?))
        } else if self.username.is_some() || self.password.is_some() {
            let (Some(username), Some(password)) = (self.username.clone(), self.password.clone()) else {
                bail!("`{name}` needs both a user name and a password");
            };
            Credential::Password { username, password }
        } else {
            let value = self.value.clone();
            Credential::Value(value.with_context(|| format!("nothing is given for `{name}`"))?)
        };
        ensure!(
            credential.suits(kind),
            "`{name}` asks for {}, which is not what is configured for it",
            describe_security(kind)
        );
        Ok(credential)
    }

    fn client(
        &self,
        name: &str,
        kind: &SecuritySchemeKind,
        bound: Option<&Origin>,
    ) -> anyhow::Result<ClientCredentials> {
        let (Some(client_id), Some(client_secret)) = (self.client_id.clone(), self.client_secret.clone())
        else {
            bail!("`{name}` needs both a client id and a client secret");
        };
        let endpoint = match (&self.token_url, kind) {
            (Some(url), _) => TokenEndpoint::Url(url.clone()),
            (None, SecuritySchemeKind::OAuth2 { token_url: Some(url), .. }) => {
                TokenEndpoint::Url(trusted(name, url, bound)?)
            }
            (
                None,
                SecuritySchemeKind::OpenIdConnect { discovery_url: Some(url) }
                | SecuritySchemeKind::OAuth2 { metadata_url: Some(url), .. },
            ) => TokenEndpoint::Discovery(trusted(name, url, bound)?),
            _ => bail!(
                "the document does not say where `{name}` gets tokens for clients; say it with --credential \
                 '{name}.token_url=URL', or give an access token"
            ),
        };
        Ok(ClientCredentials {
            endpoint,
            client_id,
            client_secret,
            authentication: self.authentication,
            scopes: self.scopes.clone(),
            parameters: self.parameters.clone(),
        })
    }

    /// The certificate and its key, as one text in PEM.
    pub(super) fn identity_pem(&self) -> anyhow::Result<Option<Secret>> {
        let (Some(certificate), Some(key)) = (&self.certificate, &self.key) else { return Ok(None) };
        let read = |path: &Path| {
            std::fs::read_to_string(path)
                .with_context(|| format!("the file `{}` cannot be read", path.display()))
        };
        Ok(Some(Secret::new(&format!("{}\n{}", read(certificate)?, read(key)?))))
    }
}

/// A name is no secret: it may be written as it is.
fn plain_or(
    text: &str,
    secret: impl Fn() -> anyhow::Result<Option<SecretSource>>,
) -> anyhow::Result<Option<SecretSource>> {
    match Source::parse(text, Path::new("")) {
        Ok(Source::Plain) => Ok(Some(SecretSource::fixed(Secret::new(text)))),
        _ => secret(),
    }
}

pub(super) fn token_url(text: &str) -> anyhow::Result<Url> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let url = url.filter(|url| url.username().is_empty() && url.password().is_none());
    url.context("token_url is no http or https URL without user information")
}

pub(super) fn authentication(text: &str) -> anyhow::Result<ClientAuthentication> {
    match text {
        "basic" => Ok(ClientAuthentication::Basic),
        "post" => Ok(ClientAuthentication::Post),
        _ => bail!("auth is `basic` or `post`"),
    }
}

/// A client's secret goes to an endpoint of the document's choice only if nobody can read it on the way, and
/// one that is bound to an origin only there: the document may be anybody's.
fn trusted(name: &str, url: &Url, bound: Option<&Origin>) -> anyhow::Result<Url> {
    let origin = url.as_str().parse().ok().and_then(|uri| Origin::of_uri(&uri));
    if let Some(bound) = bound {
        ensure!(
            origin.as_ref() == Some(bound),
            "the document gets tokens for `{name}` from {}, and the client is bound to {bound}; write \
             `token_url` beside its client_id if its secret may go elsewhere",
            origin.map_or_else(|| "nowhere".to_owned(), |origin| origin.to_string())
        );
    }
    let is_loopback = match url.host() {
        Some(Host::Domain(host)) => host.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    ensure!(
        url.scheme() == "https" || is_loopback,
        "the document names a token endpoint for `{name}` that is not https; name it yourself with \
         --credential '{name}.token_url=URL' if the secret may go there"
    );
    Ok(url.clone())
}
