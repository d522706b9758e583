//! Time that a moved clock does not move, and processes that may be gone.
//!
//! On Linux a moment is a count of nanoseconds since boot, sleep included, with
//! the id of that boot: the same for every process of the machine, and nobody
//! can set it. A process is its number, its start and its namespace of numbers,
//! so that a number used again is not mistaken for it.
//!
//! Elsewhere a moment is the wall clock. Whoever compares moments must then allow
//! for one that lies in the future; it is never taken to be further away than the
//! length of what was measured. A clock moved forward between two processes can
//! let calls through early there; within a process it cannot.

use std::time::{Duration, Instant, SystemTime};

/// The boot of a clock that is not bound to one.
const WALL: &str = "wall";

/// Tells the time and knows who this process is; made once per archive.
#[derive(Debug, Clone)]
pub(super) struct Clock {
    /// Which boot the moments count from.
    pub(super) boot: String,
    /// This process.
    pub(super) process: String,
    /// Where counting begins when there is no clock of the boot.
    wall: Option<(Instant, i64)>,
}

/// What is known of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Life {
    /// It runs.
    Running,
    /// It has ended.
    Gone,
    /// It cannot be told from here: another namespace, or not Linux.
    Unknown,
}

impl Clock {
    pub(super) fn new() -> Clock {
        match system::boot() {
            Some(boot) => Clock { boot, process: system::this_process(), wall: None },
            None => Clock {
                boot: WALL.to_owned(),
                process: format!("{} ? ?", std::process::id()),
                wall: Some((Instant::now(), nanos(since_1970()))),
            },
        }
    }

    /// Nanoseconds since the boot.
    pub(super) fn now(&self) -> i64 {
        match self.wall {
            // Within one process a moved wall clock is not noticed.
            Some((began, at)) => at.saturating_add(nanos(began.elapsed())),
            None => system::since_boot(),
        }
    }

    /// Whether a process that wrote its name in this archive still runs.
    pub(super) fn life(&self, boot: &str, process: &str) -> Life {
        if boot != self.boot {
            Life::Gone
        } else if process == self.process {
            Life::Running
        } else {
            system::life(process, &self.process)
        }
    }
}

/// The wall clock since 1970, in milliseconds.
pub(super) fn wall_ms() -> i64 {
    i64::try_from(since_1970().as_millis()).unwrap_or(i64::MAX)
}

/// A length of time in nanoseconds; some 292 years at most.
pub(super) fn nanos(duration: Duration) -> i64 {
    i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX)
}

/// The reverse of [`nanos`]; nothing for a negative length.
pub(super) fn duration(nanos: i64) -> Duration {
    Duration::from_nanos(u64::try_from(nanos).unwrap_or(0))
}

fn since_1970() -> Duration {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
}

#[cfg(target_os = "linux")]
mod system {
    use std::fs;

    use rustix::time::{ClockId, clock_gettime};

    use super::Life;

    pub(super) fn boot() -> Option<String> {
        let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
        stat("self")?;
        Some(boot.trim().to_owned())
    }

    pub(super) fn since_boot() -> i64 {
        let time = clock_gettime(ClockId::Boottime);
        time.tv_sec.saturating_mul(1_000_000_000).saturating_add(time.tv_nsec)
    }

    /// Number, start and namespace, apart by spaces.
    pub(super) fn this_process() -> String {
        let start = stat("self").map_or_else(|| "?".to_owned(), |stat| stat.start);
        format!("{} {start} {}", std::process::id(), namespace())
    }

    pub(super) fn life(process: &str, this: &str) -> Life {
        let (Some((pid, start, space)), Some((_, _, here))) = (parts(process), parts(this)) else {
            return Life::Unknown;
        };
        if space != here || start == "?" {
            return Life::Unknown;
        }
        match stat(pid) {
            Some(stat) if stat.start == start && !stat.ended => Life::Running,
            _ => Life::Gone,
        }
    }

    fn parts(process: &str) -> Option<(&str, &str, &str)> {
        let mut parts = process.splitn(3, ' ');
        Some((parts.next()?, parts.next()?, parts.next()?))
    }

    fn namespace() -> String {
        fs::read_link("/proc/self/ns/pid")
            .map_or_else(|_| "?".to_owned(), |link| link.to_string_lossy().into_owned())
    }

    struct Stat {
        start: String,
        /// Killed, and its parent has not asked yet.
        ended: bool,
    }

    /// Reads `/proc/<pid>/stat`; the name in it may hold spaces and brackets.
    fn stat(pid: &str) -> Option<Stat> {
        let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        let mut fields = text.get(text.rfind(')')? + 1..)?.split_ascii_whitespace();
        let ended = matches!(fields.next()?, "Z" | "X" | "x");
        // The start is field 22; the state, field 3, has just been read.
        Some(Stat { start: fields.nth(18)?.to_owned(), ended })
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use super::Life;

    pub(super) fn boot() -> Option<String> {
        None
    }

    pub(super) fn since_boot() -> i64 {
        0
    }

    pub(super) fn this_process() -> String {
        String::new()
    }

    pub(super) fn life(_process: &str, _this: &str) -> Life {
        Life::Unknown
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn this_process_runs_and_one_of_another_boot_does_not() {
        let clock = Clock::new();
        assert_eq!(clock.life(&clock.boot, &clock.process), Life::Running);
        assert_eq!(clock.life("an earlier boot", &clock.process), Life::Gone);
    }

    #[test]
    fn a_number_used_again_is_another_process() {
        let clock = Clock::new();
        let (pid, rest) = clock.process.split_once(' ').expect("three parts");
        let (_, space) = rest.split_once(' ').expect("three parts");
        assert_eq!(clock.life(&clock.boot, &format!("{pid} 1 {space}")), Life::Gone);
    }

    #[test]
    fn a_process_of_another_namespace_cannot_be_judged() {
        let clock = Clock::new();
        assert_eq!(clock.life(&clock.boot, "1 1 pid:[1]"), Life::Unknown);
    }

    #[test]
    fn a_killed_child_that_nobody_has_waited_for_is_gone() {
        let clock = Clock::new();
        let mut child = std::process::Command::new("sleep").arg("60").spawn().expect("sleep");
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", child.id())).expect("stat");
        let start = stat.rsplit(')').next().expect("fields").split_whitespace().nth(19);
        let space = clock.process.splitn(3, ' ').nth(2).expect("three parts");
        let name = format!("{} {} {space}", child.id(), start.expect("a start"));
        assert_eq!(clock.life(&clock.boot, &name), Life::Running);
        child.kill().expect("it runs");
        std::thread::sleep(Duration::from_millis(50));
        assert_eq!(clock.life(&clock.boot, &name), Life::Gone);
        child.wait().expect("a status");
    }

    #[test]
    fn time_goes_on() {
        let clock = Clock::new();
        let before = clock.now();
        std::thread::sleep(Duration::from_millis(5));
        assert!(clock.now() - before >= 5_000_000);
    }
}
