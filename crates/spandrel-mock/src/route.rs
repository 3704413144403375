//! Which operation a request is for.
//!
//! Paths are compared while still percent-encoded, segment by segment. Text beats variables, and a
//! template with a query in it (`/?acl`) beats one without. Operations that share a wire path (by a
//! fragment, or by different names of variables) are all returned; the request decides between them.

mod server;
mod template;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use spandrel_openapi::{DocumentSet, Operation};
use url::Url;

use template::{Rank, Template};

/// Near paths that a refusal names.
const MOST_NEAR: usize = 3;

/// An operation that a request's method and path fit, with what the path's variables hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// Index into the document's operations.
    pub(crate) operation: usize,
    /// Variables and their text, still percent-encoded.
    pub(crate) variables: Vec<(String, String)>,
    /// Names of query parameters that the template itself holds.
    pub(crate) query_literals: Vec<String>,
}

/// What became of looking for an operation.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Routed {
    /// Operations that fit equally well; never empty.
    Found(Vec<Found>),
    /// The path fits, the method does not: the methods that would.
    WrongMethod(Vec<String>),
    /// Nothing fits; templates that nearly do.
    NotFound(Vec<String>),
}

/// All operations by their paths.
#[derive(Debug)]
pub(crate) struct RouteTable {
    /// By the number of segments.
    routes: BTreeMap<usize, Vec<Route>>,
}

#[derive(Debug)]
struct Route {
    method: String,
    /// The template as a reader knows it.
    shown: String,
    template: Template,
    operation: usize,
}

impl RouteTable {
    /// The table of `operations`. `base` takes the place of their servers' paths.
    pub(crate) fn new(operations: &[Operation], set: &DocumentSet, base: Option<&Url>) -> Self {
        Self::with_bases(operations, |operation| match base {
            Some(base) => vec![base.path().trim_end_matches('/').to_owned()],
            None => server::base_paths(&operation.servers, |server| set.url(server.location.source).clone()),
        })
    }

    fn with_bases(operations: &[Operation], bases: impl Fn(&Operation) -> Vec<String>) -> Self {
        let mut routes: BTreeMap<usize, Vec<Route>> = BTreeMap::new();
        for (index, operation) in operations.iter().enumerate() {
            for base in bases(operation) {
                let template = Template::new(&base, &operation.path);
                routes.entry(template.segment_count()).or_default().push(Route {
                    method: operation.method.clone(),
                    shown: format!("{base}{}", operation.path),
                    template,
                    operation: index,
                });
            }
        }
        Self { routes }
    }

    /// The operations for `method` and a path and query as they were sent.
    pub(crate) fn find(&self, method: &str, path: &str, query: Option<&str>) -> Routed {
        let path = if path.is_empty() { "/" } else { path };
        let mut fitting = self.fitting(path, query);
        if fitting.is_empty() {
            // A slash at the end matters where a document has both; else it is forgiven.
            let other = match path.strip_suffix('/') {
                Some(shorter) => shorter.to_owned(),
                None => format!("{path}/"),
            };
            fitting = self.fitting(&other, query);
        }
        if fitting.is_empty() {
            return Routed::NotFound(self.near(path));
        }
        let right_method = |(route, ..): &&(&Route, Rank, Found)| route.method == method;
        let Some(best) = fitting.iter().filter(right_method).map(|(_, rank, _)| rank).max().cloned() else {
            let mut methods: Vec<String> = fitting.iter().map(|(route, ..)| route.method.clone()).collect();
            methods.sort();
            methods.dedup();
            return Routed::WrongMethod(methods);
        };
        let mut found: Vec<Found> = Vec::new();
        for (route, rank, candidate) in fitting {
            let known = found.iter().any(|known| known.operation == candidate.operation);
            if route.method == method && rank == best && !known {
                found.push(candidate);
            }
        }
        Routed::Found(found)
    }

    fn fitting(&self, path: &str, query: Option<&str>) -> Vec<(&Route, Rank, Found)> {
        let segments: Vec<&str> = path.split('/').skip(1).collect();
        let routes = self.routes.get(&segments.len()).into_iter().flatten();
        let fits = routes.filter_map(|route| {
            let (rank, variables) = route.template.matches(&segments, query)?;
            let query_literals = route.template.query_names();
            Some((route, rank, Found { operation: route.operation, variables, query_literals }))
        });
        fits.collect()
    }

    fn near(&self, path: &str) -> Vec<String> {
        let segments: Vec<&str> = path.split('/').skip(1).collect();
        let mut scored: Vec<(usize, String)> = Vec::new();
        for route in self.routes.values().flatten() {
            let score = route.template.likeness(&segments);
            let shown = format!("{} {}", route.method, route.shown);
            if score > 0 && !scored.iter().any(|(_, known)| *known == shown) {
                scored.push((score, shown));
            }
        }
        scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        scored.into_iter().take(MOST_NEAR).map(|(_, shown)| shown).collect()
    }
}
