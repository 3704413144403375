#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use serde_json::{Value, json};
use spandrel_openapi::DocumentSet;
use spandrel_plan::{KeyPlace, SecuritySchemeKind as Kind, Tool};

use crate::{Options, compile};

fn tools(schemes: &Value, paths: &Value, options: &Options) -> Vec<std::sync::Arc<Tool>> {
    let document = json!({
        "openapi": "3.1.0", "info": {"title": "T", "version": "1"},
        "servers": [{"url": "https://api.example"}],
        "components": {"securitySchemes": schemes}, "paths": paths,
    });
    let set = DocumentSet::from_value("https://docs.example/a/openapi.json".parse().unwrap(), document);
    compile(&set, options).catalog.tools().to_vec()
}

#[test]
fn schemes_say_what_a_call_sends() {
    let client = |url: &str| json!({"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": url, "scopes": {}}}});
    let token_url = |url: &str| Kind::OAuth2 { token_url: Some(url.parse().unwrap()), metadata_url: None };
    let table = [
        (
            json!({"type": "apiKey", "in": "header", "name": "X-Key"}),
            Kind::ApiKey(KeyPlace::Header("x-key".parse().unwrap())),
        ),
        (
            json!({"type": "apiKey", "in": "query", "name": "the key"}),
            Kind::ApiKey(KeyPlace::Query("the key".to_owned())),
        ),
        (
            json!({"type": "apiKey", "in": "cookie", "name": "sid"}),
            Kind::ApiKey(KeyPlace::Cookie("sid".to_owned())),
        ),
        (json!({"type": "apiKey", "in": "cookie", "name": "a; b=c"}), Kind::Unknown),
        (json!({"type": "apiKey", "in": "header", "name": "a: b"}), Kind::Unknown),
        (json!({"type": "http", "scheme": "Bearer"}), Kind::Http("bearer".to_owned())),
        (json!({"type": "http", "scheme": "two words"}), Kind::Unknown),
        (client("https://auth.example/token"), token_url("https://auth.example/token")),
        (client("/token"), token_url("https://api.example/token")),
        (client("ftp://auth.example/token"), Kind::OAuth2 { token_url: None, metadata_url: None }),
        (client("https://me:pw@auth.example/token"), Kind::OAuth2 { token_url: None, metadata_url: None }),
        (
            json!({"type": "oauth2", "flows": {"implicit": {}}}),
            Kind::OAuth2 { token_url: None, metadata_url: None },
        ),
        (
            json!({"type": "oauth2", "oauth2MetadataUrl": "https://id.example/x", "flows": {}}),
            Kind::OAuth2 { token_url: None, metadata_url: Some("https://id.example/x".parse().unwrap()) },
        ),
        (
            json!({"type": "openIdConnect", "openIdConnectUrl": "https://id.example/x"}),
            Kind::OpenIdConnect { discovery_url: Some("https://id.example/x".parse().unwrap()) },
        ),
        (json!({"type": "mutualTLS"}), Kind::MutualTls),
        (json!({"type": "magic"}), Kind::Unknown),
    ];
    for (scheme, expected) in table {
        let paths = json!({"/a": {"get": {"security": [{"s": ["read"]}, {}], "responses": {}}}});
        let tools = tools(&json!({"s": scheme}), &paths, &Options::default());
        let security = &tools[0].plan.security;
        assert_eq!((security.len(), security[1].schemes.len()), (2, 0), "{scheme}");
        let scheme_use = &security[0].schemes[0];
        assert_eq!((scheme_use.name.as_str(), scheme_use.scopes.as_slice()), ("s", &["read".to_owned()][..]));
        assert_eq!(*scheme_use.kind, expected, "{scheme}");
    }
}

#[test]
fn endpoints_are_relative_to_the_server() {
    let flows = json!({"clientCredentials": {"tokenUrl": "token", "scopes": {}}});
    let file = "file:///openapi.json";
    let table = [
        (file, json!([{"url": "https://api.example/v1/"}]), None, Some("https://api.example/v1/token")),
        (file, json!([{"url": "https://api.example/v1"}]), None, Some("https://api.example/token")),
        (
            file,
            json!([{"url": "/v1/"}]),
            Some("https://mine.example/v2/"),
            Some("https://mine.example/v2/token"),
        ),
        (file, json!([{"url": "/v1/"}]), None, None),
        (
            "https://me:pw@docs.example/a/b.json",
            json!([{"url": "v1/"}]),
            None,
            Some("https://docs.example/a/v1/token"),
        ),
        ("https://me:pw@docs.example/a/b.json", json!([]), None, Some("https://docs.example/token")),
    ];
    for (location, servers, base, expected) in table {
        let document = json!({
            "openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "servers": servers,
            "components": {"securitySchemes": {"s": {"type": "oauth2", "flows": flows}}},
            "paths": {"/a": {"get": {"security": [{"s": []}], "responses": {}}}},
        });
        let set = DocumentSet::from_value(location.parse().unwrap(), document);
        let base_url = base.map(|base| spandrel_plan::BaseUrl::parse(base).unwrap());
        let compiled = compile(&set, &Options { base_url, ..Options::default() });
        let plan = &compiled.catalog.tools()[0].plan;
        let token_url = expected.map(|url| url.parse().unwrap());
        let kind = &*plan.security[0].schemes[0].kind;
        assert_eq!(*kind, Kind::OAuth2 { token_url, metadata_url: None }, "{location} {servers}");
        let server = plan.base.as_ref().map(spandrel_plan::BaseUrl::as_str);
        assert!(!server.is_some_and(|server| server.contains('@')), "{server:?}");
        assert_eq!(server.is_some(), expected.is_some(), "{location} {servers}");
    }
}

#[test]
fn a_key_that_the_caller_gives_is_an_argument() {
    let schemes = json!({
        "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
        "query": {"type": "apiKey", "in": "query", "name": "token"},
        "cookie": {"type": "apiKey", "in": "cookie", "name": "sid"},
        "host": {"type": "apiKey", "in": "header", "name": "Host"},
        "token": {"type": "http", "scheme": "bearer"},
    });
    let table = [
        (json!([]), "key", vec![]),
        (json!([{"token": []}]), "token", vec![]),
        (json!([{"host": []}]), "host", vec![]),
        (json!([{"key": []}]), "query", vec![]),
        (json!([{"key": []}]), "key", vec!["header x-key required"]),
        (json!([{"key": []}, {"token": []}]), "key", vec!["header x-key"]),
        (json!([{"query": [], "token": []}, {"query": []}]), "query", vec!["query token required"]),
        (json!([{"cookie": []}]), "cookie", vec!["cookie sid required"]),
    ];
    for (security, given, expected) in table {
        let paths = json!({"/a": {"get": {"security": security, "responses": {}}}});
        let options = Options { credential_arguments: vec![given.to_owned()], ..Options::default() };
        let tools = tools(&schemes, &paths, &options);
        let required = |argument: &spandrel_plan::Argument| if argument.required { " required" } else { "" };
        let found: Vec<_> = tools[0]
            .arguments
            .iter()
            .map(|argument| {
                format!("{:?} {}{}", argument.place, argument.name, required(argument)).to_lowercase()
            })
            .collect();
        assert_eq!(found, expected, "{security}");
    }
}

#[test]
fn the_place_of_a_credential_is_no_argument() {
    let schemes = json!({
        "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
        "query": {"type": "apiKey", "in": "query", "name": "token"},
        "cookie": {"type": "apiKey", "in": "cookie", "name": "sid"},
        "token": {"type": "http", "scheme": "bearer"},
    });
    let parameter = |place: &str, name: &str| json!({"name": name, "in": place, "required": true, "schema": {"type": "string"}});
    let parameters = json!([
        parameter("header", "x-key"),
        parameter("query", "token"),
        parameter("cookie", "sid"),
        parameter("query", "sid"),
        parameter("header", "Authorization"),
    ]);
    let all = ["cookie sid", "header x-key", "query sid", "query token"];
    let table = [
        (json!([]), None, all.to_vec()),
        (json!([{"token": []}]), None, all.to_vec()),
        (json!([{"key": []}]), None, vec!["cookie sid", "query sid", "query token"]),
        (json!([{"key": []}, {"query": [], "cookie": []}]), None, vec!["query sid"]),
        (json!([{"key": []}, {"query": []}]), Some("key"), vec!["cookie sid", "header x-key", "query sid"]),
    ];
    for (security, given, expected) in table {
        let paths = json!({"/a": {"get": {"security": security, "parameters": parameters, "responses": {}}}});
        let credential_arguments = given.map(str::to_owned).into_iter().collect();
        let options = Options { credential_arguments, ..Options::default() };
        let tools = tools(&schemes, &paths, &options);
        let place = |argument: &spandrel_plan::Argument| format!("{:?} {}", argument.place, argument.name);
        let mut found: Vec<_> =
            tools[0].arguments.iter().map(|argument| place(argument).to_lowercase()).collect();
        found.sort();
        assert_eq!(found, expected, "{security}");
    }
}

#[test]
fn a_server_that_is_refused_is_told_without_its_password() {
    let document = json!({
        "openapi": "3.1.0", "info": {"title": "T", "version": "1"},
        "servers": [{"url": "https://me:s3cret@api.example/?key=s3cret"}],
        "paths": {"/a": {"get": {"responses": {}}}},
    });
    let set = DocumentSet::from_value("file:///openapi.json".parse().unwrap(), document);
    for server in [None, Some("another".to_owned())] {
        let diagnostics = compile(&set, &Options { server, ..Options::default() }).diagnostics;
        let told = diagnostics.iter().map(|finding| finding.message.as_str()).collect::<String>();
        assert!(told.contains("api.example") && !told.contains("s3cret"), "{told}");
    }
}
