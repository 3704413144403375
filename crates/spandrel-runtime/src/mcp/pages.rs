//! Long lists, a page at a time (MCP, "Pagination").

use std::hash::{DefaultHasher, Hash, Hasher};

use rmcp::ErrorData;

use crate::bridge::Snapshot;

/// What a page holds, and where the next one begins.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Page {
    /// The first entry.
    pub(super) start: usize,
    /// The entry after the last.
    pub(super) end: usize,
    /// The cursor of the next page, where there is one.
    pub(super) next_cursor: Option<String>,
}

/// The page of a list of `length` entries that `cursor` names; the first without one. `fingerprint` is
/// the list's: a cursor is for the list that it was made for.
///
/// # Errors
/// Invalid params for a cursor that is not of this list.
pub(super) fn page(
    cursor: Option<&str>,
    length: usize,
    size: Option<usize>,
    fingerprint: u64,
) -> Result<Page, ErrorData> {
    let start = match cursor {
        None => 0,
        Some(cursor) => {
            let start = offset(cursor, fingerprint).filter(|start| *start < length);
            start.ok_or_else(|| {
                ErrorData::invalid_params(
                    "Unknown cursor: the list may have changed; list it again from its beginning",
                    None,
                )
            })?
        }
    };
    let end = size.map_or(length, |size| start.saturating_add(size.max(1)).min(length));
    let next_cursor = (end < length).then(|| format!("{fingerprint:016x}-{end}"));
    Ok(Page { start, end, next_cursor })
}

fn offset(cursor: &str, fingerprint: u64) -> Option<usize> {
    let (list, offset) = cursor.split_once('-')?;
    (list == format!("{fingerprint:016x}")).then(|| offset.parse().ok()).flatten()
}

impl Snapshot {
    /// Tells one list of tools from another by the names of the tools and their order.
    pub(super) fn list_fingerprint(&self) -> u64 {
        *self.listing.fingerprint.get_or_init(|| {
            // The same in each process, so that a cursor is good for any instance behind a load balancer.
            let mut hasher = DefaultHasher::new();
            self.tool_names().for_each(|name| name.hash(&mut hasher));
            hasher.finish()
        })
    }

    /// The names of all tools, in the order in which they are listed.
    pub(super) fn tool_names(&self) -> impl Iterator<Item = &str> {
        let custom = self.config.tools.iter().map(|tool| tool.name());
        custom.chain(self.catalog.tools().iter().map(|tool| tool.name.as_str()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn pages_follow_each_other() {
        assert_eq!(page(None, 3, None, 1).unwrap(), Page { start: 0, end: 3, next_cursor: None });
        assert_eq!(page(None, 0, Some(2), 1).unwrap(), Page { start: 0, end: 0, next_cursor: None });
        let mut cursor = None;
        let mut pages = Vec::new();
        loop {
            let page = page(cursor.as_deref(), 5, Some(2), 1).unwrap();
            pages.push((page.start, page.end));
            match page.next_cursor {
                Some(next) => cursor = Some(next),
                None => break,
            }
        }
        assert_eq!(pages, [(0, 2), (2, 4), (4, 5)]);
        let cursor = page(None, 5, Some(2), 1).unwrap().next_cursor.unwrap();
        page(Some(&cursor), 5, Some(2), 2).unwrap_err();
        for cursor in ["", "2", "-2", "0000000000000001-", "0000000000000001-5", "0000000000000001--1", "é"]
        {
            page(Some(cursor), 5, Some(2), 1).unwrap_err();
        }
    }
}
