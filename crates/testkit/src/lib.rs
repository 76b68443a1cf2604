//! What tests stand on: a whole site, and a PostgreSQL cluster and an S3 server of their own.

pub mod postgres;
pub mod s3;
pub mod site;

pub use site::TestSite;
