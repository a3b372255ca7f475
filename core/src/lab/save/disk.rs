//! What happens to disks, as text: `disk slow 10 20000 1 2`, `disk torn-tail 3`.

use super::{ids, number, read_ids};
use crate::sim::fault::{DiskAction, DiskFault, EpochFile};
use crate::types::Zxid;

/// An action's line.
pub fn line(action: &DiskAction) -> String {
    let record = |zxid: &Option<Zxid>| match zxid {
        Some(zxid) => zxid.to_string(),
        None => "last".to_owned(),
    };
    let fault = match &action.fault {
        DiskFault::Slow { factor, added_us } => format!("slow {factor} {added_us}"),
        DiskFault::Failing => "failing".to_owned(),
        DiskFault::Full => "full".to_owned(),
        DiskFault::Mended => "mended".to_owned(),
        DiskFault::TornTail => "torn-tail".to_owned(),
        DiskFault::CorruptRecord(zxid) => format!("corrupt-record {}", record(zxid)),
        DiskFault::CorruptSnapshot(zxid) => format!("corrupt-snapshot {}", record(zxid)),
        DiskFault::LostSnapshots => "lost-snapshots".to_owned(),
        DiskFault::LostData => "lost-data".to_owned(),
        DiskFault::LostEpoch(EpochFile::Accepted) => "lost-epoch accepted".to_owned(),
        DiskFault::LostEpoch(EpochFile::Current) => "lost-epoch current".to_owned(),
        DiskFault::UnfinishedEpoch => "unfinished-epoch".to_owned(),
    };
    format!("disk {fault}{}", ids(&action.servers))
}

/// Reads what follows the word `disk`.
pub fn read(rest: &str) -> Result<DiskAction, String> {
    let mut words = rest.split_whitespace();
    let fault = match words.next().unwrap_or_default() {
        "slow" => {
            let factor = number(words.next(), "how many times as long")?;
            let factor = u32::try_from(factor).map_err(|_| format!("{factor} is too much"))?;
            let added_us = number(words.next(), "how many microseconds more")?;
            DiskFault::Slow { factor, added_us }
        }
        "failing" => DiskFault::Failing,
        "full" => DiskFault::Full,
        "mended" => DiskFault::Mended,
        "torn-tail" => DiskFault::TornTail,
        "corrupt-record" => DiskFault::CorruptRecord(zxid(words.next())?),
        "corrupt-snapshot" => DiskFault::CorruptSnapshot(zxid(words.next())?),
        "lost-snapshots" => DiskFault::LostSnapshots,
        "lost-data" => DiskFault::LostData,
        "lost-epoch" => match words.next().unwrap_or_default() {
            "accepted" => DiskFault::LostEpoch(EpochFile::Accepted),
            "current" => DiskFault::LostEpoch(EpochFile::Current),
            other => return Err(format!("expected accepted or current, found {other:?}")),
        },
        "unfinished-epoch" => DiskFault::UnfinishedEpoch,
        other => return Err(format!("expected what happens to the disk, found {other:?}")),
    };
    Ok(DiskAction { servers: read_ids(words)?, fault })
}

fn zxid(word: Option<&str>) -> Result<Option<Zxid>, String> {
    let word = word.unwrap_or_default();
    if word == "last" {
        return Ok(None);
    }
    let digits = word.strip_prefix("0x").map(|digits| u64::from_str_radix(digits, 16));
    match digits {
        Some(Ok(zxid)) => Ok(Some(Zxid(zxid))),
        Some(Err(_)) | None => Err(format!("expected last or a zxid like 0x1, found {word:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::ServerId;

    #[test]
    fn every_fault_is_read_back() {
        let faults = [
            DiskFault::Slow { factor: 10, added_us: 20_000 },
            DiskFault::Failing,
            DiskFault::Full,
            DiskFault::Mended,
            DiskFault::TornTail,
            DiskFault::CorruptRecord(None),
            DiskFault::CorruptRecord(Some(Zxid::new(1, 31))),
            DiskFault::CorruptSnapshot(Some(Zxid::ZERO)),
            DiskFault::LostSnapshots,
            DiskFault::LostData,
            DiskFault::LostEpoch(EpochFile::Accepted),
            DiskFault::LostEpoch(EpochFile::Current),
            DiskFault::UnfinishedEpoch,
        ];
        for fault in faults {
            let action = DiskAction { servers: [ServerId(1), ServerId(12)].into(), fault };
            let line = line(&action);
            assert_eq!(read(line.strip_prefix("disk ").unwrap_or_default()), Ok(action), "{line}");
        }
    }

    #[test]
    fn what_is_wrong_is_told() {
        assert_eq!(
            read("wet 1"),
            Err("expected what happens to the disk, found \"wet\"".to_owned())
        );
        assert_eq!(
            read("corrupt-record 5 1"),
            Err("expected last or a zxid like 0x1, found \"5\"".to_owned())
        );
    }
}
