#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]
use serde_json::json;
use spandrel_openapi::{Document, DocumentSet};
use url::Url;

use super::{RouteTable, Routed};

fn table(servers: &serde_json::Value, paths: &[(&str, &str)], base: Option<&str>) -> (RouteTable, Document) {
    let mut items = serde_json::Map::new();
    for (method, path) in paths {
        let item = items.entry(*path).or_insert_with(|| json!({}));
        item[*method] = json!({"responses": {"204": {"description": "done"}}});
    }
    let document = json!({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "servers": servers, "paths": items});
    let set =
        DocumentSet::from_value(Url::parse("https://docs.example.com/api/openapi.json").unwrap(), document);
    let (document, _) = set.read();
    let base = base.map(|base| Url::parse(base).unwrap());
    (RouteTable::new(&document.operations, &set, base.as_ref()), document)
}

/// `path {a=b}` of what was found, joined by ` | `; else what was not.
fn found(table: &(RouteTable, Document), method: &str, target: &str) -> String {
    let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
    match table.0.find(method, path, query) {
        Routed::Found(found) => {
            let each = found.iter().map(|found| {
                let variables: Vec<String> =
                    found.variables.iter().map(|(name, raw)| format!(" {name}={raw}")).collect();
                format!("{}{}", table.1.operations[found.operation].path, variables.concat())
            });
            each.collect::<Vec<_>>().join(" | ")
        }
        Routed::WrongMethod(allow) => format!("405 {}", allow.join(",")),
        Routed::NotFound(near) => format!("404 {}", near.join(", ")),
    }
}

#[test]
fn a_path_finds_its_operation() {
    let table = table(
        &json!([{"url": "https://api.example.com/v1/"}]),
        &[
            ("get", "/pets"),
            ("get", "/pets/{id}"),
            ("delete", "/pets/{id}"),
            ("get", "/pets/mine"),
            ("get", "/pets/{id}.json"),
            ("get", "/pets/{id}:{verb}"),
            ("get", "/files/"),
            ("get", "/q"),
            ("get", "/q?acl"),
            ("get", "/q?action=stop"),
            ("get", "/f#one"),
            ("get", "/f#two"),
            ("get", "/a b/{x}"),
        ],
        None,
    );
    let rows = [
        ("GET", "/v1/pets", "/pets"),
        ("GET", "/v1/pets/7", "/pets/{id} id=7"),
        ("GET", "/v1/pets/a%2Fb", "/pets/{id} id=a%2Fb"),
        ("GET", "/v1/pets/mine", "/pets/mine"),
        ("GET", "/v1/pets/7.json", "/pets/{id}.json id=7"),
        ("GET", "/v1/pets/7%2Ejson", "/pets/{id} id=7%2Ejson"),
        ("GET", "/v1/pets/7:eat", "/pets/{id}:{verb} id=7 verb=eat"),
        ("GET", "/v1/pets/7%3Aeat", "/pets/{id}:{verb} id=7 verb=eat"),
        ("GET", "/v1/files", "/files/"),
        ("GET", "/v1/pets/", "/pets"),
        ("GET", "/v1/q", "/q"),
        ("GET", "/v1/q?acl", "/q?acl"),
        ("GET", "/v1/q?acl=&x=1", "/q?acl"),
        ("GET", "/v1/q?action=stop", "/q?action=stop"),
        ("GET", "/v1/q?action=go", "/q"),
        ("GET", "/v1/f", "/f#one | /f#two"),
        ("GET", "/v1/a%20b/1", "/a b/{x} x=1"),
        ("POST", "/v1/pets/7", "405 DELETE,GET"),
        ("GET", "/pets", "404 GET /v1/pets, GET /v1/pets/{id}, DELETE /v1/pets/{id}"),
        ("GET", "/v1/pets/7/8/9", "404 GET /v1/pets, GET /v1/pets/{id}, DELETE /v1/pets/{id}"),
        ("GET", "/nothing", "404 "),
    ];
    for (method, path, expected) in rows {
        let found = found(&table, method, path);
        if expected.starts_with("404 GET") {
            assert!(found.starts_with("404 GET /v1/pets"), "{method} {path}: {found}");
        } else {
            assert_eq!(found, expected, "{method} {path}");
        }
    }
}

#[test]
fn servers_say_what_comes_before_the_path() {
    let rows = [
        (json!([{"url": "/v2"}]), None, "/v2/pets", true),
        (json!([{"url": "v2"}]), None, "/api/v2/pets", true),
        (json!([]), None, "/pets", true),
        (
            json!([{"url": "https://{host}/{base}", "variables": {"host": {"default": "a.b"}, "base": {"default": "v1", "enum": ["v1", "v2"]}}}]),
            None,
            "/v2/pets",
            true,
        ),
        (
            json!([{"url": "https://h/{base}", "variables": {"base": {"default": "v1", "enum": ["v1", "v2"]}}}]),
            None,
            "/v3/pets",
            false,
        ),
        (
            json!([{"url": "https://h/{tenant}/x", "variables": {"tenant": {"default": "t"}}}]),
            None,
            "/any/x/pets",
            true,
        ),
        (
            json!([{"url": "{root}", "variables": {"root": {"default": "https://h/deep/er"}}}]),
            None,
            "/deep/er/pets",
            true,
        ),
        (json!([{"url": "https://h/v1"}]), Some("http://localhost:1/mock"), "/mock/pets", true),
        (json!([{"url": "https://h/v1"}]), Some("http://localhost:1/mock"), "/v1/pets", false),
    ];
    for (servers, base, path, expected) in rows {
        let table = table(&servers, &[("get", "/pets")], base);
        assert_eq!(found(&table, "GET", path).starts_with("/pets"), expected, "{servers} {base:?} {path}");
    }
}
