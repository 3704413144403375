//! Styles that write a whole value as one text.

use spandrel_openapi::{Serialization, Style};

use super::{Coding, Form, Wire};

/// Cuts `raw`, the text of the parameter `name`, as `serialization` writes a value of `form`.
/// For `form`, `deepObject` and `cookie` styles, `raw` is what stands behind `name=`.
pub(crate) fn cut(
    name: &str,
    raw: &str,
    serialization: Serialization,
    form: Form,
    coding: Coding,
) -> Result<Wire, String> {
    let explode = serialization.explode;
    match serialization.style {
        Style::Matrix => matrix(name, raw, explode, form, coding),
        Style::Label => {
            let raw = raw.strip_prefix('.').ok_or("a value of style `label` starts with `.`")?;
            let separators: &[&str] = if explode { &["."] } else { &[","] };
            list_or_object(raw, separators, explode, form, coding)
        }
        Style::SpaceDelimited => list_or_object(raw, space(coding), false, form, coding),
        Style::PipeDelimited => list_or_object(raw, &["|", "%7C", "%7c"], false, form, coding),
        Style::TabDelimited => list_or_object(raw, &["\t", "%09"], false, form, coding),
        Style::Simple => list_or_object(raw, &[","], explode, form, coding),
        Style::Form | Style::DeepObject | Style::Cookie => list_or_object(raw, &[","], false, form, coding),
    }
}

const fn space(coding: Coding) -> &'static [&'static str] {
    match coding {
        Coding::Percent(crate::percent::Plus::Space) => &["%20", "+", " "],
        Coding::Percent(crate::percent::Plus::Plus) | Coding::Verbatim => &["%20", " "],
    }
}

fn list_or_object(
    raw: &str,
    separators: &[&str],
    explode: bool,
    form: Form,
    coding: Coding,
) -> Result<Wire, String> {
    match form {
        Form::Scalar => coding.decode(raw).map(Wire::Text),
        Form::Array => {
            let items = split(raw, separators).into_iter().map(|item| text(item, coding));
            items.collect::<Result<_, _>>().map(Wire::List)
        }
        Form::Object if explode => {
            let members = split(raw, separators).into_iter().map(|member| {
                let (key, value) =
                    member.split_once('=').ok_or_else(|| format!("`{member}` is not `name=value`"))?;
                Ok((trimmed(key, coding)?, text(value, coding)?))
            });
            members.collect::<Result<_, String>>().map(Wire::Members)
        }
        Form::Object => {
            let parts = split(raw, separators);
            let members = parts.chunks(2).map(|pair| match pair {
                [key, value] => Ok((trimmed(key, coding)?, text(value, coding)?)),
                _ => Err("an object's names and values alternate, and here a value is missing".to_owned()),
            });
            members.collect::<Result<_, String>>().map(Wire::Members)
        }
    }
}

fn matrix(name: &str, raw: &str, explode: bool, form: Form, coding: Coding) -> Result<Wire, String> {
    let raw = raw.strip_prefix(';').ok_or("a value of style `matrix` starts with `;`")?;
    let wants_name = || format!("a value of style `matrix` is written `;{name}=…`");
    if explode && form == Form::Object {
        return list_or_object(raw, &[";"], true, form, coding);
    }
    let named = |pair: &str| -> Result<String, String> {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        if coding.decode(key)? == name { Ok(value.to_owned()) } else { Err(wants_name()) }
    };
    if explode && form == Form::Array {
        // `;name` alone is the empty array.
        let pairs = if raw.contains('=') { split(raw, &[";"]) } else { named(raw).map(|_| Vec::new())? };
        let items = pairs.into_iter().map(|pair| text(&named(pair)?, coding));
        return items.collect::<Result<_, _>>().map(Wire::List);
    }
    list_or_object(&named(raw)?, &[","], false, form, coding)
}

/// The parts of `raw`; none of an empty text.
fn split<'a>(raw: &'a str, separators: &[&str]) -> Vec<&'a str> {
    let mut parts = Vec::new();
    let mut rest = raw;
    while !raw.is_empty() {
        let next =
            separators.iter().filter_map(|separator| Some((rest.find(separator)?, separator.len()))).min();
        let halves = next.and_then(|(at, length)| Some((rest.get(..at)?, rest.get(at + length..)?)));
        let Some((part, behind)) = halves else {
            parts.push(rest);
            break;
        };
        parts.push(part);
        rest = behind;
    }
    parts
}

fn text(raw: &str, coding: Coding) -> Result<Wire, String> {
    trimmed(raw, coding).map(Wire::Text)
}

/// Header lists may have white space around their commas.
fn trimmed(raw: &str, coding: Coding) -> Result<String, String> {
    coding.decode(if coding == Coding::Verbatim { raw.trim_matches([' ', '\t']) } else { raw })
}
