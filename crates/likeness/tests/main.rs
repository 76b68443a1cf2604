//! The crate from outside.

mod index;
mod pdq;
mod stored;
mod targets;
mod text;
