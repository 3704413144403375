//! What the API is about, in so few words that they cost little whatever the API.

use std::collections::BTreeMap;

use super::Operations;

/// The most tokens of the API's title, and of what it says of itself.
const TITLE_TOKENS: usize = 40;
const DESCRIPTION_TOKENS: usize = 400;
/// The most tokens that topics take, and of one of them.
const TOPICS_TOKENS: usize = 350;
const TOPIC_TOKENS: usize = 15;

/// How to use the three tools, and what the API says of itself.
pub(super) fn instructions(operations: &Operations) -> String {
    let (api, names) = (operations.catalog.api(), &operations.names);
    let description = api.description.as_deref().map(str::trim).unwrap_or_default();
    let usage = format!(
        "The {} operations of {} are called through tools: `{}` finds them by what you want to do, `{}` shows \
         their arguments in full, `{}` calls one.",
        operations.catalog.tools().len(),
        title(operations),
        names.search,
        names.describe,
        names.call
    );
    format!("{usage}\n\n{}", within(description, DESCRIPTION_TOKENS)).trim_end().to_owned()
}

/// What there is to be searched: the API's title, and its topics.
pub(super) fn of_api(operations: &Operations) -> String {
    let number = operations.catalog.tools().len();
    let head = format!("{} has {number} operations.", title(operations));
    let (kind, topics) = topics(operations);
    let mut listed = String::new();
    let mut left = topics.len();
    for (topic, number) in topics {
        let entry = format!("{}{topic} ({number})", if listed.is_empty() { "" } else { ", " });
        if !spandrel_tokens::fits(&format!("{listed}{entry}"), TOPICS_TOKENS) {
            break;
        }
        listed.push_str(&entry);
        left -= 1;
    }
    let more = if left > 0 { format!(" and {left} more") } else { String::new() };
    if listed.is_empty() { head } else { format!("{head} {kind}: {listed}{more}.") }
}

fn title(operations: &Operations) -> String {
    match within(operations.catalog.api().title.trim(), TITLE_TOKENS) {
        title if title.is_empty() => "the API".to_owned(),
        title => title,
    }
}

/// The tags, or where there are none the resources that paths begin with, by the number of their operations.
fn topics(operations: &Operations) -> (&'static str, Vec<(String, usize)>) {
    let mut tags = BTreeMap::<&str, usize>::new();
    let mut resources = BTreeMap::<&str, usize>::new();
    for tool in operations.catalog.tools() {
        tool.tags.iter().for_each(|tag| *tags.entry(tag).or_default() += 1);
        let segments = tool.operation.path.split('/');
        if let Some(resource) = segments.into_iter().find(|segment| is_resource(segment)) {
            *resources.entry(resource).or_default() += 1;
        }
    }
    let (kind, counts) = if tags.is_empty() { ("Paths", resources) } else { ("Tags", tags) };
    let mut topics: Vec<(String, usize)> =
        counts.into_iter().map(|(topic, number)| (within(topic, TOPIC_TOKENS), number)).collect();
    topics.sort_by_key(|(_, number)| std::cmp::Reverse(*number));
    (kind, topics)
}

/// Whether a segment of a path names something, rather than a version or a variable.
fn is_resource(segment: &str) -> bool {
    let is_version =
        segment.strip_prefix('v').is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()));
    !segment.is_empty() && !segment.contains('{') && !is_version && segment != "api"
}

/// At most `limit` tokens of `text`, on one line.
pub(super) fn within(text: &str, limit: usize) -> String {
    let folded: Vec<&str> = text.split_whitespace().collect();
    let mut kept: String = folded.join(" ").chars().take(limit.saturating_mul(6)).collect();
    let is_whole = kept.len() >= folded.join(" ").len();
    if is_whole && spandrel_tokens::fits(&kept, limit) {
        return kept;
    }
    // Room for the sign that something is left out.
    while !spandrel_tokens::fits(&kept, limit.saturating_sub(1)) && !kept.is_empty() {
        let shorter = kept.chars().count() * 7 / 8;
        kept = kept.chars().take(shorter).collect();
    }
    let end = kept.rfind(' ').filter(|end| end * 2 > kept.len()).unwrap_or(kept.len());
    kept.truncate(end);
    format!("{kept}…")
}
