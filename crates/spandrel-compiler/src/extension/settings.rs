//! `x-spandrel`: what no other extension says.

use serde_json::{Map, Value};
use spandrel_openapi::{Location, prose};
use spandrel_plan::{Argument, ArgumentIn, ConfirmWhen, Confirmation, FieldList, Projection, ResponseShape};

use super::{Level, Reader};

/// The extension's name.
pub(super) const NAME: &str = "x-spandrel";
/// What is read of it, here and with the others.
const MEMBERS: [&str; 14] = [
    "name",
    "title",
    "description",
    "enabled",
    "disabled",
    "annotations",
    "readOnlyHint",
    "destructiveHint",
    "idempotentHint",
    "openWorldHint",
    "parameters",
    "confirm",
    "response",
    "examples",
];
const PLACES: [(&str, ArgumentIn); 7] = [
    ("path", ArgumentIn::Path),
    ("query", ArgumentIn::Query),
    ("header", ArgumentIn::Header),
    ("cookie", ArgumentIn::Cookie),
    ("querystring", ArgumentIn::Querystring),
    ("body", ArgumentIn::Body),
    ("form", ArgumentIn::Form),
];
const MOST_PARAMETERS: usize = 100;
const MOST_FIELDS: usize = 100;
const MOST_EXAMPLES: usize = 3;
/// In bytes of JSON.
const LONGEST_EXAMPLE: usize = 1_000;
/// In bytes of JSON.
const LONGEST_VALUE: usize = 10_000;
const LONGEST_EXPRESSION: usize = 1_000;
const LONGEST_VARIABLE: usize = 128;
const LONGEST_MESSAGE: usize = 300;

/// What `x-spandrel` says of one operation's tool.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Settings {
    /// Parameters that the bridge gives; of two settings of one parameter the first counts.
    pub(crate) parameters: Vec<ParameterSetting>,
    /// What goes onto the tool itself.
    pub(crate) presented: Presented,
}

/// What is kept with a tool, and shown.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Presented {
    pub(crate) confirmation: Option<Confirmation>,
    pub(crate) response: Option<ResponseShape>,
    /// Arguments of example calls, and where they stand.
    pub(crate) examples: Vec<(Value, Location)>,
}

/// What is set for one parameter.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ParameterSetting {
    place: Option<ArgumentIn>,
    name: String,
    /// As it was written: `name`, or `place:name`.
    pub(crate) key: String,
    pub(crate) rule: ParameterRule,
    pub(crate) location: Location,
}

/// What the bridge does for a parameter.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ParameterRule {
    /// Never sends it.
    Hidden,
    /// Always sends this.
    Fixed(ParameterValue),
    /// Sends this where the model gives nothing.
    Default(ParameterValue),
}

/// A value, or where it comes from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ParameterValue {
    Json(Value),
    Environment(String),
}

impl ParameterSetting {
    /// Whether `argument` is what is meant.
    pub(crate) fn means(&self, argument: &Argument) -> bool {
        let is_header = argument.place == ArgumentIn::Header;
        let has_name = argument.name == self.name
            || (is_header && argument.name.eq_ignore_ascii_case(&self.name) && !argument.name.is_empty());
        has_name && self.place.is_none_or(|place| place == argument.place)
    }
}

impl Settings {
    /// Reads what the levels say, the nearest first.
    pub(super) fn read(levels: &[Level<'_>], reader: &mut Reader<'_>) -> Self {
        let mut settings = Self::default();
        for (distance, level) in levels.iter().enumerate() {
            let Some(members) = level.members.get(NAME).and_then(Value::as_object) else { continue };
            let location = level.location.child(NAME);
            for unknown in members.keys().filter(|name| !MEMBERS.contains(&name.as_str())) {
                reader.reject(&location.child(unknown), unknown, "is no member of `x-spandrel`");
            }
            settings.read_parameters(members, &location, reader);
            let presented = &mut settings.presented;
            if presented.confirmation.is_none() {
                presented.confirmation = reader.confirmation(members, &location);
            }
            if presented.response.is_none() {
                presented.response = reader.response(members, &location);
            }
            if distance == 0 {
                presented.examples = reader.examples(members, &location);
            }
        }
        settings
    }

    fn read_parameters(
        &mut self,
        members: &Map<String, Value>,
        location: &Location,
        reader: &mut Reader<'_>,
    ) {
        let Some(parameters) = members.get("parameters") else { return };
        let location = location.child("parameters");
        let Some(parameters) = parameters.as_object().filter(|all| all.len() <= MOST_PARAMETERS) else {
            return reader.reject(&location, "parameters", "must be an object of at most 100 members");
        };
        for (key, setting) in parameters {
            let location = location.child(key);
            let Some(rule) = reader.rule(key, setting, &location) else { continue };
            let placed = key.split_once(':').and_then(|(place, name)| {
                PLACES.iter().find(|(word, _)| *word == place).map(|(_, place)| (*place, name))
            });
            let (place, name) = placed.map_or((None, key.as_str()), |(place, name)| (Some(place), name));
            if self.parameters.iter().all(|earlier| (earlier.place, earlier.name.as_str()) != (place, name)) {
                let (key, name) = (key.clone(), name.to_owned());
                self.parameters.push(ParameterSetting { place, name, key, rule, location });
            }
        }
    }
}

impl Reader<'_> {
    fn rule(&mut self, key: &str, setting: &Value, location: &Location) -> Option<ParameterRule> {
        let mut members = setting.as_object().into_iter().flatten();
        let rule = match (members.next(), members.next()) {
            (Some((name, value)), None) => match (name.as_str(), value) {
                ("hidden", Value::Bool(true)) => Some(ParameterRule::Hidden),
                ("value", value) => json(value).map(ParameterRule::Fixed),
                ("default", value) => json(value).map(ParameterRule::Default),
                ("fromEnv", Value::String(name)) => variable(name).map(ParameterRule::Fixed),
                ("defaultFromEnv", Value::String(name)) => variable(name).map(ParameterRule::Default),
                _ => None,
            },
            _ => None,
        };
        if rule.is_none() {
            let expected = "must be an object with one of `value`, `fromEnv`, `default`, `defaultFromEnv` and \
                            `hidden: true`";
            self.reject(location, key, expected);
        }
        rule
    }

    fn confirmation(&mut self, members: &Map<String, Value>, location: &Location) -> Option<Confirmation> {
        let written = members.get("confirm")?;
        let read = match written {
            Value::String(when) => {
                confirm_when(when).map(|when| Confirmation { when, message: None, argument: None })
            }
            Value::Object(members) if only(members, &["when", "message"]) => {
                let when = members
                    .get("when")
                    .map_or(Some(ConfirmWhen::Always), |when| when.as_str().and_then(confirm_when));
                let message = members.get("message").map(Value::as_str);
                when.filter(|_| message != Some(None)).map(|when| {
                    let message = message.flatten().map(|text| prose::plain(text, LONGEST_MESSAGE));
                    Confirmation { when, message: message.filter(|text| !text.is_empty()), argument: None }
                })
            }
            _ => None,
        };
        if read.is_none() {
            let expected = "must be `always`, `never`, or an object with `when` and `message`";
            self.reject(&location.child("confirm"), "confirm", expected);
        }
        read
    }

    fn response(&mut self, members: &Map<String, Value>, location: &Location) -> Option<ResponseShape> {
        let read = response_shape(members.get("response")?);
        if read.is_none() {
            let expected = "must be an object with `fields` or `jmespath`, and `maxItems`";
            self.reject(&location.child("response"), "response", expected);
        }
        read
    }

    fn examples(&mut self, members: &Map<String, Value>, location: &Location) -> Vec<(Value, Location)> {
        let Some(written) = members.get("examples") else { return Vec::new() };
        let location = location.child("examples");
        let is_short = |example: &Value| example.is_object() && example.to_string().len() <= LONGEST_EXAMPLE;
        match written.as_array() {
            Some(examples) if examples.len() <= MOST_EXAMPLES && examples.iter().all(is_short) => {
                let placed =
                    |(index, example): (usize, &Value)| (example.clone(), location.child(&index.to_string()));
                examples.iter().enumerate().map(placed).collect()
            }
            _ => {
                let expected =
                    "must be an array of at most 3 objects of arguments, each of at most 1,000 bytes";
                self.reject(&location, "examples", expected);
                Vec::new()
            }
        }
    }
}

fn json(value: &Value) -> Option<ParameterValue> {
    (value.to_string().len() <= LONGEST_VALUE).then(|| ParameterValue::Json(value.clone()))
}

/// A variable's name (POSIX, "Environment Variable Definition").
fn variable(name: &str) -> Option<ParameterValue> {
    let is_name = name.len() <= LONGEST_VARIABLE
        && name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_name.then(|| ParameterValue::Environment(name.to_owned()))
}

fn confirm_when(word: &str) -> Option<ConfirmWhen> {
    match word {
        "always" => Some(ConfirmWhen::Always),
        "never" => Some(ConfirmWhen::Never),
        _ => None,
    }
}

fn response_shape(written: &Value) -> Option<ResponseShape> {
    let members = written.as_object().filter(|members| only(members, &["fields", "jmespath", "maxItems"]))?;
    let projection = match (members.get("fields"), members.get("jmespath")) {
        (None, None) => None,
        (Some(Value::Array(fields)), None) if (1..=MOST_FIELDS).contains(&fields.len()) => {
            let fields: Vec<&str> = fields.iter().map(Value::as_str).collect::<Option<_>>()?;
            let fields = FieldList::parse(fields).ok()?;
            Some(Projection::Fields(fields.as_written().to_vec()))
        }
        (None, Some(Value::String(expression))) if (1..=LONGEST_EXPRESSION).contains(&expression.len()) => {
            Some(Projection::Jmespath(expression.clone()))
        }
        _ => return None,
    };
    let max_items = match members.get("maxItems") {
        None => None,
        Some(number) => {
            Some(number.as_u64().and_then(|number| u32::try_from(number).ok()).filter(|&n| n > 0)?)
        }
    };
    Some(ResponseShape { projection, max_items, argument: None })
}

fn only(members: &Map<String, Value>, names: &[&str]) -> bool {
    members.keys().all(|name| names.contains(&name.as_str()))
}
