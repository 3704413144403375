//! The variables of a path template.

use std::collections::BTreeSet;

/// The names of the variables, or what is wrong with the template.
pub(super) fn variables(path: &str) -> Result<BTreeSet<&str>, &'static str> {
    if path.starts_with("http://") || path.starts_with("https://") {
        return Err("it is a URL, and a path goes behind the server's URL");
    }
    let mut names = BTreeSet::new();
    let mut rest = path;
    while let Some((literal, from_name)) = rest.split_once('{') {
        if literal.contains('}') {
            return Err("a `}` stands before its `{`");
        }
        let (name, after) = from_name.split_once('}').ok_or("a `{` has no `}`")?;
        if name.is_empty() {
            return Err("a variable has no name");
        }
        if name.contains('{') {
            return Err("a `{` stands inside a variable");
        }
        names.insert(name);
        rest = after;
    }
    if rest.contains('}') { Err("a `}` has no `{`") } else { Ok(names) }
}
