//! What to tell MCP clients, so that they find the server.

use serde_json::json;

use crate::output::{DIM, STRONG};
use crate::shell::quote;

/// The lines for the commonest clients.
pub(crate) fn text(title: &str, url: &str) -> String {
    let name = server_name(title);
    let code = json!({"name": name, "type": "http", "url": url}).to_string();
    let cursor = json!({"mcpServers": {name.as_str(): {"url": url}}}).to_string();
    let claude = format!("claude mcp add --transport http {name} {}", quote(url));
    let blocks = [
        ("Claude Code", "", claude),
        ("VS Code", "", format!("code --add-mcp {}", quote(&code))),
        ("Cursor", "in ~/.cursor/mcp.json", cursor),
    ];
    let block = |(client, place, line): (&str, &str, String)| {
        let place = if place.is_empty() { String::new() } else { format!(" {DIM}{place}{DIM:#}") };
        format!("  {STRONG}{client}{STRONG:#}{place}\n    {line}\n")
    };
    blocks.into_iter().map(block).collect()
}

/// The most characters of a server's name.
const LONGEST_NAME: usize = 32;

/// The API's title as a name that every client takes: `[a-z0-9-]`, at most 32 characters.
pub(crate) fn server_name(title: &str) -> String {
    let mut name = String::new();
    for character in title.chars().flat_map(char::to_lowercase) {
        if character.is_ascii_alphanumeric() {
            name.push(character);
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
    }
    if name.len() > LONGEST_NAME {
        let cut = name.get(..=LONGEST_NAME).unwrap_or_default();
        // At a word, unless there is only one.
        let end = cut.rfind('-').unwrap_or(LONGEST_NAME);
        name.truncate(end);
    }
    match name.trim_end_matches('-') {
        "" => "api".to_owned(),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::server_name;

    #[test]
    fn names() {
        let table = [
            ("Swagger Petstore - OpenAPI 3.0", "swagger-petstore-openapi-3-0"),
            ("  Überseehafen (v2)  ", "berseehafen-v2"),
            ("日本", "api"),
            ("", "api"),
            ("The description of everything considered", "the-description-of-everything"),
            ("abcdefghijklmnopqrstuvwxyzabcdefghijkl", "abcdefghijklmnopqrstuvwxyzabcdef"),
            ("a very long title that goes on and on and on", "a-very-long-title-that-goes-on"),
        ];
        for (title, expected) in table {
            assert_eq!(server_name(title), expected);
        }
    }
}
