//! The security schemes of a document, as its tools use them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Value, json};
use spandrel::BaseUrl;
use spandrel::compiler::Compiled;
use spandrel::plan::SecuritySchemeKind;
use spandrel::runtime::{Origin, SchemeCredentials, describe_security, environment_variable, how_to_set};

/// Schemes by name.
#[derive(Debug, Default)]
pub(crate) struct Schemes {
    used: BTreeMap<String, Arc<SecuritySchemeKind>>,
    known: BTreeSet<String>,
    /// The origins that tools call.
    origins: BTreeSet<Origin>,
}

/// A scheme that tools need and that nothing is configured for.
pub(crate) struct Need {
    pub(crate) name: String,
    pub(crate) kind: Arc<SecuritySchemeKind>,
    /// The tools that cannot be called without it, or without another one.
    pub(crate) tools: usize,
    /// Whether each of these tools could do with another one instead.
    pub(crate) has_others: bool,
}

impl Schemes {
    pub(crate) fn of(compiled: &Compiled) -> Self {
        let alternatives = compiled.catalog.tools().iter().flat_map(|tool| &tool.plan.security);
        let schemes = alternatives.flat_map(|alternative| &alternative.schemes);
        let used: BTreeMap<_, _> =
            schemes.map(|scheme| (scheme.name.clone(), Arc::clone(&scheme.kind))).collect();
        let known = compiled.document.security_schemes.keys().chain(used.keys()).cloned().collect();
        let servers = compiled.catalog.tools().iter().filter_map(|tool| tool.plan.base.as_ref());
        Self { used, known, origins: servers.filter_map(Origin::of_server).collect() }
    }

    /// Those that tools use.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.used.keys().map(String::as_str)
    }

    /// Those that the document has, used or not.
    pub(crate) fn known(&self) -> impl Iterator<Item = &str> {
        self.known.iter().map(String::as_str)
    }

    pub(crate) fn is_known(&self, name: &str) -> bool {
        self.known.contains(name)
    }

    /// Whether tools use the scheme, and call the origin.
    pub(crate) fn are_called(&self, scheme: &str, origin: Option<&BaseUrl>) -> bool {
        let origin = origin.and_then(Origin::of_server);
        self.used.contains_key(scheme) && origin.is_some_and(|origin| self.origins.contains(&origin))
    }

    /// The kind of a scheme that tools use.
    pub(crate) fn kind(&self, name: &str) -> Option<&SecuritySchemeKind> {
        self.used.get(name).map(|kind| &**kind)
    }
}

impl Need {
    /// The schemes that tools are lacking.
    pub(crate) fn all(compiled: &Compiled, credentials: &SchemeCredentials) -> Vec<Self> {
        let mut needs: BTreeMap<&str, Self> = BTreeMap::new();
        for tool in compiled.catalog.tools() {
            let origin = tool.plan.base.as_ref().and_then(Origin::of_server);
            if credentials.satisfies(tool, origin.as_ref()) {
                continue;
            }
            let schemes = tool.plan.security.iter().flat_map(|alternative| &alternative.schemes);
            let lacking: BTreeMap<&str, _> = schemes
                .filter(|scheme| !credentials.has(scheme, origin.as_ref()))
                .map(|scheme| (scheme.name.as_str(), &scheme.kind))
                .collect();
            for (name, kind) in lacking {
                let mut alternatives = tool.plan.security.iter();
                let has_others = alternatives.any(|one| one.schemes.iter().all(|scheme| scheme.name != name));
                let need =
                    || Self { name: name.to_owned(), kind: Arc::clone(kind), tools: 0, has_others: true };
                let need = needs.entry(name).or_insert_with(need);
                need.tools += 1;
                need.has_others &= has_others;
            }
        }
        needs.into_values().collect()
    }

    /// The same for a program.
    pub(crate) fn json(&self) -> Value {
        json!({
            "scheme": self.name,
            "asksFor": describe_security(&self.kind),
            "environment": environment_variable(&self.name),
            "tools": self.tools,
            "hasAlternatives": self.has_others,
        })
    }

    /// What it is and how it is configured.
    pub(crate) fn advice(&self) -> String {
        let (name, kind) = (&self.name, describe_security(&self.kind));
        let others = if self.has_others { " (or another one)" } else { "" };
        format!("`{name}`, {kind}{others}: {}", how_to_set(name, &self.kind))
    }
}
