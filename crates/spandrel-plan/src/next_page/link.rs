//! Links to the next page: their query, read back into arguments.

use http::header::LINK;
use url::Url;

use super::NextPage;
use super::pager::Pager;

/// The most bytes of a link, and the most links that are looked at.
const LONGEST: usize = 8192;
const MOST_LINKS: usize = 32;

/// The next page of a `Link` header with `rel="next"`.
pub(super) fn of_headers(pager: &Pager<'_>) -> Option<NextPage> {
    let headers = pager.answered.headers.get_all(LINK).into_iter().filter_map(|value| value.to_str().ok());
    let mut links = headers.filter(|header| header.len() <= LONGEST).flat_map(links).take(MOST_LINKS);
    links
        .find(|(_, relations)| relations.iter().any(|relation| relation == "next"))
        .and_then(|(target, _)| of_link(pager, target))
}

/// The call that a link to the next page stands for: a link to the same path of the same origin, of which the tool
/// has every parameter that differs.
pub(super) fn of_link(pager: &Pager<'_>, target: &str) -> Option<NextPage> {
    let current = Url::parse(&pager.answered.uri.to_string()).ok()?;
    let linked = current.join(target).ok().filter(|_| target.len() <= LONGEST)?;
    if linked.origin() != current.origin() || linked.path() != current.path() {
        return None;
    }
    let sent: Vec<(String, String)> = current.query_pairs().into_owned().collect();
    let wanted: Vec<(String, String)> = linked.query_pairs().into_owned().collect();
    let mut next = NextPage::default();
    for (name, value) in &wanted {
        if sent.iter().any(|pair| (&pair.0, &pair.1) == (name, value)) {
            continue;
        }
        let same = |pairs: &[(String, String)]| pairs.iter().filter(|pair| pair.0 == *name).count();
        match pager.parameters().find(|parameter| parameter.name == *name) {
            Some(parameter) if same(&wanted) == 1 => pager.set(&mut next, parameter, value)?,
            // What the bridge sent is its own: a key, say.
            None if same(&sent) > 0 => {}
            // A list that is another cannot be told from its pairs, and anything else is no argument.
            Some(_) | None => return None,
        }
    }
    let is_wanted = |name: &str| wanted.iter().any(|pair| pair.0 == name);
    let gone = pager.parameters().filter(|parameter| !is_wanted(&parameter.name));
    let gone = gone.filter(|parameter| sent.iter().any(|pair| pair.0 == parameter.name));
    next.left_out = gone
        .filter(|parameter| pager.given(parameter).is_some())
        .map(|parameter| parameter.argument.to_string())
        .collect();
    Some(next)
}

/// The targets and relations of a `Link` header (RFC 8288, section 3), relations in lower case.
fn links(header: &str) -> Vec<(&str, Vec<String>)> {
    let mut links = Vec::new();
    let mut rest = header;
    while let Some((target, after)) = rest.split_once('<').and_then(|(_, from)| from.split_once('>')) {
        let end = end_of_link(after);
        let (parameters, others) = after.split_at_checked(end).unwrap_or((after, ""));
        links.push((target.trim(), relations(parameters)));
        rest = others;
    }
    links
}

/// Where the comma stands behind the parameters of a link, outside of quotes.
fn end_of_link(parameters: &str) -> usize {
    let mut is_quoted = false;
    let mut is_escaped = false;
    for (at, character) in parameters.char_indices() {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => return at,
            _ => {}
        }
    }
    parameters.len()
}

fn relations(parameters: &str) -> Vec<String> {
    let relation = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("rel").then(|| value.trim().trim_matches('"'))
    });
    relation.unwrap_or_default().split_ascii_whitespace().map(str::to_ascii_lowercase).collect()
}
