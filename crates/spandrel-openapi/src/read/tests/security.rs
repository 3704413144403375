use indexmap::IndexMap;
use serde_json::json;

use super::{api, found, read};
use crate::diagnostic::Code;
use crate::model::{ParameterIn, SecurityRequirement, SecuritySchemeKind as Kind};

fn requirement(schemes: &[(&str, &[&str])]) -> SecurityRequirement {
    let scopes = |scopes: &[&str]| scopes.iter().map(|scope| (*scope).to_owned()).collect();
    SecurityRequirement {
        schemes: schemes.iter().map(|(name, list)| ((*name).to_owned(), scopes(list))).collect(),
    }
}

#[test]
fn the_documents_security_holds_where_an_operation_says_nothing() {
    let mut root = api(
        json!({"/a": {
            "get": {},
            "put": {"security": []},
            "post": {"security": [{}, {"A": ["x"], "B": null}]},
            "delete": {"security": [{"Undefined": []}]},
            "patch": {"security": "text"},
        }}),
        json!({"securitySchemes": {
            "A": {"type": "http", "scheme": "Bearer", "bearerFormat": "JWT"},
            "B": {"type": "mutualTLS"},
        }}),
    );
    root["security"] = json!([{"A": []}]);
    let (document, findings) = read(root);
    let security: IndexMap<&str, _> =
        document.operations.iter().map(|one| (one.method.as_str(), one.security.clone())).collect();
    assert_eq!(security["GET"], [requirement(&[("A", &[])])]);
    assert_eq!(security["PUT"], []);
    assert_eq!(security["POST"], [requirement(&[]), requirement(&[("A", &["x"]), ("B", &[])])]);
    assert_eq!(security["DELETE"], [requirement(&[("Undefined", &[])])]);
    assert_eq!(security["PATCH"], [requirement(&[("A", &[])])]);
    let expected = [
        found(Code::SecuritySchemeUndefined, "/paths/~1a/delete/security/0/Undefined"),
        found(Code::UnexpectedType, "/paths/~1a/patch/security"),
    ];
    assert_eq!(findings, expected);
}

#[test]
fn schemes_are_read_by_kind() {
    let (document, findings) = read(api(
        json!({}),
        json!({"securitySchemes": {
            "key": {"type": "apiKey", "in": "cookie", "name": "k"},
            "badKey": {"type": "apiKey", "in": "body", "name": "k"},
            "http": {"type": "http", "scheme": "BASIC"},
            "oidc": {"type": "openIdConnect", "openIdConnectUrl": "https://i.example"},
            "oauth": {"type": "oauth2", "oauth2MetadataUrl": "https://m.example", "flows": {
                "deviceAuthorization": {"deviceAuthorizationUrl": "https://d", "tokenUrl": "https://t",
                                        "scopes": {"read": "Read", "x-all": "All"}},
                "x-note": {},
            }},
            "odd": {"type": "odd"},
            "none": {},
            "referenced": {"$ref": "#/components/securitySchemes/http"},
        }}),
    ));
    let kind = |name: &str| &document.security_schemes[name].kind;
    assert!(matches!(kind("key"), Kind::ApiKey { place: ParameterIn::Cookie, name } if name == "k"));
    assert!(matches!(kind("badKey"), Kind::Unknown(text) if text == "apiKey"));
    assert!(matches!(kind("http"), Kind::Http { scheme, bearer_format: None } if scheme == "basic"));
    assert!(matches!(kind("referenced"), Kind::Http { .. }));
    assert!(matches!(kind("oidc"), Kind::OpenIdConnect { url } if url == "https://i.example"));
    assert!(matches!(kind("odd"), Kind::Unknown(text) if text == "odd"));
    let Kind::OAuth2 { flows, metadata_url } = kind("oauth") else { panic!("oauth") };
    assert_eq!(metadata_url.as_deref(), Some("https://m.example"));
    assert_eq!(flows.len(), 1);
    let flow = &flows["deviceAuthorization"];
    assert_eq!(flow.device_authorization_url.as_deref(), Some("https://d"));
    assert_eq!(flow.scopes.get("x-all").map(String::as_str), Some("All"));
    let expected = [
        found(Code::MissingField, "/components/securitySchemes/badKey"),
        found(Code::MissingField, "/components/securitySchemes/none"),
    ];
    assert_eq!(findings, expected);
}

#[test]
fn since_3_2_a_requirement_may_name_a_scheme_by_url() {
    let mut root = api(
        json!({"/a": {"get": {"security": [{"#/components/securitySchemes/A": []}]}}}),
        json!({
            "securitySchemes": {"A": {"type": "mutualTLS"}},
        }),
    );
    let (document, findings) = read(root.clone());
    assert_eq!(findings, []);
    assert!(matches!(document.security_schemes["#/components/securitySchemes/A"].kind, Kind::MutualTls));
    root["openapi"] = json!("3.1.0");
    assert_eq!(read(root).1.len(), 1);
}
