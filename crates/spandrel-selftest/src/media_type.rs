//! Bodies whose media type the caller chooses.

use serde_json::{Value, json};
use spandrel_plan::{ArgumentPath, BodySource, OperationPlan};

/// The media types besides the first.
pub(crate) fn others(plan: &OperationPlan) -> impl Iterator<Item = String> + '_ {
    let media_types =
        plan.body.iter().filter(|body| body.choice.is_some()).flat_map(|body| &body.media_types);
    media_types.skip(1).filter_map(|media| media.content_type.to_str().ok()).map(str::to_owned)
}

/// `schema` with the choice of `media_type` made: the body has the schema of that media type.
pub(crate) fn narrowed(plan: &OperationPlan, schema: &Value, media_type: &str) -> Value {
    let mut schema = schema.clone();
    let Some(body) = &plan.body else { return schema };
    let index = body.media_types.iter().position(|media| media.content_type == media_type);
    if let (Some(index), BodySource::Whole(path)) = (index, &body.source) {
        require(&mut schema, path, |body| {
            let branch = body.pointer(&format!("/anyOf/{index}")).cloned();
            if let Some(branch) = branch {
                *body = branch;
            }
        });
    }
    if let Some(choice) = &body.choice {
        require(&mut schema, choice, |choice| *choice = json!({"const": media_type}));
    }
    schema
}

/// Changes the schema of the argument at `path`, and makes it required.
fn require(schema: &mut Value, path: &ArgumentPath, change: impl FnOnce(&mut Value)) {
    let mut place = Some(schema);
    for key in &path.0 {
        let Some(object) = place.take().and_then(Value::as_object_mut) else { return };
        if let Value::Array(required) = object.entry("required").or_insert_with(|| json!([]))
            && !required.iter().any(|name| name == key)
        {
            required.push(json!(key));
        }
        place = object.get_mut("properties").and_then(|properties| properties.get_mut(key));
    }
    if let Some(place) = place {
        change(place);
    }
}
