//! Whether a text is well-formed XML, as far as its tags tell.

/// Elements nested deeper than this are refused.
const DEEPEST: usize = 512;

/// Checks that tags nest and that there is one root element. Entities, names and attributes are not
/// looked at closely.
pub(super) fn well_formed(text: &str) -> Result<(), String> {
    let mut open: Vec<&str> = Vec::new();
    let mut roots = 0;
    let mut rest = text.trim_start_matches('\u{feff}');
    while let Some((before, behind)) = rest.split_once('<') {
        if open.is_empty() && !before.trim().is_empty() {
            return Err("text stands outside the root element".to_owned());
        }
        let (tag, after) = cut_markup(behind)?;
        rest = after;
        let Some(tag) = tag else { continue };
        if let Some(name) = tag.strip_prefix('/') {
            let expected = open.pop();
            if expected != Some(name.trim()) {
                return Err(format!("`</{name}>` closes {}", expected.unwrap_or("nothing")));
            }
            continue;
        }
        let name = tag.split([' ', '\t', '\r', '\n', '/']).next().unwrap_or_default();
        if name.is_empty() {
            return Err("a tag has no name".to_owned());
        }
        roots += usize::from(open.is_empty());
        if !tag.ends_with('/') {
            open.push(name);
        }
        if open.len() > DEEPEST {
            return Err(format!("its elements are nested deeper than {DEEPEST}"));
        }
    }
    match (open.last(), roots) {
        (Some(name), _) => Err(format!("`<{name}>` is never closed")),
        (None, 1) if rest.trim().is_empty() => Ok(()),
        (None, 1) => Err("text stands behind the root element".to_owned()),
        (None, roots) => Err(format!("a document has one root element; this has {roots}")),
    }
}

/// The tag's inside (none for comments, declarations and CDATA), and what stands behind it.
fn cut_markup(behind: &str) -> Result<(Option<&str>, &str), String> {
    for (start, end) in [("!--", "-->"), ("![CDATA[", "]]>"), ("?", "?>"), ("!", ">")] {
        if let Some(inner) = behind.strip_prefix(start) {
            let (_, after) = inner.split_once(end).ok_or_else(|| format!("`<{start}` is never closed"))?;
            return Ok((None, after));
        }
    }
    let mut quote = None;
    for (at, character) in behind.char_indices() {
        match (quote, character) {
            (None, '>') => {
                return Ok((behind.get(..at), behind.get(at + 1..).unwrap_or_default()));
            }
            (None, '<') => break,
            (None, '"' | '\'') => quote = Some(character),
            (Some(open), close) if open == close => quote = None,
            _ => {}
        }
    }
    Err("a tag is never closed by `>`".to_owned())
}
