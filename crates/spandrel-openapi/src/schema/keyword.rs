//! One keyword of a schema: what it asserts of a value.

use serde_json::{Map, Value, json};

use super::annotation::annotate;
use super::lower::Scope;
use super::{SchemaCompiler, pattern};
use crate::diagnostic::{Code, Diagnostic};
use crate::prose;

impl SchemaCompiler<'_> {
    pub(super) fn lower_keyword(
        &mut self,
        keyword: &str,
        value: &Value,
        members: &Map<String, Value>,
        lowered: &mut Map<String, Value>,
        scope: &mut Scope<'_, '_>,
    ) {
        match keyword {
            "title" | "description" | "default" | "example" | "examples" | "deprecated" | "const"
            | "format" | "contentEncoding" | "contentMediaType" => annotate(keyword, value, lowered),
            "type" => self.lower_type(value, lowered, scope),
            "enum" => self.lower_enum(value, lowered, scope),
            "pattern" => self.lower_pattern(value, lowered, scope),
            "minimum" | "maximum" => self.lower_bound(keyword, value, members, lowered, scope),
            "exclusiveMinimum" | "exclusiveMaximum" => {
                // The boolean of older dialects is read with the bound that it belongs to.
                let kept = value.is_number().then(|| value.clone());
                let is_valid = value.is_number() || value.is_boolean();
                self.keep(keyword, is_valid.then_some(kept).ok_or("must be a number"), lowered, scope);
            }
            "multipleOf" => {
                let is_valid = value.as_f64().is_some_and(|number| number > 0.0);
                let kept = is_valid.then(|| Some(value.clone()));
                self.keep(keyword, kept.ok_or("must be a number above 0"), lowered, scope);
            }
            "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties"
            | "minContains" | "maxContains" => {
                let kept = count(value).map(|count| Some(json!(count)));
                self.keep(keyword, kept.ok_or("must be a whole number of at least 0"), lowered, scope);
            }
            "uniqueItems" => {
                let kept = (value == &Value::Bool(true)).then(|| value.clone());
                let kept = value.is_boolean().then_some(kept);
                self.keep(keyword, kept.ok_or("must be a boolean"), lowered, scope);
            }
            "required" => self.lower_required(value, lowered, scope),
            "dependentRequired" => {
                let kept = dependent_required(value, scope).map(Some);
                let expected = "must map each property to a list of properties";
                self.keep(keyword, kept.ok_or(expected), lowered, scope);
            }
            _ => self.lower_applicator(keyword, value, members, lowered, scope),
        }
    }

    /// Keeps what is valid and says anything, and reports what was expected of anything else.
    fn keep(
        &mut self,
        keyword: &str,
        found: Result<Option<Value>, &str>,
        lowered: &mut Map<String, Value>,
        scope: &Scope<'_, '_>,
    ) {
        match found {
            Err(expected) => self.invalid(keyword, expected, scope),
            Ok(None) => {}
            Ok(Some(kept)) => {
                lowered.insert(keyword.to_owned(), kept);
            }
        }
    }

    fn lower_enum(&mut self, value: &Value, lowered: &mut Map<String, Value>, scope: &Scope<'_, '_>) {
        let Some(values) = value.as_array().filter(|values| !values.is_empty()) else {
            return self.invalid("enum", "must be a list with at least one value", scope);
        };
        let mut unique: Vec<Value> = Vec::with_capacity(values.len());
        for value in values {
            // Large lists hold no duplicates worth a quadratic search.
            if values.len() > 256 || !unique.contains(value) {
                unique.push(value.clone());
            }
        }
        lowered.insert("enum".to_owned(), Value::Array(unique));
    }

    fn lower_type(&mut self, value: &Value, lowered: &mut Map<String, Value>, scope: &mut Scope<'_, '_>) {
        let mut names: Vec<&'static str> = Vec::new();
        let mut add = |name: &'static str| {
            if !names.contains(&name) {
                names.push(name);
            }
        };
        let written = match value {
            Value::String(name) => vec![name.as_str()],
            Value::Array(items) => items
                .iter()
                .filter_map(|item| if item.is_null() { Some("null") } else { item.as_str() })
                .collect(),
            Value::Null => vec!["null"],
            _ => Vec::new(),
        };
        let mut unknown = written.is_empty();
        for name in written {
            match known_type(name) {
                Some(known) => add(known),
                None => unknown = true,
            }
        }
        if value.as_str() == Some("file") {
            lowered.insert("format".to_owned(), json!("binary"));
        }
        if unknown {
            self.invalid("type", "names no type of JSON Schema; any type is accepted", scope);
            return;
        }
        let lowered_type = match names.as_slice() {
            [] => return,
            [only] => json!(only),
            several => json!(several),
        };
        lowered.insert("type".to_owned(), lowered_type);
    }

    fn lower_pattern(&mut self, value: &Value, lowered: &mut Map<String, Value>, scope: &mut Scope<'_, '_>) {
        let Some(text) = value.as_str() else {
            return self.invalid("pattern", "must be a string", scope);
        };
        match self.pattern_verdict(text) {
            pattern::Verdict::Valid => {
                lowered.insert("pattern".to_owned(), value.clone());
            }
            pattern::Verdict::Repaired(repaired) => {
                let message = format!(
                    "`{}` is not a regular expression that JSON Schema's clients take; it was read as `{}`",
                    prose::excerpt(text, 80),
                    prose::excerpt(&repaired, 80)
                );
                self.report(Code::PatternInvalid, scope.place.member("pattern").location(), message);
                lowered.insert("pattern".to_owned(), Value::String(repaired));
            }
            pattern::Verdict::Invalid => {
                let location = scope.place.member("pattern").location();
                let message = format!(
                    "`{}` is not a regular expression of ECMA-262; it was left out",
                    prose::excerpt(text, 80)
                );
                self.diagnostics.push(
                    Diagnostic::new(Code::PatternInvalid, location, message)
                        .with_help("JSON Schema patterns are ECMA-262 with the `u` flag: no (?i), no possessive quantifiers, no POSIX classes"),
                );
            }
        }
    }

    pub(super) fn pattern_verdict(&mut self, text: &str) -> pattern::Verdict {
        if let Some(verdict) = self.patterns.get(text) {
            return verdict.clone();
        }
        let verdict = pattern::examine(text);
        self.patterns.insert(text.to_owned(), verdict.clone());
        verdict
    }

    /// `minimum` with `exclusiveMinimum: true` is the exclusive bound of 2020-12.
    fn lower_bound(
        &mut self,
        keyword: &str,
        value: &Value,
        members: &Map<String, Value>,
        lowered: &mut Map<String, Value>,
        scope: &mut Scope<'_, '_>,
    ) {
        if !value.is_number() {
            return self.invalid(keyword, "must be a number", scope);
        }
        let exclusive = if keyword == "minimum" { "exclusiveMinimum" } else { "exclusiveMaximum" };
        let key = if members.get(exclusive) == Some(&Value::Bool(true)) { exclusive } else { keyword };
        lowered.insert(key.to_owned(), value.clone());
    }

    /// A boolean `required` belongs to a parameter, or to a draft that OpenAPI never used.
    fn lower_required(&mut self, value: &Value, lowered: &mut Map<String, Value>, scope: &mut Scope<'_, '_>) {
        match value {
            Value::Array(names) => {
                let mut kept: Vec<Value> = Vec::with_capacity(names.len());
                for name in names {
                    match name.as_str() {
                        Some(text) if scope.hidden.contains(text) => {}
                        Some(_) if kept.contains(name) => {}
                        Some(_) => kept.push(name.clone()),
                        None => self.invalid("required", "must be a list of property names", scope),
                    }
                }
                lowered.insert("required".to_owned(), Value::Array(kept));
            }
            Value::Bool(_) => {}
            _ => self.invalid("required", "must be a list of property names", scope),
        }
    }

    pub(super) fn invalid(&mut self, keyword: &str, expected: &str, scope: &Scope<'_, '_>) {
        let location = scope.place.member(keyword).location();
        self.report(Code::SchemaKeywordInvalid, location, format!("`{keyword}` {expected}; it was left out"));
    }
}

/// A whole number, also one written `1.0` or `1e2`.
fn count(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| {
        let number = value.as_f64().filter(|number| number.fract() == 0.0 && (0.0..9e15).contains(number))?;
        format!("{number:.0}").parse().ok()
    })
}

/// The lists of `dependentRequired`, each name once, without properties that this direction does
/// not carry.
fn dependent_required(value: &Value, scope: &Scope<'_, '_>) -> Option<Value> {
    let lists = value.as_object()?.iter().map(|(property, names)| {
        let mut kept: Vec<&str> = Vec::new();
        for name in names.as_array()? {
            let name = name.as_str()?;
            if !kept.contains(&name) && !scope.hidden.contains(name) {
                kept.push(name);
            }
        }
        Some((property.clone(), json!(kept)))
    });
    lists.collect::<Option<Map<String, Value>>>().map(Value::Object)
}

/// The type that a name stands for, also the names that authors wrongly use.
fn known_type(name: &str) -> Option<&'static str> {
    Some(match name {
        "string" | "str" | "text" | "file" | "date" | "datetime" | "date-time" | "uuid" | "byte"
        | "binary" | "String" => "string",
        "integer" | "int" | "long" | "int32" | "int64" | "Integer" => "integer",
        "number" | "float" | "double" | "decimal" | "Number" => "number",
        "boolean" | "bool" | "Boolean" => "boolean",
        "object" | "map" | "dict" | "Object" => "object",
        "array" | "list" | "Array" => "array",
        "null" => "null",
        _ => return None,
    })
}
