//! The crate from outside.

mod pdq;
