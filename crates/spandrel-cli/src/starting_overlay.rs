//! An overlay to start curating a document from.

use std::fmt::Write;

use spandrel::openapi::{Operation, SourceId, prose};
use spandrel::{Compiled, Tool};

/// From here on, characters, a description costs a model more than it tells.
const LONG_DESCRIPTION: usize = 400;
const SHORT_DESCRIPTION: usize = 200;

/// An overlay with an action for each operation that somebody should look at: it has no name of its
/// own, a long description, or may do harm.
pub(crate) fn written(compiled: &Compiled) -> String {
    let title = text(&format!("Tools of {}", prose::excerpt(&compiled.document.info.title, 80)));
    let mut overlay = format!("overlay: 1.1.0\ninfo:\n  title: {title}\n  version: 1.0.0\nactions:\n");
    let mut actions = 0;
    for tool in compiled.catalog.tools() {
        if let Some(action) = compiled.operation(tool).and_then(|operation| action(operation, tool)) {
            overlay.push_str(&action);
            actions += 1;
        }
    }
    if actions == 0 {
        overlay.push_str("  # Nothing asks for a change.\n  - target: $\n    update: {}\n");
    }
    overlay
}

fn action(operation: &Operation, tool: &Tool) -> Option<String> {
    // An overlay changes the root document.
    if operation.location.source != SourceId::ROOT {
        return None;
    }
    let description = tool.description.as_deref().unwrap_or_default();
    let length = description.chars().count();
    let (is_unnamed, is_long) = (operation.operation_id.is_none(), length > LONG_DESCRIPTION);
    let is_dangerous = tool.annotations.destructive && operation.method != "POST";
    if !(is_unnamed || is_long || is_dangerous) {
        return None;
    }
    let mut action =
        format!("  # {} {}\n  - target: {}\n", operation.method, line(&operation.path), target(operation));
    action.push_str("    update:\n      x-mcp:\n");
    if is_unnamed {
        let _ = writeln!(action, "        # It has no operationId.\n        name: {}", text(&tool.name));
    }
    if is_long {
        let short = prose::plain(description, SHORT_DESCRIPTION);
        let _ = writeln!(action, "        # Now {length} characters.\n        description: {}", text(&short));
    }
    if is_dangerous {
        action.push_str(
            "        # It may destroy something. Say false to have no tool for it.\n        enabled: true\n",
        );
    }
    Some(action)
}

/// The operation as a JSONPath (RFC 9535), in quotes of YAML.
fn target(operation: &Operation) -> String {
    let mut path = "$".to_owned();
    for token in operation.location.pointer.tokens() {
        let is_plain = token.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && token.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if is_plain {
            let _ = write!(path, ".{token}");
        } else {
            let quoted = token.replace('\\', "\\\\").replace('\'', "\\'");
            let _ = write!(path, "['{quoted}']");
        }
    }
    text(&path)
}

/// A YAML string: JSON's are.
fn text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// What a comment can hold.
fn line(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}
