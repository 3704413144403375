//! See [`spandrel_fuzz::render`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| spandrel_fuzz::render(bytes));
