//! Where an operation's requests go.

use spandrel_openapi::{Code, Diagnostic, Operation, Server, prose, without_secrets};
use spandrel_plan::BaseUrl;
use url::Url;

use crate::operation::OperationContext;

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
        match resolve(server, context) {
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
    // A document without servers stands for the root of where it was found (OpenAPI 3.1.1, 4.8.1).
    let document = context.set.url(operation.path_location.source);
    if operation.servers.is_empty() && matches!(document.scheme(), "http" | "https") {
        return document.join("/").ok().and_then(|root| BaseUrl::parse(root.as_str()).ok());
    }
    None
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
        format!("{} {}{name}", index + 1, server.url)
    });
    let known: Vec<String> = known.collect();
    let message = match known.as_slice() {
        [] => format!("there is no server `{choice}`, nor any other"),
        known => format!("there is no server `{choice}`; known: {}", known.join(", ")),
    };
    Diagnostic::new(Code::ServerInvalid, operation.path_location.clone(), message)
        .with_help("choose one of its servers with --server, or name one with --base-url")
}

fn resolve(server: &Server, context: &OperationContext<'_, '_>) -> Result<BaseUrl, String> {
    let text = substitute(server, context)?;
    match BaseUrl::parse(&text) {
        Ok(base) => Ok(base),
        Err(error) => {
            // A relative URL is relative to the document that holds it.
            let document = context.set.url(server.location.source);
            if Url::parse(&text).is_ok() {
                return Err(error.to_string());
            }
            if !matches!(document.scheme(), "http" | "https") {
                return Err("it is relative, and the document was not loaded from a server".to_owned());
            }
            // What opened the document is no part of where the API is.
            let mut document = document.clone();
            let _ = document.set_username("").and_then(|()| document.set_password(None));
            let joined = document.join(&text).map_err(|error| error.to_string())?;
            BaseUrl::parse(joined.as_str()).map_err(|error| error.to_string())
        }
    }
}

/// The URL with the operator's values, else the defaults, for its variables.
fn substitute(server: &Server, context: &OperationContext<'_, '_>) -> Result<String, String> {
    let mut text = String::with_capacity(server.url.len());
    let mut rest = server.url.as_str();
    while let Some((literal, from)) = rest.split_once('{') {
        text.push_str(literal);
        let (name, after) = from.split_once('}').ok_or("it has a `{` without a `}`")?;
        let declared = server.variables.get(name);
        let value = match (context.options.server_variables.get(name), declared) {
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
