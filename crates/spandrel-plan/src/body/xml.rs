//! XML bodies, from the `xml` objects of the schema (OAS 3.1.1, "XML Object").

use std::sync::LazyLock;

use serde_json::Value;

use self::writer::XmlWriter;
use super::value::BodyValue;
use crate::arguments::invalid;
use crate::error::CallError;
use crate::plan::{XmlPlan, XmlShape};
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
    let shape = plan.shapes.get(plan.shape).unwrap_or(&PLAIN);
    let mut document = Document { plan, out: XmlWriter::new() };
    let root = if plan.root.is_empty() { "root" } else { &plan.root };
    match value {
        BodyValue::Whole { value: Value::String(text), .. } if text.trim_start().starts_with('<') => {
            return Ok(text.clone());
        }
        BodyValue::Whole { value: Value::Array(items), .. } => {
            // A document has one root, so an array has an element even where it is not wrapped.
            document.wrapped(root, shape, items, 0)?;
        }
        BodyValue::Whole { value, .. } => document.element(root, shape, value, 0)?,
        BodyValue::Members(members) => {
            let members: Vec<_> = members.iter().map(|member| (member.name, member.value)).collect();
            document.object(root, shape, &members, 0)?;
        }
    }
    Ok(document.out.finish())
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
        match value {
            Value::Array(items) if shape.wrapped => {
                self.wrapped(shape.name.as_deref().unwrap_or(name), shape, items, depth)
            }
            Value::Array(items) => {
                // The name of an array that is not wrapped has no effect.
                self.items(name, shape, items, depth)
            }
            value => self.element(shape.name.as_deref().unwrap_or(name), shape, value, depth),
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
        let item_shape = self.shape(shape.items);
        items.iter().try_for_each(|item| self.node(name, item_shape, item, depth + 1))
    }

    fn element(
        &mut self,
        name: &str,
        shape: &'a XmlShape,
        value: &Value,
        depth: usize,
    ) -> Result<(), CallError> {
        match value {
            Value::Object(members) => {
                let members: Vec<_> = members.iter().map(|(name, value)| (name.as_str(), value)).collect();
                self.object(name, shape, &members, depth)
            }
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
        let of = |name: &str| shape.properties.get(name).copied();
        for &(member, value) in members {
            let shape = self.shape(of(member));
            if shape.attribute && !value.is_null() {
                self.out.attribute(shape.name.as_deref().unwrap_or(member), shape, &text_of(value))?;
            }
        }
        self.out.end_of_start();
        for &(member, value) in members {
            let shape = self.shape(of(member));
            if !shape.attribute {
                self.node(member, shape, value, depth + 1)?;
            }
        }
        self.out.close(&scope);
        Ok(())
    }
}
