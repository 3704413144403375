//! Parameters: the tables of OpenAPI, and the expansions of RFC 6570.

use serde_json::{Map, Value, json};

use super::{VERSIONS, document, send, table, text};

/// What stands in the request for the parameter `color`, which is the only one.
fn sent(version: &str, parameter: &Value, value: Option<&Value>) -> Result<String, String> {
    let place = parameter["in"].as_str().unwrap();
    let path = if place == "path" { "/x{color}" } else { "/x" };
    let document = document(version, path, json!({"operationId": "op", "parameters": [parameter]}));
    let arguments = value.map_or(json!({}), |value| json!({"color": value}));
    let request = send(&document, &arguments)?;
    let header = |name: &str| request.headers().get(name).map(|value| text(value.as_bytes()));
    Ok(match place {
        "path" => request.uri().path().strip_prefix("/base/x").unwrap().to_owned(),
        "query" => request.uri().query().unwrap_or_default().to_owned(),
        "header" => header("color").unwrap_or_else(|| "(absent)".to_owned()),
        _ => header("cookie").unwrap_or_default(),
    })
}

#[test]
fn every_row_of_the_style_tables() {
    let array = json!(["blue", "black", "brown"]);
    let object = json!({"R": 100, "G": 200, "B": 150});
    let columns = [Value::Null, json!(""), json!("blue"), array, object];
    for row in table("styles.tsv") {
        let [style, explode, place] = [row[0].as_str(), row[1].as_str(), row[2].as_str()];
        for version in VERSIONS.into_iter().filter(|version| style != "cookie" || *version == "3.2.0") {
            let parameter = |required| {
                json!({
                    "name": "color", "in": place, "required": required, "schema": {},
                    "style": style, "explode": explode == "true",
                })
            };
            for (value, expected) in columns.iter().zip(&row[3..]) {
                let sent = sent(version, &parameter(true), Some(value));
                let sent = sent.unwrap_or_else(|_| "!".to_owned());
                assert_eq!(sent, *expected, "{version} {style} {explode} {place} {value}");
            }
            if place != "path" {
                let absent = if place == "header" { "(absent)" } else { "" };
                for value in [None, Some(&Value::Null)] {
                    assert_eq!(sent(version, &parameter(false), value).unwrap(), absent);
                }
            }
        }
    }
}

#[test]
fn what_is_reserved_stays_only_where_the_version_says_so() {
    let parameter = |place: &str| json!({"name": "color", "in": place, "required": true, "schema": {}, "allowReserved": true});
    let value = json!("7;role=admin");
    for (version, place, expected) in [
        ("3.0.4", "path", "7%3Brole%3Dadmin"),
        ("3.1.1", "path", "7%3Brole%3Dadmin"),
        ("3.2.0", "path", "7;role=admin"),
        ("3.0.4", "query", "color=7;role%3Dadmin"),
        ("3.2.0", "query", "color=7;role%3Dadmin"),
    ] {
        assert_eq!(sent(version, &parameter(place), Some(&value)).unwrap(), expected, "{version} {place}");
    }
}

#[test]
fn a_value_that_may_be_empty() {
    for (schema, is_text) in [
        (json!({"type": "boolean"}), false),
        (json!({"type": "array", "items": {"type": "integer"}}), false),
        (json!({"type": "string", "minLength": 1}), false),
        (json!({"type": "string", "enum": ["a"]}), false),
        (json!({"type": "string"}), true),
    ] {
        let parameter = |allowed: bool| json!({"name": "color", "in": "query", "schema": schema, "allowEmptyValue": allowed});
        for version in VERSIONS {
            let sent = |allowed| sent(version, &parameter(allowed), Some(&json!("")));
            assert_eq!(sent(true).as_deref(), Ok("color="), "{schema}");
            assert_eq!(sent(false).is_ok(), is_text, "{schema}");
        }
    }
}

/// RFC 6570, section 3.2.1.
fn variables() -> Map<String, Value> {
    let variables = json!({
        "count": ["one", "two", "three"], "dom": ["example", "com"], "dub": "me/too",
        "hello": "Hello World!", "half": "50%", "var": "value", "who": "fred",
        "base": "http://example.com/home/", "path": "/foo/bar", "list": ["red", "green", "blue"],
        "keys": {"semi": ";", "dot": ".", "comma": ","}, "v": "6", "x": "1024", "y": "768",
        "empty": "", "empty_keys": {}, "undef": null
    });
    variables.as_object().unwrap().clone()
}

/// The document that says what the template says, and the values of its variables.
fn templated(template: &str) -> (Value, Value) {
    let (before, rest) = template.split_once('{').unwrap();
    let (expression, after) = rest.split_once('}').unwrap();
    let operator = expression.chars().next().filter(|first| "+.;?".contains(*first));
    let names = expression.trim_start_matches(['+', '.', ';', '?']).split(',');
    let (place, style) = match operator {
        None => ("path", "simple"),
        Some('.') => ("path", "label"),
        Some(';') => ("path", "matrix"),
        _ => ("query", "form"),
    };
    let (mut parameters, mut path, mut arguments) = (Vec::new(), format!("/{before}"), Map::new());
    for name in names {
        let (variable, explode) = name.strip_suffix('*').map_or((name, false), |name| (name, true));
        let wire = if operator == Some('+') { "q" } else { variable };
        parameters.push(json!({
            "name": wire, "in": place, "required": place == "path", "schema": {}, "style": style,
            "explode": explode, "allowReserved": operator == Some('+'),
        }));
        if place == "path" {
            path.extend(["{", wire, "}"]);
        }
        arguments.insert(wire.to_owned(), variables().get(variable).cloned().unwrap_or_default());
    }
    path.push_str(after);
    (document("3.1.1", &path, json!({"operationId": "op", "parameters": parameters})), arguments.into())
}

/// What differs from the RFC on purpose: a path variable is never undefined in OpenAPI, so one without
/// a value is refused or, with a prefix, empty; and what would end a segment or a parameter is encoded.
fn instead(template: &str) -> Option<&'static str> {
    Some(match template {
        "O{undef}X" | "O{empty}X" => "!",
        "X{.undef}" | "X{.empty_keys}" | "X{.empty_keys*}" => "X.",
        "{;v,bar,who}" => ";v=6;bar;who=fred",
        "{;x,y,undef}" => ";x=1024;y=768;undef",
        _ => return None,
    })
}

#[test]
fn every_expansion_of_rfc_6570_that_has_a_style() {
    let rows = table("rfc6570.tsv");
    assert!(rows.len() > 40);
    for row in rows {
        let (template, expected) = (row[0].as_str(), row[1].as_str());
        let (document, arguments) = templated(template);
        let sent = send(&document, &arguments).map(|request| {
            let target = request.uri().path_and_query().unwrap().as_str();
            let target = target.strip_prefix("/base/").unwrap();
            if template.starts_with("{+") {
                target.strip_prefix("?q=").unwrap_or_default().to_owned()
            } else {
                target.to_owned()
            }
        });
        let sent = sent.unwrap_or_else(|_| "!".to_owned());
        assert_eq!(sent, instead(template).unwrap_or(expected), "{template}");
    }
}
