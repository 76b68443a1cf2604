//! An S3 server in the test's own process, on loopback, over a temporary directory.

use anyhow::Result;
use hyper_util::rt::TokioIo;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;

/// A running server; it ends when this is dropped.
pub struct S3 {
    /// `http://127.0.0.1:…`.
    pub endpoint: String,
    /// A bucket that exists and is empty.
    pub bucket: String,
    /// Its only user.
    pub access_key: String,
    /// And the proof.
    pub secret_key: String,
    accepting: tokio::task::JoinHandle<()>,
    _dir: tempfile::TempDir,
}

impl S3 {
    /// Starts a server.
    pub async fn start() -> Result<Self> {
        let dir = tempfile::tempdir()?;
        std::fs::create_dir(dir.path().join("media"))?;
        let files = s3s_fs::FileSystem::new(dir.path()).map_err(|error| anyhow::anyhow!("{error:?}"))?;
        let mut builder = S3ServiceBuilder::new(files);
        builder.set_auth(SimpleAuth::from_single("test-access", "test-secret"));
        let service = builder.build();
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
        let endpoint = format!("http://{}", listener.local_addr()?);
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let service = service.clone();
                tokio::spawn(async move {
                    // A client that goes away in mid-request is no failure of the server.
                    drop(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await);
                });
            }
        });
        Ok(Self {
            endpoint,
            bucket: "media".into(),
            access_key: "test-access".into(),
            secret_key: "test-secret".into(),
            accepting,
            _dir: dir,
        })
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}
