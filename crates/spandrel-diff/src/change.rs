//! A change, and what it may cost.

use serde::Serialize;

/// What a change may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Risk {
    /// A call that was right is refused, or something that was there is gone.
    Breaking,
    /// It may mean something else, or nobody can tell: a person should look.
    Risky,
    /// Whatever was right stays right.
    Safe,
}

impl Risk {
    /// Every one, the worst first.
    pub const ALL: [Self; 3] = [Self::Breaking, Self::Risky, Self::Safe];

    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Risky => "risky",
            Self::Safe => "safe",
        }
    }
}

/// What has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeKind {
    /// What the API as a whole is said to be.
    Api,
    /// There is no such tool any more.
    ToolRemoved,
    /// There is a tool that was not there.
    ToolAdded,
    /// A tool has another name.
    ToolRenamed,
    /// Title or description.
    Description,
    /// A hint on what it does.
    Annotation,
    /// The method or the path that is called.
    Operation,
    /// The server that is called.
    Server,
    /// What the arguments may be.
    Arguments,
    /// What the structured result may be.
    Result,
    /// How schemas that mean the same are written.
    Wording,
    /// What credentials are asked for.
    Security,
    /// What the bridge gives instead of the model.
    Supplied,
    /// Whether a person is asked.
    Confirmation,
    /// What of an answer is shown.
    ResponseShape,
    /// The tags that it is found by.
    Tags,
    /// How the request is made of the arguments.
    Request,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What it may cost.
    pub risk: Risk,
    /// The tool's name, the old one where it was renamed; none for the API as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tool: Option<String>,
    /// What has changed.
    pub kind: ChangeKind,
    /// In words, for a person. It holds text of both catalogs.
    pub message: String,
}

/// Every change between two catalogs, the worst first, and the tools in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SurfaceDiff {
    /// The changes.
    pub changes: Vec<Change>,
}

impl SurfaceDiff {
    /// Whether nothing has changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The changes of one risk.
    pub fn with_risk(&self, risk: Risk) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(move |change| change.risk == risk)
    }
}

/// Collects the changes of one tool, or of the API.
pub(crate) struct Changes {
    tool: Option<String>,
    pub(crate) found: Vec<Change>,
}

impl Changes {
    pub(crate) fn of(tool: Option<&str>) -> Self {
        Self { tool: tool.map(str::to_owned), found: Vec::new() }
    }

    pub(crate) fn push(&mut self, risk: Risk, kind: ChangeKind, message: impl Into<String>) {
        self.found.push(Change { risk, tool: self.tool.clone(), kind, message: message.into() });
    }
}

/// The most characters of a text that a message repeats.
const SHOWN: usize = 160;

/// `text` in quotes, shortened, harmless for whoever prints it.
pub(crate) fn quoted(text: &str) -> String {
    format!("\"{}\"", shortened(&text.replace('"', "'")))
}

/// `text` shortened, control characters shown, and no backtick: those stand around names in messages.
pub(crate) fn shortened(text: &str) -> String {
    let mut shown = String::new();
    for character in text.chars().take(SHOWN) {
        match character {
            '`' => shown.push('\''),
            _ if character.is_control() => shown.extend(character.escape_debug()),
            _ => shown.push(character),
        }
    }
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}
