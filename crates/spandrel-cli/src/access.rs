//! How the API is reached: what requests carry, and where they may go.

use std::collections::BTreeSet;

use anyhow::Context;
use spandrel::BaseUrl;
use spandrel::runtime::{
    EgressRules, HttpBackend, HttpClientOptions, Origin, Reach, RedirectScope, SchemeCredentials,
};
use url::Host;

use crate::args::serve::{BackendArguments, Redirects};
use crate::credential::{Need, Schemes};
use crate::header::Headers;
use crate::specification::Specification;

/// What the operator has configured, bound to the origins of a document.
pub(crate) struct Access {
    pub(crate) credentials: SchemeCredentials,
    pub(crate) client: HttpClientOptions,
    /// The schemes that tools use and that are configured, with where that stands.
    pub(crate) configured: Vec<(String, String)>,
    /// The schemes that tools need and that are not.
    pub(crate) needs: Vec<Need>,
}

impl Access {
    pub(crate) fn new(
        specification: &Specification,
        headers: &Headers,
        arguments: &BackendArguments,
    ) -> anyhow::Result<Self> {
        let schemes = Schemes::of(&specification.compiled);
        let settings = &specification.credentials;
        let mut client = client_options(specification, arguments)?;
        let token_client = HttpClientOptions {
            redirects: 0,
            egress: EgressRules {
                named: client.egress.named.iter().cloned().chain(settings.token_origins()).collect(),
                ..client.egress.clone()
            },
            ..client.clone()
        };
        let token_backend = || Ok(HttpBackend::new(&token_client)?);
        let origins: Vec<Origin> = specification.header_origins.origins().cloned().collect();
        let ready = settings.ready(&schemes, &origins, specification.bind(headers)?, token_backend)?;
        client.identities = ready.identities;
        let needs = Need::all(&specification.compiled, &ready.credentials);
        let configured = schemes
            .names()
            .filter_map(|scheme| Some((scheme.to_owned(), settings.place_of(scheme)?)))
            .collect();
        Ok(Self { credentials: ready.credentials, client, configured, needs })
    }
}

fn client_options(
    specification: &Specification,
    arguments: &BackendArguments,
) -> anyhow::Result<HttpClientOptions> {
    let read = |path: &std::path::PathBuf| {
        std::fs::read_to_string(path)
            .with_context(|| format!("--ca-certificate: the file `{}` cannot be read", path.display()))
    };
    Ok(HttpClientOptions {
        redirect_scope: match arguments.redirects {
            Redirects::None => RedirectScope::None,
            Redirects::SameOrigin => RedirectScope::SameOrigin,
            Redirects::Any => RedirectScope::Any,
        },
        egress: egress(specification, arguments),
        root_certificates: arguments.ca_certificate.iter().map(read).collect::<anyhow::Result<_>>()?,
        ..HttpClientOptions::default()
    })
}

/// What the operator named may be anywhere. Other servers may be where the document's author can be
/// taken to be: for a file, and for a document of this machine's networks, there; for any other, on the
/// public Internet.
fn egress(specification: &Specification, arguments: &BackendArguments) -> EgressRules {
    let document = specification.document_url();
    let origin = document.and_then(|url| BaseUrl::parse(&url.origin().ascii_serialization()).ok());
    let named = specification.base_url().into_iter().chain(&arguments.header_origin).chain(&origin);
    let named: BTreeSet<Origin> = named.filter_map(Origin::of_server).collect();
    let others = match document {
        _ if arguments.allow_private => Reach::Anywhere,
        Some(url) => match url.host() {
            Some(Host::Domain("localhost")) => Reach::Network,
            // An address that only the wider reach allows is inside.
            Some(host @ (Host::Ipv4(_) | Host::Ipv6(_))) if !Reach::Public.allows_host(&host) => {
                Reach::Network
            }
            _ => Reach::Public,
        },
        None => Reach::Network,
    };
    EgressRules { named, others }
}
