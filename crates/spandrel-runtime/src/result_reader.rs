//! Results that are longer than a model should read at once: shortened, kept, and read on with a tool.
//!
//! A tool is what every client can use; those that read resources find the whole under the same URI.

mod note;

use std::sync::Arc;
use std::time::Instant;

use http::Extensions;
use serde_json::{Map, Value, json};
use spandrel_plan::{
    Annotations, Catalog, Content, Outcome, Part, ShortenedText, TextBound, Tool, Truncated, part_of,
};

use crate::custom_tool::CustomTool;
use crate::kept_results::{KeptResult, KeptResults};
use crate::principal::Principal;
use crate::tool_names::free_name;

/// The URIs of results that are kept begin with this; the identifier follows.
pub(crate) const KEPT_URI: &str = "spandrel://results/";
/// The least that a result may be bound to, in tokens: the words about what is left out need room, too.
const LEAST_TOKENS: usize = 1_000;
/// The most that the words about a part take, in tokens.
const NOTE_TOKENS: usize = 300;

/// The bound on results, and the tool that reads what is beyond it.
pub(crate) struct ResultReader {
    tokens: usize,
    tool: Arc<CustomTool>,
}

impl ResultReader {
    /// A reader for results of more than `tokens` tokens, whose tool has a name that is neither the catalog's
    /// nor a `custom` tool's.
    pub(crate) fn new(tokens: usize, catalog: &Catalog, custom: &[Arc<CustomTool>]) -> Self {
        let tool = tool(&free_name("read_result", catalog, custom));
        Self { tokens: tokens.max(LEAST_TOKENS), tool: Arc::new(tool) }
    }

    /// The tool, as it is listed.
    pub(crate) const fn tool(&self) -> &Arc<CustomTool> {
        &self.tool
    }

    /// What a model should know of it before there is any such result.
    pub(crate) fn instructions(&self) -> String {
        format!(
            "A result of more than {} tokens is shortened, and says so; `{}` reads the rest.",
            self.tokens,
            self.tool.name()
        )
    }

    /// Shortens the outcome of a call of `tool` where it is too long, and keeps the whole of it for the caller
    /// of the request that has these extensions.
    pub(crate) fn shorten(
        &self,
        outcome: &mut Outcome,
        tool: &Tool,
        store: &KeptResults,
        extensions: &Extensions,
    ) {
        let bound = TextBound { tokens: self.tokens, count: &spandrel_tokens::count_within };
        for shortened in tool.shorten(outcome, &bound) {
            let ShortenedText { whole, is_json, left_out, more, note_tokens } = shortened;
            let media_type = if is_json { "application/json" } else { "text/plain" };
            let kept = KeptResult { data: whole.into(), media_type: media_type.to_owned() };
            let id = store.keep(kept, Principal::of(extensions), Instant::now());
            let uri = id.map(|id| format!("{KEPT_URI}{id}"));
            let rest = match &uri {
                Some(uri) => note::kept(uri, self.tool.name(), store.age()),
                None => note::not_kept(tool.annotations.read_only).to_owned(),
            };
            let note = note::of_result(self.tokens, &rest, &left_out, more, note_tokens);
            outcome.content.push(Content::Text(note));
            outcome.truncated.push(Truncated { uri, left_out });
        }
    }

    /// The part of a kept result that is asked for, of what `caller` may read.
    pub(crate) fn read(
        &self,
        arguments: &Map<String, Value>,
        store: &KeptResults,
        caller: Option<&Principal>,
        now: Instant,
    ) -> Outcome {
        let text = |name: &str| arguments.get(name).and_then(Value::as_str).unwrap_or_default();
        let number = |name: &str| {
            let number = arguments.get(name).and_then(Value::as_u64);
            number.map(|number| usize::try_from(number).unwrap_or(usize::MAX))
        };
        let uri = text("uri");
        let id = uri.strip_prefix(KEPT_URI).unwrap_or(uri);
        let Some(kept) = store.read(id, caller, now) else {
            return Outcome::error(note::unknown(store.age()));
        };
        let Ok(whole) = std::str::from_utf8(&kept.data) else {
            return Outcome::error(note::no_text(&kept));
        };
        let part =
            Part { pointer: text("pointer"), offset: number("offset").unwrap_or(0), limit: number("limit") };
        let bound = TextBound { tokens: self.tokens - NOTE_TOKENS, count: &spandrel_tokens::count_within };
        match part_of(whole, &part, &bound) {
            Ok(shown) => {
                let mut outcome = Outcome::text(shown.text);
                if !shown.left_out.is_empty() || shown.more > 0 {
                    let truncated =
                        Truncated { uri: Some(format!("{KEPT_URI}{id}")), left_out: shown.left_out };
                    let note = note::of_part(&truncated.left_out, shown.more, NOTE_TOKENS);
                    outcome.content.push(Content::Text(note));
                    outcome.truncated.push(truncated);
                }
                outcome
            }
            Err(error) => Outcome::error(format!("Nothing can be shown: {error}.")),
        }
    }
}

fn tool(name: &str) -> CustomTool {
    let schema = json!({
        "type": "object",
        "properties": {
            "uri": {"type": "string"},
            "pointer": {"type": "string", "description": "JSON Pointer"},
            "offset": {"type": "integer", "minimum": 0, "description": "First item, member or character"},
            "limit": {"type": "integer", "minimum": 1},
        },
        "required": ["uri"],
        "additionalProperties": false,
    });
    let description = "Reads on in a result that was shortened, as its note says.";
    // The bridge answers a call itself: it knows who calls.
    CustomTool::raw(name, description, schema, |_| async { Outcome::error("No result is kept here.") })
        .title("Read on in a result")
        .annotations(Annotations { read_only: true, destructive: false, idempotent: true, open_world: false })
}

#[cfg(test)]
mod tests;
