//! Decimal numbers as JSON writes them, exactly.

use serde_json::{Number, Value};

/// Digits behind the point that are kept.
const FINEST: u32 = 12;

/// `mantissa / 10^scale`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decimal {
    pub(super) mantissa: i128,
    pub(super) scale: u32,
}

impl Decimal {
    /// The number in `value`; `None` where there is none, or it is too large or too fine.
    pub(super) fn read(value: &Value) -> Option<Self> {
        let text = value.as_number()?.to_string();
        let (digits, exponent) = match text.split_once(['e', 'E']) {
            Some((digits, exponent)) => (digits, exponent.parse::<i32>().ok()?),
            None => (text.as_str(), 0),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let fraction = fraction.trim_end_matches('0');
        let mantissa: i128 = format!("{whole}{fraction}").parse().ok()?;
        let scale = i32::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
        if let Ok(scale) = u32::try_from(scale) {
            return (scale <= FINEST).then_some(Self { mantissa, scale });
        }
        let power = 10_i128.checked_pow(scale.unsigned_abs())?;
        Some(Self { mantissa: mantissa.checked_mul(power)?, scale: 0 })
    }

    /// The mantissa at a finer scale.
    pub(super) fn at(self, scale: u32) -> Option<i128> {
        self.mantissa.checked_mul(10_i128.checked_pow(scale.checked_sub(self.scale)?)?)
    }

    /// As a JSON number, without needless zeros.
    pub(super) fn to_value(self) -> Option<Value> {
        let mut text = self.mantissa.unsigned_abs().to_string();
        if self.scale > 0 {
            let scale = usize::try_from(self.scale).ok()?;
            let padded = format!("{text:0>width$}", width = scale + 1);
            let (whole, fraction) = padded.split_at_checked(padded.len() - scale)?;
            let fraction = fraction.trim_end_matches('0');
            text = if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") };
        }
        let sign = if self.mantissa < 0 { "-" } else { "" };
        serde_json::from_str::<Number>(&format!("{sign}{text}")).ok().map(Value::Number)
    }
}
