//! Runs the program: in a directory of its own, with an environment of its own, and never for ever.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// The program under test.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_pinpoint-evidence");
/// After this a run counts as hanging.
const PATIENCE: Duration = Duration::from_mins(2);

/// A home without AWS settings and an empty working directory.
pub(crate) struct Bench {
    root: TempDir,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let root = tempfile::tempdir().expect("a directory");
        for directory in ["home", "work"] {
            std::fs::create_dir(root.path().join(directory)).expect("creates");
        }
        for file in ["config", "credentials"] {
            std::fs::write(root.path().join("home").join(file), "").expect("writes");
        }
        Self { root }
    }

    /// A path below the working directory; the working directory itself for an empty name.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.path().join("work").join(name)
    }

    /// Writes a file below the working directory.
    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("writes");
    }

    /// Writes the shared AWS configuration.
    pub(crate) fn aws_config(&self, text: &str) {
        std::fs::write(self.root.path().join("home/config"), text).expect("writes");
    }

    /// What stands in the working directory, hidden names too, in order.
    pub(crate) fn names(&self) -> Vec<String> {
        names(&self.path(""))
    }

    /// The program with these arguments, separated by spaces.
    pub(crate) fn program(&self, arguments: &str) -> Invocation {
        self.command(PROGRAM).args(arguments.split_whitespace())
    }

    /// A shell script in which `$PROGRAM` is the program.
    pub(crate) fn shell(&self, script: &str) -> Invocation {
        self.command("/bin/sh").args(["-c", script]).env("PROGRAM", PROGRAM)
    }

    fn command(&self, program: &str) -> Invocation {
        let mut command = Command::new(program);
        let home = self.root.path().join("home");
        command
            .current_dir(self.path(""))
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", &home)
            .env("AWS_CONFIG_FILE", home.join("config"))
            .env("AWS_SHARED_CREDENTIALS_FILE", home.join("credentials"))
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Invocation { command }
    }
}

/// A run that has not begun.
pub(crate) struct Invocation {
    command: Command,
}

impl Invocation {
    pub(crate) fn args<S: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = S>) -> Self {
        self.command.args(arguments);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// AWS's own example key, and a region.
    pub(crate) fn with_credentials(self) -> Self {
        self.with_keys().env("AWS_REGION", "us-east-1")
    }

    /// AWS's own example key and no region.
    pub(crate) fn with_keys(self) -> Self {
        self.env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
            .env("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    }

    pub(crate) fn current_dir(mut self, directory: &Path) -> Self {
        self.command.current_dir(directory);
        self
    }

    /// Runs to the end.
    #[track_caller]
    pub(crate) fn run(self) -> Finished {
        self.start().finish()
    }

    /// Begins.
    pub(crate) fn start(mut self) -> Running {
        let mut child = self.command.spawn().expect("the program starts");
        let stdout = drain(child.stdout.take());
        let stderr = drain(child.stderr.take());
        Running { child, stdout, stderr }
    }
}

fn drain(stream: Option<impl Read + Send + 'static>) -> JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // A stream that breaks ends the text; the assertions will say what is missing.
        let _ = stream.map(|mut stream| stream.read_to_end(&mut bytes));
        bytes
    })
}

/// A run that has begun.
pub(crate) struct Running {
    child: Child,
    stdout: JoinHandle<Vec<u8>>,
    stderr: JoinHandle<Vec<u8>>,
}

impl Running {
    /// Sends a signal by its name, for instance `INT`.
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("/bin/sh").args(["-c", &format!("kill -{name} {}", self.child.id())]).status();
        assert!(sent.expect("a shell").success(), "the program ended before {name}");
    }

    /// Whether it still runs.
    pub(crate) fn is_running(&mut self) -> bool {
        self.child.try_wait().expect("a child").is_none()
    }

    /// Waits for the end.
    #[track_caller]
    pub(crate) fn finish(mut self) -> Finished {
        let begin = Instant::now();
        while self.is_running() {
            if begin.elapsed() > PATIENCE {
                let _ = self.child.kill();
                panic!("the program does not end");
            }
            thread::sleep(Duration::from_millis(5));
        }
        let text = |stream: JoinHandle<Vec<u8>>| {
            String::from_utf8(stream.join().expect("a reader")).expect("the program writes UTF-8")
        };
        let code = self.child.wait().expect("a child").code();
        let finished = Finished { code, stdout: text(self.stdout), stderr: text(self.stderr) };
        assert!(!finished.stderr.contains("panicked"), "{}", finished.stderr);
        finished
    }
}

/// How a run ended.
pub(crate) struct Finished {
    /// The exit code; `None` when a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Finished {
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "stdout: {}\nstderr: {}", self.stdout, self.stderr);
        self
    }

    /// There is one error, it comes first among errors and hints, and it has these words.
    #[track_caller]
    pub(crate) fn says(self, words: &[&str]) -> Self {
        let lines: Vec<&str> = self.stderr.lines().collect();
        let errors = lines.iter().filter(|line| line.starts_with("error:")).count();
        assert_eq!(errors, 1, "{}", self.stderr);
        let error = lines.iter().position(|line| line.starts_with("error:"));
        let hint = lines.iter().position(|line| line.starts_with("hint:"));
        assert!(hint.is_none_or(|hint| Some(hint) > error), "{}", self.stderr);
        for word in words {
            assert!(self.stderr.contains(word), "`{word}` is not in: {}", self.stderr);
        }
        self
    }

    #[track_caller]
    pub(crate) fn hints(self, words: &[&str]) -> Self {
        let hint = self.stderr.split_once("hint:").unwrap_or_else(|| panic!("no hint in: {}", self.stderr)).1;
        for word in words {
            assert!(hint.contains(word), "`{word}` is not in the hint: {hint}");
        }
        self
    }
}

/// The names in a directory, in order.
pub(crate) fn names(directory: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(directory).expect("a directory");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Every file below a directory, by its path below it.
pub(crate) fn files(directory: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    visit(directory, directory, &mut found);
    found
}

fn visit(root: &Path, directory: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
    for name in names(directory) {
        let path = directory.join(name);
        if path.is_dir() {
            visit(root, &path, found);
        } else {
            let below = path.strip_prefix(root).expect("below").to_string_lossy().into_owned();
            found.insert(below, std::fs::read(&path).expect("a file"));
        }
    }
}

/// A file that holds JSON.
pub(crate) fn json(path: &Path) -> serde_json::Value {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&bytes).expect("JSON")
}
