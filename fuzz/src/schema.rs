use serde_json::{Value, json};
use spandrel_compiler::{ArgumentLayout, Options, compile};
use spandrel_openapi::DocumentSet;

use super::choices::Choices;
use super::compiled::{assert_names, assert_schemas};
use super::generate;

/// Any schema, in any place of a document of any version: the tools' schemas are valid, and can be
/// compiled by a validator.
///
/// The first two bytes choose version and place. The rest is the JSON text of a schema; where it is
/// not JSON, it chooses keywords.
pub fn schema(bytes: &[u8]) {
    let mut choices = Choices::new(bytes);
    let version = *choices.pick(&["3.1.0", "3.0.3", "2.0", "3.2.0"]);
    let place = choices.byte();
    let schema = serde_json::from_slice(choices.rest()).unwrap_or_else(|_| generate::schema(&mut choices, 5));
    let url = "https://documents.example/openapi".parse().expect("a URL");
    let set = DocumentSet::from_value(url, document(version, place, &schema));
    for arguments in [ArgumentLayout::Flat, ArgumentLayout::Grouped] {
        let compiled = compile(&set, &Options { arguments, ..Options::default() });
        assert_names(&compiled);
        assert_schemas(&compiled);
    }
}

/// A document whose one operation uses `schema` where `place` says. By name it is `S`; `T` refers
/// to `S`.
fn document(version: &str, place: u8, schema: &Value) -> Value {
    let is_2_0 = version == "2.0";
    let pointer = if is_2_0 { "#/definitions/S" } else { "#/components/schemas/S" };
    let used = if place & 0x10 == 0 { schema.clone() } else { json!({"$ref": pointer}) };
    let definitions = json!({"S": schema, "T": {"type": "object", "properties": {"s": {"$ref": pointer}}}});
    let operation = if is_2_0 { operation_2_0(place, used) } else { operation(place, &used) };
    let paths = json!({"/things/{id}": {"post": operation}});
    let info = json!({"title": "t", "version": "1"});
    if is_2_0 {
        return json!({"swagger": version, "info": info, "host": "a.example", "paths": paths, "definitions": definitions});
    }
    json!({
        "openapi": version,
        "info": info,
        "servers": [{"url": "https://a.example"}],
        "paths": paths,
        "components": {"schemas": definitions}
    })
}

fn operation(place: u8, schema: &Value) -> Value {
    let id = json!({"name": "id", "in": "path", "required": true, "schema": {"type": "string"}});
    let content = |name: &str| json!({ (name): {"schema": schema} });
    match place % 8 {
        0 => json!({"parameters": [id, {"name": "q", "in": "query", "schema": schema}]}),
        1 => json!({"parameters": [{"name": "id", "in": "path", "required": true, "schema": schema}]}),
        2 => {
            json!({"parameters": [id], "requestBody": {"required": true, "content": content("application/json")}})
        }
        3 => json!({"parameters": [id], "requestBody": {"content": content("multipart/form-data")}}),
        4 => {
            json!({"parameters": [id], "requestBody": {"content": content("application/x-www-form-urlencoded")}})
        }
        5 => {
            json!({"parameters": [id], "responses": {"200": {"description": "", "content": content("application/json")}}})
        }
        6 => json!({"parameters": [id], "requestBody": {"content": content("application/xml")}}),
        _ => json!({"parameters": [id], "requestBody": {"content": {
            "application/json": {"schema": schema},
            "application/merge-patch+json": {"schema": {"anyOf": [schema, {"type": "null"}]}}
        }}}),
    }
}

fn operation_2_0(place: u8, schema: Value) -> Value {
    let id = json!({"name": "id", "in": "path", "required": true, "type": "string"});
    match place % 4 {
        0 => json!({"parameters": [id, {"name": "body", "in": "body", "schema": schema}]}),
        1 => json!({"parameters": [id, own_schema(schema, "query")]}),
        2 => json!({"parameters": [id, own_schema(schema, "formData")]}),
        _ => json!({"parameters": [id], "responses": {"200": {"description": "", "schema": schema}}}),
    }
}

/// A parameter of 2.0 is its own schema.
fn own_schema(schema: Value, place: &str) -> Value {
    let Value::Object(mut parameter) = schema else { return schema };
    parameter.insert("name".to_owned(), json!("q"));
    parameter.insert("in".to_owned(), json!(place));
    Value::Object(parameter)
}
