use super::*;

fn names(directory: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn ours(target: &Path, text: &str) {
    write(&target.join("snapshot.json"), text.as_bytes()).unwrap();
}

#[test]
fn the_target_appears_whole_with_its_parents_and_nothing_is_left_beside_it() {
    let home = tempfile::tempdir().unwrap();
    let target = home.path().join("a/b/target");
    let staging = Staging::create(&target, Existing::Refuse).unwrap();
    write(&staging.path().join("x/y.txt"), b"hello").unwrap();
    assert!(is_unfinished(staging.path()));
    assert!(!target.exists());
    staging.commit().unwrap();
    assert_eq!(fs::read(target.join("x/y.txt")).unwrap(), b"hello");
    assert_eq!(names(target.parent().unwrap()), ["target"]);
}

#[test]
fn a_dropped_staging_directory_is_removed() {
    let home = tempfile::tempdir().unwrap();
    let staging = Staging::create(&home.path().join("target"), Existing::Refuse).unwrap();
    write(&staging.path().join("file"), b"x").unwrap();
    drop(staging);
    assert!(names(home.path()).is_empty());
}

#[test]
fn whatever_has_the_targets_name_is_refused() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("file"), "x").unwrap();
    fs::create_dir(home.path().join("directory")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("nowhere", home.path().join("link")).unwrap();
    for name in names(home.path()) {
        let error = Staging::create(&home.path().join(&name), Existing::Refuse).unwrap_err();
        assert!(matches!(error, FileError::Exists { .. }), "{name}: {error}");
        assert!(error.to_string().contains(&name));
        assert!(error.hint().unwrap().contains("--force"));
    }
}

#[test]
fn what_takes_the_targets_name_meanwhile_is_not_overwritten() {
    let home = tempfile::tempdir().unwrap();
    let target = home.path().join("target");
    let staging = Staging::create(&target, Existing::Refuse).unwrap();
    fs::create_dir(&target).unwrap();
    assert!(matches!(staging.commit().unwrap_err(), FileError::Exists { .. }));
    assert_eq!(names(home.path()), ["target"]);
}

#[test]
fn a_replaced_directory_is_gone_only_after_the_new_one_is_there() {
    let home = tempfile::tempdir().unwrap();
    let target = home.path().join("target");
    ours(&target, "old");
    let staging = Staging::create(&target, Existing::Replace).unwrap();
    ours(staging.path(), "new");
    assert_eq!(fs::read_to_string(target.join("snapshot.json")).unwrap(), "old");
    staging.commit().unwrap();
    assert_eq!(fs::read_to_string(target.join("snapshot.json")).unwrap(), "new");
    assert_eq!(names(home.path()), ["target"]);
}

#[test]
fn a_directory_that_is_not_ours_is_never_replaced() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("thesis.txt"), "x").unwrap();
    let error = Staging::create(home.path(), Existing::Replace).unwrap_err();
    assert!(matches!(error, FileError::NotOurs { .. }), "{error}");
    let file = home.path().join("thesis.txt");
    assert!(matches!(Staging::create(&file, Existing::Replace).unwrap_err(), FileError::NotOurs { .. }));
    assert_eq!(names(home.path()), ["thesis.txt"]);
}

#[cfg(unix)]
#[test]
fn of_a_replaced_link_only_the_link_goes() {
    let home = tempfile::tempdir().unwrap();
    let (link, real) = (home.path().join("link"), home.path().join("real"));
    fs::create_dir(&real).unwrap();
    fs::write(real.join("kept"), "x").unwrap();
    std::os::unix::fs::symlink(&real, &link).unwrap();
    Staging::create(&link, Existing::Replace).unwrap().commit().unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_dir());
    assert_eq!(names(&real), ["kept"]);
}

#[test]
fn an_error_names_the_path_the_attempt_and_the_cause_in_one_sentence() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("file"), "x").unwrap();
    let error = Staging::create(&home.path().join("file/below/target"), Existing::Refuse).unwrap_err();
    let text = error.to_string();
    assert!(text.starts_with("cannot ") && text.contains("file/below") && text.contains("directory"), "{text}");
    assert!(error.hint().is_some());
    let full = FileError::io("write", Path::new("x"), io::ErrorKind::StorageFull.into());
    assert!(full.to_string().starts_with("cannot write `x`: "));
    assert!(full.hint().unwrap().contains("space"));
    assert!(Staging::create(Path::new("/"), Existing::Refuse).is_err());
}

#[test]
fn a_file_has_its_content_and_no_other() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("file");
    let content = "0123456789abcdef".repeat(4096);
    write(&path, content.as_bytes()).unwrap();
    let in_pieces =
        |text: &str| has(&path, |out| text.as_bytes().chunks(1000).try_for_each(|piece| out.write_all(piece)));
    assert!(in_pieces(&content));
    assert!(!in_pieces(&content[1..]));
    assert!(!in_pieces(&content[..content.len() - 1]));
    assert!(!in_pieces(&format!("{content}0")));
    assert!(!in_pieces(&format!("{}!", &content[..content.len() - 1])));
    assert!(!has(&home.path().join("nothing"), |_| Ok(())));
}

#[test]
fn a_file_appears_whole_and_is_replaced_only_when_that_was_asked() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("a/file.toml");
    write_one(&path, b"one", Existing::Refuse).unwrap();
    let error = write_one(&path, b"two", Existing::Refuse).unwrap_err();
    assert!(matches!(error, FileError::FileExists { .. }) && error.hint().unwrap().contains("--force"), "{error}");
    assert_eq!(fs::read(&path).unwrap(), b"one");
    write_one(&path, b"two", Existing::Replace).unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"two");
    assert_eq!(names(&home.path().join("a")), ["file.toml"]);
    for existing in [Existing::Refuse, Existing::Replace] {
        assert!(write_one(&home.path().join("a"), b"x", existing).is_err(), "a directory is no file");
        assert!(write_one(Path::new("/"), b"x", existing).is_err());
    }
    assert_eq!(names(home.path()), ["a"]);
}
