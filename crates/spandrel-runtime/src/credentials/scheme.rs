//! The credentials that a document asks for, from what the operator has configured.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::Request;
use http::header::AUTHORIZATION;
use spandrel_plan::{
    CallError, CallErrorKind, KeyPlace, SecurityAlternative, SecuritySchemeKind, SecuritySchemeUse, Tool,
};
use tracing::warn;

use super::advice::{self, Lack};
use super::place;
use super::source::SecretSource;
use super::token::TokenClient;
use super::{Credentials, StaticHeaders, UsedCredentials};
use crate::origin::Origin;

/// The credential for one security scheme.
#[derive(Debug, Clone)]
pub enum Credential {
    /// The key or token itself; for `basic`, `user:password`; for any other HTTP scheme, what stands
    /// behind its name.
    Value(SecretSource),
    /// A user's name and password.
    Password {
        /// The name.
        username: SecretSource,
        /// The password.
        password: SecretSource,
    },
    /// Access tokens that are fetched for a client.
    Client(TokenClient),
    /// A client certificate, which the HTTP client presents.
    Certificate,
    /// The caller gives the key as an argument.
    Argument,
}

impl Credential {
    /// Whether a scheme of that kind can be satisfied with it.
    #[must_use]
    pub fn suits(&self, kind: &SecuritySchemeKind) -> bool {
        match self {
            Self::Value(_) => !matches!(kind, SecuritySchemeKind::MutualTls | SecuritySchemeKind::Unknown),
            Self::Password { .. } => matches!(kind, SecuritySchemeKind::Http(scheme) if scheme == "basic"),
            Self::Client(_) => {
                kind.takes_token() || matches!(kind, SecuritySchemeKind::Http(scheme) if scheme == "bearer")
            }
            Self::Certificate => matches!(kind, SecuritySchemeKind::MutualTls),
            Self::Argument => matches!(kind, SecuritySchemeKind::ApiKey(_)),
        }
    }

    /// How much it takes to have it: nothing, a file or a command, a request.
    fn cost(&self) -> u32 {
        match self {
            Self::Value(source) => u32::from(!source.is_fixed()),
            Self::Password { username, password } => u32::from(!(username.is_fixed() && password.is_fixed())),
            Self::Client(_) => 2,
            Self::Certificate | Self::Argument => 0,
        }
    }
}

/// What an operation that asks for nothing costs: it is the last choice, because whoever has
/// configured a credential wants it used.
const COST_OF_NOTHING: u32 = 1_000;

/// What the document's security requirements ask for, and the operator's headers.
///
/// Of the alternatives that an operation names, the cheapest is taken whose every scheme is
/// configured for the request's origin; a header that the operator sets stands for the schemes that
/// it carries. An operation that names none gets none.
#[derive(Debug, Clone, Default)]
pub struct SchemeCredentials {
    configured: BTreeMap<String, Vec<Bound>>,
    headers: Option<StaticHeaders>,
    anonymous: bool,
}

#[derive(Debug, Clone)]
struct Bound {
    origins: BTreeSet<Origin>,
    credential: Credential,
}

/// What there is for a scheme.
enum State<'s> {
    /// Nothing has to be added.
    Covered,
    Configured(&'s Credential),
    Lacking(Lack),
}

/// Text that stands for a secret in a [preview](SchemeCredentials::preview).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placeholder {
    /// What stands in the request.
    pub marker: String,
    /// The environment variable that would hold the secret.
    pub variable: String,
    /// Whether the marker stands in base64, as HTTP basic has it.
    pub in_base64: bool,
}

impl SchemeCredentials {
    /// No credentials yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the operator's own headers, which go to their origins with every request and take the
    /// place of whatever else stands in headers of their names.
    #[must_use]
    pub fn with_headers(mut self, headers: StaticHeaders) -> Self {
        self.headers = Some(headers);
        self
    }

    /// Adds a credential for the scheme `name`, bound to `origins`. Of two for one origin the first
    /// counts.
    #[must_use]
    pub fn with(
        mut self,
        name: impl Into<String>,
        origins: impl IntoIterator<Item = Origin>,
        credential: Credential,
    ) -> Self {
        let bound = Bound { origins: origins.into_iter().collect(), credential };
        self.configured.entry(name.into()).or_default().push(bound);
        self
    }

    /// Whether operations are called without credentials where what they ask for is not configured.
    /// Default: no, such a call is an error.
    #[must_use]
    pub fn anonymous(mut self, anonymous: bool) -> Self {
        self.anonymous = anonymous;
        self
    }

    /// Whether a call of `tool` at `origin` would find what the tool asks for.
    #[must_use]
    pub fn satisfies(&self, tool: &Tool, origin: Option<&Origin>) -> bool {
        self.chosen(&tool.plan.security, origin, None).is_some()
    }

    /// Whether a scheme has what it asks for at `origin`.
    #[must_use]
    pub fn has(&self, scheme: &SecuritySchemeUse, origin: Option<&Origin>) -> bool {
        !matches!(self.state(scheme, origin, None), State::Lacking(_))
    }

    /// Puts placeholders where the credentials of a call would stand; nothing is read or fetched.
    pub fn preview(&self, tool: &Tool, request: &mut Request<Bytes>) -> Vec<Placeholder> {
        let origin = Origin::of_uri(request.uri());
        let security = &tool.plan.security;
        let alternative = self.chosen(security, origin.as_ref(), None).or_else(|| security.first());
        let mut placeholders = Vec::new();
        let Some(alternative) = alternative else {
            self.set_headers(request);
            return placeholders;
        };
        for scheme in &alternative.schemes {
            let state = self.state_within(alternative, scheme, origin.as_ref(), None);
            if matches!(
                state,
                State::Covered | State::Configured(Credential::Argument | Credential::Certificate)
            ) {
                continue;
            }
            let variable = advice::environment_variable(&scheme.name);
            let marker = format!("credential-{}-here", placeholders.len());
            let in_base64 = matches!(&*scheme.kind, SecuritySchemeKind::Http(name) if name == "basic");
            let text = if in_base64 { format!("Basic {marker}") } else { marker.clone() };
            if place::put(&scheme.kind, &text, request).is_ok()
                && !matches!(*scheme.kind, SecuritySchemeKind::MutualTls | SecuritySchemeKind::Unknown)
            {
                placeholders.push(Placeholder { marker, variable, in_base64 });
            }
        }
        self.set_headers(request);
        placeholders
    }

    /// The cheapest alternative that is configured; the document's order decides between equals. Keys that
    /// the caller gives are looked for in `request`, where there is one.
    fn chosen<'a>(
        &self,
        alternatives: &'a [SecurityAlternative],
        origin: Option<&Origin>,
        request: Option<&Request<Bytes>>,
    ) -> Option<&'a SecurityAlternative> {
        static NOTHING: SecurityAlternative = SecurityAlternative { schemes: Vec::new() };
        if alternatives.is_empty() {
            return Some(&NOTHING);
        }
        let cost = |alternative: &SecurityAlternative| {
            if alternative.schemes.is_empty() {
                return Some(COST_OF_NOTHING);
            }
            let state = |scheme| self.state_within(alternative, scheme, origin, request);
            alternative.schemes.iter().try_fold(0_u32, |sum, scheme| match state(scheme) {
                State::Covered => Some(sum),
                State::Configured(credential) => Some(sum.saturating_add(credential.cost())),
                State::Lacking(_) => None,
            })
        };
        let costs = alternatives.iter().filter_map(|alternative| Some((cost(alternative)?, alternative)));
        costs.min_by_key(|(cost, _)| *cost).map(|(_, alternative)| alternative)
    }

    /// The same where the scheme is one of several: what another puts in its place will do for it too, as
    /// a request has room for one of them only.
    fn state_within(
        &self,
        alternative: &SecurityAlternative,
        scheme: &SecuritySchemeUse,
        origin: Option<&Origin>,
        request: Option<&Request<Bytes>>,
    ) -> State<'_> {
        let state = self.state(scheme, origin, request);
        let (State::Lacking(_), Some(place)) = (&state, place::of(&scheme.kind)) else { return state };
        let stands_in = |other: &&SecuritySchemeUse| {
            place::of(&other.kind).as_ref() == Some(&place)
                && !matches!(self.state(other, origin, request), State::Lacking(_))
        };
        if alternative.schemes.iter().any(|other| stands_in(&other)) { State::Covered } else { state }
    }

    fn state(
        &self,
        scheme: &SecuritySchemeUse,
        origin: Option<&Origin>,
        request: Option<&Request<Bytes>>,
    ) -> State<'_> {
        if matches!(*scheme.kind, SecuritySchemeKind::Unknown) || self.is_in_headers(&scheme.kind, origin) {
            return State::Covered;
        }
        let bound = self.configured.get(&scheme.name).map(Vec::as_slice).unwrap_or_default();
        let mut suiting = bound.iter().filter(|bound| bound.credential.suits(&scheme.kind)).peekable();
        if suiting.peek().is_none() {
            return State::Lacking(Lack::NotConfigured);
        }
        let mut here = suiting.filter(|bound| origin.is_some_and(|origin| bound.origins.contains(origin)));
        match here.next().map(|bound| &bound.credential) {
            None => State::Lacking(Lack::OtherOrigin),
            Some(Credential::Argument)
                if request.is_some_and(|request| !place::is_given(&scheme.kind, request)) =>
            {
                State::Lacking(Lack::NotGiven)
            }
            Some(credential) => State::Configured(credential),
        }
    }

    /// Whether one of the operator's headers stands where the scheme wants its credential.
    fn is_in_headers(&self, kind: &SecuritySchemeKind, origin: Option<&Origin>) -> bool {
        let Some((headers, origin)) = self.headers.as_ref().zip(origin) else { return false };
        match kind {
            SecuritySchemeKind::ApiKey(KeyPlace::Header(name)) => headers.set(name, origin),
            SecuritySchemeKind::ApiKey(KeyPlace::Cookie(name)) => headers.set_cookie(name, origin),
            SecuritySchemeKind::Http(_)
            | SecuritySchemeKind::OAuth2 { .. }
            | SecuritySchemeKind::OpenIdConnect { .. } => headers.set(&AUTHORIZATION, origin),
            _ => false,
        }
    }

    fn set_headers(&self, request: &mut Request<Bytes>) {
        if let Some(headers) = &self.headers {
            headers.set_on(request);
        }
    }

    async fn add(&self, tool: &Tool, request: &mut Request<Bytes>) -> Result<(), CallError> {
        let origin = Origin::of_uri(request.uri());
        let security = &tool.plan.security;
        let Some(alternative) = self.chosen(security, origin.as_ref(), Some(request)) else {
            if self.anonymous {
                self.set_headers(request);
                return Ok(());
            }
            let lack = |scheme: &SecuritySchemeUse| match self.state(scheme, origin.as_ref(), Some(request)) {
                State::Lacking(lack) => Some(lack),
                _ => None,
            };
            return Err(advice::missing(tool, origin.as_ref(), lack));
        };
        let mut used = Vec::new();
        for scheme in &alternative.schemes {
            let state = self.state_within(alternative, scheme, origin.as_ref(), None);
            if let State::Configured(credential) = state {
                used.extend(put(credential, scheme, request).await?);
            }
        }
        if !used.is_empty() {
            request.extensions_mut().insert(UsedCredentials(used.into()));
        }
        self.set_headers(request);
        Ok(())
    }

    async fn ask_again(&self, tool: &Tool, origin: Option<&Origin>, used: &UsedCredentials) -> bool {
        let mut renewed = false;
        let schemes = || tool.plan.security.iter().flat_map(|alternative| &alternative.schemes);
        for (name, generation) in used.0.iter() {
            let Some(scheme) = schemes().find(|scheme| scheme.name == *name) else { continue };
            let State::Configured(credential) = self.state(scheme, origin, None) else { continue };
            renewed |= match credential {
                Credential::Value(source) => source.renew(*generation).await,
                Credential::Password { password, .. } => password.renew(*generation).await,
                Credential::Client(client) => client.renew(&scheme.scopes, *generation).await,
                Credential::Certificate | Credential::Argument => false,
            };
        }
        renewed
    }
}

/// Adds one credential; which reading of it that was, where there may be another.
async fn put(
    credential: &Credential,
    scheme: &SecuritySchemeUse,
    request: &mut Request<Bytes>,
) -> Result<Option<(String, u64)>, CallError> {
    let failed = |reason: &dyn std::fmt::Display| {
        // The operator reads the log, the caller's message goes to a model.
        warn!(target: "spandrel::credential", scheme = scheme.name, %reason, "no credential");
        let message = format!(
            "The credential for `{}` is not to be had: {reason}. The operator of this bridge has to see to \
             that; nothing was sent to the API.",
            scheme.name
        );
        CallError::new(CallErrorKind::CredentialFailed, message)
    };
    let (text, generation) = match credential {
        Credential::Value(source) => source.get().await.map_err(|error| failed(&error))?,
        Credential::Password { username, password } => {
            let (username, _) = username.get().await.map_err(|error| failed(&error))?;
            let (password, generation) = password.get().await.map_err(|error| failed(&error))?;
            let pair = format!("{}:{}", username.expose(), password.expose());
            (super::Secret::new(&pair), generation)
        }
        Credential::Client(client) => client.token(&scheme.scopes).await.map_err(|error| failed(&error))?,
        Credential::Certificate => return Ok(None),
        Credential::Argument => {
            place::mark_given(&scheme.kind, request);
            return Ok(None);
        }
    };
    place::put(&scheme.kind, text.expose(), request).map_err(|reason| failed(&reason))?;
    Ok((generation > 0).then(|| (scheme.name.clone(), generation)))
}

impl Credentials for SchemeCredentials {
    fn authorize<'a>(
        &'a self,
        tool: &'a Tool,
        request: &'a mut Request<Bytes>,
    ) -> BoxFuture<'a, Result<(), CallError>> {
        self.add(tool, request).boxed()
    }

    fn renew<'a>(
        &'a self,
        tool: &'a Tool,
        uri: &'a http::Uri,
        used: &'a UsedCredentials,
    ) -> BoxFuture<'a, bool> {
        async move { self.ask_again(tool, Origin::of_uri(uri).as_ref(), used).await }.boxed()
    }
}

#[cfg(test)]
mod tests;
