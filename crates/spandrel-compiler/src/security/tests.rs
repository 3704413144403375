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
        (client("/token"), token_url("https://docs.example/token")),
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
    let diagnostics = compile(&set, &Options::default()).diagnostics;
    let told = diagnostics.iter().map(|finding| finding.message.as_str()).collect::<String>();
    assert!(told.contains("api.example") && !told.contains("s3cret"), "{told}");
}
