//! What only 2.0 has: bodies and forms as parameters, media types apart from schemas, servers in
//! three members.

mod form;
mod server;

use indexmap::{IndexMap, IndexSet};
use serde_json::Value;

use super::Reader;
use super::object::Object;
use super::path::PathItem;
use crate::diagnostic::Code;
use crate::model::{
    BodySchema, MediaType, OAuthFlow, Parameter, ParameterContent, ParameterIn, RequestBody, Serialization,
    Style,
};

const JSON: &str = "application/json";

/// A parameter of 2.0 as it stands in its list.
enum Item<'a> {
    Parameter(Parameter),
    Field(Parameter),
    Body(Object<'a>),
}

impl<'a> Reader<'a> {
    /// The parameters that are sent outside the body, and the body.
    pub(super) fn swagger_input(
        &mut self,
        item: &PathItem<'a>,
        operation: &Object<'a>,
    ) -> (Vec<Parameter>, Option<RequestBody>) {
        let (mut lists, mut fields, mut body) = ([Vec::new(), Vec::new()], IndexMap::new(), None);
        let mut has_file = false;
        for (list, owner) in lists.iter_mut().zip([item.layer_with("parameters"), Some(operation)]) {
            let (mut own_fields, mut own_body) = (IndexMap::new(), None);
            for object in self.parameter_objects(owner) {
                has_file |= form::is_file(&object);
                match self.swagger_item(&object) {
                    Some(Item::Parameter(parameter)) => list.push(parameter),
                    Some(Item::Field(field)) if own_fields.contains_key(&field.name) => {
                        self.report_again(&object, &format!("the form field `{}`", field.name));
                    }
                    Some(Item::Field(field)) => drop(own_fields.insert(field.name.clone(), field)),
                    Some(Item::Body(object)) if own_body.is_some() => {
                        self.report_again(&object, "the body");
                    }
                    Some(Item::Body(object)) => own_body = Some(object),
                    None => {}
                }
            }
            // What the operation says comes later and counts.
            fields.extend(own_fields);
            body = own_body.or(body);
        }
        let [shared, own] = lists;
        let fields: Vec<Parameter> = fields.into_values().collect();
        let parameters = self.merged(item.path, operation, shared, own);
        let consumes = self.media_type_names(operation, "consumes");
        let body = match body {
            Some(body) => {
                self.drop_fields(&fields);
                Some(self.swagger_body(&body, consumes))
            }
            None if fields.is_empty() => None,
            None => {
                let names = form::media_type_names(&consumes, has_file);
                self.charge(names.len().saturating_mul(fields.len()));
                // One form type describes the fields as well as many do.
                let kept = if self.budget == 0 { 1 } else { names.len() };
                Some(form::request_body(operation, &fields, names.into_iter().take(kept)))
            }
        };
        (parameters, body)
    }

    fn report_again(&mut self, object: &Object<'a>, what: &str) {
        let message = format!("{what} stands more than once; the first one counts");
        self.report(Code::ParameterDuplicate, &object.location, message, "keep one of them");
    }

    fn drop_fields(&mut self, fields: &[Parameter]) {
        for field in fields {
            let message = format!("the form field `{}` stands beside a body; it was left out", field.name);
            let help = "describe either a body or form fields";
            self.report(Code::ParameterDropped, &field.location, message, help);
        }
    }

    fn swagger_item(&mut self, object: &Object<'a>) -> Option<Item<'a>> {
        let place = match object.get("in").and_then(Value::as_str) {
            Some("body") => return Some(Item::Body(object.clone())),
            Some("path") => ParameterIn::Path,
            Some("query" | "formData") => ParameterIn::Query,
            Some("header") => ParameterIn::Header,
            Some("cookie") => ParameterIn::Cookie,
            _ => {
                let message = "the parameter has no `in` that is known; it was left out";
                return self.dropped(
                    object,
                    message,
                    "write `in: path`, `query`, `header`, `formData` or `body`",
                );
            }
        };
        let Some(name) = self.text(object, "name").filter(|name| !name.is_empty()) else {
            return self.dropped(object, "the parameter has no `name`; it was left out", "add `name`");
        };
        let parameter = self.swagger_parameter(object, name, place);
        let is_field = object.get("in").and_then(Value::as_str) == Some("formData");
        Some(if is_field { Item::Field(parameter) } else { Item::Parameter(parameter) })
    }

    fn swagger_parameter(&mut self, object: &Object<'a>, name: String, place: ParameterIn) -> Parameter {
        let own_schema = || object.get("type").or(object.get("enum")).map(|_| object.location.clone());
        let schema = own_schema().or_else(|| object.place_of("schema"));
        let example = object.get("example").or_else(|| object.get("x-example"));
        Parameter {
            location: object.location.clone(),
            name,
            place,
            required: self.flag(object, "required").unwrap_or(false) || place == ParameterIn::Path,
            deprecated: self.flag(object, "deprecated").unwrap_or(false),
            description: self.description(object),
            allow_empty_value: self.flag(object, "allowEmptyValue").unwrap_or(false),
            content: ParameterContent::Schema {
                schema,
                serialization: self.collection_format(object, place),
            },
            example: example.and_then(|example| self.within_budget(example)),
            extensions: self.extensions(object),
        }
    }

    /// `collectionFormat`, as the style that writes the same.
    fn collection_format(&mut self, object: &Object<'a>, place: ParameterIn) -> Serialization {
        let in_query = place == ParameterIn::Query;
        let comma = if in_query || place == ParameterIn::Cookie { Style::Form } else { Style::Simple };
        let format = self.text(object, "collectionFormat");
        let (style, explode) = match format.as_deref() {
            None | Some("csv") => (comma, false),
            Some("multi") if in_query => (Style::Form, true),
            Some("ssv") => (Style::SpaceDelimited, false),
            Some("tsv") => (Style::TabDelimited, false),
            Some("pipes") => (Style::PipeDelimited, false),
            Some(other) => {
                let message = format!("`{other}` is not a collection format here; `csv` is used");
                let help = "use `csv`, `ssv`, `tsv` or `pipes`, or `multi` in a query or form";
                self.report(Code::UnexpectedType, &object.at("collectionFormat"), message, help);
                (comma, false)
            }
        };
        Serialization { style, explode, allow_reserved: false }
    }

    fn swagger_body(&mut self, body: &Object<'a>, consumes: Vec<String>) -> RequestBody {
        let media_type = |name: String| MediaType {
            location: body.location.clone(),
            name,
            schema: body.place_of("schema").map_or(BodySchema::Any, BodySchema::Schema),
            item_schema: None,
            encoding: IndexMap::new(),
            examples: Vec::new(),
        };
        RequestBody {
            location: body.location.clone(),
            required: self.flag(body, "required").unwrap_or(false),
            description: self.description(body),
            content: consumes.into_iter().map(media_type).collect(),
        }
    }

    /// `consumes` or `produces` of the operation, else of the document, else JSON.
    fn media_type_names(&mut self, operation: &Object<'a>, member: &str) -> Vec<String> {
        let root = self.root();
        let owner = if operation.get(member).is_some() { operation } else { &root };
        let names: IndexSet<String> = self.texts(owner, member).into_iter().collect();
        self.charge(names.len());
        self.is_incomplete |= self.budget == 0;
        if names.is_empty() || self.budget == 0 { vec![JSON.to_owned()] } else { names.into_iter().collect() }
    }

    pub(super) fn swagger_response_content(
        &mut self,
        response: &Object<'a>,
        operation: &Object<'a>,
    ) -> Vec<MediaType> {
        let Some(schema) = response.place_of("schema") else { return Vec::new() };
        let examples = self.member(response, "examples");
        let example_of = |name: &str| examples.as_ref().and_then(|examples| examples.members.get(name));
        let mut content = Vec::new();
        for name in self.media_type_names(operation, "produces") {
            let example = example_of(&name).and_then(|example| self.within_budget(example));
            content.push(MediaType {
                location: response.location.clone(),
                schema: BodySchema::Schema(schema.clone()),
                item_schema: None,
                encoding: IndexMap::new(),
                examples: example.into_iter().collect(),
                name,
            });
        }
        content
    }

    /// The one flow of a 2.0 scheme, by its 3.x name.
    pub(super) fn swagger_flow(&mut self, scheme: &Object<'a>) -> Option<(String, OAuthFlow)> {
        let Some(name) = self.text(scheme, "flow") else {
            self.report_missing(scheme, "flow");
            return None;
        };
        let name = match name.as_str() {
            "accessCode" => "authorizationCode",
            "application" => "clientCredentials",
            other => other,
        };
        Some((name.to_owned(), self.flow(scheme)))
    }
}
