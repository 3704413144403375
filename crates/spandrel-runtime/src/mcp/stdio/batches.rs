//! Batches over streams: the answers to the requests of one go out together.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The batches whose answers are not complete.
#[derive(Default)]
pub(super) struct Batches(Mutex<State>);

#[derive(Default)]
struct State {
    /// The batch of each request, by the key of its id.
    requests: HashMap<String, u64>,
    open: HashMap<u64, Batch>,
    count: u64,
}

#[derive(Default)]
struct Batch {
    /// How many requests are not answered.
    left: usize,
    answers: Vec<Vec<u8>>,
}

/// What is to be written once an answer is there.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// The answer itself: it is of no batch.
    Alone(Vec<u8>),
    /// All answers of its batch.
    Together(Vec<u8>),
    /// Nothing yet, or nothing at all.
    Nothing,
}

impl Batches {
    /// Begins a batch of these requests, some of whose messages are answered already. What is to be written
    /// if nothing else has to be waited for.
    pub(super) fn begin(&self, requests: Vec<String>, answers: Vec<Vec<u8>>) -> Written {
        let mut state = self.state();
        if requests.is_empty() {
            return whole(&answers);
        }
        state.count += 1;
        let number = state.count;
        state.open.insert(number, Batch { left: requests.len(), answers });
        state.requests.extend(requests.into_iter().map(|request| (request, number)));
        Written::Nothing
    }

    /// Takes the answer to a request; none where it will have no answer.
    pub(super) fn answer(&self, request: &str, answer: Option<Vec<u8>>) -> Written {
        let mut state = self.state();
        let Some(number) = state.requests.remove(request) else {
            return answer.map_or(Written::Nothing, Written::Alone);
        };
        let Some(batch) = state.open.get_mut(&number) else { return Written::Nothing };
        batch.left = batch.left.saturating_sub(1);
        batch.answers.extend(answer);
        if batch.left > 0 {
            return Written::Nothing;
        }
        state.open.remove(&number).map_or(Written::Nothing, |batch| whole(&batch.answers))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn whole(answers: &[Vec<u8>]) -> Written {
    if answers.is_empty() {
        return Written::Nothing;
    }
    let mut whole = b"[".to_vec();
    whole.extend(answers.join(&b','));
    whole.push(b']');
    Written::Together(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_go_out_together() {
        let batches = Batches::default();
        let text = |text: &str| text.as_bytes().to_vec();
        let keys = |keys: &[&str]| keys.iter().map(|&key| key.to_owned()).collect::<Vec<_>>();
        assert_eq!(batches.begin(Vec::new(), Vec::new()), Written::Nothing);
        assert_eq!(batches.begin(Vec::new(), vec![text("1")]), Written::Together(text("[1]")));
        assert_eq!(batches.begin(keys(&["a", "b", "c"]), vec![text("1")]), Written::Nothing);
        assert_eq!(batches.answer("x", Some(text("9"))), Written::Alone(text("9")));
        assert_eq!(batches.answer("b", Some(text("2"))), Written::Nothing);
        assert_eq!(batches.answer("a", None), Written::Nothing);
        assert_eq!(batches.answer("c", Some(text("3"))), Written::Together(text("[1,2,3]")));
        assert_eq!(batches.answer("c", Some(text("4"))), Written::Alone(text("4")));
    }
}
