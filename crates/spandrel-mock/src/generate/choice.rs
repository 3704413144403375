//! Choices made on the way, and how they are revised.

/// A place where there was more than one way.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Choice {
    /// A JSON Pointer into the value.
    place: String,
    what: &'static str,
    /// Which one of those of the same kind at the same place.
    ordinal: usize,
    picked: usize,
    options: usize,
}

/// The choices of one attempt, and those that the next one starts with.
#[derive(Debug, Default)]
pub(super) struct Choices {
    fixed: Vec<Choice>,
    made: Vec<Choice>,
}

impl Choices {
    /// Picks one of `options`: what was fixed for this choice, else the first.
    pub(super) fn pick(&mut self, place: &str, what: &'static str, options: usize) -> usize {
        if options < 2 {
            return 0;
        }
        let same = |choice: &&Choice| choice.place == place && choice.what == what;
        let ordinal = self.made.iter().filter(same).count();
        let fixed = self.fixed.iter().filter(same).find(|choice| choice.ordinal == ordinal);
        let picked = fixed.map_or(0, |choice| choice.picked).min(options - 1);
        self.made.push(Choice { place: place.to_owned(), what, ordinal, picked, options });
        picked
    }

    /// Makes the choice otherwise that is likeliest to blame for faults at `places`. Later choices
    /// are forgotten. `false` when every way was tried.
    pub(super) fn revise(&mut self, places: &[String]) -> bool {
        let made = std::mem::take(&mut self.made);
        let blamed = places.iter().find_map(|place| above(&made, place).or_else(|| below(&made, place)));
        let Some(index) = blamed else { return false };
        self.fixed = made.into_iter().take(index + 1).collect();
        if let Some(last) = self.fixed.last_mut() {
            last.picked += 1;
        }
        true
    }
}

/// The deepest choice at or above `place` with another way left; the last one of those.
fn above(made: &[Choice], place: &str) -> Option<usize> {
    let open = made.iter().enumerate().filter(|(_, choice)| {
        let is_above = place
            .strip_prefix(choice.place.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        is_above && choice.picked + 1 < choice.options
    });
    open.max_by_key(|(index, choice)| (choice.place.len(), *index)).map(|(index, _)| index)
}

/// The last choice below `place` with another way left.
fn below(made: &[Choice], place: &str) -> Option<usize> {
    made.iter().rposition(|choice| choice.place.starts_with(place) && choice.picked + 1 < choice.options)
}
