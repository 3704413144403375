//! Whether the document allows a request to one of its operations.

mod parameters;
#[cfg(test)]
mod tests;

use bytes::Bytes;
use http::Request;
use serde_json::Value;
use spandrel_openapi::{Document, Operation, ParameterIn, SecuritySchemeKind};

use crate::body;
use crate::check::Checks;
use crate::problem::Fault;
use crate::route::Found;

/// What an allowed request says.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Said {
    /// Parameters by name: of the path first, then of the query.
    pub(crate) parameters: Vec<(String, Value)>,
    /// The body, where it is of a kind that can be read.
    pub(crate) body: Option<Value>,
}

/// Reads `request` as `operation` describes it.
///
/// # Errors
/// Everything that the document does not allow. Credentials are not asked for, and headers and
/// cookies that the document does not declare are allowed.
pub(crate) fn judge(
    request: &Request<Bytes>,
    document: &Document,
    operation: &Operation,
    found: &Found,
    checks: &Checks,
) -> Result<Said, Vec<Fault>> {
    let mut faults = Vec::new();
    let parameters =
        parameters::judge(request, operation, found, &credential_places(document), checks, &mut faults);
    let body = match body::judge(request, operation.request_body.as_ref(), checks) {
        Ok(body) => body,
        Err(wrong) => {
            faults.extend(wrong);
            None
        }
    };
    if faults.is_empty() { Ok(Said { parameters, body }) } else { Err(faults) }
}

/// The parameters that carry a credential: an operation need not declare them, and where it does, none
/// is asked for here.
fn credential_places(document: &Document) -> Vec<(ParameterIn, &str)> {
    let schemes = document.security_schemes.values();
    let places = schemes.filter_map(|scheme| match &scheme.kind {
        SecuritySchemeKind::ApiKey { place, name } => Some((*place, name.as_str())),
        _ => None,
    });
    places.collect()
}
