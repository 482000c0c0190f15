//! Stopping from the keyboard while the program itself works: between two files, read or written, it can stop without
//! leaving half of one.

use std::future::{Future as _, poll_fn};
use std::io::{self, Write};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::thread;

use super::failure::Failure;
use crate::exit::Exit;

/// Whether somebody asked to stop. Who asks a second time does not want to wait, and ends the program.
#[derive(Clone, Debug, Default)]
pub(super) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Begins to listen; from now on a signal from the keyboard does not end the program by itself.
    ///
    /// # Errors
    /// When the operating system does not let it listen.
    pub(super) fn listen() -> Result<Self, Failure> {
        let cannot = |error: io::Error| Failure::usage(format!("cannot start: {error}"));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(cannot)?;
        let own = Self::default();
        let heard = own.clone();
        let (listening, begun) = std::sync::mpsc::sync_channel(1);
        let listen = async move {
            for asked in 0..2 {
                let mut signal = pin!(tokio::signal::ctrl_c());
                // The first look at the signal sets up its handler.
                let early = poll_fn(|context| Poll::Ready(signal.as_mut().poll(context))).await;
                let _ = listening.try_send(());
                let heard_it = match early {
                    Poll::Ready(heard_it) => heard_it,
                    Poll::Pending => signal.await,
                };
                if heard_it.is_err() {
                    return;
                }
                if asked > 0 {
                    end();
                }
                heard.0.store(true, Ordering::Relaxed);
            }
        };
        thread::Builder::new().name("interrupt".to_owned()).spawn(move || runtime.block_on(listen)).map_err(cannot)?;
        // A thread that ended early listens to nothing, and the signal keeps its meaning.
        let _ = begun.recv();
        Ok(own)
    }

    /// Goes on unless somebody asked to stop.
    ///
    /// # Errors
    /// When somebody did.
    pub(super) fn check(&self) -> Result<(), Failure> {
        if self.is_heard() { Err(Failure::interrupted()) } else { Ok(()) }
    }

    /// What came of some work: that it was stopped, if it failed after somebody asked for that.
    pub(super) fn judge<T>(&self, done: Result<T, Failure>) -> Result<T, Failure> {
        done.map_err(|failure| if self.is_heard() { Failure::interrupted() } else { failure })
    }

    /// Writes to `out` until somebody asks to stop.
    pub(super) const fn watch<'w>(&'w self, out: &'w mut dyn Write) -> Watched<'w> {
        Watched { out, interrupt: self }
    }

    /// What says so.
    pub(super) const fn flag(&self) -> &Arc<AtomicBool> {
        &self.0
    }

    fn is_heard(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// See [`Interrupt::watch`].
pub(super) struct Watched<'w> {
    out: &'w mut dyn Write,
    interrupt: &'w Interrupt,
}

impl Write for Watched<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // No `ErrorKind::Interrupted`: that one is tried again.
        if self.interrupt.is_heard() { Err(io::Error::other("interrupted")) } else { self.out.write(bytes) }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Ends the program at once.
#[expect(
    clippy::disallowed_methods,
    reason = "somebody pressed the key twice; what is unfinished keeps its hidden name"
)]
fn end() {
    std::process::exit(i32::from(Exit::Interrupted as u8));
}
