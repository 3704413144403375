//! Where the operator's headers go: they may be secrets, so never to more origins than were meant.

use std::collections::BTreeMap;

use anyhow::{bail, ensure};
use spandrel::runtime::Origin;
use spandrel::{BaseUrl, Catalog, StaticHeaders};
use url::Url;

/// Origins by how people write them: `https://api.example`.
#[derive(Debug, Default)]
pub(crate) struct HeaderOrigins(BTreeMap<String, Origin>);

impl HeaderOrigins {
    /// Every origin that the tools call.
    pub(crate) fn of_catalog(catalog: &Catalog) -> Self {
        Self::of_servers(catalog.tools().iter().filter_map(|tool| tool.plan.base.as_ref()))
    }

    /// The origins that headers may go to: those that the operator named, else the only one there is.
    pub(crate) fn choose(catalog: &Catalog, named: &[BaseUrl]) -> anyhow::Result<Self> {
        let called = Self::of_catalog(catalog);
        let chosen = Self::of_servers(named);
        let list = || called.0.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        if let Some(stranger) = chosen.0.keys().find(|origin| !called.0.contains_key(*origin)) {
            bail!("--header-origin {stranger}: no tool calls it; the tools call {}", list());
        }
        if !chosen.0.is_empty() {
            return Ok(chosen);
        }
        ensure!(
            called.0.len() < 2,
            "the tools call several origins: {}; say with --header-origin ORIGIN (repeatable) which of them may \
             see the headers and credentials, or choose one server with --base-url",
            list()
        );
        Ok(called)
    }

    fn of_servers<'b>(servers: impl IntoIterator<Item = &'b BaseUrl>) -> Self {
        let name = |base: &BaseUrl| base.as_url().origin().ascii_serialization();
        let origins = servers.into_iter().filter_map(|base| Some((name(base), Origin::of_server(base)?)));
        Self(origins.collect())
    }

    /// Whether it holds every origin that the tools call.
    pub(crate) fn hold_all_of(&self, catalog: &Catalog) -> bool {
        Self::of_catalog(catalog).0.keys().all(|origin| self.0.contains_key(origin))
    }

    /// No headers yet, bound to these origins.
    pub(crate) fn bound(&self) -> StaticHeaders {
        StaticHeaders::for_origins(self.0.values().cloned())
    }

    /// The origins.
    pub(crate) fn origins(&self) -> impl Iterator<Item = &Origin> {
        self.0.values()
    }

    /// The origins, for people.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// An origin as an operator writes it.
pub(crate) fn parse(text: &str) -> Result<BaseUrl, String> {
    let base = BaseUrl::parse(text).map_err(|error| error.to_string())?;
    let is_origin = |url: &Url| url.path() == "/";
    if is_origin(base.as_url()) { Ok(base) } else { Err("an origin has no path".to_owned()) }
}
