//! What a schema says, in the few forms that every client can be told.

use serde_json::{Map, Value, json};

use super::merge::{Definitions, flattened, is_annotation, reference, type_names};

/// A schema taken apart.
pub(super) struct Described {
    pub(super) form: Form,
    /// Whether null is valid too.
    pub(super) nullable: bool,
    pub(super) description: Option<String>,
}

/// What values a schema accepts, apart from null.
pub(super) enum Form {
    /// Nothing is known of them.
    Anything,
    /// Those that a definition describes.
    Reference(String),
    /// Those that one of these schemas describes.
    Alternatives(Vec<Value>),
    Object(Members),
    /// Arrays; the schema of the items where one holds for all.
    Array {
        items: Option<Value>,
        keywords: Map<String, Value>,
    },
    /// Strings, numbers and booleans.
    Scalar {
        types: Vec<&'static str>,
        keywords: Map<String, Value>,
    },
}

/// The members of an object.
pub(super) struct Members {
    pub(super) properties: Map<String, Value>,
    required: Vec<Value>,
    /// Whether it has members, but none that are listed.
    pub(super) is_free: bool,
}

impl Members {
    pub(super) fn requires(&self, name: &str) -> bool {
        self.required.iter().any(|required| required == name)
    }
}

/// The most choices of one alternative that are looked through.
const MAX_DEPTH: usize = 16;

/// Takes `schema` apart.
pub(super) fn describe(schema: &Value, definitions: &Definitions<'_>) -> Described {
    describe_at(schema, definitions, 0)
}

fn describe_at(schema: &Value, definitions: &Definitions<'_>, depth: usize) -> Described {
    let Some(members) = schema.as_object().filter(|_| depth < MAX_DEPTH) else {
        return Described { form: Form::Anything, nullable: true, description: None };
    };
    let members = flattened(members, definitions);
    let description = members.get("description").or_else(|| members.get("title"));
    let description = description.and_then(Value::as_str).map(str::to_owned);
    if let Some(name) = reference(&members) {
        return Described { form: Form::Reference(name.to_owned()), nullable: false, description };
    }
    let (types, nullable) = types(&members);
    let Some((values, has_null)) = alternatives(&members, definitions) else {
        let form = form(members, &types);
        let nullable = nullable || matches!(form, Form::Anything);
        return Described { form, nullable, description };
    };
    let nullable = nullable || has_null;
    if let [only] = values.as_slice() {
        let described = describe_at(only, definitions, depth + 1);
        let description = description.or(described.description);
        return Described { form: described.form, nullable: nullable || described.nullable, description };
    }
    Described { form: Form::Alternatives(values), nullable, description }
}

/// The branches of `anyOf` or `oneOf`, each with what is said beside them, and whether null is one.
/// None where they say nothing of their own.
fn alternatives(members: &Map<String, Value>, definitions: &Definitions<'_>) -> Option<(Vec<Value>, bool)> {
    let branches = ["anyOf", "oneOf"].iter().find_map(|keyword| members.get(*keyword)?.as_array())?;
    if branches.iter().all(is_condition) {
        return None;
    }
    let (null, values): (Vec<&Value>, Vec<&Value>) = branches.iter().partition(|branch| is_null(branch));
    let common = common(members);
    let values = values.into_iter().map(|branch| {
        if common.is_empty() || !definitions.may_copy(&common) {
            return branch.clone();
        }
        json!({"allOf": [branch, common]})
    });
    Some((values.collect(), !null.is_empty()))
}

/// Whether a branch only says which members go together.
fn is_condition(branch: &Value) -> bool {
    let keywords = ["required", "not", "dependentRequired"];
    branch.as_object().is_some_and(|members| {
        members.keys().all(|key| keywords.contains(&key.as_str()) || is_annotation(key))
    })
}

fn is_null(branch: &Value) -> bool {
    branch.get("type").is_some_and(|types| types == "null") || branch.get("const") == Some(&Value::Null)
}

/// What is said beside the branches, and holds for each.
fn common(members: &Map<String, Value>) -> Map<String, Value> {
    let said = members.iter().filter(|(key, _)| {
        !is_annotation(key) && !matches!(key.as_str(), "anyOf" | "oneOf" | "discriminator")
    });
    let mut common: Map<String, Value> = said.map(|(key, value)| (key.clone(), value.clone())).collect();
    if let Some(types) = common.get_mut("type") {
        let kept: Vec<&str> = type_names(types).into_iter().filter(|name| *name != "null").collect();
        *types = json!(kept);
    }
    common
}

/// The types that a schema allows, by what it says of them, and whether null is one. None for any.
fn types(members: &Map<String, Value>) -> (Vec<&'static str>, bool) {
    let mut names: Vec<&'static str> = match members.get("type") {
        Some(types) => type_names(types).into_iter().filter_map(known).collect(),
        None => inferred(members),
    };
    let allows_null = names.contains(&"null");
    names.retain(|name| *name != "null");
    if names.contains(&"number") {
        names.retain(|name| *name != "integer");
    }
    (names, allows_null)
}

fn inferred(members: &Map<String, Value>) -> Vec<&'static str> {
    const BY_KEYWORD: [(&str, &[&str]); 4] = [
        (
            "object",
            &[
                "properties",
                "required",
                "additionalProperties",
                "patternProperties",
                "minProperties",
                "maxProperties",
            ],
        ),
        ("array", &["items", "prefixItems", "minItems", "maxItems", "uniqueItems"]),
        ("string", &["pattern", "minLength", "maxLength"]),
        ("number", &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]),
    ];
    if let Some(values) = listed(members) {
        let mut names: Vec<&'static str> = values.iter().map(type_of).collect();
        names.sort_unstable();
        names.dedup();
        return names;
    }
    let said = BY_KEYWORD.iter().find(|(_, keywords)| keywords.iter().any(|key| members.contains_key(*key)));
    said.map(|(name, _)| vec![*name]).unwrap_or_default()
}

/// The values that `const` or `enum` lists.
pub(super) fn listed(members: &Map<String, Value>) -> Option<Vec<Value>> {
    match (members.get("const"), members.get("enum")) {
        (Some(value), _) => Some(vec![value.clone()]),
        (None, Some(Value::Array(values))) => Some(values.clone()),
        _ => None,
    }
}

fn known(name: &str) -> Option<&'static str> {
    ["string", "integer", "number", "boolean", "object", "array", "null"]
        .into_iter()
        .find(|known| *known == name)
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.as_i64().is_some() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn form(members: Map<String, Value>, types: &[&'static str]) -> Form {
    let values = listed(&members).unwrap_or_default();
    if values.iter().any(|value| value.is_object() || value.is_array()) {
        return Form::Anything;
    }
    let is_null_only = members.get("type").is_some_and(|types| types == "null");
    match types {
        [] if is_null_only || !values.is_empty() => Form::Scalar { types: Vec::new(), keywords: Map::new() },
        [] => Form::Anything,
        ["object"] => Form::Object(object(members)),
        ["array"] => array(members),
        types if types.iter().all(|name| !matches!(*name, "object" | "array")) => {
            Form::Scalar { types: types.to_vec(), keywords: members }
        }
        several => {
            let of_type = |name: &&'static str| {
                let mut members = members.clone();
                members.insert("type".to_owned(), json!(name));
                members.shift_remove("description");
                members.shift_remove("title");
                Value::Object(members)
            };
            Form::Alternatives(several.iter().map(of_type).collect())
        }
    }
}

fn object(mut members: Map<String, Value>) -> Members {
    let properties = match members.shift_remove("properties") {
        Some(Value::Object(properties)) => properties,
        _ => Map::new(),
    };
    let required = match members.shift_remove("required") {
        Some(Value::Array(required)) => required,
        _ => Vec::new(),
    };
    let is_closed = members
        .get("additionalProperties")
        .is_some_and(|schema| *schema == json!(false) || *schema == json!({"not": {}}));
    let has_patterns = members.contains_key("patternProperties");
    Members { is_free: properties.is_empty() && (!is_closed || has_patterns), properties, required }
}

fn array(mut members: Map<String, Value>) -> Form {
    let is_tuple = members.contains_key("prefixItems");
    let items = members.shift_remove("items").filter(|items| items.is_object() && !is_tuple);
    Form::Array { items, keywords: members }
}
