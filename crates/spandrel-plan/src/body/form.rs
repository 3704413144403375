//! `application/x-www-form-urlencoded` bodies.

use super::value::{BodyValue, Member};
use crate::media_type;
use crate::plan::{FormPlan, Serialization};
use crate::render::PairWriter;

/// Null fields are left out. A body that is no object is one text without `=`.
pub(super) fn render(plan: &FormPlan, value: &BodyValue<'_>) -> String {
    let mut text = String::new();
    let mut pairs = PairWriter::form(&mut text);
    match value.members() {
        Some(members) => {
            for member in members.iter().filter(|member| !member.value.is_null()) {
                write(plan, member, &mut pairs);
            }
        }
        None => pairs.whole(&String::from_utf8_lossy(&value.to_text())),
    }
    text
}

fn write(plan: &FormPlan, member: &Member<'_>, pairs: &mut PairWriter<'_>) {
    match plan.fields.get(member.name).map(|field| &field.serialization) {
        // A media type of text is that of each item (OAS 3.1.1, "Encoding Object").
        Some(Serialization::Content { media_type }) if !media_type::is_json(media_type) => {
            pairs.field(member.name, member.value);
        }
        Some(serialization) => pairs.value(member.name, member.value, serialization, false),
        None => pairs.field(member.name, member.value),
    }
}
