//! What a model and a person are told of an operation.

use spandrel_openapi::{Operation, prose};

/// The most characters of a tool's description: clients cut at 1,000 to 2,000.
const LONGEST_DESCRIPTION: usize = 1_000;
const LONGEST_TITLE: usize = 80;

/// A title for people: the summary, else none (the tool's name serves).
pub(crate) fn title(operation: &Operation) -> Option<String> {
    let summary = prose::plain(operation.summary.as_deref()?, LONGEST_TITLE);
    let line = summary.lines().next()?.trim().trim_end_matches('.');
    (!line.is_empty()).then(|| line.to_owned())
}

/// What a model should know: summary and description without saying anything twice, and whether
/// the operation is deprecated. An operation without prose is named by its method and path.
pub(crate) fn description(operation: &Operation) -> String {
    let summary = prose::plain(operation.summary.as_deref().unwrap_or_default(), LONGEST_DESCRIPTION);
    let detail = prose::plain(operation.description.as_deref().unwrap_or_default(), LONGEST_DESCRIPTION);
    let said_again = detail.to_lowercase().starts_with(summary.trim_end_matches('.').to_lowercase().as_str());
    let mut text = match (summary.is_empty(), detail.is_empty()) {
        (true, true) => format!("{} {}", operation.method, operation.path),
        (_, true) => summary,
        (_, false) if said_again => detail,
        (_, false) => format!("{summary}\n\n{detail}"),
    };
    if operation.deprecated {
        text.insert_str(0, "Deprecated. ");
    }
    prose::plain(&text, LONGEST_DESCRIPTION)
}
