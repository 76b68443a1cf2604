//! The crate from outside.

mod index;
mod pdq;
mod targets;
