//! How many files and connections the process may have open.

/// As many as any server of this kind needs; more only makes the system's tables larger.
#[cfg(unix)]
const ENOUGH: u64 = 65_536;

/// Takes what the operator's hard limit allows: the soft one is made for programs that wait for one
/// client, and a server that reaches it can neither let a client in nor call the API.
#[cfg(unix)]
pub(crate) fn raise_limit() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let limit = getrlimit(Resource::Nofile);
    let wanted = limit.maximum.map_or(ENOUGH, |maximum| maximum.min(ENOUGH));
    if limit.current.is_some_and(|current| current < wanted) {
        let raised = Rlimit { current: Some(wanted), maximum: limit.maximum };
        if let Err(error) = setrlimit(Resource::Nofile, raised) {
            tracing::debug!(%error, "the limit of open files stays as it is");
        }
    }
}

/// Other systems have no such limit.
#[cfg(not(unix))]
pub(crate) fn raise_limit() {}
