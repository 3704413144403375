//! Server-sent events that arrived whole (HTML standard, "Interpreting an event stream").

/// The data of each event, an event a line (or lines, where its data has several); the name of an event
/// that has one of its own is a line too. Comments, ids and retry times are left out.
pub(super) fn data_of(stream: &str) -> String {
    let mut text = String::with_capacity(stream.len());
    // A line ends with CR LF, LF or CR. The blank one between CR and LF changes nothing here, as
    // lines are only collected.
    for line in stream.split(['\r', '\n']) {
        if let Some(value) = field(line, "data") {
            push_line(&mut text, "", value);
        } else if let Some(name) = field(line, "event").filter(|name| !matches!(*name, "" | "message")) {
            push_line(&mut text, "event: ", name);
        }
    }
    text
}

/// The value of a line of that field.
pub(super) fn field<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let rest = line.strip_prefix(name)?;
    let value = rest.strip_prefix(':').or_else(|| rest.is_empty().then_some(""))?;
    Some(value.strip_prefix(' ').unwrap_or(value))
}

fn push_line(text: &mut String, label: &str, value: &str) {
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(label);
    text.push_str(value);
}
