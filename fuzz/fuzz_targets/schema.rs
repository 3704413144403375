//! See [`spandrel_fuzz::schema`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| spandrel_fuzz::schema(bytes));
