//! Numbers.

use serde_json::Value;

use super::Extent;
use super::decimal::Decimal;
use super::maker::{Maker, Plain};

/// 2^53 + 1: the least integer that a float does not hold.
const LARGE: i128 = 9_007_199_254_740_993;

/// Near the end of `int32`, with room for as many variants as an array has.
const NEARLY_I32_MAX: i128 = i32::MAX as i128 - 255;

/// A number within the bounds of `plain`: 1 or 1.5 where nothing is asked for; one beyond what a
/// float holds exactly where the edge is wanted.
pub(super) fn make(plain: &[Plain<'_>], integer: bool, maker: &Maker<'_, '_>) -> Option<Value> {
    let variant = maker.variant;
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
    let edge = if plain.iter().any(|schema| schema.get("format").is_some_and(|format| format == "int32")) {
        NEARLY_I32_MAX
    } else {
        LARGE
    };
    let pleasant = match (maker.extent, integer) {
        (Extent::Edge, true) => edge.checked_mul(one)?.div_euclid(step) * step,
        (_, true) => one,
        (_, false) => one + one / 2,
    };
    let lowest = low.and_then(|low| low.checked_add(step - 1)).map(|low| low.div_euclid(step) * step);
    let highest = high.map(|high| high.div_euclid(step) * step);
    let edges = if maker.extent == Extent::Edge { [highest, lowest] } else { [None, None] };
    let [first_edge, second_edge] = edges;
    let candidates =
        [Some(pleasant), first_edge, second_edge, Some(one), Some(step), Some(0), lowest, highest];
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
