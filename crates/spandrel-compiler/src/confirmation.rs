//! The argument that takes the token of a confirmed call.

use serde_json::{Map, Value, json};
use spandrel_plan::{ConfirmWhen, Confirmation, JsonText, Tool};

/// What the argument may be named; the first that is free.
const NAMES: [&str; 3] = ["confirmation", "confirmation_token", "bridge_confirmation_token"];

const DESCRIPTION: &str = "Leave out at first: the call then sends nothing, and answers with what to ask a person and the token to give here.";

/// Has a person asked before the tool is called, whatever the document says.
pub(crate) fn require(tool: &mut Tool) {
    let message = tool.confirmation.take().and_then(|confirmation| confirmation.message);
    tool.confirmation = Some(Confirmation { when: ConfirmWhen::Always, message, argument: None });
}

/// Adds the argument to a tool that is only called when a person agrees.
pub(crate) fn advertise(tool: &mut Tool) {
    let Some(confirmation) = tool.confirmation.as_mut().filter(|it| it.when == ConfirmWhen::Always) else {
        return;
    };
    let mut schema = tool.input_schema.to_value();
    let Value::Object(members) = &mut schema else { return };
    let properties = members.entry("properties").or_insert_with(|| Value::Object(Map::new()));
    let Value::Object(properties) = properties else { return };
    let free = NAMES.into_iter().find(|name| !properties.contains_key(*name));
    let Some(name) = free else { return };
    properties.insert(name.to_owned(), json!({"type": "string", "description": DESCRIPTION}));
    confirmation.argument = Some(name.to_owned());
    tool.input_schema = JsonText::from_value(&schema);
}
