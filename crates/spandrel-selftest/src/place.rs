//! What the place of a parameter asks of its value, whatever its schema says.

use serde_json::{Map, Value, json};
use spandrel_plan::{OperationPlan, ParameterPlan, PathSegment};

use crate::find::{find, property};

/// `schema` with the rule added that a variable of the path is never empty.
pub(crate) fn filled(plan: &OperationPlan, mut schema: Value) -> Value {
    let variables = plan.path.segments.iter().filter_map(|segment| match segment {
        PathSegment::Variable(parameter) => Some(parameter),
        PathSegment::Literal(_) => None,
    });
    for variable in variables {
        if let Some(described) = property(&mut schema, &variable.argument.0) {
            let own = described.take();
            *described = json!({"allOf": [own, {"not": {"enum": ["", null, [], {}, [""]]}}]});
        }
    }
    schema
}

/// Takes out of headers what nothing can write there: other than ASCII, and commas in the items of
/// lists, which would be two items each. Nothing is escaped in a header (OpenAPI 3.2, appendix D).
pub(crate) fn fit(plan: &OperationPlan, arguments: &mut Map<String, Value>) {
    for ParameterPlan { argument, .. } in &plan.headers {
        match find(arguments, &argument.0) {
            Some(Value::Array(items)) => items.iter_mut().for_each(|item| keep(item, |c| c != ',')),
            Some(Value::Object(members)) => {
                members.values_mut().for_each(|member| keep(member, |c| c != ','));
            }
            Some(scalar) => keep(scalar, |_| true),
            None => {}
        }
    }
}

/// Keeps the ASCII characters of a text that are `wanted`.
fn keep(value: &mut Value, wanted: impl Fn(char) -> bool) {
    if let Value::String(text) = value {
        text.retain(|character| character.is_ascii() && wanted(character));
    }
}
