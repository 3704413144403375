//! Where an operation's requests go.

use spandrel_openapi::{
    Code, Diagnostic, Document, DocumentSet, Location, Operation, Server, SourceId, prose, without_secrets,
};
use spandrel_plan::BaseUrl;
use url::Url;

use crate::operation::OperationContext;
use crate::options::Options;

/// The operator's server, else the first of the operation's that can be used.
pub(crate) fn base(operation: &Operation, context: &mut OperationContext<'_, '_>) -> Option<BaseUrl> {
    if let Some(base) = &context.options.base_url {
        return Some(base.clone());
    }
    let chosen = match &context.options.server {
        Some(choice) => {
            let Some(chosen) = find(choice, &operation.servers) else {
                context.diagnostics.push(unknown_server(choice, operation));
                return None;
            };
            std::slice::from_ref(chosen)
        }
        None => operation.servers.as_slice(),
    };
    let mut refused = Vec::new();
    for server in chosen {
        match resolve(server, context.set, context.options) {
            Ok(base) => return Some(base),
            Err(reason) => refused.push((server, reason)),
        }
    }
    for (server, reason) in refused {
        context.diagnostics.push(
            Diagnostic::new(
                Code::ServerInvalid,
                server.location.clone(),
                format!("the server `{}` cannot be used: {reason}", without_secrets(&server.url)),
            )
            .with_help("name one with --base-url"),
        );
    }
    if operation.servers.is_empty() { root_of(context.set, operation.path_location.source) } else { None }
}

/// The server of the document as a whole, which the URLs in its security schemes are relative to (OpenAPI
/// 3.1.1, "Relative References in API URLs").
pub(crate) fn of_document(document: &Document, set: &DocumentSet, options: &Options) -> Option<BaseUrl> {
    if let Some(base) = &options.base_url {
        return Some(base.clone());
    }
    if document.servers.is_empty() {
        return root_of(set, Location::default().source);
    }
    let chosen = options.server.as_deref().and_then(|choice| find(choice, &document.servers));
    let servers = chosen.map_or(document.servers.as_slice(), std::slice::from_ref);
    servers.iter().find_map(|server| resolve(server, set, options).ok())
}

/// A document without servers stands for the root of where it was found (OpenAPI 3.1.1, 4.8.1).
fn root_of(set: &DocumentSet, source: SourceId) -> Option<BaseUrl> {
    BaseUrl::parse(place_of(set, source)?.join("/").ok()?.as_str()).ok()
}

/// Where a document was found, if on a server. What opened it is no part of where the API is.
fn place_of(set: &DocumentSet, source: SourceId) -> Option<Url> {
    let mut url = set.url(source).clone();
    let _ = url.set_username("").and_then(|()| url.set_password(None));
    matches!(url.scheme(), "http" | "https").then_some(url)
}

/// The server that the operator calls so.
fn find<'s>(choice: &str, servers: &'s [Server]) -> Option<&'s Server> {
    let by = |is_it: &dyn Fn(&Server) -> bool| servers.iter().find(|server| is_it(server));
    by(&|server| server.name.as_deref() == Some(choice))
        .or_else(|| by(&|server| server.description.as_deref().map(str::trim) == Some(choice)))
        .or_else(|| by(&|server| server.url == choice))
        .or_else(|| servers.get(choice.parse::<usize>().ok()?.checked_sub(1)?))
}

fn unknown_server(choice: &str, operation: &Operation) -> Diagnostic {
    let known = operation.servers.iter().enumerate().take(8).map(|(index, server)| {
        let name = server.name.as_ref().or(server.description.as_ref());
        let name = name.map(|name| format!(" ({})", prose::excerpt(name, 60))).unwrap_or_default();
        format!("{} {}{name}", index + 1, without_secrets(&server.url))
    });
    let known: Vec<String> = known.collect();
    let message = match known.as_slice() {
        [] => format!("there is no server `{choice}`, nor any other"),
        known => format!("there is no server `{choice}`; known: {}", known.join(", ")),
    };
    Diagnostic::new(Code::ServerInvalid, operation.path_location.clone(), message)
        .with_help("choose one of its servers with --server, or name one with --base-url")
}

fn resolve(server: &Server, set: &DocumentSet, options: &Options) -> Result<BaseUrl, String> {
    let text = substitute(server, options)?;
    match BaseUrl::parse(&text) {
        Ok(base) => Ok(base),
        Err(error) => {
            // A relative URL is relative to the document that holds it.
            if Url::parse(&text).is_ok() {
                return Err(error.to_string());
            }
            let document = place_of(set, server.location.source)
                .ok_or("it is relative, and the document was not loaded from a server")?;
            let joined = document.join(&text).map_err(|error| error.to_string())?;
            BaseUrl::parse(joined.as_str()).map_err(|error| error.to_string())
        }
    }
}

/// The URL with the operator's values, else the defaults, for its variables.
fn substitute(server: &Server, options: &Options) -> Result<String, String> {
    let mut text = String::with_capacity(server.url.len());
    let mut rest = server.url.as_str();
    while let Some((literal, from)) = rest.split_once('{') {
        text.push_str(literal);
        let (name, after) = from.split_once('}').ok_or("it has a `{` without a `}`")?;
        let declared = server.variables.get(name);
        let value = match (options.server_variables.get(name), declared) {
            (Some(value), Some(variable))
                if !variable.allowed.is_empty() && !variable.allowed.contains(value) =>
            {
                return Err(format!("the variable `{name}` must be one of {}", variable.allowed.join(", ")));
            }
            (Some(value), _) => value,
            (None, Some(variable)) => &variable.default,
            (None, None) => return Err(format!("the variable `{name}` has no value")),
        };
        text.push_str(value);
        rest = after;
    }
    text.push_str(rest);
    Ok(text)
}
