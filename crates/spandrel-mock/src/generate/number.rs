//! Numbers.

use serde_json::Value;

use super::decimal::Decimal;
use super::maker::Plain;

/// A number within the bounds of `plain`: 1 or 1.5 where nothing is asked for.
pub(super) fn make(plain: &[Plain<'_>], integer: bool, variant: usize) -> Option<Value> {
    let read = |keyword: &str| -> Vec<Decimal> {
        plain.iter().filter_map(|schema| schema.get(keyword)).filter_map(Decimal::read).collect()
    };
    let (least, above) = (read("minimum"), read("exclusiveMinimum"));
    let (most, below) = (read("maximum"), read("exclusiveMaximum"));
    let multiples = read("multipleOf");
    let all = least.iter().chain(&above).chain(&most).chain(&below).chain(&multiples);
    let scale = all.map(|decimal| decimal.scale).max().unwrap_or(0) + u32::from(!integer);

    let one = 10_i128.checked_pow(scale)?;
    let grain = if integer { one } else { 1 };
    let step =
        multiples.iter().filter_map(|multiple| multiple.at(scale)).try_fold(grain, least_common_multiple)?;
    let low = least.iter().filter_map(|bound| bound.at(scale)).max();
    let low = low.max(above.iter().filter_map(|bound| bound.at(scale)?.checked_add(1)).max());
    let high = [
        most.iter().filter_map(|bound| bound.at(scale)).min(),
        below.iter().filter_map(|bound| bound.at(scale)?.checked_sub(1)).min(),
    ];
    let high = high.into_iter().flatten().min();

    let within = |value: i128| low.is_none_or(|low| value >= low) && high.is_none_or(|high| value <= high);
    let pleasant = if integer { one } else { one + one / 2 };
    let lowest = low.and_then(|low| low.checked_add(step - 1)).map(|low| low.div_euclid(step) * step);
    let highest = high.map(|high| high.div_euclid(step) * step);
    let candidates = [Some(pleasant), Some(one), Some(step), Some(0), lowest, highest];
    let fitting =
        candidates.into_iter().flatten().find(|value| value.rem_euclid(step) == 0 && within(*value));
    let first = fitting.or(lowest).or(highest)?;
    let varied = i128::try_from(variant)
        .ok()
        .and_then(|variant| first.checked_add(step.max(grain).checked_mul(variant)?));
    let wrapped = || Some(lowest? + step.checked_mul(i128::try_from(variant).ok()?)?);
    let mantissa = varied.filter(|value| within(*value)).or_else(wrapped)?;
    Decimal { mantissa, scale }.to_value()
}

fn least_common_multiple(a: i128, b: i128) -> Option<i128> {
    let (mut x, mut y) = (a, b);
    while y != 0 {
        (x, y) = (y, x % y);
    }
    if x == 0 { None } else { a.checked_mul(b.checked_div(x)?).map(i128::abs) }
}
