//! Text for a POSIX shell.

use std::borrow::Cow;

/// `text` as one word of a shell, quoted where it must be.
pub(crate) fn quote(text: &str) -> Cow<'_, str> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:=@%+,".contains(&byte);
    if !text.is_empty() && text.bytes().all(plain) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(format!("'{}'", text.replace('\'', r"'\''")))
}

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn words() {
        let table = [
            ("a", "a"),
            ("https://h/a:b", "https://h/a:b"),
            ("", "''"),
            ("a b", "'a b'"),
            ("it's", r"'it'\''s'"),
            ("$HOME `x` \\", "'$HOME `x` \\'"),
            ("a\nb", "'a\nb'"),
            ("?q=*", "'?q=*'"),
            ("ü", "'ü'"),
        ];
        for (text, expected) in table {
            assert_eq!(quote(text), expected);
        }
    }
}
