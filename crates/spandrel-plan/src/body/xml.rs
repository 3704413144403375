//! XML bodies, from the `xml` objects of the schema (OAS 3.1.1, "XML Object").

use std::sync::LazyLock;

use serde_json::{Map, Value};

use self::writer::XmlWriter;
use super::value::BodyValue;
use crate::arguments::invalid;
use crate::error::CallError;
use crate::plan::{XmlNode, XmlPlan, XmlShape};
use crate::value_text::text_of;

mod writer;

/// What a schema without any `xml` object says.
static PLAIN: LazyLock<XmlShape> = LazyLock::new(XmlShape::default);

/// How deep elements may nest: as deep as arguments that came as JSON text can be.
const MAX_DEPTH: usize = 128;

/// Writes the document. A string that begins with `<` is taken for the whole document.
///
/// # Errors
/// When a text holds a character that XML cannot, or a member's name cannot be an element's.
pub(super) fn render(plan: &XmlPlan, value: &BodyValue<'_>) -> Result<String, CallError> {
    match value {
        BodyValue::Whole { value, .. } => render_value(plan, value),
        BodyValue::Members(members) => {
            let members: Vec<_> = members.iter().map(|member| (member.name, member.value)).collect();
            let mut document = Document { plan, out: XmlWriter::new() };
            document.object(root(plan), document.shape(Some(plan.shape)), &members, 0)?;
            Ok(document.out.finish())
        }
    }
}

/// The same for a value that stands in one argument.
///
/// # Errors
/// As [`render`].
pub(super) fn render_value(plan: &XmlPlan, value: &Value) -> Result<String, CallError> {
    let mut document = Document { plan, out: XmlWriter::new() };
    let shape = document.shape(Some(plan.shape));
    match value {
        Value::String(text) if text.trim_start().starts_with('<') => return Ok(text.clone()),
        // A document has one root, so an array has an element even where it is not wrapped.
        Value::Array(items) => document.wrapped(root(plan), shape, items, 0)?,
        value => document.element(root(plan), shape, value, 0)?,
    }
    Ok(document.out.finish())
}

fn root(plan: &XmlPlan) -> &str {
    if plan.root.is_empty() { "root" } else { &plan.root }
}

struct Document<'a> {
    plan: &'a XmlPlan,
    out: XmlWriter,
}

impl<'a> Document<'a> {
    fn shape(&self, index: Option<usize>) -> &'a XmlShape {
        index.and_then(|index| self.plan.shapes.get(index)).unwrap_or(&PLAIN)
    }

    /// A property of an object, or an item of an array: `name` is what it is called unless its shape
    /// says otherwise.
    fn node(
        &mut self,
        name: &str,
        shape: &'a XmlShape,
        value: &Value,
        depth: usize,
    ) -> Result<(), CallError> {
        if depth > MAX_DEPTH {
            return Err(invalid(name, format!("nested deeper than {MAX_DEPTH} levels")));
        }
        match (value, shape.node) {
            (Value::Array(items), _) if shape.wrapped => {
                self.wrapped(shape.name.as_deref().unwrap_or(name), shape, items, depth)
            }
            // The name of an array that is not wrapped has no effect.
            (Value::Array(items), _) => self.items(name, shape, items, depth),
            (Value::Object(members), XmlNode::None) => self.contents(shape, &pairs(members), depth),
            (Value::Null, XmlNode::Text | XmlNode::Cdata | XmlNode::None) => Ok(()),
            (value, XmlNode::Text | XmlNode::None) => {
                self.out.text(&text_of(value)).map_err(|problem| invalid(name, problem))
            }
            (value, XmlNode::Cdata) => {
                self.out.cdata(&text_of(value)).map_err(|problem| invalid(name, problem))
            }
            (value, XmlNode::Element | XmlNode::Attribute) => {
                self.element(shape.name.as_deref().unwrap_or(name), shape, value, depth)
            }
        }
    }

    fn wrapped(
        &mut self,
        name: &str,
        shape: &'a XmlShape,
        items: &[Value],
        depth: usize,
    ) -> Result<(), CallError> {
        let scope = self.out.open(name, shape)?;
        self.out.end_of_start();
        self.items(name, shape, items, depth)?;
        self.out.close(&scope);
        Ok(())
    }

    fn items(
        &mut self,
        name: &str,
        shape: &'a XmlShape,
        items: &[Value],
        depth: usize,
    ) -> Result<(), CallError> {
        items.iter().enumerate().try_for_each(|(index, item)| {
            let own = shape.first_items.get(index).copied();
            self.node(name, self.shape(own.or(shape.items)), item, depth + 1)
        })
    }

    fn element(
        &mut self,
        name: &str,
        shape: &'a XmlShape,
        value: &Value,
        depth: usize,
    ) -> Result<(), CallError> {
        match value {
            Value::Object(members) => self.object(name, shape, &pairs(members), depth),
            Value::Null => {
                // As OAS 3.2 recommends.
                let scope = self.out.open(name, shape)?;
                self.out.nil();
                self.out.close(&scope);
                Ok(())
            }
            value => {
                let scope = self.out.open(name, shape)?;
                self.out.end_of_start();
                self.out.text(&text_of(value)).map_err(|problem| invalid(name, problem))?;
                self.out.close(&scope);
                Ok(())
            }
        }
    }

    fn object(
        &mut self,
        name: &str,
        shape: &'a XmlShape,
        members: &[(&str, &Value)],
        depth: usize,
    ) -> Result<(), CallError> {
        let scope = self.out.open(name, shape)?;
        self.attributes(shape, members, depth)?;
        self.out.end_of_start();
        self.contents(shape, members, depth)?;
        self.out.close(&scope);
        Ok(())
    }

    /// The attributes among `members`, and among the members of those that are no nodes.
    fn attributes(
        &mut self,
        shape: &'a XmlShape,
        members: &[(&str, &Value)],
        depth: usize,
    ) -> Result<(), CallError> {
        for &(member, value) in members {
            let shape = self.shape(shape.properties.get(member).copied());
            match (shape.node, value) {
                (XmlNode::Attribute, value) if !value.is_null() => {
                    self.out.attribute(shape.name.as_deref().unwrap_or(member), shape, &text_of(value))?;
                }
                (XmlNode::None, Value::Object(members)) if depth < MAX_DEPTH => {
                    self.attributes(shape, &pairs(members), depth + 1)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Everything else among `members`.
    fn contents(
        &mut self,
        shape: &'a XmlShape,
        members: &[(&str, &Value)],
        depth: usize,
    ) -> Result<(), CallError> {
        for &(member, value) in members {
            let shape = self.shape(shape.properties.get(member).copied());
            if shape.node != XmlNode::Attribute {
                self.node(member, shape, value, depth + 1)?;
            }
        }
        Ok(())
    }
}

fn pairs(members: &Map<String, Value>) -> Vec<(&str, &Value)> {
    members.iter().map(|(name, value)| (name.as_str(), value)).collect()
}
