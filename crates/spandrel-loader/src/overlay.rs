//! Overlays: read like the root document, applied before its references are followed.

use spandrel_openapi::{Code, Diagnostic, DocumentSet, Location};
use spandrel_overlay::{Overlay, OverlayError};
use tracing::debug;

/// An overlay with what messages call it.
pub(crate) struct NamedOverlay {
    pub(crate) name: String,
    pub(crate) overlay: Overlay,
}

/// The set with its root document changed by the overlays, in their order.
///
/// # Errors
/// The first that cannot be applied, with its name.
pub(crate) fn apply(
    set: DocumentSet,
    overlays: &[NamedOverlay],
) -> Result<DocumentSet, (String, OverlayError)> {
    if overlays.is_empty() {
        return Ok(set);
    }
    set.with_changed_root(|document| {
        let mut findings = Vec::new();
        for NamedOverlay { name, overlay } in overlays {
            let applied = overlay.apply(document).map_err(|error| (name.clone(), error))?;
            debug!(overlay = name, changed = applied.changed, "overlay applied");
            findings.extend(applied.unmatched.iter().map(|unmatched| {
                let message = format!(
                    "{name}: action {} changes nothing: `{}` selects nothing",
                    unmatched.action, unmatched.target
                );
                Diagnostic::new(Code::OverlayUnmatched, Location::default(), message)
                    .with_help("compare the path with the document, or drop the action")
            }));
        }
        Ok(findings)
    })
}
