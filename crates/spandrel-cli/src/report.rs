//! What a self-test says of each call.

use serde::Serialize;
use serde_json::{Map, Value, json};
use spandrel::Tool;
use spandrel::selftest::{Call, Failure, Verdict};

use crate::call::dry_run;
use crate::output::{ERROR, Printable, WARNING};

/// The call of a tool.
pub(crate) struct Called<'t> {
    pub(crate) tool: &'t Tool,
    pub(crate) call: Call,
}

/// How the calls went.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Summary {
    /// Tools that were called.
    pub(crate) tools: usize,
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) untested: usize,
    /// Tools that the time did not suffice for.
    pub(crate) not_reached: usize,
}

impl Summary {
    pub(crate) fn add(&mut self, called: &Called<'_>) {
        match called.call.verdict {
            Verdict::Passed => self.passed += 1,
            Verdict::Failed(_) => self.failed += 1,
            Verdict::Untested(_) => self.untested += 1,
        }
    }
}

impl Called<'_> {
    pub(crate) fn has_passed(&self) -> bool {
        matches!(self.call.verdict, Verdict::Passed)
    }

    /// Lines for people; none for a call that passed.
    pub(crate) fn text(&self) -> String {
        let (style, word) = match self.call.verdict {
            Verdict::Passed => return String::new(),
            Verdict::Failed(_) => (ERROR, "failed"),
            Verdict::Untested(_) => (WARNING, "untested"),
        };
        let (tool, sampling) = (&self.tool.name, self.call.sampling.as_str());
        let mut text = format!("{style}{word}{style:#}: {} ({sampling}): ", Printable(tool));
        let mut lines = vec![self.reason()];
        lines.extend(self.complaints());
        if let Some(request) = &self.call.request {
            lines.push(format!("{} {}", request.method(), request.uri()));
        }
        if let Some(arguments) = &self.call.arguments {
            lines.push(format!("arguments: {}", excerpt(&Value::Object(arguments.clone()).to_string())));
        }
        text.push_str(&Printable(&lines.join("\n  ")).to_string());
        text.push('\n');
        text
    }

    /// The call for programs.
    pub(crate) fn json(&self) -> Value {
        let mut members = Map::new();
        let mut add = |name: &str, value: Value| members.insert(name.to_owned(), value);
        add("tool", json!(self.tool.name));
        add("operation", json!(self.tool.operation));
        add("sampling", json!(self.call.sampling.as_str()));
        let verdict = match &self.call.verdict {
            Verdict::Passed => "passed",
            Verdict::Failed(_) => "failed",
            Verdict::Untested(_) => "untested",
        };
        add("verdict", json!(verdict));
        if !self.has_passed() {
            add("reason", json!(self.reason()));
        }
        if let Verdict::Failed(Failure::Refused { problem, .. }) = &self.call.verdict {
            add("problem", problem.clone());
        }
        if let Some(arguments) = &self.call.arguments {
            add("arguments", json!(arguments));
        }
        if let Some(request) = &self.call.request {
            add("request", dry_run::json(request, &[]));
        }
        Value::Object(members)
    }

    /// Why the call did not pass, in a sentence.
    fn reason(&self) -> String {
        match &self.call.verdict {
            Verdict::Passed => String::new(),
            Verdict::Untested(reason) => {
                format!("no arguments were found that the tool's schema accepts: {}", excerpt(reason))
            }
            Verdict::Failed(Failure::Arguments(error)) => {
                format!("the schema accepts the arguments, but the tool refuses them: {error}")
            }
            Verdict::Failed(Failure::Rendering(error)) => {
                format!("no request can be made of valid arguments: {error}")
            }
            Verdict::Failed(Failure::Refused { status, problem }) => {
                let detail = problem.get("detail").and_then(Value::as_str).unwrap_or_default();
                format!("the mock answered {status}: {detail}")
            }
            Verdict::Failed(Failure::Result(message)) => message.clone(),
        }
    }

    /// What the mock says is wrong, a line each.
    fn complaints(&self) -> Vec<String> {
        let Verdict::Failed(Failure::Refused { problem, .. }) = &self.call.verdict else { return Vec::new() };
        let errors = problem.get("errors").and_then(Value::as_array).into_iter().flatten();
        let lines = errors.map(|error| {
            let text = |key: &str| error.get(key).and_then(Value::as_str).unwrap_or_default();
            let place = match text("name") {
                "" => text("in").to_owned(),
                name => format!("{} `{name}`", text("in")),
            };
            format!("{place}: {}", text("message"))
        });
        lines.collect()
    }
}

/// The beginning of a long text.
fn excerpt(text: &str) -> String {
    const LONGEST: usize = 2_000;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
