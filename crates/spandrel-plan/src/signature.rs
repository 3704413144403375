//! What bytes are, by how they begin, where nobody says so or what is said cannot be.

/// Where a format's mark stands, the mark, and its media type.
const SIGNATURES: [(usize, &[u8], &str); 13] = [
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBPVP8", "image/webp"),
    (4, b"ftypavif", "image/avif"),
    (8, b"WAVEfmt ", "audio/wav"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"\x1f\x8b\x08", "application/gzip"),
];

/// The media type that the bytes begin like.
pub(crate) fn media_type(bytes: &[u8]) -> Option<&'static str> {
    SIGNATURES
        .iter()
        .find(|(at, mark, _)| bytes.get(*at..).is_some_and(|rest| rest.starts_with(mark)))
        .map(|(.., media_type)| *media_type)
}
