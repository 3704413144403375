#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::sync::Arc;

use http::{HeaderValue, Method};
use serde_json::json;
use spandrel_plan::{
    Annotations, BaseUrl, JsonText, OperationPlan, OperationRef, PathPlan, ResponsePlan, ToolParts,
};

use super::super::Secret;
use super::*;

/// Schemes of one letter: `k`ey, `q`uery key, `c`ookie key, `b`earer, `u`ser and password, `o`auth,
/// `m`utual TLS; any other is not defined.
fn kind(name: &str) -> SecuritySchemeKind {
    match name {
        "k" => SecuritySchemeKind::ApiKey(KeyPlace::Header("x-key".parse().unwrap())),
        "q" => SecuritySchemeKind::ApiKey(KeyPlace::Query("key".to_owned())),
        "c" => SecuritySchemeKind::ApiKey(KeyPlace::Cookie("sid".to_owned())),
        "b" => SecuritySchemeKind::Http("bearer".to_owned()),
        "u" => SecuritySchemeKind::Http("basic".to_owned()),
        "o" => SecuritySchemeKind::OAuth2 { token_url: None, metadata_url: None },
        "m" => SecuritySchemeKind::MutualTls,
        _ => SecuritySchemeKind::Unknown,
    }
}

/// A tool with alternatives as `k+q|b`; nothing between two bars asks for nothing.
fn tool(security: &str) -> Tool {
    let scheme = |name: &str| SecuritySchemeUse {
        name: name.to_owned(),
        scopes: Vec::new(),
        kind: Arc::new(kind(name)),
    };
    let alternative = |text: &str| SecurityAlternative {
        schemes: text.split('+').filter(|name| !name.is_empty()).map(scheme).collect(),
    };
    let security = if security == "none" { vec![] } else { security.split('|').map(alternative).collect() };
    let plan = OperationPlan {
        method: Method::GET,
        base: BaseUrl::parse("https://api.example").ok(),
        path: PathPlan::default(),
        query: Vec::new(),
        headers: Vec::new(),
        cookies: Vec::new(),
        body: None,
        accept: HeaderValue::from_static("*/*"),
        security,
        response: ResponsePlan::default(),
        written: None,
        supplied: Vec::new(),
    };
    Tool::from(ToolParts {
        name: "getThing".to_owned(),
        title: None,
        description: None,
        input_schema: JsonText::from_value(&json!({"type": "object"})),
        output_schema: None,
        annotations: Annotations { read_only: true, destructive: false, idempotent: true, open_world: true },
        arguments: Vec::new(),
        operation: OperationRef {
            method: "GET".to_owned(),
            path: "/".to_owned(),
            operation_id: None,
            pointer: String::new(),
        },
        tags: Vec::new(),
        plan,
    })
}

fn origin(url: &str) -> Origin {
    Origin::of_server(&BaseUrl::parse(url).unwrap()).unwrap()
}

/// Credentials for these schemes; a value is the scheme's name.
fn configured(names: &str) -> SchemeCredentials {
    let here = || [origin("https://api.example")];
    names.split(' ').filter(|name| !name.is_empty()).fold(SchemeCredentials::new(), |credentials, name| {
        let value = SecretSource::fixed(Secret::new(name));
        match name {
            "u" => {
                let credential = Credential::Password { username: value.clone(), password: value };
                credentials.with(name, here(), credential)
            }
            "m" => credentials.with(name, here(), Credential::Certificate),
            "elsewhere" => credentials.with("k", [origin("http://api.example")], Credential::Value(value)),
            "file" => credentials.with("k", here(), Credential::Value(SecretSource::file("/dev/null"))),
            "argument" => credentials.with("k", here(), Credential::Argument),
            "wrong" => credentials.with("k", here(), Credential::Certificate),
            _ => credentials.with(name, here(), Credential::Value(value)),
        }
    })
}

fn request() -> Request<Bytes> {
    Request::get("https://api.example/a?x=1").body(Bytes::new()).unwrap()
}

/// Everything that was added.
fn added(request: &Request<Bytes>) -> String {
    let headers = request.headers().iter().map(|(name, value)| {
        assert!(value.is_sensitive(), "{name}");
        format!("{name}: {}", value.to_str().unwrap())
    });
    let query = request.uri().query().unwrap().strip_prefix("x=1").unwrap();
    let query = query.strip_prefix('&').map(|pair| format!("?{pair}"));
    let mut all: Vec<_> = headers.chain(query).collect();
    all.sort();
    all.join(", ")
}

#[tokio::test]
async fn the_cheapest_alternative_that_is_configured_is_sent() {
    let table = [
        ("none", "k b", Some("")),
        ("", "k", Some("")),
        ("k", "k", Some("x-key: k")),
        ("k", "", None),
        ("k", "elsewhere", None),
        ("k", "wrong", None),
        ("k", "argument", None),
        ("k|b", "argument b", Some("authorization: Bearer b")),
        ("k|", "", Some("")),
        ("|k", "k", Some("x-key: k")),
        ("k|b", "b k", Some("x-key: k")),
        ("k|b", "b", Some("authorization: Bearer b")),
        ("k|b", "b file", Some("authorization: Bearer b")),
        ("k+q", "k", None),
        ("k+q|b", "k b", Some("authorization: Bearer b")),
        ("k+q+c", "k q c", Some("?key=q, cookie: sid=c, x-key: k")),
        ("b+k", "b k", Some("authorization: Bearer b, x-key: k")),
        ("b+o", "b", Some("authorization: Bearer b")),
        ("o+b+k", "b", None),
        ("u", "u", Some("authorization: Basic dTp1")),
        ("o", "o", Some("authorization: Bearer o")),
        ("m", "m", Some("")),
        ("m+k", "k", None),
        ("undefined", "", Some("")),
        ("undefined+k", "", None),
    ];
    for (security, names, expected) in table {
        let (tool, credentials) = (tool(security), configured(names));
        let is_given = names.starts_with("argument");
        let mut request = request();
        let result = credentials.authorize(&tool, &mut request).await;
        assert_eq!(result.is_ok(), expected.is_some(), "`{security}` with `{names}`: {result:?}");
        assert_eq!(added(&request), expected.unwrap_or_default(), "`{security}` with `{names}`");
        let is_configured = credentials.satisfies(&tool, Some(&origin("https://api.example")));
        assert_eq!(is_configured, expected.is_some() || is_given, "`{security}` with `{names}`");
        if let Err(error) = result {
            let invalid = matches!(error.kind, CallErrorKind::InvalidArguments);
            assert!(invalid == is_given && (invalid || error.kind == CallErrorKind::CredentialMissing));
            let mut request = super::tests::request();
            let anonymous = credentials.anonymous(true);
            anonymous.authorize(&tool, &mut request).await.unwrap();
            assert_eq!(added(&request), "");
        }
    }
}

#[tokio::test]
async fn a_key_of_the_callers_is_a_secret_too() {
    for (name, uri, header) in [
        ("k", "/a", ("x-key", "mine")),
        ("q", "/a?key=mine", ("a", "b")),
        ("c", "/a", ("cookie", "a=1; sid=mine")),
    ] {
        let here = [origin("https://api.example")];
        let credentials = SchemeCredentials::new().with(name, here, Credential::Argument);
        let builder = Request::get(format!("https://api.example{uri}")).header(header.0, header.1);
        let mut request = builder.body(Bytes::new()).unwrap();
        credentials.authorize(&tool(name), &mut request).await.unwrap();
        let secret_query = request.extensions().get::<crate::credentials::SecretQuery>().is_some();
        assert_eq!(secret_query, name == "q", "{name}");
        assert_eq!(request.headers()[header.0].is_sensitive(), name != "q", "{name}");
        let mut without = Request::get("https://api.example/a?key=").body(Bytes::new()).unwrap();
        let error = credentials.authorize(&tool(name), &mut without).await.unwrap_err();
        assert!(error.message.contains("which the call gives as an argument"), "{error}");
    }
}

#[tokio::test]
async fn the_operators_headers_stand_for_schemes() {
    let lines = |lines: &[&str]| {
        let headers = StaticHeaders::for_origins([origin("https://api.example")]);
        lines.iter().fold(headers, |headers, line| headers.with_line(line).unwrap())
    };
    let table = [
        ("k", "", &["X-Key: mine"][..], Some("x-key: mine")),
        ("k", "k", &["X-Key: mine"], Some("x-key: mine")),
        ("b", "", &["Authorization: Token mine"], Some("authorization: Token mine")),
        ("o|k", "k", &["Authorization: Bearer mine"], Some("authorization: Bearer mine")),
        ("c", "", &["Cookie: a=1; sid=mine"], Some("cookie: a=1; sid=mine")),
        ("c", "", &["Cookie: a=1"], None),
        ("c", "c", &["Cookie: a=1; b=2"], Some("cookie: sid=c; a=1; b=2")),
        ("c", "c", &["Cookie: sid=mine"], Some("cookie: sid=mine")),
        ("k", "", &["X-Other: mine"], None),
        ("none", "", &["X-Other: mine"], Some("x-other: mine")),
    ];
    for (security, names, headers, expected) in table {
        let credentials = configured(names).with_headers(lines(headers));
        let mut request = request();
        let result = credentials.authorize(&tool(security), &mut request).await;
        assert_eq!(result.is_ok(), expected.is_some(), "{security} {headers:?}: {result:?}");
        assert_eq!(added(&request), expected.unwrap_or_default(), "{security} {headers:?}");
    }
}

#[tokio::test]
async fn nothing_goes_to_another_origin() {
    for uri in
        ["http://api.example/?x=1", "https://api.example:8443/?x=1", "https://evil.example/?x=1", "/?x=1"]
    {
        let mut request = Request::get(uri).body(Bytes::new()).unwrap();
        configured("k b q c u o").authorize(&tool("k|b|q|c|u|o"), &mut request).await.unwrap_err();
        assert_eq!(added(&request), "", "{uri}");
    }
}

#[tokio::test]
async fn what_is_missing_is_told_with_what_to_do() {
    let table = [
        (
            "k+b|o",
            "",
            "`getThing` needs a credential that is not configured: `k` (an API key in the header x-key) together with `b` (a bearer token), or `o` (an OAuth 2.0 access token). The operator of this bridge can configure it: for `k`, set SPANDREL_CREDENTIAL_K, or use --credential 'k=env:NAME'; for `b`, set SPANDREL_CREDENTIAL_B, or use --credential 'b=env:NAME'; for `o`, set SPANDREL_CREDENTIAL_O, or use --credential 'o=env:NAME'. Nothing was sent to the API, and the same call fails until then.",
        ),
        (
            "k+b",
            "b",
            "`getThing` needs a credential that is not configured: `k` (an API key in the header x-key) together with `b` (a bearer token). The operator of this bridge can configure it: for `k`, set SPANDREL_CREDENTIAL_K, or use --credential 'k=env:NAME'. Nothing was sent to the API, and the same call fails until then.",
        ),
        (
            "k",
            "elsewhere",
            "`getThing` needs a credential that is not configured: `k` (an API key in the header x-key). The operator of this bridge can configure it: `k` is configured for another origin; to send it to https://api.example:443 too, name that with --credential-origin. Nothing was sent to the API, and the same call fails until then.",
        ),
    ];
    for (security, names, expected) in table {
        let error = configured(names).authorize(&tool(security), &mut request()).await.unwrap_err();
        assert_eq!(error.message, expected);
    }
    let error = configured("file").authorize(&tool("k"), &mut request()).await.unwrap_err();
    assert_eq!(error.kind, CallErrorKind::CredentialFailed);
    assert!(error.message.contains("`k`") && error.message.contains("it is empty"), "{error}");
}

#[test]
fn a_preview_shows_places_only() {
    let table = [
        ("k", "k", "x-key: credential-0-here", 1),
        ("k+q+c", "", "", 3),
        ("u", "u", "authorization: Basic credential-0-here", 1),
        ("k|b", "b", "authorization: Bearer credential-0-here", 1),
        ("m+k", "", "x-key: credential-0-here", 1),
        ("none", "k", "", 0),
        ("k|", "", "", 0),
        ("undefined", "", "", 0),
    ];
    for (security, names, expected, number) in table {
        let mut request = request();
        let placeholders = configured(names).preview(&tool(security), &mut request);
        assert_eq!(placeholders.len(), number, "{security}");
        let found = added(&request);
        if security == "k+q+c" {
            assert!(["-0-", "-1-", "-2-"].iter().all(|part| found.contains(part)), "{found}");
        } else {
            assert_eq!(found, expected, "{security}");
        }
    }
}

#[test]
fn nothing_secret_is_shown() {
    let shown = format!("{:?} {:?}", configured("k b u"), Secret::new("s3cret"));
    assert!(!shown.contains("s3cret") && !shown.contains("\"k\")"), "{shown}");
}
