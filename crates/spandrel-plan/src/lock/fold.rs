//! JSON a line for each thing that may change: what is short stays on its line.

use std::io;

use serde::Serialize;
use serde_json::Value;

/// The longest line, in bytes, where what stands on it can be broken.
const LINE: usize = 110;

/// The text of `value`, ended by a line break.
pub(super) fn written(value: &impl Serialize) -> serde_json::Result<String> {
    let mut text = String::new();
    write(&serde_json::to_value(value)?, 0, 0, &mut text)?;
    text.push('\n');
    Ok(text)
}

/// Writes `value`, which stands `indent` levels deep, behind `before` bytes on its line.
fn write(value: &Value, indent: usize, before: usize, out: &mut String) -> serde_json::Result<()> {
    let is_empty = match value {
        Value::Object(members) => members.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => true,
    };
    let room = LINE.saturating_sub(2 * indent + before);
    if is_empty || fits(value, room) {
        out.push_str(&serde_json::to_string(value)?);
        return Ok(());
    }
    match value {
        Value::Object(members) => {
            out.push('{');
            for (index, (name, member)) in members.iter().enumerate() {
                line(index, indent + 1, out);
                let name = serde_json::to_string(name)?;
                out.push_str(&name);
                out.push_str(": ");
                write(member, indent + 1, name.len() + 2, out)?;
            }
            end(indent, out);
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                line(index, indent + 1, out);
                write(item, indent + 1, 0, out)?;
            }
            end(indent, out);
            out.push(']');
        }
        _ => {}
    }
    Ok(())
}

fn line(index: usize, indent: usize, out: &mut String) {
    if index > 0 {
        out.push(',');
    }
    end(indent, out);
}

fn end(indent: usize, out: &mut String) {
    out.push('\n');
    (0..indent).for_each(|_| out.push_str("  "));
}

/// Whether the compact text of `value` takes at most `room` bytes; no more than that is written.
fn fits(value: &Value, room: usize) -> bool {
    struct Room(usize);

    impl io::Write for Room {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 = self.0.checked_sub(bytes.len()).ok_or(io::ErrorKind::StorageFull)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    serde_json::to_writer(Room(room), value).is_ok()
}
