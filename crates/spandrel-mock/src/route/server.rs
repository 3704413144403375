//! The paths that an operation's servers put in front of its own.

use spandrel_openapi::Server;
use url::Url;

/// Combinations of variables that are looked at for one server.
const MOST_COMBINATIONS: usize = 64;

/// The base paths of `servers`, without a slash at the end, each once. Variables that may hold
/// anything stay in them as `{variables}`, besides their default.
pub(super) fn base_paths(servers: &[Server], document: impl Fn(&Server) -> Url) -> Vec<String> {
    let mut paths: Vec<String> = Vec::new();
    for server in servers {
        for url in spelled_out(server) {
            let path = path_of(&url, &document(server));
            if !paths.contains(&path) {
                paths.push(path);
            }
        }
    }
    if paths.is_empty() {
        paths.push(String::new());
    }
    paths
}

/// The server's URL with every choice of its variables.
fn spelled_out(server: &Server) -> Vec<String> {
    let mut urls = vec![server.url.clone()];
    for (name, variable) in &server.variables {
        let placeholder = format!("{{{name}}}");
        if !server.url.contains(&placeholder) {
            continue;
        }
        let mut values: Vec<&str> = vec![&variable.default];
        values.extend(variable.allowed.iter().map(String::as_str).filter(|value| *value != variable.default));
        if variable.allowed.is_empty() && in_path(&server.url, &placeholder) {
            values.push(&placeholder);
        }
        let more = urls.iter().flat_map(|url| values.iter().map(|value| url.replace(&placeholder, value)));
        urls = more.take(MOST_COMBINATIONS).collect();
    }
    urls
}

/// Whether `placeholder` stands behind the host.
fn in_path(url: &str, placeholder: &str) -> bool {
    after_host(url).is_some_and(|path| path.contains(placeholder))
}

/// What stands behind the host of an absolute or scheme-relative URL; a path itself.
fn after_host(url: &str) -> Option<&str> {
    let behind_scheme = match url.split_once("://") {
        Some((_, rest)) => rest,
        None => match url.strip_prefix("//") {
            Some(rest) => rest,
            None => return url.starts_with('/').then_some(url),
        },
    };
    Some(behind_scheme.find('/').and_then(|slash| behind_scheme.get(slash..)).unwrap_or_default())
}

fn path_of(url: &str, document: &Url) -> String {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let path = match after_host(url) {
        Some(path) => path.to_owned(),
        None => document.join(url).map_or_else(|_| format!("/{url}"), |joined| joined.path().to_owned()),
    };
    path.trim_end_matches('/').to_owned()
}
