//! What of a message matters to the transport that carries it.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

/// A message, as far as transports look into it.
#[derive(Deserialize, Default)]
pub(super) struct Envelope<'a> {
    #[serde(borrow, default)]
    pub(super) id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    method: Option<&'a RawValue>,
    #[serde(borrow, default)]
    params: Option<&'a RawValue>,
    #[serde(default)]
    pub(super) result: Option<IgnoredAny>,
}

impl<'a> Envelope<'a> {
    /// Whether it is a message of that method.
    pub(super) fn is(&self, method: &str) -> bool {
        let given = self.method.and_then(|text| text.get().strip_prefix('"')?.strip_suffix('"'));
        given == Some(method)
    }

    /// The id of the request that the message cancels.
    pub(super) fn cancelled(&self) -> Option<&'a RawValue> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Params<'a> {
            #[serde(borrow)]
            request_id: &'a RawValue,
        }
        let params = self.params.filter(|_| self.is("notifications/cancelled"))?;
        serde_json::from_str::<Params<'a>>(params.get()).ok().map(|params| params.request_id)
    }
}
