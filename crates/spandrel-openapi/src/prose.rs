//! Descriptions for a model: prose without markup that only a browser can show, within a bound.

/// The most characters of a description inside a schema.
pub const SCHEMA_DESCRIPTION: usize = 1_000;

/// `text` without HTML, with runs of white space folded (line breaks between paragraphs stay), cut
/// at the end of a sentence or word to at most `limit` characters.
#[must_use]
pub fn plain(text: &str, limit: usize) -> String {
    // Nothing behind this can be kept, whatever is folded before it; descriptions of a megabyte exist.
    let bounded = excerpt_at(text, limit.saturating_mul(8));
    let without_markup =
        if bounded.contains(['<', '&']) { without_html(bounded) } else { bounded.to_owned() };
    cut(&folded(&without_markup), limit)
}

/// At most `limit` characters of `text`, for a message.
#[must_use]
pub fn excerpt(text: &str, limit: usize) -> String {
    let cut = excerpt_at(text, limit);
    if cut.len() < text.len() { format!("{cut}…") } else { cut.to_owned() }
}

fn excerpt_at(text: &str, limit: usize) -> &str {
    // No text has more characters than bytes.
    if text.len() <= limit {
        return text;
    }
    let end = text.char_indices().nth(limit).map_or(text.len(), |(index, _)| index);
    text.get(..end).unwrap_or(text)
}

/// Drops tags and comments, and writes the common entities as characters. `<` that begins no tag
/// stays: `a < b`, `Map<String>` in code.
fn without_html(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(['<', '&']) {
        let (before, from) = rest.split_at(start);
        plain.push_str(before);
        let consumed =
            if from.starts_with('<') { read_markup(from, &mut plain) } else { read_entity(from, &mut plain) };
        rest = from.get(consumed..).unwrap_or_default();
    }
    plain.push_str(rest);
    plain
}

/// The length of an element whose content is not shown, if one begins here.
fn hidden(from: &str) -> Option<usize> {
    ["script", "style"].into_iter().find_map(|name| {
        let behind = from.get(1..=name.len()).filter(|found| found.eq_ignore_ascii_case(name))?;
        let rest = from.get(1 + behind.len()..)?;
        let begins = rest.starts_with(['>', ' ', '\n', '\t']);
        begins.then_some(()).and_then(|()| {
            let close = format!("</{name}");
            let is_close = |at: usize| {
                from.get(at..at + close.len()).is_some_and(|found| found.eq_ignore_ascii_case(&close))
            };
            let start = from.match_indices('<').map(|(at, _)| at).find(|at| is_close(*at));
            start.and_then(|start| Some(start + from.get(start..)?.find('>')? + 1))
        })
    })
}

/// Reads what begins with `<`; returns how many bytes it took.
fn read_markup(from: &str, plain: &mut String) -> usize {
    hidden(from).unwrap_or_else(|| read_tag(from, plain))
}

fn read_tag(from: &str, plain: &mut String) -> usize {
    const BLOCKS: &[&str] = &[
        "p", "br", "li", "ul", "ol", "tr", "table", "div", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "hr",
        "dl", "dt", "dd",
    ];
    const INLINE: &[&str] = &[
        "a",
        "b",
        "i",
        "em",
        "strong",
        "code",
        "span",
        "td",
        "th",
        "tbody",
        "thead",
        "sup",
        "sub",
        "img",
        "u",
        "small",
        "tt",
        "blockquote",
        "details",
        "summary",
        "font",
        "center",
        "nobr",
        "s",
        "del",
        "ins",
        "kbd",
        "var",
        "note",
        "important",
    ];
    if let Some(comment) = from.strip_prefix("<!--") {
        return comment.find("-->").map_or(from.len(), |end| end + 7);
    }
    let Some(end) = from.find('>') else {
        plain.push('<');
        return 1;
    };
    let inner = from.get(1..end).unwrap_or_default();
    let name: String = inner
        .trim_start_matches('/')
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_lowercase();
    if BLOCKS.contains(&name.as_str()) {
        plain.push_str(if name == "li" && !inner.starts_with('/') { "\n- " } else { "\n" });
        end + 1
    } else if INLINE.contains(&name.as_str()) {
        end + 1
    } else {
        plain.push('<');
        1
    }
}

/// Reads what begins with `&`; returns how many bytes it took.
fn read_entity(from: &str, plain: &mut String) -> usize {
    const ENTITIES: &[(&str, &str)] = &[
        ("&amp;", "&"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&apos;", "'"),
        ("&nbsp;", " "),
        ("&ndash;", "–"),
        ("&mdash;", "—"),
        ("&hellip;", "…"),
        ("&rsquo;", "’"),
        ("&lsquo;", "‘"),
    ];
    for (entity, character) in ENTITIES {
        if from.starts_with(entity) {
            plain.push_str(character);
            return entity.len();
        }
    }
    plain.push('&');
    1
}

/// Runs of spaces become one, runs of line breaks at most two; nothing stands at the ends.
fn folded(text: &str) -> String {
    let is_folded =
        |text: &str| !text.contains("  ") && !text.contains(|c: char| c.is_whitespace() && c != ' ');
    if is_folded(text) {
        return text.trim().to_owned();
    }
    let mut folded = String::with_capacity(text.len());
    let mut breaks = 0_usize;
    for line in text.lines() {
        let mut words = line.split_whitespace().peekable();
        if words.peek().is_none() {
            breaks += 1;
            continue;
        }
        if !folded.is_empty() {
            folded.push_str(if breaks > 0 { "\n\n" } else { "\n" });
        }
        breaks = 0;
        for (index, word) in words.enumerate() {
            if index > 0 {
                folded.push(' ');
            }
            folded.push_str(word);
        }
    }
    folded
}

/// At most `limit` characters: whole sentences where at least half of the room is used so, else
/// whole words and an ellipsis.
fn cut(text: &str, limit: usize) -> String {
    let kept = excerpt_at(text, limit);
    if kept.len() == text.len() {
        return text.to_owned();
    }
    let sentence = [". ", ".\n", "\n\n", "! ", "? "].iter().filter_map(|end| kept.rfind(end)).max();
    if let Some(whole) = sentence.filter(|&end| end * 2 >= kept.len()).and_then(|end| kept.get(..=end)) {
        return whole.trim_end().to_owned();
    }
    let kept = excerpt_at(kept, limit.saturating_sub(1));
    let word = kept.rfind(char::is_whitespace).and_then(|end| kept.get(..end)).unwrap_or(kept);
    format!("{}…", word.trim_end())
}

#[cfg(test)]
mod tests {
    use super::{excerpt, plain};

    #[test]
    fn markup_is_dropped_and_text_kept() {
        let rows = [
            ("plain", "plain"),
            ("<p>One</p>\n<p>Two</p>", "One\n\nTwo"),
            ("a &lt; b &amp;&amp; c", "a < b && c"),
            ("a < b and Map<String, u8>", "a < b and Map<String, u8>"),
            ("x <!-- hidden --> y", "x y"),
            ("<ul><li>one</li><li>two</li></ul>", "- one\n\n- two"),
            ("  spaced   out \r\n\r\n\r\n\r\nlines ", "spaced out\n\nlines"),
            ("unfinished <a href", "unfinished <a href"),
            ("", ""),
        ];
        for (given, expected) in rows {
            assert_eq!(plain(given, 200), expected, "{given:?}");
        }
    }

    #[test]
    fn long_prose_ends_with_a_sentence_or_a_word() {
        assert_eq!(plain("One sentence. Another one that is long.", 20), "One sentence.");
        assert_eq!(plain("words without any end that go on", 12), "words…");
        assert_eq!(plain("ünïcödé is counted in characters", 10).chars().count(), 8);
        assert_eq!(excerpt("abcdef", 3), "abc…");
    }
}
