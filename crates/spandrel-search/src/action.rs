//! What is done: what a request asks for, and what an operation does.

use spandrel_plan::Tool;

use crate::evidence::prose;
use crate::words::words;

/// A kind of effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Action {
    /// Something is told.
    Read,
    /// Something new is made, or added to something.
    Create,
    /// Something changes.
    Update,
    /// Something goes, or ends.
    Delete,
}

impl Action {
    /// The action that a verb of an API's own language names. Other words name none.
    pub(crate) fn of_verb(verb: &str) -> Option<Self> {
        Some(match verb {
            "get" | "gets" | "list" | "lists" | "retrieve" | "retrieves" | "fetch" | "fetches" | "read"
            | "reads" | "show" | "shows" | "search" | "searches" | "find" | "finds" | "query" | "queries"
            | "check" | "checks" | "download" | "downloads" | "inspect" | "describe" | "describes"
            | "view" | "returns" | "return" | "count" | "counts" | "lookup" | "load" | "loads" | "scroll"
            | "export" | "exports" | "compare" | "info" => Self::Read,
            "create" | "creates" | "add" | "adds" | "post" | "posts" | "insert" | "inserts" | "upload"
            | "uploads" | "send" | "sends" | "register" | "registers" | "invite" | "invites" | "submit"
            | "publish" | "publishes" | "append" | "appends" | "attach" | "attaches" | "import"
            | "imports" | "generate" | "generates" | "save" | "copy" | "fork" | "upsert" | "grant" => {
                Self::Create
            }
            "update" | "updates" | "set" | "sets" | "edit" | "edits" | "modify" | "modifies" | "change"
            | "changes" | "patch" | "replace" | "replaces" | "rename" | "renames" | "enable" | "enables"
            | "configure" | "overwrite" | "move" | "put" | "toggle" | "transfer" => Self::Update,
            "delete" | "deletes" | "remove" | "removes" | "destroy" | "destroys" | "cancel" | "cancels"
            | "revoke" | "revokes" | "clear" | "clears" | "unfollow" | "unstar" | "unsubscribe" | "drop"
            | "drops" | "purge" | "prune" | "detach" | "detaches" | "disable" | "disables" | "dismiss"
            | "kick" | "uninstall" | "unlock" | "unassign" | "kill" | "stop" | "reset" | "leave" => {
                Self::Delete
            }
            _ => return None,
        })
    }

    /// What calling `tool` does, by the verb of its summary or path, then by its method.
    pub(crate) fn of_tool(tool: &Tool) -> Option<Self> {
        let (title, _) = prose(tool);
        let leading = words(title).into_iter().take(2).find_map(|word| Self::of_verb(&word));
        let last = || {
            let name = tool.operation.path.rsplit(['/', '.', ':']).next().unwrap_or_default();
            words(name).first().and_then(|word| Self::of_verb(word))
        };
        let by_method = match tool.operation.method.as_str() {
            "GET" | "HEAD" => return Some(Self::Read),
            "DELETE" => return Some(Self::Delete),
            "PUT" | "PATCH" => Some(Self::Update),
            _ => None,
        };
        leading.or_else(last).or(by_method)
    }

    /// How well an operation that does `done` serves who asks for `self`: from -1 to 1.
    pub(crate) fn agreement(self, done: Self) -> f32 {
        match (self, done) {
            (asked, done) if asked == done => 1.0,
            (Self::Create, Self::Update) | (Self::Update, Self::Create) => 0.2,
            (Self::Update, Self::Delete) | (Self::Delete, Self::Update) => -0.1,
            (Self::Create | Self::Update, Self::Read) => -0.5,
            (Self::Delete, Self::Read) => -0.8,
            _ => -0.7,
        }
    }
}
