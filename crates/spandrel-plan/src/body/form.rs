//! `application/x-www-form-urlencoded` bodies.

use serde_json::Value;

use super::value::{BodyValue, Member};
use super::{fields, xml};
use crate::error::CallError;
use crate::plan::{ArgumentPath, FieldPlan, FormPlan, Serialization, Style, XmlPlan};
use crate::render::PairWriter;

/// Null fields are left out. A body that is no object is one text without `=`.
///
/// # Errors
/// When a field would be read as another.
pub(super) fn render(plan: &FormPlan, value: &BodyValue<'_>) -> Result<String, CallError> {
    let mut text = String::new();
    let mut pairs = PairWriter::form(&mut text);
    match value.members() {
        Some(members) => {
            fields::refuse_forged(&members, &plan.fields, style)?;
            for member in members.iter() {
                match plan.xml.get(member.name) {
                    Some(xml) => documents(member, xml, &mut pairs)?,
                    None => pairs.planned_field(member.name, member.value, plan),
                }
            }
        }
        None => pairs.whole(&String::from_utf8_lossy(&value.to_text())),
    }
    Ok(text)
}

/// A pair for each XML document.
fn documents(member: &Member<'_>, plan: &XmlPlan, pairs: &mut PairWriter<'_>) -> Result<(), CallError> {
    let value = member.value;
    let items = if let Value::Array(items) = value { items.as_slice() } else { std::slice::from_ref(value) };
    for item in items.iter().filter(|item| !item.is_null()) {
        pairs.text(member.name, &xml::render_value(plan, item)?);
    }
    Ok(())
}

/// Refuses a value of a form, which need not be a body, that has a field which would be read as another.
///
/// # Errors
/// For such a field.
pub(crate) fn refuse_forged_fields(
    plan: &FormPlan,
    value: &Value,
    argument: &ArgumentPath,
) -> Result<(), CallError> {
    let value = BodyValue::Whole { value, argument };
    fields::refuse_forged(&value.members().unwrap_or_default(), &plan.fields, style)
}

fn style(field: &FieldPlan) -> Option<(Style, bool)> {
    match field.serialization {
        Serialization::Style { style, explode, .. } => Some((style, explode)),
        Serialization::Content { .. } | Serialization::Querystring { .. } => None,
    }
}
