//! What tests stand on: a PostgreSQL cluster and an S3 server of their own.

pub mod postgres;
pub mod s3;
