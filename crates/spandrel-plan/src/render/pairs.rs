//! `name=value` pairs: queries, urlencoded forms and cookies.

use serde_json::Value;

use super::list::Joined;
use super::{content, deep_object};
use crate::media_type::{is_form, is_json};
use crate::percent_encode::Escape;
use crate::plan::{FormPlan, Serialization, Style};
use crate::value_text::{is_undefined, parameter_text};

/// Writes pairs one after another.
pub(crate) struct PairWriter<'a> {
    out: &'a mut String,
    /// What the next pair begins with.
    prefix: &'static str,
    /// What stands between pairs.
    separator: &'static str,
    /// How names are escaped.
    names: Escape,
    /// How values are escaped where nothing is reserved.
    values: Escape,
}

impl<'a> PairWriter<'a> {
    /// The query of a URL that may have one already.
    pub(super) fn query(out: &'a mut String) -> Self {
        let prefix = match out.split_once('?') {
            None => "?",
            Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
            Some(_) => "&",
        };
        Self { out, prefix, separator: "&", names: Escape::Unreserved, values: Escape::Unreserved }
    }

    /// A urlencoded form. A space is `%20`, which every decoder reads, not `+`, which only those of
    /// forms do.
    pub(crate) fn form(out: &'a mut String) -> Self {
        Self { out, prefix: "", separator: "&", names: Escape::Unreserved, values: Escape::Unreserved }
    }

    /// A `Cookie` header.
    pub(super) fn cookie(out: &'a mut String) -> Self {
        Self { out, prefix: "", separator: "; ", names: Escape::CookieName, values: Escape::CookieValue }
    }

    /// Begins a pair, up to its `=`.
    pub(super) fn begin(&mut self, name: &str) {
        self.out.push_str(self.prefix);
        self.prefix = self.separator;
        self.names.push(self.out, name);
        self.out.push('=');
    }

    /// Writes a pair of texts.
    pub(super) fn pair(&mut self, name: &str, value: &str, escape: Escape) {
        self.begin(name);
        escape.push(self.out, value);
    }

    /// Writes a pair whose value is that text.
    pub(crate) fn text(&mut self, name: &str, text: &str) {
        self.pair(name, text, self.values);
    }

    /// Writes text that stands for all pairs.
    pub(crate) fn whole(&mut self, text: &str) {
        if !text.is_empty() {
            self.out.push_str(self.prefix);
            self.prefix = self.separator;
            self.values.push(self.out, text);
        }
    }

    /// Writes a parameter or a form's field. What is undefined is left out, or empty where `required`.
    pub(crate) fn value(&mut self, name: &str, value: &Value, how: &Serialization, required: bool) {
        match how {
            Serialization::Style { style, explode, allow_reserved } => {
                if !is_undefined(value) {
                    let escape = self.value_escape(*style, *allow_reserved);
                    self.styled(name, value, *style, *explode, escape);
                } else if required {
                    self.begin(name);
                }
            }
            Serialization::Content { media_type } => {
                self.pair(name, &content::text(media_type, value), self.values);
            }
            Serialization::Querystring { media_type, form } => self.querystring(value, media_type, form),
        }
    }

    /// Writes a field of a form as `form` says. Null is left out.
    pub(crate) fn planned_field(&mut self, name: &str, value: &Value, form: &FormPlan) {
        match form.fields.get(name).map(|field| &field.serialization) {
            _ if value.is_null() => {}
            // A media type of text is that of each item (OAS 3.1.1, "Encoding Object").
            Some(Serialization::Content { media_type }) if !is_json(media_type) => self.field(name, value),
            Some(serialization) => self.value(name, value, serialization, false),
            None => self.field(name, value),
        }
    }

    /// Writes a field of a form that has no serialization of its own: an array as a pair an item,
    /// an object as JSON.
    pub(crate) fn field(&mut self, name: &str, value: &Value) {
        match value {
            Value::Null => {}
            Value::Array(items) => {
                for item in items.iter().filter(|item| !item.is_null()) {
                    self.pair(name, &parameter_text(item), self.values);
                }
            }
            value => self.pair(name, &parameter_text(value), self.values),
        }
    }

    fn querystring(&mut self, value: &Value, media_type: &str, form: &FormPlan) {
        match value {
            Value::Object(members) if is_form(media_type) => {
                for (name, member) in members {
                    self.planned_field(name, member, form);
                }
            }
            value => self.whole(&content::text(media_type, value)),
        }
    }

    fn value_escape(&self, style: Style, allow_reserved: bool) -> Escape {
        match self.values {
            Escape::CookieValue if style == Style::Cookie => Escape::Verbatim,
            Escape::Unreserved if allow_reserved => Escape::ReservedInQuery,
            escape => escape,
        }
    }

    fn styled(&mut self, name: &str, value: &Value, style: Style, explode: bool, escape: Escape) {
        each_pair(name, value, style, explode, &mut |name, pair| {
            self.begin(name);
            pair.write(escape, self.out);
        });
    }
}

/// The value of a pair that a style makes.
pub(crate) enum PairValue<'a> {
    /// One text.
    Text(&'a Value),
    /// A list or an object, joined as the style has it.
    Joined(Style, &'a Value),
}

impl PairValue<'_> {
    /// Writes it, encoded.
    pub(crate) fn write(&self, escape: Escape, out: &mut String) {
        match self {
            Self::Text(value) => escape.push(out, &parameter_text(value)),
            Self::Joined(style, value) => Joined::by_style(*style, false, escape).write(out, value),
        }
    }
}

/// Calls `found` with each name and value that `style` makes of `value`, in a query, a form, cookies or a
/// multipart body alike.
pub(crate) fn each_pair(
    name: &str,
    value: &Value,
    style: Style,
    explode: bool,
    found: &mut dyn FnMut(&str, PairValue<'_>),
) {
    match value {
        Value::Array(_) | Value::Object(_) if style == Style::DeepObject => {
            deep_object::each(name, value, &mut |name, scalar| found(name, PairValue::Text(scalar)));
        }
        // Exploded, the delimited styles are the form style: OpenAPI leaves them undefined, and
        // its version 3.0.0 says so.
        Value::Array(_) if explode => each_item(name, value, found),
        // A member of an exploded object is a parameter of its own, and so its items are repeated.
        Value::Object(members) if explode => {
            members.iter().for_each(|(member, value)| each_item(member, value, found));
        }
        value => found(name, PairValue::Joined(style, value)),
    }
}

fn each_item(name: &str, value: &Value, found: &mut dyn FnMut(&str, PairValue<'_>)) {
    let items = if let Value::Array(items) = value { items.as_slice() } else { std::slice::from_ref(value) };
    items.iter().filter(|item| !item.is_null()).for_each(|item| found(name, PairValue::Text(item)));
}
