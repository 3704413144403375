//! Cursors, pages and offsets that an answer names, and the parameters that take them.

use serde_json::Value;

use super::NextPage;
use super::link::of_link;
use super::members::Members;
use super::pager::{Pager, folded};
use crate::plan::ParameterPlan;

/// Members that hold the cursor of the next page, and the parameters that take it: the first that the tool has.
const CURSORS: [(&[&str], &[&str]); 7] = [
    (&["nextpagetoken"], &["pagetoken", "nextpagetoken"]),
    (
        &["nextcursor", "endcursor"],
        &["cursor", "nextcursor", "startcursor", "pagecursor", "aftercursor", "after"],
    ),
    (&["nexttoken"], &["nexttoken", "pagetoken", "continuationtoken"]),
    (&["continuationtoken", "nextcontinuationtoken"], &["continuationtoken"]),
    (&["nextmarker"], &["marker"]),
    (&["scrollid"], &["scrollid"]),
    (&["continue"], &["continue"]),
];
/// Parameters that take a cursor that is only called the next.
const CURSOR_PARAMETERS: [&str; 10] = [
    "cursor",
    "after",
    "pagetoken",
    "nexttoken",
    "startcursor",
    "pagecursor",
    "pageafter",
    "nextcursor",
    "continue",
    "next",
];
/// Parameters that take the identifier of the last item.
const BY_ITEM: [&str; 2] = ["startingafter", "afterid"];
const PAGE: [&str; 3] = ["page", "pagenumber", "pageno"];
const OFFSET: [&str; 3] = ["offset", "skip", "startat"];
/// Members that say that there is more.
const HAS_MORE: [&str; 3] = ["hasmore", "hasnextpage", "hasnext"];
/// Where a body has a link to its next page.
const LINKS: [&str; 6] =
    ["next", "links.next", "links.next.href", "odatanextlink", "nextlink", "paging.next"];

/// The next page that the answer names beside `Link` headers.
pub(super) fn of_answer(pager: &Pager<'_>) -> Option<NextPage> {
    let page = pager.named(&PAGE);
    if let (Some(page), Some(next)) = (page, header(pager, "x-next-page")) {
        return pager.with(page, next);
    }
    let json = pager.answered.json?;
    // Most answers have no pages, and nothing of them is read.
    let takes_pages = pager.parameters().any(|parameter| is_of_pages(&folded(&parameter.name)));
    if !takes_pages && !json.contains("next") {
        return None;
    }
    let members = Members::read(json)?;
    // What says that there is no more is believed.
    if members.named(&HAS_MORE) == Some(&Value::Bool(false)) {
        return None;
    }
    by_cursor(pager, &members)
        .or_else(|| by_link(pager, &members))
        .or_else(|| by_last_item(pager, &members))
        .or_else(|| by_page(pager, &members))
        .or_else(|| by_offset(pager, &members))
}

/// Whether a parameter of that folded name takes a cursor, a page or an offset.
fn is_of_pages(name: &str) -> bool {
    let others = PAGE.iter().chain(&OFFSET).chain(&CURSOR_PARAMETERS).chain(&BY_ITEM);
    CURSORS.iter().flat_map(|(_, parameters)| *parameters).chain(others).any(|other| *other == name)
}

fn by_cursor(pager: &Pager<'_>, members: &Members<'_>) -> Option<NextPage> {
    CURSORS.iter().find_map(|(names, parameters)| {
        let cursor = text(members.named(names)?)?;
        pager.with(pager.named(parameters)?, &cursor)
    })
}

/// A link, or what is called `next` and is none: a cursor or the number of a page.
fn by_link(pager: &Pager<'_>, members: &Members<'_>) -> Option<NextPage> {
    let nested = members.at(&["paging.next.after", "cursors.after", "paging.cursors.after"]);
    if let (Some(after), Some(parameter)) = (nested.and_then(text), pager.named(&["after", "cursor"])) {
        return pager.with(parameter, &after);
    }
    match members.at(&LINKS)? {
        Value::String(next) if is_link(next) => of_link(pager, next),
        next @ Value::Number(_) => pager.with(pager.named(&PAGE)?, &text(next)?),
        next => pager.with(pager.named(&CURSOR_PARAMETERS)?, &text(next)?),
    }
}

/// Where there is more, and a parameter takes the identifier to go on after.
fn by_last_item(pager: &Pager<'_>, members: &Members<'_>) -> Option<NextPage> {
    if members.named(&HAS_MORE) != Some(&Value::Bool(true)) {
        return None;
    }
    if let Some(id) = members.named(&["lastid"]).and_then(text) {
        return pager.with(pager.named(&["afterid", "after", "startingafter"])?, &id);
    }
    pager.with(pager.named(&["startingafter"])?, &text(&members.last_id()?)?)
}

fn by_page(pager: &Pager<'_>, members: &Members<'_>) -> Option<NextPage> {
    let parameter = pager.named(&PAGE)?;
    if let Some(next) = members.named(&["nextpage"]).filter(|next| next.is_number()).and_then(text) {
        return pager.with(parameter, &next);
    }
    let number = |names: &[&str]| members.named(names).and_then(Value::as_u64);
    let said = number(&["currentpage", "page", "pagenumber"]);
    let current = given(pager, parameter).or(said)?;
    let last = number(&["totalpages", "pagecount", "lastpage", "pages"]);
    let is_more = match last {
        // Pages that are counted from 0 end one earlier; where that is not known, nothing is promised.
        Some(last) => current > 0 && current < last,
        None => members.named(&HAS_MORE) == Some(&Value::Bool(true)),
    };
    if is_more { pager.with(parameter, &(current.checked_add(1)?).to_string()) } else { None }
}

fn by_offset(pager: &Pager<'_>, members: &Members<'_>) -> Option<NextPage> {
    let parameter = pager.named(&OFFSET)?;
    if let Some(next) = members.named(&["nextoffset"]).and_then(text) {
        return pager.with(parameter, &next);
    }
    let total = members.named(&["total", "totalcount", "totalresults", "totalitems"]).and_then(Value::as_u64);
    let total = total.or_else(|| header(pager, "x-total-count")?.parse().ok());
    let items = u64::try_from(members.items()?).ok().filter(|items| *items > 0)?;
    let next = given(pager, parameter).unwrap_or(0).checked_add(items)?;
    let is_more = match total {
        Some(total) => next < total,
        None => members.named(&HAS_MORE) == Some(&Value::Bool(true)),
    };
    if is_more { pager.with(parameter, &next.to_string()) } else { None }
}

fn given(pager: &Pager<'_>, parameter: &ParameterPlan) -> Option<u64> {
    pager.given(parameter)?.parse().ok()
}

fn header<'a>(pager: &Pager<'a>, name: &str) -> Option<&'a str> {
    let value = pager.answered.headers.get(name)?.to_str().ok()?.trim();
    (!value.is_empty()).then_some(value)
}

/// A cursor or a number as text; none where it says that there is no next page.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.as_str().to_owned()),
        _ => None,
    }
}

fn is_link(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://") || text.starts_with(['/', '?'])
}
