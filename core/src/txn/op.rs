//! What is to be known about an operation: whether it is a write, its path, its name.

use super::{CreateMode, Op, Path};
use std::fmt;

impl Op {
    /// Whether it must go through the leader and be agreed on.
    pub fn is_write(&self) -> bool {
        match self {
            Op::Create { .. }
            | Op::Delete { .. }
            | Op::SetData { .. }
            | Op::Check { .. }
            | Op::SetAcl { .. }
            | Op::Multi(_)
            | Op::Reconfig(_)
            | Op::CreateSession { .. }
            | Op::CloseSession
            | Op::DeleteContainer { .. } => true,
            Op::Exists { .. }
            | Op::GetData { .. }
            | Op::GetChildren { .. }
            | Op::GetAllChildrenNumber { .. }
            | Op::GetEphemerals { .. }
            | Op::GetAcl { .. }
            | Op::Sync { .. }
            | Op::MultiRead(_)
            | Op::AddWatch { .. }
            | Op::RemoveWatches { .. }
            | Op::SetWatches { .. }
            | Op::WhoAmI
            | Op::AddAuth { .. } => false,
        }
    }

    /// Whether it creates a znode of a kind that is wanted, alone or in a multi.
    pub fn creates(&self, wanted: fn(CreateMode) -> bool) -> bool {
        match self {
            Op::Create { mode, .. } => wanted(*mode),
            Op::Multi(ops) => ops.iter().any(|op| op.creates(wanted)),
            Op::Delete { .. }
            | Op::SetData { .. }
            | Op::Check { .. }
            | Op::Exists { .. }
            | Op::GetData { .. }
            | Op::GetChildren { .. }
            | Op::GetAllChildrenNumber { .. }
            | Op::GetEphemerals { .. }
            | Op::GetAcl { .. }
            | Op::SetAcl { .. }
            | Op::Sync { .. }
            | Op::MultiRead(_)
            | Op::AddWatch { .. }
            | Op::RemoveWatches { .. }
            | Op::SetWatches { .. }
            | Op::WhoAmI
            | Op::AddAuth { .. }
            | Op::Reconfig(_)
            | Op::CreateSession { .. }
            | Op::CloseSession
            | Op::DeleteContainer { .. } => false,
        }
    }

    /// The path it is about, if it is about one.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Op::Create { path, .. }
            | Op::Delete { path, .. }
            | Op::SetData { path, .. }
            | Op::Check { path, .. }
            | Op::Exists { path, .. }
            | Op::GetData { path, .. }
            | Op::GetChildren { path, .. }
            | Op::GetAllChildrenNumber { path }
            | Op::GetEphemerals { path }
            | Op::GetAcl { path }
            | Op::SetAcl { path, .. }
            | Op::Sync { path }
            | Op::AddWatch { path, .. }
            | Op::RemoveWatches { path, .. }
            | Op::DeleteContainer { path } => Some(path),
            Op::Multi(_)
            | Op::MultiRead(_)
            | Op::SetWatches { .. }
            | Op::WhoAmI
            | Op::AddAuth { .. }
            | Op::Reconfig(_)
            | Op::CreateSession { .. }
            | Op::CloseSession => None,
        }
    }

    /// The name ZooKeeper's own tools use for it.
    pub const fn name(&self) -> &'static str {
        match self {
            Op::Create { .. } => "create",
            Op::Delete { .. } => "delete",
            Op::SetData { .. } => "setData",
            Op::Check { .. } => "check",
            Op::Exists { .. } => "exists",
            Op::GetData { .. } => "getData",
            Op::GetChildren { .. } => "getChildren",
            Op::GetAllChildrenNumber { .. } => "getAllChildrenNumber",
            Op::GetEphemerals { .. } => "getEphemerals",
            Op::GetAcl { .. } => "getACL",
            Op::SetAcl { .. } => "setACL",
            Op::Sync { .. } => "sync",
            Op::Multi(_) => "multi",
            Op::MultiRead(_) => "multiRead",
            Op::AddWatch { .. } => "addWatch",
            Op::RemoveWatches { .. } => "removeWatches",
            Op::SetWatches { .. } => "setWatches",
            Op::WhoAmI => "whoAmI",
            Op::AddAuth { .. } => "auth",
            Op::Reconfig(_) => "reconfig",
            Op::CreateSession { .. } => "createSession",
            Op::CloseSession => "closeSession",
            Op::DeleteContainer { .. } => "deleteContainer",
        }
    }
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        match self {
            Op::Multi(ops) | Op::MultiRead(ops) => write!(f, "[{}]", ops.len()),
            Op::Create { mode, path, .. } if *mode != CreateMode::Persistent => {
                write!(f, " {path} {}", mode.name())
            }
            other => match other.path() {
                Some(path) => write!(f, " {path}"),
                None => Ok(()),
            },
        }
    }
}
