//! `application/x-www-form-urlencoded` bodies.

use serde_json::Value;

use super::fields;
use super::value::BodyValue;
use crate::error::CallError;
use crate::plan::{ArgumentPath, FieldPlan, FormPlan, Serialization, Style};
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
                pairs.planned_field(member.name, member.value, plan);
            }
        }
        None => pairs.whole(&String::from_utf8_lossy(&value.to_text())),
    }
    Ok(text)
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
