//! Each wall of the sandbox stands, and the outcome of what runs into it is right.

use crate::{sandbox, work};

#[tokio::test]
async fn the_walls_can_be_put_up_and_ffmpeg_starts_behind_them() {
    let report = sandbox().self_test(work().path()).await.unwrap();
    assert!(report.enforced && report.ffmpeg);
}
