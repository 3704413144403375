#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use serde_json::{Value, json};

use super::{Direction, SchemaCompiler};
use crate::{Code, DocumentSet, Location, Pointer, SourceId, SpecVersion};

fn set(schemas: &Value) -> DocumentSet {
    let document = json!({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {},
        "components": {"schemas": schemas}});
    DocumentSet::from_value("file:///api.json".parse().unwrap(), document)
}

fn root() -> Location {
    Location { source: SourceId::ROOT, pointer: Pointer::from_escaped("/components/schemas/S") }
}

fn lowered(schema: &Value, version: SpecVersion, direction: Direction) -> (Value, Vec<Code>) {
    let set = set(schema);
    let mut compiler = SchemaCompiler::new(&set, version);
    let value = compiler.bundle(&root(), direction).into_value();
    let codes = compiler.take_diagnostics().iter().map(|finding| finding.code).collect();
    (value, codes)
}

#[test]
fn keywords_of_every_dialect_become_2020_12() {
    let rows = [
        (json!(true), json!({})),
        (json!(false), json!({"not": {}})),
        (json!({"type": "string", "nullable": true}), json!({"type": ["string", "null"]})),
        (json!({"type": "string", "x-nullable": true}), json!({"type": ["string", "null"]})),
        (
            json!({"type": "string", "nullable": true, "enum": ["a"]}),
            json!({"type": ["string", "null"], "enum": ["a", null]}),
        ),
        (
            json!({"allOf": [{"type": "object"}, {"minProperties": 1}], "nullable": true}),
            json!({"anyOf": [{"allOf": [{"type": "object"}, {"minProperties": 1}]}, {"type": "null"}]}),
        ),
        (
            json!({"type": "integer", "minimum": 1, "exclusiveMinimum": true, "maximum": 9, "exclusiveMaximum": false}),
            json!({"type": "integer", "exclusiveMinimum": 1, "maximum": 9}),
        ),
        (json!({"exclusiveMinimum": 3}), json!({"exclusiveMinimum": 3})),
        (
            json!({"type": "array", "items": [{"type": "string"}], "additionalItems": false}),
            json!({"type": "array", "prefixItems": [{"type": "string"}], "items": false}),
        ),
        (json!({"type": "array"}), json!({"type": "array", "items": {}})),
        (json!({"type": "object", "additionalProperties": true}), json!({"type": "object"})),
        (
            json!({"type": "object", "additionalProperties": false}),
            json!({"type": "object", "additionalProperties": false}),
        ),
        (json!({"type": "string", "example": "x"}), json!({"type": "string", "examples": ["x"]})),
        (json!({"type": "file"}), json!({"format": "binary", "type": "string"})),
        (json!({"type": "int"}), json!({"type": "integer"})),
        (json!({"x-internal": 1, "xml": {}, "externalDocs": {}}), json!({})),
        (
            json!({"allOf": [{"type": "string"}], "description": "d"}),
            json!({"type": "string", "description": "d"}),
        ),
        (json!({"type": "string", "enum": [1, 2]}), json!({"type": "string", "enum": ["1", "2"]})),
        (json!({"required": true}), json!({})),
        (json!({"required": ["a", "a", 1]}), json!({"required": ["a"]})),
        (
            json!({"dependentRequired": {"a": ["b", "b", ""], "c": []}}),
            json!({"dependentRequired": {"a": ["b", ""], "c": []}}),
        ),
        (
            json!({"properties": {"id": {"readOnly": true}}, "dependentRequired": {"a": ["id", "b"]}}),
            json!({"properties": {}, "dependentRequired": {"a": ["b"]}}),
        ),
        (json!({"minLength": 1.0}), json!({"minLength": 1})),
        (json!({"const": {"$ref": "#/nowhere"}}), json!({"const": {"$ref": "#/nowhere"}})),
    ];
    for (given, expected) in rows {
        let (value, _) = lowered(&json!({"S": given}), SpecVersion::V3_0, Direction::Request);
        assert_eq!(value, expected, "{given}");
    }
}

#[test]
fn values_of_another_type_are_read_as_the_type_wants() {
    let rows = [
        (
            json!({"type": "boolean", "enum": ["true", "false"]}),
            json!({"type": "boolean", "enum": [true, false]}),
        ),
        (json!({"type": "integer", "enum": ["1", "x"]}), json!({"type": "integer", "enum": [1, "x"]})),
        (
            json!({"type": "array", "items": {"type": "string"}, "enum": ["x", "y"]}),
            json!({"type": "array", "items": {"type": "string", "enum": ["x", "y"]}}),
        ),
        (json!({"type": "array", "enum": [["x"]]}), json!({"type": "array", "enum": [["x"]], "items": {}})),
        (json!({"type": "object", "enum": ["x"]}), json!({"type": "object", "enum": ["x"]})),
    ];
    for (given, expected) in rows {
        let (value, codes) = lowered(&json!({"S": given}), SpecVersion::V3_1, Direction::Request);
        assert_eq!(value, expected, "{given}");
        let is_repaired = given.get("enum") != value.get("enum");
        assert_eq!(codes.contains(&Code::SchemaKeywordInvalid), is_repaired, "{given}: {codes:?}");
    }
}

#[test]
fn choices_lose_the_branch_that_leads_to_themselves() {
    let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let rows = [
        (json!({"anyOf": [reference("A"), {"type": "string"}]}), json!({"anyOf": [{"type": "string"}]})),
        (json!({"oneOf": [{"type": "string"}, reference("A")]}), json!({"oneOf": [{"type": "string"}]})),
        (json!({"oneOf": [reference("A")], "minLength": 1}), json!({"minLength": 1})),
        (json!({"not": reference("A"), "minLength": 1}), json!({"minLength": 1})),
        // What leads back over another schema may be anything.
        (json!({"oneOf": [reference("B"), {"type": "string"}]}), json!({})),
    ];
    for (a, expected) in rows {
        let schemas = json!({
            "S": {"type": "object", "properties": {"a": reference("A")}},
            "A": a, "B": {"anyOf": [reference("A"), {"type": "integer"}]},
        });
        let (value, codes) = lowered(&schemas, SpecVersion::V3_1, Direction::Request);
        assert_eq!(value["$defs"]["A"], expected, "{a}");
        assert!(codes.contains(&Code::ReferenceCycle), "{a}");
    }
}

#[test]
fn members_are_inherited_through_generations_in_any_order() {
    let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    for children in [["Puppy", "Dog"], ["Dog", "Puppy"]] {
        let schemas = json!({
            "S": {"properties": {"pet": reference("Pet")}},
            "Pet": {"properties": {"name": {"type": "string"}}, "oneOf": children.map(reference)},
            "Dog": {"allOf": [reference("Pet"), {"properties": {"bark": {"type": "string"}}}]},
            "Puppy": {"allOf": [reference("Dog"), {"properties": {"age": {"type": "integer"}}}]},
        });
        let (value, codes) = lowered(&schemas, SpecVersion::V3_1, Direction::Request);
        assert!(codes.is_empty(), "{codes:?}");
        let validator = jsonschema::validator_for(&value).unwrap();
        assert!(validator.is_valid(&json!({"pet": {"name": "Rex", "bark": "loud", "age": "x"}})), "{value}");
        assert!(!validator.is_valid(&json!({"pet": {"name": 1}})), "{value}");
        let puppy = &value["$defs"]["Puppy"]["allOf"][0]["$ref"];
        assert_eq!(puppy, "#/$defs/Dog_own", "{value}");
        assert_eq!(value["$defs"]["Dog_own"]["allOf"][0]["$ref"], "#/$defs/Pet_own", "{value}");
        assert_eq!(value["$defs"]["Dog_own"]["allOf"][1]["properties"]["bark"], json!({"type": "string"}));
    }
}

#[test]
fn discriminators_choose_without_refusing_what_the_document_accepts() {
    let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let kind = |values: &Value| json!({"properties": {"k": {"enum": values}}, "required": ["k"]});
    let branch = |name: &str, more: &Value| {
        let mut branch = json!({"$ref": format!("#/$defs/{name}")});
        branch.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        branch
    };
    let named = json!({"type": "object", "properties": {"k": {"type": "string"}}, "required": ["k"]});
    let optional = json!({"type": "object", "properties": {"k": {"type": "string"}}});
    let numbered = json!({"type": "object", "properties": {"k": {"type": "integer"}}, "required": ["k"]});
    let shared = json!({"type": "object", "properties": {"k": {"enum": ["a", "b"]}}, "required": ["k"]});
    let both = json!([reference("A"), reference("B")]);
    let mapping = json!({"a": "#/components/schemas/A", "b": "B"});
    let rows = [
        // The mapping's values, by pointer and by name.
        (
            &named,
            json!({"oneOf": both, "discriminator": {"propertyName": "k", "mapping": mapping}}),
            json!({"oneOf": [branch("A", &kind(&json!(["a"]))), branch("B", &kind(&json!(["b"])))]}),
        ),
        // Values that the branches name together are told apart; one that a branch names is enough.
        (
            &shared,
            json!({"oneOf": both, "discriminator": {"propertyName": "k", "mapping": {"a": "A", "z": "B"}}}),
            json!({"oneOf": [branch("A", &kind(&json!(["a"]))), branch("B", &json!({}))]}),
        ),
        // `anyOf` does not ask for what its branches do not.
        (
            &optional,
            json!({"anyOf": both, "discriminator": {"propertyName": "k"}}),
            json!({"anyOf": [
                branch("A", &json!({"properties": {"k": {"enum": ["A"]}}})),
                branch("B", &json!({"properties": {"k": {"enum": ["B"]}}})),
            ]}),
        ),
        // A member that is no string cannot hold a mapping's key.
        (
            &numbered,
            json!({"oneOf": both, "discriminator": {"propertyName": "k", "mapping": {"1": "A", "2": "B"}}}),
            json!({"oneOf": [branch("A", &json!({})), branch("B", &json!({}))]}),
        ),
        // The default takes what nothing else is chosen by.
        (
            &optional,
            json!({"oneOf": both, "discriminator": {"propertyName": "k", "defaultMapping": "B"}}),
            json!({"oneOf": [
                branch("A", &kind(&json!(["A"]))),
                branch("B", &json!({"not": {"properties": {"k": {"enum": ["A"]}}, "required": ["k"]}})),
            ]}),
        ),
    ];
    for (member, choice, expected) in rows {
        let schemas = json!({"S": {"properties": {"c": choice}}, "A": member, "B": member});
        let (value, _) = lowered(&schemas, SpecVersion::V3_1, Direction::Request);
        assert_eq!(value["properties"]["c"], expected, "{choice}");
    }
    let parent = json!({"type": "object", "properties": {"k": {"type": "string"}},
        "discriminator": {"propertyName": "k", "mapping": {"cat": "A", "dog": "B"}}});
    let (value, _) = lowered(&json!({"S": parent, "A": {}, "B": {}}), SpecVersion::V3_0, Direction::Request);
    assert_eq!(value["properties"]["k"]["description"], "Known values: cat, dog.");
}

#[test]
fn what_is_not_sent_is_not_asked_for_in_any_branch() {
    let schemas = json!({
        "S": {"type": "object", "properties": {"id": {"readOnly": true}, "name": {}},
            "allOf": [{"anyOf": [{"required": ["id", "name"]}, {"required": ["id"]}]}],
            "if": {"properties": {"name": {"const": "x"}}}, "then": {"required": ["id"]}},
        "T": {"$ref": "#/components/schemas/U", "required": ["id"]},
        "U": {"type": "object", "properties": {"id": {"readOnly": true}}},
    });
    let (value, _) = lowered(&schemas, SpecVersion::V3_1, Direction::Request);
    assert!(!value.to_string().contains("\"id\""), "{value}");
    let referred = json!({"S": schemas["T"], "U": schemas["U"]});
    let (value, _) = lowered(&referred, SpecVersion::V3_1, Direction::Request);
    assert!(!value.to_string().contains("\"id\""), "{value}");
}

#[test]
fn extensions_say_what_values_mean() {
    let rows = [
        (
            json!({"type": "integer", "description": "State.", "enum": [1, 2], "x-enum-varnames": ["ACTIVE", "GONE"]}),
            json!({"type": "integer", "description": "State.\nValues: 1 = ACTIVE; 2 = GONE.", "enum": [1, 2]}),
        ),
        (
            json!({"enum": ["a", "b"], "x-enumDescriptions": {"a": "<b>First</b> one.", "c": "None"}}),
            json!({"enum": ["a", "b"], "description": "Values: a = First one."}),
        ),
        (
            json!({"enum": ["a", "b"], "x-enumNames": ["A"], "x-enum-descriptions": ["first", 7]}),
            json!({"enum": ["a", "b"], "description": "Values: a = first."}),
        ),
        (
            json!({"enum": [0], "x-ms-enum": {"name": "N", "values": [{"value": 0, "name": "Off", "description": "Is off."}]}}),
            json!({"enum": [0], "description": "Values: 0 = Is off."}),
        ),
        (json!({"enum": ["up"], "x-enumNames": ["Up"]}), json!({"enum": ["up"]})),
        (
            json!({"type": "number", "x-unit": "km/h"}),
            json!({"type": "number", "description": "Unit: km/h."}),
        ),
    ];
    for (given, expected) in rows {
        let (value, _) = lowered(&json!({"S": given}), SpecVersion::V3_0, Direction::Request);
        assert_eq!(value, expected, "{given}");
    }
}

#[test]
fn what_is_wrong_is_left_out_and_said() {
    let rows = [
        (json!({"type": "wibble"}), Code::SchemaKeywordInvalid),
        (json!({"enum": []}), Code::SchemaKeywordInvalid),
        (json!({"minimum": "1"}), Code::SchemaKeywordInvalid),
        (json!({"minItems": -1}), Code::SchemaKeywordInvalid),
        (json!({"allOf": []}), Code::SchemaKeywordInvalid),
        (json!({"pattern": "(?<"}), Code::PatternInvalid),
        (json!({"$ref": "#/components/schemas/None"}), Code::UnresolvedReference),
        (json!("text"), Code::UnexpectedType),
    ];
    for (given, code) in rows {
        let (value, codes) = lowered(&json!({"S": given}), SpecVersion::V3_1, Direction::Request);
        assert_eq!(value, json!({}), "{given}");
        assert_eq!(codes, [code], "{given}");
    }
}

#[test]
fn patterns_are_read_in_the_dialect_that_authors_meant() {
    let rows = [
        ("^[a-z]+$", Some("^[a-z]+$")),
        (r"\d{3}\-\d", Some(r"\d{3}-\d")),
        (r"^[\w\-\.]+$", Some(r"^[\w\-\.]+$")),
        ("/^a$/", Some("^a$")),
        (r"\Aa\z", Some("^a$")),
        (r"^\p{L}+$", Some(r"^\p{L}+$")),
        ("^0x[a-f]{0,2147483648}$", Some("^0x[a-f]{0,}$")),
        ("^0x[a-f]{262144}$", Some("^0x[a-f]{1,}$")),
        ("^a{2,90}$", Some("^a{2,90}$")),
        ("(?i)a", None),
        ("[a", None),
        (r"^[\w-.]+$", Some(r"^[\w\-.]+$")),
        (r"^[\d-x]$", Some(r"^[\d\-x]$")),
        (r"[a-z-\d]", Some(r"[a-z-\d]")),
        (r"^{x}$", Some(r"^\{x\}$")),
        (r"a{2}}]", Some(r"a{2}\}\]")),
        (r"(?P<year>\d{4})_\_", Some(r"(?<year>\d{4})__")),
        (r"\p{L}\_\u{1F600}", Some(r"\p{L}_\u{1F600}")),
        (r"/^abc$/g", Some("^abc$")),
        (r"/^abc$/i", None),
    ];
    for (given, expected) in rows {
        let (value, _) = lowered(&json!({"S": {"pattern": given}}), SpecVersion::V3_1, Direction::Request);
        assert_eq!(value.get("pattern").and_then(Value::as_str), expected, "{given}");
    }
}

#[test]
fn a_direction_carries_only_its_own_properties() {
    let schemas = json!({
        "S": {"type": "object", "required": ["id", "secret", "name"], "properties": {
            "id": {"type": "integer", "readOnly": true}, "secret": {"type": "string", "writeOnly": true},
            "name": {"type": "string"}, "owner": {"$ref": "#/components/schemas/Owner"}}},
        "Owner": {"type": "string", "readOnly": true},
    });
    let (request, _) = lowered(&schemas, SpecVersion::V3_0, Direction::Request);
    assert_eq!(request["required"], json!(["secret", "name"]));
    assert_eq!(request["properties"], json!({"secret": {"type": "string"}, "name": {"type": "string"}}));
    let (response, _) = lowered(&schemas, SpecVersion::V3_0, Direction::Response);
    assert_eq!(response["required"], json!(["id", "name"]));
    assert!(response["properties"].get("secret").is_none());
}

#[test]
fn required_in_one_branch_knows_the_property_of_another() {
    let schemas = json!({
        "S": {"allOf": [{"$ref": "#/components/schemas/Base"}, {"required": ["id", "name"]}]},
        "Base": {"type": "object", "properties": {"id": {"readOnly": true}, "name": {}}},
    });
    let (value, _) = lowered(&schemas, SpecVersion::V3_0, Direction::Request);
    assert_eq!(value["allOf"][1], json!({"required": ["name"]}));
}

#[test]
fn references_become_definitions_that_are_reached() {
    let schemas = json!({
        "S": {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/S"}, "tag": {"$ref": "#/components/schemas/Tag"}}},
        "Tag": {"type": "string"},
        "Unused": {"type": "string"},
    });
    let (value, codes) = lowered(&schemas, SpecVersion::V3_1, Direction::Request);
    assert_eq!(value["properties"]["next"], json!({"$ref": "#/$defs/S"}));
    assert_eq!(value["$defs"].as_object().unwrap().keys().collect::<Vec<_>>(), ["S", "Tag"]);
    assert!(codes.is_empty());
}

#[test]
fn what_stands_beside_a_reference_counts_since_3_1() {
    let schemas = json!({
        "S": {"type": "object", "properties": {"a": {"$ref": "#/components/schemas/A", "minLength": 2, "description": "d"}}},
        "A": {"type": "string"},
    });
    let (old, _) = lowered(&schemas, SpecVersion::V3_0, Direction::Request);
    assert_eq!(old["properties"]["a"], json!({"$ref": "#/$defs/A", "description": "d"}));
    let (new, _) = lowered(&schemas, SpecVersion::V3_1, Direction::Request);
    assert_eq!(new["properties"]["a"], json!({"$ref": "#/$defs/A", "minLength": 2, "description": "d"}));
}

#[test]
fn inheritance_through_a_choice_of_children_is_finite() {
    let schemas = json!({
        "S": {"type": "object", "properties": {"kind": {"type": "string"}},
            "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
            "discriminator": {"propertyName": "kind", "mapping": {"cat": "#/components/schemas/Cat"}}},
        "Cat": {"allOf": [{"$ref": "#/components/schemas/S"}, {"properties": {"lives": {"type": "integer"}}}]},
        "Dog": {"allOf": [{"$ref": "#/components/schemas/S"}, {"properties": {"good": {"type": "boolean"}}}]},
    });
    let (value, codes) = lowered(&schemas, SpecVersion::V3_0, Direction::Request);
    assert!(codes.is_empty(), "{codes:?}");
    assert_eq!(
        value["oneOf"][0],
        json!({"$ref": "#/$defs/Cat", "properties": {"kind": {"enum": ["cat"]}}, "required": ["kind"]})
    );
    assert_eq!(value["$defs"]["Cat"]["allOf"][0], json!({"$ref": "#/$defs/S_own"}));
    assert_eq!(value["$defs"]["Dog"]["allOf"][0], json!({"$ref": "#/$defs/S_own"}));
    assert_eq!(
        value["$defs"]["S_own"],
        json!({"type": "object", "properties": {"kind": {"type": "string"}}})
    );
    assert_eq!(value["oneOf"][1]["properties"]["kind"], json!({"enum": ["Dog"]}));
}

#[test]
fn circles_without_a_value_are_cut_and_said() {
    let rows = [
        json!({"S": {"allOf": [{"$ref": "#/components/schemas/S"}]}}),
        json!({"S": {"anyOf": [{"$ref": "#/components/schemas/T"}, {"type": "string"}]}, "T": {"not": {"$ref": "#/components/schemas/S"}}}),
    ];
    for schemas in rows {
        let (value, codes) = lowered(
            &json!({"S": {"properties": {"s": {"$ref": "#/components/schemas/S"}}}}),
            SpecVersion::V3_1,
            Direction::Request,
        );
        assert!(codes.is_empty() && value["$defs"].get("S").is_some());
        let wrapped = {
            let mut all = schemas.as_object().unwrap().clone();
            let inner = all.remove("S").unwrap();
            all.insert(
                "R".to_owned(),
                serde_json::from_str(&inner.to_string().replace("schemas/S", "schemas/R")).unwrap(),
            );
            if let Some(other) = all.get_mut("T") {
                *other = serde_json::from_str(&other.to_string().replace("schemas/S", "schemas/R")).unwrap();
            }
            all.insert("S".to_owned(), json!({"properties": {"r": {"$ref": "#/components/schemas/R"}}}));
            Value::Object(all)
        };
        let (_, codes) = lowered(&wrapped, SpecVersion::V3_1, Direction::Request);
        assert!(codes.contains(&Code::ReferenceCycle), "{schemas}: {codes:?}");
    }
}

#[test]
fn references_alone_in_a_circle_accept_anything() {
    let schemas = json!({
        "S": {"type": "object", "properties": {"a": {"$ref": "#/components/schemas/A"}}},
        "A": {"$ref": "#/components/schemas/B"}, "B": {"$ref": "#/components/schemas/A"},
    });
    let (value, codes) = lowered(&schemas, SpecVersion::V3_1, Direction::Request);
    assert_eq!(value["properties"]["a"], json!({}));
    assert_eq!(codes, [Code::ReferenceCycle]);
}

#[test]
fn a_branch_that_names_its_values_keeps_them() {
    let schemas = json!({
        "S": {"oneOf": [{"$ref": "#/components/schemas/User"}, {"$ref": "#/components/schemas/Tool"}],
            "discriminator": {"propertyName": "role"}},
        "User": {"type": "object", "properties": {"role": {"enum": ["user"]}}},
        "Tool": {"allOf": [{"properties": {"role": {"const": "tool"}}}]},
    });
    let (value, _) = lowered(&schemas, SpecVersion::V3_1, Direction::Request);
    assert_eq!(value["oneOf"], json!([{"$ref": "#/$defs/User"}, {"$ref": "#/$defs/Tool"}]));
}

#[test]
fn what_stands_beside_a_reference_counts_behind_another_one() {
    let schemas = json!({
        "S": {"type": "object", "properties": {"a": {"$ref": "#/components/schemas/A"}}},
        "A": {"$ref": "#/components/schemas/B", "minLength": 2},
        "B": {"type": "string"},
    });
    let (value, _) = lowered(&schemas, SpecVersion::V3_1, Direction::Request);
    assert_eq!(value["$defs"]["A"], json!({"$ref": "#/$defs/B", "minLength": 2}));
}
