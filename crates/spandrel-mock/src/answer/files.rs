//! The smallest files of a few kinds.

/// A picture of one transparent dot.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\
    \x00\x00\x00\x0dIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\
    \x00\x00\x00\x0bIDAT\x78\xda\x63\x60\x00\x02\x00\x00\x05\x00\x01\xe9\xfa\xdc\xd8\
    \x00\x00\x00\x00IEND\xae\x42\x60\x82";

/// A picture of one transparent dot.
const GIF: &[u8] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00\
    !\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;";

/// Two samples of silence: 8 kHz, 16 bit, one channel.
const WAV: &[u8] = b"RIFF\x28\x00\x00\x00WAVE\
    fmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00\
    data\x04\x00\x00\x00\x00\x00\x00\x00";

/// An archive without files.
const ZIP: &[u8] = b"PK\x05\x06\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00";

/// A document without pages.
const PDF: &[u8] = b"%PDF-1.4\n\
    1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n\
    trailer<</Root 1 0 R>>\n%%EOF\n";

/// A file of the media type `essence`; a few bytes where no kind is known.
pub(super) fn of(essence: &str) -> &'static [u8] {
    match essence {
        "image/png" => PNG,
        "image/gif" => GIF,
        "audio/wav" | "audio/x-wav" | "audio/wave" | "audio/vnd.wave" => WAV,
        "application/zip" => ZIP,
        "application/pdf" => PDF,
        _ => b"\x00\x01\x02\x03spandrel\xfc\xfd\xfe\xff",
    }
}
