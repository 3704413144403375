//! Properties that hold for any input. Each function takes bytes and panics where a property fails.
//!
//! They are fuzz targets (`just fuzz SECONDS`). The test `any_input` of `spandrel-compiler` includes
//! this file and runs them over mutated documents of this repository, so paths in here are relative.

mod choices;
mod compiled;
mod document;
mod generate;
mod render;
mod response;
mod schema;

pub use document::document;
pub use render::render;
pub use response::response;
pub use schema::schema;
