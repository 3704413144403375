//! Server-sent events that arrived whole (HTML standard, "Interpreting an event stream").

/// The data of each event, an event a line (or lines, where its data has several).
pub(super) fn data_of(stream: &str) -> String {
    let mut data = String::with_capacity(stream.len());
    // A line ends with CR LF, LF or CR. The blank one between CR and LF changes nothing here, as
    // lines are only collected.
    for line in stream.split(['\r', '\n']) {
        let Some(value) = line
            .strip_prefix("data")
            .and_then(|rest| rest.strip_prefix(':').or_else(|| rest.is_empty().then_some("")))
        else {
            continue;
        };
        if !data.is_empty() {
            data.push('\n');
        }
        data.push_str(value.strip_prefix(' ').unwrap_or(value));
    }
    data
}
