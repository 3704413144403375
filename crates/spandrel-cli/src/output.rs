//! The one place that prints. Standard output is for results, standard error for everything else.

use std::fmt::Display;
use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use crate::indented::Indented;

pub(crate) const ERROR: Style = AnsiColor::Red.on_default().bold();
pub(crate) const WARNING: Style = AnsiColor::Yellow.on_default().bold();
pub(crate) const NOTE: Style = AnsiColor::Cyan.on_default().bold();
pub(crate) const STRONG: Style = Style::new().bold();
pub(crate) const DIM: Style = Style::new().dimmed();

/// Prints a result as it is.
pub(crate) fn result(text: &str) -> io::Result<()> {
    let mut stdout = anstream::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}

/// Prints bytes as they are.
pub(crate) fn bytes(bytes: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(bytes)?;
    stdout.flush()
}

/// JSON for people and programs: indented, with a line break at its end.
pub(crate) fn json_text(value: &impl Serialize) -> serde_json::Result<String> {
    // By way of a value: JSON that is kept as text is indented too.
    let value = serde_json::to_value(value)?;
    serde_json::to_string_pretty(&value).map(|text| text + "\n")
}

/// Writes [`json_text`] without holding it.
pub(crate) fn write_json(out: impl Write, value: &impl Serialize) -> io::Result<()> {
    let mut indented = Indented::new(BufWriter::new(out));
    serde_json::to_writer(&mut indented, value)?;
    indented.finish()
}

/// Whether a person looks at standard output.
pub(crate) fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// The columns of the terminal; none where standard output is no terminal.
pub(crate) fn columns() -> Option<usize> {
    if !is_terminal() {
        return None;
    }
    terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))
}

/// Prints something for a person. Where that fails, nobody is there to be told.
pub(crate) fn tell(text: &str) {
    let mut stderr = anstream::stderr().lock();
    let _ = stderr.write_all(text.as_bytes());
    let _ = stderr.flush();
}

/// Prints a warning for a person.
pub(crate) fn warning(text: impl Display) {
    tell(&format!("{WARNING}warning{WARNING:#}: {}\n", Printable(&text.to_string())));
}

/// Prints why the command failed.
pub(crate) fn error(error: &anyhow::Error) {
    tell(&format!("{ERROR}error{ERROR:#}: {}\n", Printable(&format!("{error:#}"))));
}

/// Whether the error is that nobody reads the output any more.
pub(crate) fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
}

/// Text from outside, made harmless for a terminal: control characters are shown, not obeyed.
pub(crate) struct Printable<'t>(pub(crate) &'t str);

impl Display for Printable<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for character in self.0.chars() {
            match character {
                '\n' | '\t' => write!(formatter, "{character}")?,
                _ if character.is_control() => write!(formatter, "{}", character.escape_default())?,
                _ => write!(formatter, "{character}")?,
            }
        }
        Ok(())
    }
}

/// Every line with a line break at its end.
pub(crate) fn lines(lines: impl IntoIterator<Item = String>) -> String {
    lines.into_iter().flat_map(|line| [line, "\n".to_owned()]).collect()
}

/// Text from outside on one line.
pub(crate) fn one_line(text: &str) -> String {
    Printable(&text.split_whitespace().collect::<Vec<_>>().join(" ")).to_string()
}

/// A number with its thousands apart: `12,345`.
pub(crate) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `1 tool`, `2 tools`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(number))
}
