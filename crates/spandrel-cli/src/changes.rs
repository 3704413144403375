//! Changes of the tools, for people and for pull requests.

use std::fmt::Write;

use anstyle::Style;
use spandrel::diff::{Change, Risk, SurfaceDiff};

use crate::output::{ERROR, NOTE, Printable, WARNING, count, grouped};

/// Lines for people: each risk with its changes.
pub(crate) fn text(diff: &SurfaceDiff) -> String {
    let mut text = String::new();
    for (risk, changes) in by_risk(diff) {
        let style = style(risk);
        let number = grouped(changes.len());
        let _ = writeln!(text, "{style}{}{style:#} ({number})", risk.as_str());
        for change in changes {
            let _ = writeln!(text, "  {}: {}", subject(change), Printable(&change.message));
        }
    }
    text
}

/// The same without colours, a change a line.
pub(crate) fn plain(diff: &SurfaceDiff) -> String {
    diff.changes.iter().fold(String::new(), |mut text, change| {
        let _ = writeln!(text, "  {}: {}: {}", change.risk.as_str(), subject(change), change.message);
        text
    })
}

/// A section for each risk, with a list.
pub(crate) fn markdown(diff: &SurfaceDiff) -> String {
    let numbers = if diff.is_empty() { "no change".to_owned() } else { numbers(diff) };
    let mut text = format!("## Tools: {numbers}\n");
    for (risk, changes) in by_risk(diff) {
        let heading = match risk {
            Risk::Breaking => "Breaking",
            Risk::Risky => "Risky",
            Risk::Safe => "Safe",
        };
        let _ = write!(text, "\n### {heading}\n\n");
        for change in changes {
            let subject =
                change.tool.as_ref().map_or_else(|| "the API".to_owned(), |tool| format!("`{tool}`"));
            let _ = writeln!(text, "- {subject}: {}", escaped(&change.message));
        }
    }
    text
}

/// `3 changes: 1 breaking, 2 risky`, or that nothing has changed.
pub(crate) fn summary(diff: &SurfaceDiff) -> String {
    if diff.is_empty() {
        return "no change".to_owned();
    }
    format!("{}: {}", count(diff.changes.len(), "change"), numbers(diff))
}

fn numbers(diff: &SurfaceDiff) -> String {
    let numbers =
        by_risk(diff).map(|(risk, changes)| format!("{} {}", grouped(changes.len()), risk.as_str()));
    numbers.collect::<Vec<_>>().join(", ")
}

fn by_risk(diff: &SurfaceDiff) -> impl Iterator<Item = (Risk, Vec<&Change>)> {
    let all = Risk::ALL.into_iter().map(|risk| (risk, diff.with_risk(risk).collect::<Vec<_>>()));
    all.filter(|(_, changes)| !changes.is_empty())
}

fn subject(change: &Change) -> &str {
    change.tool.as_deref().unwrap_or("the API")
}

const fn style(risk: Risk) -> Style {
    match risk {
        Risk::Breaking => ERROR,
        Risk::Risky => WARNING,
        Risk::Safe => NOTE,
    }
}

/// Text of a document has no say in the page that it stands on; what stands between backticks is ours.
fn escaped(message: &str) -> String {
    let mut escaped = String::with_capacity(message.len());
    let mut is_code = false;
    for character in message.chars() {
        is_code ^= character == '`';
        if !is_code && "\\*_[]<>!|#@&~".contains(character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn markdown_of_documents_is_text() {
        let table = [
            ("the argument `a_b[]` is gone", "the argument `a_b[]` is gone"),
            ("\"![x](http://evil) <b>\"", "\"\\!\\[x\\](http://evil) \\<b\\>\""),
        ];
        for (given, expected) in table {
            assert_eq!(escaped(given), expected);
        }
    }
}
