//! A request as a curl command.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, Request};
use spandrel::runtime::Placeholder;

use crate::shell::quote;

/// What stands in the place of a secret.
pub(crate) const MASK: &str = "***";

/// The command, an argument a line, for a POSIX shell. What stands for a secret becomes the variable that
/// would hold it.
pub(crate) fn command(request: &Request<Bytes>, placeholders: &[Placeholder]) -> String {
    let mut words = vec![start(request, placeholders)];
    for (name, value) in request.headers() {
        let line = header_line(name.as_str(), value, placeholders);
        words.push(format!("--header {}", quoted(&line, placeholders)));
    }
    let body = request.body();
    if !body.is_empty() && !request.headers().contains_key(CONTENT_TYPE) {
        // Otherwise curl calls it a form.
        words.push("--header 'content-type:'".to_owned());
    }
    let mut before = String::new();
    match std::str::from_utf8(body) {
        Ok("") => {}
        Ok(text) if !text.contains('\0') => words.push(format!("--data-raw {}", quoted(text, placeholders))),
        _ => {
            before = format!("printf %s {} | base64 -d |\n", quote(&STANDARD.encode(body)));
            words.push("--data-binary @-".to_owned());
        }
    }
    format!("{before}{}\n", words.join(" \\\n  "))
}

fn start(request: &Request<Bytes>, placeholders: &[Placeholder]) -> String {
    let url = request.uri().to_string();
    let method = match (request.method(), request.body().is_empty()) {
        (&Method::GET, true) | (&Method::POST, false) => String::new(),
        (&Method::HEAD, true) => " --head".to_owned(),
        (method, _) => format!(" --request {method}"),
    };
    // Brackets and braces would otherwise be patterns of curl's.
    let globoff = if url.contains(['[', ']', '{', '}']) { " --globoff" } else { "" };
    format!("curl{method}{globoff} {}", quoted(&url, placeholders))
}

/// A word of the command; one with placeholders stands in double quotes, so that the shell puts the
/// variables' values in their place.
fn quoted(text: &str, placeholders: &[Placeholder]) -> String {
    if !placeholders.iter().any(|placeholder| text.contains(&placeholder.marker)) {
        return quote(text).into_owned();
    }
    let mut word = String::from("\"");
    for character in text.chars() {
        if matches!(character, '"' | '\\' | '$' | '`') {
            word.push('\\');
        }
        word.push(character);
    }
    word.push('"');
    placeholders.iter().fold(word, |word, placeholder| {
        let variable = &placeholder.variable;
        let value = if placeholder.in_base64 {
            format!("$(printf %s \"${variable}\" | base64 | tr -d '\\n')")
        } else {
            format!("${variable}")
        };
        word.replace(&placeholder.marker, &value)
    })
}

fn header_line(name: &str, value: &HeaderValue, placeholders: &[Placeholder]) -> String {
    let has_placeholder = |text: &&str| placeholders.iter().any(|one| text.contains(&one.marker));
    if let Some(text) = value.to_str().ok().filter(has_placeholder) {
        return format!("{name}: {text}");
    }
    match shown(value) {
        // `name:` would mean that curl leaves the header out.
        text if text.is_empty() => format!("{name};"),
        text => format!("{name}: {text}"),
    }
}

/// A header's value, unless it is a secret.
pub(crate) fn shown(value: &HeaderValue) -> String {
    if value.is_sensitive() {
        MASK.to_owned()
    } else {
        String::from_utf8_lossy(value.as_bytes()).into_owned()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn commands() {
        let request = |method: &str, url: &str, body: &'static [u8]| {
            Request::builder().method(method).uri(url).body(Bytes::from_static(body)).unwrap()
        };
        let table = [
            (request("GET", "http://h/a", b""), "curl http://h/a\n"),
            (request("GET", "http://h/a?b=1&c=%27", b""), "curl 'http://h/a?b=1&c=%27'\n"),
            (request("HEAD", "http://h/a", b""), "curl --head http://h/a\n"),
            (request("DELETE", "http://h/a", b""), "curl --request DELETE http://h/a\n"),
            (request("POST", "http://h/a", b""), "curl --request POST http://h/a\n"),
            (request("GET", "http://[::1]/a", b""), "curl --globoff 'http://[::1]/a'\n"),
            (
                request("POST", "http://h/a", b"it's"),
                "curl http://h/a \\\n  --header 'content-type:' \\\n  --data-raw 'it'\\''s'\n",
            ),
            (
                request("PUT", "http://h/a", b"\xff\x00"),
                "printf %s /wA= | base64 -d |\ncurl --request PUT http://h/a \\\n  --header 'content-type:' \\\n  --data-binary @-\n",
            ),
        ];
        for (request, expected) in table {
            assert_eq!(command(&request, &[]), expected);
        }
        let mut secret = request("GET", "http://h/a", b"");
        let mut value = HeaderValue::from_static("s3cret");
        value.set_sensitive(true);
        secret.headers_mut().insert("x-key", value);
        secret.headers_mut().insert("x-empty", HeaderValue::from_static(""));
        let expected = "curl http://h/a \\\n  --header 'x-key: ***' \\\n  --header 'x-empty;'\n";
        assert_eq!(command(&secret, &[]), expected);
    }
}
