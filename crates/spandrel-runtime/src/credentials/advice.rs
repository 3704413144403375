//! What a scheme asks for, in words, and how an operator configures it.

use http::header::AUTHORIZATION;
use spandrel_plan::{CallError, CallErrorKind, KeyPlace, SecuritySchemeKind, SecuritySchemeUse, Tool};

use crate::origin::Origin;

/// The environment variable of a scheme's credential: `SPANDREL_CREDENTIAL_` and the scheme's name in
/// capitals, with `_` for whatever is neither a letter nor a digit. Further parts of it, such as a
/// client's secret, are in variables that begin with this one.
#[must_use]
pub fn environment_variable(scheme: &str) -> String {
    let name: String = scheme
        .chars()
        .map(|character| if character.is_ascii_alphanumeric() { character.to_ascii_uppercase() } else { '_' })
        .collect();
    format!("SPANDREL_CREDENTIAL_{name}")
}

/// What a scheme asks for: `an API key in the header x-api-key`.
#[must_use]
pub fn describe(kind: &SecuritySchemeKind) -> String {
    match kind {
        SecuritySchemeKind::ApiKey(KeyPlace::Header(name)) if *name == AUTHORIZATION => {
            "the whole header authorization, such as `Bearer TOKEN`".to_owned()
        }
        SecuritySchemeKind::ApiKey(KeyPlace::Header(name)) => format!("an API key in the header {name}"),
        SecuritySchemeKind::ApiKey(KeyPlace::Query(name)) => {
            format!("an API key in the query parameter {name}")
        }
        SecuritySchemeKind::ApiKey(KeyPlace::Cookie(name)) => format!("an API key in the cookie {name}"),
        SecuritySchemeKind::Http(scheme) if scheme == "basic" => "a user name and password".to_owned(),
        SecuritySchemeKind::Http(scheme) if scheme == "bearer" => "a bearer token".to_owned(),
        SecuritySchemeKind::Http(scheme) => format!("a credential of the HTTP scheme {scheme}"),
        SecuritySchemeKind::OAuth2 { .. } => "an OAuth 2.0 access token".to_owned(),
        SecuritySchemeKind::OpenIdConnect { .. } => "an OpenID Connect access token".to_owned(),
        SecuritySchemeKind::MutualTls => "a client certificate".to_owned(),
        SecuritySchemeKind::Unknown => "something that the document does not define".to_owned(),
    }
}

/// How an operator configures a scheme: the variables to set, and the option that does the same.
#[must_use]
pub fn how_to_set(name: &str, kind: &SecuritySchemeKind) -> String {
    let variable = environment_variable(name);
    match kind {
        SecuritySchemeKind::Http(scheme) if scheme == "basic" => {
            format!("set {variable} to `user:password`, or use --credential '{name}=env:NAME'")
        }
        SecuritySchemeKind::OAuth2 { token_url: Some(_), .. }
        | SecuritySchemeKind::OAuth2 { metadata_url: Some(_), .. }
        | SecuritySchemeKind::OpenIdConnect { discovery_url: Some(_) } => format!(
            "set {variable}_CLIENT_ID and {variable}_CLIENT_SECRET, or {variable} to an access token, or use \
             --credential '{name}=env:NAME'"
        ),
        SecuritySchemeKind::MutualTls => {
            format!("set {variable}_CERTIFICATE and {variable}_KEY to the paths of PEM files")
        }
        _ => format!("set {variable}, or use --credential '{name}=env:NAME'"),
    }
}

/// Why there is nothing for a scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lack {
    NotConfigured,
    OtherOrigin,
    /// The caller gives it, and this call does not.
    NotGiven,
}

/// The error of a call that asks for what is not configured.
pub(super) fn missing(
    tool: &Tool,
    origin: Option<&Origin>,
    lack: impl Fn(&SecuritySchemeUse) -> Option<Lack>,
) -> CallError {
    let mut needs = Vec::new();
    let mut advice = Vec::new();
    for alternative in &tool.plan.security {
        let schemes = &alternative.schemes;
        let names = schemes.iter().map(|scheme| format!("`{}` ({})", scheme.name, describe(&scheme.kind)));
        push_new(&mut needs, names.collect::<Vec<_>>().join(" together with "));
        for scheme in schemes {
            let text = match (lack(scheme), origin) {
                (None, _) => continue,
                (Some(Lack::NotGiven), _) => return not_given(tool, scheme),
                (Some(Lack::OtherOrigin), Some(origin)) => format!(
                    "`{}` is configured for another origin; to send it to {origin} too, name that with \
                     --credential-origin",
                    scheme.name
                ),
                (Some(_), _) => format!("for `{}`, {}", scheme.name, how_to_set(&scheme.name, &scheme.kind)),
            };
            push_new(&mut advice, text);
        }
    }
    let message = format!(
        "`{}` needs a credential that is not configured: {}. The operator of this bridge can configure it: {}. \
         Nothing was sent to the API, and the same call fails until then.",
        tool.name,
        needs.join(", or "),
        advice.join("; ")
    );
    CallError::new(CallErrorKind::CredentialMissing, message)
}

/// The error of a call without the key that only its caller has.
fn not_given(tool: &Tool, scheme: &SecuritySchemeUse) -> CallError {
    let message = format!(
        "`{}` needs `{}`, {}, which the call gives as an argument. Nothing was sent to the API.",
        tool.name,
        scheme.name,
        describe(&scheme.kind)
    );
    CallError::new(CallErrorKind::InvalidArguments, message)
}

fn push_new(texts: &mut Vec<String>, text: String) {
    if !texts.contains(&text) {
        texts.push(text);
    }
}
