//! What happens to disks, as it is written: `disk slow 10 20ms s1 s2`, `disk torn-tail s3`.

use super::ops::zxid;
use super::text::{Cursor, time};
use super::verbs::{servers, write_servers};
use super::{Scope, ScriptError};
use crate::sim::action::Action;
use crate::sim::fault::{ConfigFile, DiskAction, DiskFault, EpochFile};
use crate::types::Zxid;

/// An action as it is written.
pub fn write(action: &DiskAction, scope: &Scope) -> String {
    let DiskAction { servers, fault } = action;
    let which =
        |zxid: &Option<Zxid>| zxid.map_or_else(|| "last".to_owned(), |zxid| zxid.to_string());
    let fault = match fault {
        DiskFault::Slow { factor, added_us } => format!("slow {factor} {}", time(*added_us)),
        DiskFault::Failing => "failing".to_owned(),
        DiskFault::Full => "full".to_owned(),
        DiskFault::Mended => "mended".to_owned(),
        DiskFault::TornTail => "torn-tail".to_owned(),
        DiskFault::CorruptRecord(zxid) => format!("corrupt-record {}", which(zxid)),
        DiskFault::CorruptSnapshot(zxid) => format!("corrupt-snapshot {}", which(zxid)),
        DiskFault::LostSnapshots => "lost-snapshots".to_owned(),
        DiskFault::LostData => "lost-data".to_owned(),
        DiskFault::LostEpoch(EpochFile::Accepted) => "lost-epoch accepted".to_owned(),
        DiskFault::LostEpoch(EpochFile::Current) => "lost-epoch current".to_owned(),
        DiskFault::UnfinishedEpoch => "unfinished-epoch".to_owned(),
        DiskFault::LostConfig(ConfigFile::Dynamic) => "lost-config dynamic".to_owned(),
        DiskFault::LostConfig(ConfigFile::Next) => "lost-config next".to_owned(),
        DiskFault::OldConfig => "old-config".to_owned(),
        DiskFault::CopiedConfig => "copied-config".to_owned(),
    };
    format!("disk {fault} {}", write_servers(servers, scope))
}

/// Reads what follows `disk`.
///
/// # Errors
/// If it is none of these faults, or no servers follow.
pub fn read(cursor: &mut Cursor, scope: &mut Scope) -> Result<Action, ScriptError> {
    let at = cursor.at();
    let expected = "a fault such as slow, failing, full, mended or torn-tail";
    let name = cursor.read(expected, |word| Some(word.to_owned()))?;
    let fault = match name.as_str() {
        "slow" => {
            let factor = cursor.number("how many times as long writes take")?;
            DiskFault::Slow { factor, added_us: cursor.time()? }
        }
        "failing" => DiskFault::Failing,
        "full" => DiskFault::Full,
        "mended" => DiskFault::Mended,
        "torn-tail" => DiskFault::TornTail,
        "corrupt-record" => DiskFault::CorruptRecord(which(cursor)?),
        "corrupt-snapshot" => DiskFault::CorruptSnapshot(which(cursor)?),
        "lost-snapshots" => DiskFault::LostSnapshots,
        "lost-data" => DiskFault::LostData,
        "lost-epoch" => {
            let file = |word: &str| match word {
                "accepted" => Some(EpochFile::Accepted),
                "current" => Some(EpochFile::Current),
                _ => None,
            };
            DiskFault::LostEpoch(cursor.read("accepted or current", file)?)
        }
        "unfinished-epoch" => DiskFault::UnfinishedEpoch,
        "lost-config" => {
            let file = |word: &str| match word {
                "dynamic" => Some(ConfigFile::Dynamic),
                "next" => Some(ConfigFile::Next),
                _ => None,
            };
            DiskFault::LostConfig(cursor.read("dynamic or next", file)?)
        }
        "old-config" => DiskFault::OldConfig,
        "copied-config" => DiskFault::CopiedConfig,
        _ => return Err(cursor.expected_at(at, expected)),
    };
    Ok(Action::Disk(DiskAction { servers: servers(cursor, scope)?, fault }))
}

/// A zxid, or the last one.
fn which(cursor: &mut Cursor) -> Result<Option<Zxid>, ScriptError> {
    if cursor.takes("last") { Ok(None) } else { zxid(cursor).map(Some) }
}
