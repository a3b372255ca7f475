//! What a line asks for: its fields, with errors that name the field.

use super::Refusal;
use crate::error::KeeperError;
use crate::tree::path;
use crate::txn::{Acl, Bytes, CreateMode, Op, Perms, ReconfigRequest, WatcherType, open_acl};
use serde_json::{Map, Value};
use std::rc::Rc;

/// The longest that one line may let pass.
const LONGEST_MS: u64 = 86_400_000;

/// The fields of a request, with errors that name the field.
pub(super) struct Fields(pub(super) Map<String, Value>);

impl Fields {
    pub(super) fn text(&self, name: &str) -> Result<&str, Refusal> {
        match self.0.get(name) {
            Some(Value::String(text)) => Ok(text),
            Some(other) => Err(Refusal::bad(format!("{name}: expected a string, found {other}"))),
            None => Err(Refusal::bad(format!("{name}: missing"))),
        }
    }

    pub(super) fn optional_text(&self, name: &str) -> Result<Option<&str>, Refusal> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(_) => self.text(name).map(Some),
        }
    }

    pub(super) fn number(&self, name: &str, default: Option<u64>) -> Result<u64, Refusal> {
        match (self.0.get(name), default) {
            (None | Some(Value::Null), Some(default)) => Ok(default),
            (None, None) => Err(Refusal::bad(format!("{name}: missing"))),
            (Some(value), _) => value.as_u64().ok_or_else(|| {
                Refusal::bad(format!("{name}: expected a whole number, found {value}"))
            }),
        }
    }

    /// A span of virtual time. Bounded: a line must be answered.
    pub(super) fn milliseconds(&self, name: &str, default: Option<u64>) -> Result<u64, Refusal> {
        match self.number(name, default)? {
            ms if ms <= LONGEST_MS => Ok(ms),
            ms => Err(Refusal::bad(format!("{name}: at most {LONGEST_MS} (a day), found {ms}"))),
        }
    }

    fn version(&self) -> Result<i32, Refusal> {
        match self.0.get("version") {
            None | Some(Value::Null) => Ok(-1),
            Some(value) => {
                value.as_i64().and_then(|version| i32::try_from(version).ok()).ok_or_else(|| {
                    Refusal::bad(format!("version: expected a 32-bit number, found {value}"))
                })
            }
        }
    }

    pub(super) fn flag(&self, name: &str) -> Result<bool, Refusal> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(other) => {
                Err(Refusal::bad(format!("{name}: expected true or false, found {other}")))
            }
        }
    }

    fn data(&self) -> Result<Option<Bytes>, Refusal> {
        Ok(self.optional_text("data")?.map(|text| text.as_bytes().into()))
    }

    fn acl(&self) -> Result<Option<Rc<[Acl]>>, Refusal> {
        let Some(value) = self.0.get("acl").filter(|value| !value.is_null()) else {
            return Ok(None);
        };
        let wrong = || Refusal::bad("acl: expected a list of [perms, scheme, id]");
        let entry = |entry: &Value| -> Option<Acl> {
            let [perms, scheme, id] = entry.as_array()?.as_slice() else { return None };
            Some(Acl {
                perms: Perms(u8::try_from(perms.as_u64()?).ok()?),
                scheme: scheme.as_str()?.into(),
                id: id.as_str()?.into(),
            })
        };
        let list = value.as_array().ok_or_else(wrong)?;
        let list: Option<Rc<[Acl]>> = list.iter().map(entry).collect();
        list.map(Some).ok_or_else(wrong)
    }

    fn path(&self, is_sequential: bool) -> Result<Rc<str>, Refusal> {
        let text = self.text("path")?;
        // As kazoo does: one trailing slash is no part of a path, unless a suffix follows it.
        let text = match text.strip_suffix('/') {
            Some(stripped) if !is_sequential && !stripped.is_empty() => stripped,
            Some(_) | None => text,
        };
        match path::validate_create(text, is_sequential) {
            Ok(()) => Ok(text.into()),
            Err(error) => Err(Refusal {
                error: KeeperError::BadArguments.name().to_owned(),
                detail: Some(format!("path: {error}")),
            }),
        }
    }

    fn mode(&self) -> Result<CreateMode, Refusal> {
        let Some(name) = self.optional_text("mode")? else { return Ok(CreateMode::Persistent) };
        let mode = CreateMode::ALL.into_iter().find(|mode| mode.name() == name);
        mode.ok_or_else(|| Refusal::bad(format!("mode: unknown mode {name:?}")))
    }

    pub(super) fn op(&self) -> Result<Op, Refusal> {
        let watch = self.flag("watch")?;
        Ok(match self.text("op")? {
            "create" => {
                let mode = self.mode()?;
                let ttl = self.0.get("ttl").map_or(Some(-1), Value::as_i64);
                let ttl_ms = ttl.ok_or_else(|| Refusal::bad("ttl: expected a whole number"))?;
                Op::Create {
                    path: self.path(mode.is_sequential())?,
                    data: Some(self.data()?.unwrap_or_default()),
                    // As kazoo does: an empty list is none.
                    acl: self.acl()?.filter(|acl| !acl.is_empty()).unwrap_or_else(open_acl),
                    mode,
                    ttl_ms,
                }
            }
            "delete" => Op::Delete { path: self.path(false)?, version: self.version()? },
            "setData" => Op::SetData {
                path: self.path(false)?,
                data: Some(self.data()?.unwrap_or_default()),
                version: self.version()?,
            },
            "check" => Op::Check { path: self.path(false)?, version: self.version()? },
            "exists" => Op::Exists { path: self.path(false)?, watch },
            "getData" => Op::GetData { path: self.path(false)?, watch },
            "getChildren" => Op::GetChildren { path: self.path(false)?, watch },
            "getAllChildrenNumber" => Op::GetAllChildrenNumber { path: self.path(false)? },
            "getEphemerals" => {
                let prefix = self.optional_text("path")?.unwrap_or("/");
                Op::GetEphemerals { path: prefix.into() }
            }
            "sync" => Op::Sync { path: self.path(false)? },
            "multi" => Op::Multi(self.ops()?),
            "getACL" => Op::GetAcl { path: self.path(false)? },
            "setACL" => {
                let acl = self.acl()?.ok_or_else(|| Refusal::bad("acl: missing"))?;
                Op::SetAcl { path: self.path(false)?, acl, version: self.version()? }
            }
            "addAuth" => {
                Op::AddAuth { scheme: self.text("scheme")?.into(), auth: self.text("auth")?.into() }
            }
            "addWatch" => {
                let is_recursive = match self.optional_text("mode")? {
                    None | Some("PERSISTENT") => false,
                    Some("PERSISTENT_RECURSIVE") => true,
                    Some(other) => {
                        return Err(Refusal::bad(format!("mode: unknown mode {other:?}")));
                    }
                };
                Op::AddWatch { path: self.path(false)?, is_recursive }
            }
            "removeWatches" => {
                let kind = match self.optional_text("kind")? {
                    None | Some("ANY") => WatcherType::Any,
                    Some("CHILDREN") => WatcherType::Children,
                    Some("DATA") => WatcherType::Data,
                    Some("PERSISTENT") => WatcherType::Persistent,
                    Some("PERSISTENT_RECURSIVE") => WatcherType::PersistentRecursive,
                    Some(other) => {
                        return Err(Refusal::bad(format!("kind: unknown kind {other:?}")));
                    }
                };
                Op::RemoveWatches { path: self.path(false)?, kind }
            }
            "whoAmI" => Op::WhoAmI,
            "reconfig" => Op::Reconfig(Rc::new(self.reconfig()?)),
            "close" => Op::CloseSession,
            other => return Err(Refusal::bad(format!("op: unknown operation {other:?}"))),
        })
    }

    fn reconfig(&self) -> Result<ReconfigRequest, Refusal> {
        let list = |name: &str| -> Result<Vec<String>, Refusal> {
            let text = self.optional_text(name)?.unwrap_or_default();
            Ok(text.split(',').filter(|item| !item.is_empty()).map(str::to_owned).collect())
        };
        Ok(ReconfigRequest {
            joining: list("joining")?,
            leaving: list("leaving")?,
            new_members: list("newMembers")?,
            from_config: self.0.get("fromConfig").and_then(Value::as_i64).unwrap_or(-1),
        })
    }

    fn ops(&self) -> Result<Rc<[Op]>, Refusal> {
        let wrong = || Refusal::bad("ops: expected a list of operations");
        let list = self.0.get("ops").and_then(Value::as_array).ok_or_else(wrong)?;
        list.iter()
            .enumerate()
            .map(|(n, op)| {
                let fields = op.as_object().cloned().ok_or_else(wrong)?;
                let op = Fields(fields).op().map_err(|refusal| Refusal {
                    detail: refusal.detail.map(|detail| format!("ops[{n}].{detail}")),
                    ..refusal
                })?;
                match op {
                    Op::Create { .. }
                    | Op::Delete { .. }
                    | Op::SetData { .. }
                    | Op::Check { .. } => Ok(op),
                    other => {
                        let name = other.name();
                        Err(Refusal::bad(format!("ops[{n}]: {name} cannot be part of a multi")))
                    }
                }
            })
            .collect()
    }
}
