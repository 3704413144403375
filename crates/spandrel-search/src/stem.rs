//! Words without their endings.

use rust_stemmers::{Algorithm, Stemmer};

/// Cuts the endings of English words: `repositories` and `repository` are one.
pub(crate) struct Stems(Stemmer);

impl Stems {
    pub(crate) fn english() -> Self {
        Self(Stemmer::create(Algorithm::English))
    }

    /// The stem of a lower-case word.
    pub(crate) fn stem(&self, word: &str) -> String {
        // Most of what is this short has no ending to lose: `ids` and `urls` apart, which are plurals of
        // what the stemmer takes for words that end in s.
        match word {
            "ids" => "id".to_owned(),
            "ip" | "ips" => "ip".to_owned(),
            "dns" | "aws" | "os" | "sms" | "tls" | "https" | "css" | "gps" | "ms" => word.to_owned(),
            _ => self.0.stem(word).into_owned(),
        }
    }
}
