//! Security schemes and requirements to what a call needs to know of them.

use std::sync::Arc;

use http::HeaderName;
use indexmap::IndexMap;
use spandrel_openapi::{
    Document, Operation, Parameter, ParameterIn, SecurityScheme, SecuritySchemeKind as Written,
};
use spandrel_plan::{
    BaseUrl, KeyPlace, SecurityAlternative, SecuritySchemeKind, SecuritySchemeUse, is_header_of_a_parameter,
};
use url::Url;

/// The schemes of a document, by name.
pub(crate) struct SecuritySchemes(IndexMap<String, Arc<SecuritySchemeKind>>);

impl SecuritySchemes {
    /// Relative URLs are relative to `server`.
    pub(crate) fn new(document: &Document, server: Option<&BaseUrl>) -> Self {
        let schemes = document.security_schemes.iter();
        Self(schemes.map(|(name, scheme)| (name.clone(), Arc::new(kind(scheme, server)))).collect())
    }

    /// The alternatives that the operation asks for.
    pub(crate) fn alternatives(&self, operation: &Operation) -> Vec<SecurityAlternative> {
        let scheme_use = |(name, scopes): (&String, &Vec<String>)| SecuritySchemeUse {
            name: name.clone(),
            scopes: scopes.clone(),
            kind: self.0.get(name).cloned().unwrap_or_else(|| Arc::new(SecuritySchemeKind::Unknown)),
        };
        let requirements = operation.security.iter();
        requirements
            .map(|requirement| SecurityAlternative {
                schemes: requirement.schemes.iter().map(scheme_use).collect(),
            })
            .collect()
    }

    /// Whether the parameter is the place of an API key that the operation asks for, so that it is
    /// filled by the bridge: from every scheme that it may carry, other than those in `given`.
    pub(crate) fn carries(&self, operation: &Operation, parameter: &Parameter, given: &[String]) -> bool {
        let names = operation.security.iter().flat_map(|requirement| requirement.schemes.keys());
        let mut carried =
            names.filter(|name| self.0.get(*name).is_some_and(|kind| is_place(kind, parameter)));
        let Some(first) = carried.next() else { return false };
        !given.contains(first) && carried.all(|name| !given.contains(name))
    }

    /// The keys among those of `given` that the operation asks for and that none of its parameters carries,
    /// which is how documents are meant to be written. One that every alternative asks for is required.
    pub(crate) fn key_arguments<'s>(
        &'s self,
        operation: &'s Operation,
        given: &[String],
    ) -> Vec<KeyArgument<'s>> {
        let asked = self.0.iter().filter(|(name, _)| given.contains(name));
        let keys = asked.filter_map(|(scheme, kind)| {
            let SecuritySchemeKind::ApiKey(place) = &**kind else { return None };
            let (place, name) = match place {
                KeyPlace::Header(name) if !is_header_of_a_parameter(name) => return None,
                KeyPlace::Header(name) => (ParameterIn::Header, name.as_str()),
                KeyPlace::Query(name) => (ParameterIn::Query, name.as_str()),
                KeyPlace::Cookie(name) => (ParameterIn::Cookie, name.as_str()),
            };
            let mut asking =
                operation.security.iter().map(|requirement| requirement.schemes.contains_key(scheme));
            let is_asked = asking.clone().any(|asks| asks);
            let is_carried = operation.parameters.iter().any(|parameter| is_place(kind, parameter));
            (is_asked && !is_carried).then(|| KeyArgument {
                scheme,
                place,
                name,
                required: asking.all(|asks| asks),
            })
        });
        let mut distinct: Vec<KeyArgument<'s>> = Vec::new();
        for key in keys {
            // Two schemes may have one place.
            match distinct.iter_mut().find(|one| one.place == key.place && one.name == key.name) {
                Some(one) => one.required |= key.required,
                None => distinct.push(key),
            }
        }
        distinct
    }
}

/// An API key that the caller gives, and that the document has no parameter for.
pub(crate) struct KeyArgument<'s> {
    /// The name of the scheme.
    pub(crate) scheme: &'s str,
    pub(crate) place: ParameterIn,
    /// The name of the header, the query parameter or the cookie.
    pub(crate) name: &'s str,
    pub(crate) required: bool,
}

fn is_place(kind: &SecuritySchemeKind, parameter: &Parameter) -> bool {
    let SecuritySchemeKind::ApiKey(place) = kind else { return false };
    match (place, parameter.place) {
        (KeyPlace::Header(name), ParameterIn::Header) => name.as_str().eq_ignore_ascii_case(&parameter.name),
        (KeyPlace::Query(name), ParameterIn::Query) | (KeyPlace::Cookie(name), ParameterIn::Cookie) => {
            *name == parameter.name
        }
        _ => false,
    }
}

fn kind(scheme: &SecurityScheme, server: Option<&BaseUrl>) -> SecuritySchemeKind {
    let url = |text: &str| url(text, server);
    match &scheme.kind {
        Written::ApiKey { place, name } => {
            key_place(*place, name).map_or(SecuritySchemeKind::Unknown, SecuritySchemeKind::ApiKey)
        }
        // A scheme is a token (RFC 9110, section 11.1), as the name of a header is.
        Written::Http { scheme, .. } if HeaderName::from_bytes(scheme.as_bytes()).is_ok() => {
            SecuritySchemeKind::Http(scheme.clone())
        }
        Written::OAuth2 { flows, metadata_url } => {
            let flow = flows.get("clientCredentials");
            let token_url = flow.and_then(|flow| url(flow.token_url.as_deref()?));
            SecuritySchemeKind::OAuth2 { token_url, metadata_url: metadata_url.as_deref().and_then(url) }
        }
        Written::OpenIdConnect { url: text } => {
            SecuritySchemeKind::OpenIdConnect { discovery_url: url(text) }
        }
        Written::MutualTls => SecuritySchemeKind::MutualTls,
        Written::Http { .. } | Written::Unknown(_) => SecuritySchemeKind::Unknown,
    }
}

fn key_place(place: ParameterIn, name: &str) -> Option<KeyPlace> {
    match place {
        ParameterIn::Header => HeaderName::from_bytes(name.as_bytes()).ok().map(KeyPlace::Header),
        ParameterIn::Query => Some(KeyPlace::Query(name.to_owned())),
        // The name of a cookie is a token too (RFC 6265, section 4.1.1).
        ParameterIn::Cookie if HeaderName::from_bytes(name.as_bytes()).is_ok() => {
            Some(KeyPlace::Cookie(name.to_owned()))
        }
        _ => None,
    }
}

/// An endpoint's URL; a relative one is relative to the server, as all URLs of an API are.
fn url(text: &str, server: Option<&BaseUrl>) -> Option<Url> {
    let url = Url::parse(text).ok().or_else(|| server?.as_url().join(text).ok())?;
    let has_secret = !url.username().is_empty() || url.password().is_some();
    (matches!(url.scheme(), "http" | "https") && url.has_host() && !has_secret).then_some(url)
}

#[cfg(test)]
mod tests;
