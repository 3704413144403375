//! Request bodies, media types, encodings and examples.

use indexmap::IndexMap;
use serde_json::Value;

use super::Reader;
use super::object::{Object, reference_in};
use crate::model::{BodySchema, Encoding, MediaType, ParameterIn, RequestBody};

impl<'a> Reader<'a> {
    pub(super) fn request_body(&mut self, operation: &Object<'a>) -> Option<RequestBody> {
        let Some(body) = self.member(operation, "requestBody") else { return Self::unread_body(operation) };
        if body.get("content").is_none() {
            self.report_missing(&body, "content");
        }
        Some(RequestBody {
            location: body.location.clone(),
            required: self.flag(&body, "required").unwrap_or(false),
            description: self.description(&body),
            content: self.media_types(&body, "content"),
        })
    }

    /// A body behind a broken reference may be anything, and may be left out.
    fn unread_body(operation: &Object<'a>) -> Option<RequestBody> {
        reference_in(operation.get("requestBody")?)?;
        let location = operation.at("requestBody");
        let media_type = MediaType {
            location: location.clone(),
            name: "application/json".to_owned(),
            schema: BodySchema::Any,
            item_schema: None,
            encoding: IndexMap::new(),
            examples: Vec::new(),
        };
        Some(RequestBody { location, required: false, description: None, content: vec![media_type] })
    }

    /// The Media Type Objects of the map `name`.
    pub(super) fn media_types(&mut self, owner: &Object<'a>, name: &str) -> Vec<MediaType> {
        let named = self.named(owner, name);
        named.into_iter().map(|(name, object)| self.media_type(name, &object)).collect()
    }

    fn media_type(&mut self, name: &str, object: &Object<'a>) -> MediaType {
        let mut encoding = IndexMap::new();
        for (member, object) in self.named(object, "encoding") {
            encoding.insert(member.clone(), self.encoding(&object));
        }
        MediaType {
            location: object.location.clone(),
            name: name.to_owned(),
            schema: object.place_of("schema").map_or(BodySchema::Any, BodySchema::Schema),
            item_schema: object.place_of("itemSchema"),
            encoding,
            examples: self.examples(object),
        }
    }

    fn encoding(&mut self, object: &Object<'a>) -> Encoding {
        let named = ["style", "explode", "allowReserved"].iter().any(|name| object.get(name).is_some());
        Encoding {
            content_type: self.text(object, "contentType"),
            headers: self.headers(object),
            // The styles are those of a query parameter (3.1.1, Encoding Object).
            serialization: named.then(|| self.serialization(object, ParameterIn::Query)),
        }
    }

    /// `example`, else the values of `examples`.
    pub(super) fn examples(&mut self, owner: &Object<'a>) -> Vec<Value> {
        if let Some(example) = owner.members.get("example") {
            return self.within_budget(example).into_iter().collect();
        }
        let values = match owner.get("examples") {
            // An array is what a schema has, but the values are meant.
            Some(Value::Array(items)) => items.iter().collect(),
            Some(Value::Object(_)) => self.example_values(owner),
            _ => Vec::new(),
        };
        values.into_iter().filter_map(|value| self.within_budget(value)).collect()
    }

    fn example_values(&mut self, owner: &Object<'a>) -> Vec<&'a Value> {
        let named = self.named(owner, "examples");
        let values = named.iter().filter_map(|(_, example)| {
            ["dataValue", "value"].into_iter().find_map(|member| example.members.get(member))
        });
        values.collect()
    }

    /// A copy of the value, unless too much was copied already.
    pub(super) fn within_budget(&mut self, value: &Value) -> Option<Value> {
        self.budget = weight(value, self.budget)?;
        Some(value.clone())
    }
}

/// What is left of the budget after a copy of the value; none if it does not suffice.
fn weight(value: &Value, budget: usize) -> Option<usize> {
    let budget = budget.checked_sub(1)?;
    match value {
        Value::String(text) => budget.checked_sub(text.len() / 64),
        Value::Array(items) => items.iter().try_fold(budget, |left, item| weight(item, left)),
        Value::Object(members) => members
            .iter()
            .try_fold(budget, |left, (name, value)| weight(value, left)?.checked_sub(name.len() / 64)),
        Value::Null | Value::Bool(_) | Value::Number(_) => Some(budget),
    }
}
