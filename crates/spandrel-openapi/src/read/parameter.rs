//! Parameters of 3.x, and what parameters of every version have in common.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use indexmap::map::Entry;
use serde_json::{Map, Value};

use super::Reader;
use super::object::{Object, reference_in};
use super::path::PathItem;
use super::template;
use crate::diagnostic::Code;
use crate::location::Location;
use crate::model::{Parameter, ParameterContent, ParameterIn, Serialization, SpecVersion, Style};

/// Headers that OpenAPI says to ignore as parameters: the media types and the credentials rule them.
const IGNORED_HEADERS: [&str; 3] = ["accept", "content-type", "authorization"];

impl<'a> Reader<'a> {
    pub(super) fn parameters(&mut self, item: &PathItem<'a>, operation: &Object<'a>) -> Vec<Parameter> {
        let shared = self.parameter_objects(item.layer_with("parameters"));
        let own = self.parameter_objects(Some(operation));
        let shared = shared.iter().filter_map(|object| self.parameter(object)).collect();
        let own = own.iter().filter_map(|object| self.parameter(object)).collect();
        self.merged(item.path, operation, shared, own)
    }

    /// The items of `parameters` behind their references.
    pub(super) fn parameter_objects(&mut self, owner: Option<&Object<'a>>) -> Vec<Object<'a>> {
        let items = owner.map(|owner| self.items(owner, "parameters")).unwrap_or_default();
        let mut objects = Vec::with_capacity(items.len());
        for (location, item) in items {
            match self.referenced(item, location) {
                Some(object) => objects.push(object),
                None if reference_in(item).is_some() => self.lost_parameters += 1,
                None => {}
            }
        }
        objects
    }

    /// The parameters of an operation: the path item's, replaced by the operation's own of the same
    /// name and place, and exactly one for each variable of the path.
    pub(super) fn merged(
        &mut self,
        path: &str,
        operation: &Object<'a>,
        shared: Vec<Parameter>,
        own: Vec<Parameter>,
    ) -> Vec<Parameter> {
        let mut merged = self.once_each_of(shared);
        merged.extend(self.once_each_of(own));
        let variables = template::variables(path).unwrap_or_default();
        let mut merged: Vec<Parameter> = merged.into_values().collect();
        merged.retain(|parameter| self.is_sendable(parameter, path, &variables));
        let in_path = merged.iter().filter(|parameter| parameter.place == ParameterIn::Path);
        let declared: BTreeSet<String> = in_path.map(|parameter| parameter.name.clone()).collect();
        for variable in variables.into_iter().filter(|variable| !declared.contains(*variable)) {
            // A reference that leads nowhere most likely meant this one.
            self.lost_parameters = self.lost_parameters.saturating_sub(1);
            merged.push(self.undeclared(variable, operation));
        }
        merged
    }

    fn once_each_of(&mut self, parameters: Vec<Parameter>) -> IndexMap<(ParameterIn, String), Parameter> {
        let mut once = IndexMap::new();
        for parameter in parameters {
            let Entry::Occupied(first) = once.entry(identity(&parameter)) else {
                once.insert(identity(&parameter), parameter);
                continue;
            };
            let (place, name) = first.key();
            let message = format!(
                "the {} parameter `{name}` stands more than once; the first one counts",
                place.as_str()
            );
            self.report(Code::ParameterDuplicate, &parameter.location, message, "keep one of them");
        }
        once
    }

    fn is_sendable(&mut self, parameter: &Parameter, path: &str, variables: &BTreeSet<&str>) -> bool {
        match parameter.place {
            ParameterIn::Path if !variables.contains(parameter.name.as_str()) => {
                let name = &parameter.name;
                let message =
                    format!("the path `{path}` has no variable `{{{name}}}`; the parameter was left out");
                let help = "add the variable to the path, or correct the parameter's `in`";
                self.report(Code::PathParameterUnused, &parameter.location, message, help);
                false
            }
            ParameterIn::Header => {
                !IGNORED_HEADERS.iter().any(|ignored| parameter.name.eq_ignore_ascii_case(ignored))
            }
            _ => true,
        }
    }

    fn undeclared(&mut self, name: &str, operation: &Object<'a>) -> Parameter {
        let message =
            format!("the path variable `{{{name}}}` has no parameter; a string parameter was added");
        let help = "declare a parameter with this name and `in: path`";
        self.report(Code::PathVariableUndeclared, &operation.location, message, help);
        Parameter {
            location: operation.location.clone(),
            name: name.to_owned(),
            place: ParameterIn::Path,
            required: true,
            deprecated: false,
            description: None,
            allow_empty_value: false,
            content: ParameterContent::Schema {
                schema: None,
                serialization: Serialization { style: Style::Simple, explode: false, allow_reserved: false },
            },
            example: None,
            extensions: Map::new(),
        }
    }

    fn parameter(&mut self, object: &Object<'a>) -> Option<Parameter> {
        let (name, place) = self.name_and_place(object)?;
        let content = self.parameter_content(object, place);
        Some(Parameter {
            location: object.location.clone(),
            required: self.flag(object, "required").unwrap_or(false) || place == ParameterIn::Path,
            deprecated: self.flag(object, "deprecated").unwrap_or(false),
            description: self.description(object),
            allow_empty_value: self.flag(object, "allowEmptyValue").unwrap_or(false),
            example: self.examples(object).into_iter().next(),
            extensions: self.extensions(object),
            name,
            place,
            content,
        })
    }

    fn name_and_place(&mut self, object: &Object<'a>) -> Option<(String, ParameterIn)> {
        let Some(name) = self.text(object, "name").filter(|name| !name.is_empty()) else {
            return self.dropped(object, "the parameter has no `name`; it was left out", "add `name`");
        };
        let place = match object.get("in").and_then(Value::as_str) {
            Some("path") => ParameterIn::Path,
            Some("query") => ParameterIn::Query,
            Some("header") => ParameterIn::Header,
            Some("cookie") => ParameterIn::Cookie,
            Some("querystring") => ParameterIn::Querystring,
            Some("body" | "formData") => {
                let message =
                    format!("the parameter `{name}` stands in the body, as only 2.0 has it; it was left out");
                return self.dropped(object, &message, "describe the body under `requestBody`");
            }
            _ => {
                let message = format!("the parameter `{name}` has no `in` that is known; it was left out");
                return self.dropped(object, &message, "write `in: path`, `query`, `header` or `cookie`");
            }
        };
        Some((name, place))
    }

    pub(super) fn dropped<T>(&mut self, object: &Object<'a>, message: &str, help: &str) -> Option<T> {
        self.report(Code::ParameterDropped, &object.location, message, help);
        None
    }

    fn parameter_content(&mut self, object: &Object<'a>, place: ParameterIn) -> ParameterContent {
        let schema = object.place_of("schema");
        if schema.is_none()
            && let Some(media) = self.media_types(object, "content").into_iter().next()
        {
            return ParameterContent::Media(media);
        }
        let schema = schema.or_else(|| self.schema_of_2_0(object));
        let serialization = self.serialization(object, place);
        ParameterContent::Schema { schema, serialization }
    }

    /// The schema of a parameter that has neither `schema` nor `content`: itself, where it is written
    /// as 2.0 has it.
    fn schema_of_2_0(&mut self, object: &Object<'a>) -> Option<Location> {
        if object.get("content").is_some() {
            return None;
        }
        let member = ["type", "enum", "items"].into_iter().find(|member| object.get(member).is_some())?;
        let message = format!("the parameter has no `schema`; its `{member}` was read as 2.0 has it");
        self.report(
            Code::MissingField,
            &object.location,
            message,
            "move what describes the value below `schema`",
        );
        Some(object.location.clone())
    }

    /// `style`, `explode` and `allowReserved` with the defaults of the place.
    pub(super) fn serialization(&mut self, object: &Object<'a>, place: ParameterIn) -> Serialization {
        let written = self.text(object, "style");
        let style = written.as_deref().map_or(Some(default_style(place)), |text| style_in(place, text));
        let style = style.unwrap_or_else(|| {
            let text = written.unwrap_or_default();
            let message =
                format!("`{text}` is not a style for `in: {}`; the default is used", place.as_str());
            self.report(
                Code::UnexpectedType,
                &object.at("style"),
                message,
                "use a style of the specification",
            );
            default_style(place)
        });
        let exploded_by_default = matches!(style, Style::Form | Style::Cookie);
        Serialization {
            style,
            explode: self.flag(object, "explode").unwrap_or(exploded_by_default),
            // Before 3.2 "this field only applies to parameters with an `in` value of `query`".
            allow_reserved: self.flag(object, "allowReserved").unwrap_or(false)
                && (place == ParameterIn::Query || self.version >= SpecVersion::V3_2),
        }
    }
}

/// What makes a parameter itself; header names are the same in any case (RFC 9110, 5.1).
fn identity(parameter: &Parameter) -> (ParameterIn, String) {
    let name = match parameter.place {
        ParameterIn::Header => parameter.name.to_ascii_lowercase(),
        // There is one query string, whatever the parameter is called.
        ParameterIn::Querystring => String::new(),
        _ => parameter.name.clone(),
    };
    (parameter.place, name)
}

const fn default_style(place: ParameterIn) -> Style {
    match place {
        ParameterIn::Path | ParameterIn::Header => Style::Simple,
        ParameterIn::Query | ParameterIn::Cookie | ParameterIn::Querystring => Style::Form,
    }
}

fn style_in(place: ParameterIn, text: &str) -> Option<Style> {
    let style = match text {
        "matrix" => Style::Matrix,
        "label" => Style::Label,
        "simple" => Style::Simple,
        "form" => Style::Form,
        "spaceDelimited" => Style::SpaceDelimited,
        "pipeDelimited" => Style::PipeDelimited,
        "deepObject" => Style::DeepObject,
        "cookie" => Style::Cookie,
        _ => return None,
    };
    let allowed = match place {
        ParameterIn::Path => matches!(style, Style::Matrix | Style::Label | Style::Simple),
        ParameterIn::Header => style == Style::Simple,
        ParameterIn::Cookie => matches!(style, Style::Form | Style::Cookie),
        ParameterIn::Query | ParameterIn::Querystring => {
            matches!(style, Style::Form | Style::SpaceDelimited | Style::PipeDelimited | Style::DeepObject)
        }
    };
    allowed.then_some(style)
}
