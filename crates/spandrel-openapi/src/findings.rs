//! What was found with a document, each once.

use indexmap::IndexSet;

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::location::Location;

/// The most findings that are no errors. Who has as many reads none of them.
const MOST: usize = 20_000;

/// Findings in their order, each once, and not too many: a broken component is found wherever it is
/// referred to.
#[derive(Debug, Default)]
pub struct Findings {
    found: IndexSet<Diagnostic>,
    left_out: bool,
}

impl Findings {
    /// Adds a finding that was not found before. Beyond 20,000, only errors are kept.
    pub fn push(&mut self, found: Diagnostic) {
        if self.found.len() < MOST || found.severity == Severity::Error {
            self.found.insert(found);
        } else if !self.found.contains(&found) {
            self.left_out = true;
        }
    }

    /// The findings, and a last one where some were left out.
    #[must_use]
    pub fn into_vec(self) -> Vec<Diagnostic> {
        let mut found: Vec<Diagnostic> = self.found.into_iter().collect();
        if self.left_out {
            let message = format!("there are more than {MOST} findings; the rest was left out");
            found.push(
                Diagnostic::new(Code::TooManyFindings, Location::default(), message)
                    .with_help("mend what is shown, and check again"),
            );
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::{Findings, MOST};
    use crate::diagnostic::{Code, Diagnostic};
    use crate::location::Location;

    #[test]
    fn each_is_kept_once_and_not_too_many_are() {
        let mut findings = Findings::default();
        let mut push = |code, message: String| {
            findings.push(Diagnostic::new(code, Location::default(), message));
        };
        for number in 0..MOST + 5 {
            push(Code::MissingField, number.to_string());
            push(Code::MissingField, "0".to_owned());
        }
        push(Code::OperationSkipped, "an error".to_owned());
        let found = findings.into_vec();
        assert_eq!(found.len(), MOST + 2);
        assert_eq!(found.last().map(|last| last.code), Some(Code::TooManyFindings));
    }
}
