//! How much of a bound each of several values gets.

/// The largest share that each value may have so that all are within `room`: what is smaller is whole, and
/// the others have the same. None where all of them are within it.
pub(super) fn equal_share(sizes: &[usize], room: usize) -> Option<usize> {
    let mut sizes = sizes.to_vec();
    sizes.sort_unstable();
    let mut left = room;
    let mut others = sizes.len();
    for size in sizes {
        let share = left / others.max(1);
        if size > share {
            return Some(share);
        }
        left -= size;
        others -= 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::equal_share;

    #[test]
    fn the_small_are_whole_and_the_large_share_the_rest() {
        type Row<'a> = (&'a [usize], usize, Option<usize>);
        let table: [Row<'_>; 7] = [
            (&[], 10, None),
            (&[10], 10, None),
            (&[11], 10, Some(10)),
            (&[1, 100, 2, 100], 43, Some(20)),
            (&[100, 1, 1], 3, Some(1)),
            (&[5, 5, 5], 10, Some(3)),
            (&[5, 5], 0, Some(0)),
        ];
        for (sizes, room, expected) in table {
            assert_eq!(equal_share(sizes, room), expected, "{sizes:?} in {room}");
        }
    }
}
