//! Examples of calls, as `x-spandrel` gives them.

use serde_json::{Value, json};
use spandrel_openapi::{Code, Diagnostic, Location, prose};
use spandrel_plan::{ArgumentSchema, JsonText, Tool};

use crate::profile::Profile;

/// Shows `examples` with `tool`: in its schema, or in its description where the clients of `profile` take no
/// examples in schemas. An example that the tool would refuse is left out with a finding.
pub(crate) fn show(
    tool: &mut Tool,
    examples: Vec<(Value, Location)>,
    profile: Profile,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if examples.is_empty() {
        return;
    }
    let schema = ArgumentSchema::new(tool.name.as_str(), tool.input_schema.clone());
    let mut accepted = Vec::new();
    for (example, location) in examples {
        match schema.check(&example) {
            Ok(()) => accepted.push(example),
            Err(error) => {
                let why = prose::excerpt(&error.message, 300);
                let message = format!("the example is no call of the tool, and was left out: {why}");
                diagnostics.push(Diagnostic::new(Code::ExtensionInvalid, location, message));
            }
        }
    }
    if accepted.is_empty() {
        return;
    }
    if profile.takes_examples() {
        let mut schema = tool.input_schema.to_value();
        if let Value::Object(members) = &mut schema {
            members.insert("examples".to_owned(), json!(accepted));
        }
        tool.input_schema = JsonText::from_value(&schema);
        return;
    }
    let texts: Vec<String> = accepted.iter().map(ToString::to_string).collect();
    let description = tool.description.get_or_insert_default();
    if !description.is_empty() {
        description.push_str("\n\n");
    }
    description.push_str("Arguments, for example: ");
    description.push_str(&texts.join(" or "));
}
