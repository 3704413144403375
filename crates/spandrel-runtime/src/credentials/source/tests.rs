#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use super::*;

async fn text(source: &SecretSource) -> Result<String, SecretError> {
    source.get().await.map(|(secret, _)| secret.expose().to_owned())
}

#[cfg(unix)]
#[tokio::test]
async fn commands_are_bounded() {
    let table = [
        ("echo ' s3cret '; echo noise >&2", Ok("s3cret".to_owned())),
        ("exit 3", Err(SecretError::Failed("exit status: 3".to_owned()))),
        ("echo s3cret; exit 1", Err(SecretError::Failed("exit status: 1".to_owned()))),
        ("true", Err(SecretError::Empty)),
        ("head -c 70000 /dev/zero", Err(SecretError::TooLarge)),
        ("printf '\\377'", Err(SecretError::NotText)),
        ("cat", Err(SecretError::Empty)),
    ];
    for (command, expected) in table {
        assert_eq!(text(&SecretSource::command(command)).await, expected, "{command}");
    }
}

#[tokio::test]
async fn a_file_is_read_once_and_again_when_it_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    let source = SecretSource::file(&path);
    assert!(matches!(text(&source).await, Err(SecretError::File(..))));
    std::fs::write(&path, "one\n").unwrap();
    let (first, generation) = source.get().await.unwrap();
    assert_eq!(first.expose(), "one");
    std::fs::write(&path, "two\n").unwrap();
    assert_eq!(text(&source).await.unwrap(), "one");
    assert!(!source.renew(generation).await, "it was read just now");
    age(&source, FRESH).await;
    assert!(source.renew(generation).await);
    assert_eq!(text(&source).await.unwrap(), "two");
    assert!(source.renew(generation).await, "another call has renewed it");
    age(&source, FRESH).await;
    assert!(!source.renew(generation + 1).await, "it is the same as before");
    std::fs::write(&path, "three").unwrap();
    age(&source, KEPT).await;
    assert_eq!(text(&source).await.unwrap(), "three");
}

async fn age(source: &SecretSource, time: Duration) {
    let Repr::Read { kept, .. } = &*source.0 else { panic!("fixed") };
    let mut kept = kept.lock().await;
    let kept = kept.as_mut().unwrap();
    kept.read = kept.read.checked_sub(time).unwrap();
}
