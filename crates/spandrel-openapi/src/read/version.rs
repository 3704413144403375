//! Which version of the specification a document follows.

use serde_json::Value;

use super::object::scalar_text;
use crate::diagnostic::{Code, Diagnostic};
use crate::location::Location;
use crate::model::SpecVersion;

/// Members that only 2.0 has.
const SWAGGER_MEMBERS: [&str; 6] =
    ["definitions", "host", "basePath", "schemes", "securityDefinitions", "consumes"];

/// The version, as read and as written, with a finding where it is none that is known.
pub(super) fn of(root: &Value) -> (SpecVersion, String, Option<Diagnostic>) {
    let text = |name: &str| root.get(name).and_then(scalar_text);
    let (member, written) = match (text("openapi"), text("swagger")) {
        (Some(openapi), _) => ("openapi", openapi),
        (None, Some(swagger)) => ("swagger", swagger),
        (None, None) => return (nearest(root), String::new(), Some(unnamed())),
    };
    if let Some(version) = known(&written) {
        return (version, written, None);
    }
    let version = if member == "swagger" { SpecVersion::V2_0 } else { guessed(&written, root) };
    let message = format!("`{written}` is not a version of the specification that is known");
    let diagnostic = Diagnostic::new(Code::UnknownVersion, Location::default().child(member), message)
        .with_help("write `openapi: 3.0.4`, `3.1.2` or `3.2.0`, or `swagger: \"2.0\"`");
    (version, written, Some(diagnostic))
}

fn known(written: &str) -> Option<SpecVersion> {
    let mut parts = written.trim().split('.');
    match (parts.next()?, parts.next()) {
        ("2", None | Some("0")) => Some(SpecVersion::V2_0),
        ("3", Some("0")) => Some(SpecVersion::V3_0),
        ("3", Some("1")) => Some(SpecVersion::V3_1),
        ("3", Some("2")) => Some(SpecVersion::V3_2),
        _ => None,
    }
}

fn guessed(written: &str, root: &Value) -> SpecVersion {
    match written.trim().split('.').next() {
        Some("1" | "2") => SpecVersion::V2_0,
        Some("3") if !written.contains('.') => SpecVersion::V3_0,
        Some(major) if major.parse::<u32>().is_ok() => SpecVersion::V3_2,
        _ => nearest(root),
    }
}

fn nearest(root: &Value) -> SpecVersion {
    let like_swagger = SWAGGER_MEMBERS.iter().any(|name| root.get(name).is_some());
    if like_swagger && root.get("components").is_none() { SpecVersion::V2_0 } else { SpecVersion::V3_1 }
}

fn unnamed() -> Diagnostic {
    let message = "the document names no version: neither `openapi` nor `swagger` is there";
    Diagnostic::new(Code::UnknownVersion, Location::default(), message).with_help(
        "check that this is an OpenAPI document, and add `openapi: 3.1.2` or the version it follows",
    )
}
