//! Parameters of the path, the query, the headers and the cookies.

use std::sync::Arc;

use bytes::Bytes;
use http::Request;
use http::header::COOKIE;
use serde_json::Value;
use spandrel_openapi::{
    Direction, MediaType, Operation, Parameter, ParameterContent, ParameterIn, Serialization, Style,
};

use crate::body::{self, media};
use crate::check::{Check, Checks};
use crate::decode::pairs::{Owner, Pairs};
use crate::decode::{Coding, Form, Wire, accepted, delimited, forms};
use crate::percent::Plus;
use crate::problem::Fault;
use crate::route::Found;
use crate::shape::{Kinds, is_open, member_names};

/// What came for one parameter, and what is wrong with it.
type Reading = Result<Option<Value>, Vec<String>>;

struct Parameters<'r> {
    request: &'r Request<Bytes>,
    found: &'r Found,
    checks: &'r Checks,
    query: Pairs,
}

/// Reads every declared parameter; `faults` gets what is wrong with them, and with the query.
pub(super) fn judge(
    request: &Request<Bytes>,
    operation: &Operation,
    found: &Found,
    credentials: &[(ParameterIn, &str)],
    checks: &Checks,
    faults: &mut Vec<Fault>,
) -> Vec<(String, Value)> {
    let raw_query = request.uri().query().unwrap_or_default();
    let owns_query = operation.parameters.iter().any(|parameter| parameter.place == ParameterIn::Querystring);
    let query =
        if owns_query { Ok(Pairs::default()) } else { Pairs::parse(raw_query, Coding::Percent(Plus::Space)) };
    let query = query.unwrap_or_else(|message| {
        faults.push(Fault::new("query", "", message));
        Pairs::default()
    });
    let mut state = Parameters { request, found, checks, query };
    let of_query =
        credentials.iter().filter(|(place, _)| *place == ParameterIn::Query).map(|(_, name)| *name);
    for name in of_query.chain(found.query_literals.iter().map(String::as_str)) {
        state.query.own(name);
    }
    for parameter in operation.parameters.iter().filter(|parameter| is_exploded(parameter)) {
        let check = state.check_of(parameter);
        if check.shapes().kinds(check.schema()) != Kinds::OBJECT {
            state.query.own(&parameter.name);
        }
    }
    let mut said = Vec::new();
    for parameter in in_turn(&operation.parameters) {
        match state.read(parameter) {
            Ok(Some(value)) => said.push((parameter.name.clone(), value)),
            Ok(None) if parameter.required && !carries(parameter, credentials) => {
                faults.push(missing(parameter));
            }
            Ok(None) => {}
            Err(messages) => faults.extend(
                messages
                    .into_iter()
                    .map(|message| Fault::new(parameter.place.as_str(), &*parameter.name, message)),
            ),
        }
    }
    let undeclared = state.query.undeclared().into_iter();
    faults.extend(undeclared.map(|name| Fault::new("query", name, unknown(name, operation))));
    said
}

/// Whether the parameter is the place of a credential.
fn carries(parameter: &Parameter, credentials: &[(ParameterIn, &str)]) -> bool {
    credentials.iter().any(|(place, name)| {
        let same = match place {
            ParameterIn::Header => parameter.name.eq_ignore_ascii_case(name),
            _ => parameter.name == *name,
        };
        *place == parameter.place && same
    })
}

/// Whether it may own pairs of other names than its own: an exploded object.
fn is_exploded(parameter: &Parameter) -> bool {
    match &parameter.content {
        ParameterContent::Schema { serialization, .. } => {
            serialization.explode
                && serialization.style == Style::Form
                && parameter.place == ParameterIn::Query
        }
        ParameterContent::Media(_) => false,
    }
}

/// The path first; those that may own any pair of the query last.
fn in_turn(parameters: &[Parameter]) -> Vec<&Parameter> {
    let mut parameters: Vec<&Parameter> = parameters.iter().collect();
    parameters.sort_by_key(|parameter| (parameter.place != ParameterIn::Path, is_exploded(parameter)));
    parameters
}

fn missing(parameter: &Parameter) -> Fault {
    Fault::new(parameter.place.as_str(), &*parameter.name, "the document requires it, and it did not come")
}

fn unknown(name: &str, operation: &Operation) -> String {
    let declared = operation.parameters.iter().filter(|parameter| parameter.place == ParameterIn::Query);
    let declared: Vec<&str> = declared.map(|parameter| parameter.name.as_str()).take(20).collect();
    if declared.is_empty() {
        format!("the document declares no query parameter `{name}`, nor any other")
    } else {
        format!("the document declares no query parameter `{name}`, only {}", declared.join(", "))
    }
}

impl Parameters<'_> {
    fn read(&mut self, parameter: &Parameter) -> Reading {
        match &parameter.content {
            ParameterContent::Media(media) => self.read_content(parameter, media),
            ParameterContent::Schema { serialization, .. } => {
                let check = self.check_of(parameter);
                self.read_styled(parameter, *serialization, &check)
            }
        }
    }

    fn check_of(&self, parameter: &Parameter) -> Arc<Check> {
        match &parameter.content {
            ParameterContent::Schema { schema: Some(location), .. } => {
                self.checks.get(location, Direction::Request)
            }
            _ => Arc::new(Check::new(Value::Bool(true), false)),
        }
    }

    fn read_styled(&mut self, parameter: &Parameter, serialization: Serialization, check: &Check) -> Reading {
        let shapes = check.shapes();
        let kinds = shapes.kinds(shapes.root());
        let spread = shapes.spread(&[shapes.root()]);
        let members = member_names(&spread);
        let spoken_of = kinds != Kinds::ALL;
        let owner = Owner {
            name: &parameter.name,
            serialization,
            coding: coding(parameter.place, serialization),
            members: if spoken_of { &members } else { &[] },
            open: spoken_of && is_open(&spread),
        };
        let mut wires = Vec::new();
        let mut wrong = Vec::new();
        for form in forms(kinds) {
            match self.cut(parameter.place, owner, form) {
                Ok(Some(wire)) => wires.push(wire),
                Ok(None) => {}
                Err(message) => wrong.push(message),
            }
        }
        if parameter.allow_empty_value && wires.contains(&Wire::Text(String::new())) {
            return Ok(Some(Value::String(String::new())));
        }
        if wires.is_empty() {
            return match wrong.into_iter().next() {
                Some(message) => Err(vec![message]),
                None => Ok(nothing_sent(serialization, kinds, check)),
            };
        }
        accepted(check, &wires).map(Some).map_err(|complaints| {
            let mut messages: Vec<String> =
                complaints.iter().map(|complaint| blame(complaint, kinds, wires.first())).collect();
            messages.extend(wrong);
            messages
        })
    }

    /// Finds and cuts what came for `owner`.
    fn cut(&mut self, place: ParameterIn, owner: Owner<'_>, form: Form) -> Result<Option<Wire>, String> {
        match place {
            ParameterIn::Query | ParameterIn::Querystring => self.query.take(owner, form),
            ParameterIn::Cookie => {
                let serialization = owner.serialization;
                let joined =
                    serialization.explode && form != Form::Scalar && serialization.style == Style::Form;
                let headers = self.request.headers().get_all(COOKIE).iter();
                let headers: Vec<String> =
                    headers.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect();
                Pairs::cookies(headers.iter().map(String::as_str), joined)
                    .take(Owner { open: false, ..owner }, form)
            }
            ParameterIn::Path | ParameterIn::Header => {
                let Some(raw) = self.single(place, owner.name, form == Form::Scalar)? else {
                    return Ok(None);
                };
                delimited::cut(owner.name, &raw, owner.serialization, form, owner.coding).map(Some)
            }
        }
    }

    /// The text of a path variable or a header.
    fn single(&self, place: ParameterIn, name: &str, once: bool) -> Result<Option<String>, String> {
        if place == ParameterIn::Path {
            let variable = self.found.variables.iter().find(|(variable, _)| variable == name);
            return Ok(variable.map(|(_, raw)| raw.clone()));
        }
        let values = self.request.headers().get_all(name).iter();
        let values: Vec<String> =
            values.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect();
        match values.len() {
            0 => Ok(None),
            several @ 2.. if once => Err(format!("it is given once; it came {several} times")),
            _ => Ok(Some(values.join(","))),
        }
    }

    fn read_content(&mut self, parameter: &Parameter, media: &MediaType) -> Reading {
        let raw = match parameter.place {
            ParameterIn::Querystring => self.request.uri().query().map(str::to_owned),
            ParameterIn::Query => {
                self.query.own(&parameter.name);
                let values = self.query.values(&parameter.name);
                if values.len() > 1 {
                    return Err(vec![format!("it is given once; it came {} times", values.len())]);
                }
                values.first().map(|raw| (*raw).to_owned())
            }
            ParameterIn::Cookie => {
                let headers =
                    self.request.headers().get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
                Pairs::cookies(headers, false).values(&parameter.name).first().map(|raw| (*raw).to_owned())
            }
            place => self.single(place, &parameter.name, true).map_err(|message| vec![message])?,
        };
        let Some(raw) = raw else { return Ok(None) };
        let kind = media::Kind::of(&media::essence(&media.name));
        if kind == media::Kind::Form && parameter.place == ParameterIn::Querystring {
            return body::form::judge(&raw, media, self.checks).map(Some);
        }
        let verbatim = Serialization { style: Style::Simple, explode: false, allow_reserved: false };
        let text = coding(parameter.place, verbatim).decode(&raw).map_err(|message| vec![message])?;
        body::content::judge_text(&text, kind, media, self.checks).map(Some)
    }
}

/// An exploded object without members is written as nothing at all.
fn nothing_sent(serialization: Serialization, kinds: Kinds, check: &Check) -> Option<Value> {
    let exploded = serialization.explode && serialization.style == Style::Form;
    let vanishes = (exploded || serialization.style == Style::DeepObject) && kinds == Kinds::OBJECT;
    let empty = Value::Object(serde_json::Map::new());
    (vanishes && check.accepts(&empty)).then_some(empty)
}

fn coding(place: ParameterIn, serialization: Serialization) -> Coding {
    match place {
        ParameterIn::Header => Coding::Verbatim,
        ParameterIn::Cookie if serialization.style == Style::Cookie => Coding::Verbatim,
        ParameterIn::Path | ParameterIn::Cookie => Coding::Percent(Plus::Plus),
        ParameterIn::Query | ParameterIn::Querystring if serialization.allow_reserved => {
            Coding::Percent(Plus::Plus)
        }
        ParameterIn::Query | ParameterIn::Querystring => Coding::Percent(Plus::Space),
    }
}

fn blame(complaint: &str, kinds: Kinds, wire: Option<&Wire>) -> String {
    let came = match wire {
        Some(Wire::Text(text)) => format!("; `{}` came", text.chars().take(100).collect::<String>()),
        _ => String::new(),
    };
    format!("the document wants {}{came}: {complaint}", kinds.describe())
}
