//! Text and identifiers, cut into words.

/// The words of `text`, lower case: cut at everything that is neither letter nor digit, at the humps of
/// `camelCase` and `HTTPServer`, and between a word and a number (`oauth2`), though not in what is as short
/// as `s3` or `2fa`. Apostrophes are left out: `user's` is `users`.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut run: Vec<char> = Vec::new();
    for character in text.chars() {
        match character {
            '\'' | '’' => {}
            _ if character.is_alphanumeric() => run.push(character),
            _ => cut_run(&mut run, &mut words),
        }
    }
    cut_run(&mut run, &mut words);
    words
}

/// Cuts letters and digits that stand together.
fn cut_run(run: &mut Vec<char>, words: &mut Vec<String>) {
    let mut word = String::new();
    let mut letters = 0;
    for (index, &character) in run.iter().enumerate() {
        let previous = index.checked_sub(1).and_then(|before| run.get(before)).copied();
        let next = run.get(index + 1).copied();
        if previous.is_some_and(|previous| is_border(previous, character, next, letters)) {
            words.push(std::mem::take(&mut word));
            letters = 0;
        }
        letters = if character.is_alphabetic() { letters + 1 } else { 0 };
        word.extend(character.to_lowercase());
    }
    if !word.is_empty() {
        words.push(word);
    }
    run.clear();
}

/// Whether a word ends between `previous` and `character`; `letters` stand before it without a digit.
fn is_border(previous: char, character: char, next: Option<char>, letters: usize) -> bool {
    let hump = !previous.is_uppercase() && character.is_uppercase();
    let last_of_capitals =
        previous.is_uppercase() && character.is_uppercase() && next.is_some_and(char::is_lowercase);
    // `IDs` and `URLs` are plurals, not `I Ds`.
    let plural = last_of_capitals && next == Some('s');
    let number = letters >= 3 && character.is_numeric();
    hump || (last_of_capitals && !plural) || number
}
