//! From a request to a transaction: every decision, taken once, by the leader.
//!
//! ZooKeeper: `PrepRequestProcessor`. Which name a sequential znode gets, whether a version fits,
//! whether a client may: the leader checks in a fixed order, and the first check that fails is the
//! answer. What comes out is a [`TxnBody`] that each server can apply without asking.
//!
//! ```text
//!   Request ──▶ tree + outstanding changes ──▶ TxnBody::Create, Delete, …
//!                                         └──▶ TxnBody::Error(code), MultiError
//! ```
//!
//! A refused write is a transaction too. Its zxid was taken before it was checked, and it travels
//! through ZAB like any other; servers that skipped it would disagree about zxids.
//!
//! A multi is checked operation by operation, each against what those before it would leave behind.
//! If one fails, all that they noted is taken back.
//!
//! **Simplified.** Whether the session lives, and belongs to the server the request came through,
//! the caller finds out before; where in the order of checks that counts is decided here. A pending setACL on the root counts for children created after it;
//! ZooKeeper knows the root under two names and overlooks that.
//!
//! **Left out.** Digests; `reconfig`, which the server turns into a transaction itself.

use super::data_tree::{data_bytes, is_special};
use super::outstanding::{NodeRecord, Outstanding};
use super::quota::Excess;
use super::{acl, path, quota};
use crate::error::KeeperError;
use crate::image::Image;
use crate::mistake::{Mistake, Mistakes};
use crate::txn::{Acl, AuthInfo, Bytes, CreateMode, Op, Owner, Path, Perms, Request, TxnBody};
use crate::types::{SessionId, Time, Zxid};
use std::rc::Rc;

/// The longest time to live, in milliseconds: what five bytes of `ephemeralOwner` can hold.
pub const MAX_TTL_MS: i64 = 0xff_ffff_ffff;

/// What zoo.cfg and system properties say about checks. The default is ZooKeeper 3.8's.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Settings {
    /// `zookeeper.extendedTypesEnabled`: whether there are TTL znodes.
    pub are_extended_types_enabled: bool,
    /// `zookeeper.enforceQuota`: whether quotas are looked at before a write.
    pub is_quota_enforced: bool,
    /// `zookeeper.skipACL=yes`: everybody may do everything.
    pub skip_acl: bool,
    /// `zookeeper.DigestAuthenticationProvider.superDigest`: `super:` and a digest.
    pub super_digest: Option<Rc<str>>,
    /// Whether exists takes READ. It does in recent versions; in 3.8.0 anyone may ask.
    pub is_read_needed_for_exists: bool,
    /// What is done wrong on purpose.
    pub mistakes: Mistakes,
}

/// What the session tracker says about the session of a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SessionCheck {
    /// `checkSession`: for any write.
    pub any: Result<(), KeeperError>,
    /// `checkGlobalSession`: for an ephemeral znode. Another server's local session may write, but
    /// it cannot own anything.
    pub global: Result<(), KeeperError>,
}

impl SessionCheck {
    /// It lives and speaks through its owner.
    pub const PASSED: SessionCheck = SessionCheck { any: Ok(()), global: Ok(()) };
}

/// The leader's checks and what they have promised (`PrepRequestProcessor`).
#[derive(Clone, Debug, Default)]
pub struct Prep {
    outstanding: Outstanding,
    /// Soft limits that the last request exceeds.
    warnings: Vec<Excess>,
}

impl Prep {
    /// Checks a write and turns it into a transaction body. A refused one becomes
    /// [`TxnBody::Error`], or [`TxnBody::MultiError`] if it is a multi.
    ///
    /// `_time` is the leader's clock, as it will stand in the transaction. No check depends on it.
    pub fn prepare(
        &mut self,
        image: &Image,
        request: &Request,
        session: SessionCheck,
        zxid: Zxid,
        _time: Time,
        settings: &Settings,
    ) -> TxnBody {
        self.warnings.clear();
        let mut check = Check {
            image,
            outstanding: &mut self.outstanding,
            warnings: &mut self.warnings,
            check: session,
            session: request.session,
            auth: &request.auth,
            zxid,
            settings,
        };
        check.body(&request.op).unwrap_or_else(TxnBody::Error)
    }

    /// The transactions up to `zxid` are in the tree.
    pub fn applied(&mut self, zxid: Zxid) {
        self.outstanding.applied(zxid);
    }

    /// The soft limits that the last request exceeds: a warning in ZooKeeper's log.
    pub fn warnings(&self) -> &[Excess] {
        &self.warnings
    }

    /// How many changes are promised and not applied.
    pub fn outstanding(&self) -> usize {
        self.outstanding.len()
    }

    /// Forgets all promises: what a server does that stops leading.
    pub fn clear(&mut self) {
        self.outstanding = Outstanding::default();
    }
}

/// One request being checked.
struct Check<'a> {
    image: &'a Image,
    outstanding: &'a mut Outstanding,
    warnings: &'a mut Vec<Excess>,
    check: SessionCheck,
    session: SessionId,
    auth: &'a [AuthInfo],
    zxid: Zxid,
    settings: &'a Settings,
}

/// What a create asks for.
struct Create<'a> {
    path: &'a Path,
    data: &'a Option<Bytes>,
    acl: &'a Rc<[Acl]>,
    mode: CreateMode,
    ttl_ms: i64,
}

impl Check<'_> {
    fn body(&mut self, op: &Op) -> Result<TxnBody, KeeperError> {
        match op {
            Op::Create { path, data, acl, mode, ttl_ms } => {
                self.create(Create { path, data, acl, mode: *mode, ttl_ms: *ttl_ms })
            }
            Op::Delete { path, version } => self.delete(path, *version),
            Op::SetData { path, data, version } => self.set_data(path, data, *version),
            Op::SetAcl { path, acl, version } => self.set_acl(path, acl, *version),
            Op::Check { path, version } => self.check(path, *version),
            Op::Multi(ops) => self.multi(ops),
            Op::CreateSession { timeout_ms } => {
                Ok(TxnBody::CreateSession { timeout_ms: *timeout_ms })
            }
            Op::CloseSession => self.close_session(),
            Op::DeleteContainer { path } => self.delete_container(path),
            Op::Reconfig(_)
            | Op::Exists { .. }
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
            | Op::AddAuth { .. } => Err(KeeperError::Unimplemented),
        }
    }

    /// `pRequest2TxnCreate`.
    fn create(&mut self, create: Create<'_>) -> Result<TxnBody, KeeperError> {
        let owner = self.owner(create.mode, create.ttl_ms)?;
        if create.mode.is_ephemeral() {
            self.check.global?
        } else {
            self.check.any?
        }
        let parent_path = parent_for_create(create.path)?;
        let acl = acl::stored(create.acl, self.auth)?;
        let mut parent = self.node(parent_path)?;
        self.allow(&parent, Perms::CREATE)?;
        let path: Path = match create.mode.is_sequential() {
            true => format!("{}{:010}", create.path, self.sequence(&parent)).into(),
            false => create.path.clone(),
        };
        // For a sequential create this is another path than the one the client asked for.
        path::validate(&path).map_err(|_| KeeperError::BadArguments)?;
        if self.node(&path).is_ok() {
            return Err(KeeperError::NodeExists);
        }
        if let Owner::Session(_) = parent.owner {
            return Err(KeeperError::NoChildrenForEphemerals);
        }
        self.allow_quota(&path, 1, data_bytes(create.data))?;

        parent.cversion = parent.cversion.wrapping_add(1);
        parent.children += 1;
        let parent_cversion = parent.cversion;
        let child = NodeRecord {
            owner,
            version: 0,
            cversion: 0,
            aversion: 0,
            children: 0,
            acl: acl.clone(),
            data: create.data.clone(),
        };
        self.outstanding.add(self.zxid, parent_path, Some(parent));
        self.outstanding.add(self.zxid, &path, Some(child));
        Ok(TxnBody::Create { path, data: create.data.clone(), acl, owner, parent_cversion })
    }

    /// The number a sequential znode gets: it only ever grows.
    fn sequence(&self, parent: &NodeRecord) -> i64 {
        match self.settings.mistakes.has(Mistake::SequenceFromChildren) {
            true => i64::from(parent.children),
            false => i64::from(parent.cversion),
        }
    }

    /// Whom the new znode will belong to (`validateCreateRequest`).
    fn owner(&self, mode: CreateMode, ttl_ms: i64) -> Result<Owner, KeeperError> {
        match mode {
            CreateMode::Persistent | CreateMode::PersistentSequential => Ok(Owner::None),
            CreateMode::Ephemeral | CreateMode::EphemeralSequential => {
                Ok(Owner::Session(self.session))
            }
            CreateMode::Container => Ok(Owner::Container),
            CreateMode::PersistentWithTtl | CreateMode::PersistentSequentialWithTtl => {
                if !self.settings.are_extended_types_enabled {
                    return Err(KeeperError::Unimplemented);
                }
                if !(1..=MAX_TTL_MS).contains(&ttl_ms) {
                    return Err(KeeperError::BadArguments);
                }
                Ok(Owner::Ttl(ttl_ms.unsigned_abs()))
            }
        }
    }

    fn delete(&mut self, path: &Path, version: i32) -> Result<TxnBody, KeeperError> {
        self.check.any?;
        let parent_path = parent_for_delete(path)?;
        let parent = self.node(parent_path)?;
        self.allow(&parent, Perms::DELETE)?;
        let node = self.node(path)?;
        next_version(node.version, version)?;
        if 0 < node.children {
            return Err(KeeperError::NotEmpty);
        }
        self.note_deletion(parent_path, parent, path);
        Ok(TxnBody::Delete { path: path.clone() })
    }

    /// The container manager has chosen this one, but that was before.
    fn delete_container(&mut self, path: &Path) -> Result<TxnBody, KeeperError> {
        let parent_path = parent_for_delete(path)?;
        let node = self.node(path)?;
        if 0 < node.children {
            return Err(KeeperError::NotEmpty);
        }
        if let Owner::Session(_) = node.owner {
            return Err(KeeperError::BadVersion);
        }
        let parent = self.node(parent_path)?;
        self.note_deletion(parent_path, parent, path);
        Ok(TxnBody::DeleteContainer { path: path.clone() })
    }

    fn note_deletion(&mut self, parent_path: &str, mut parent: NodeRecord, path: &str) {
        parent.children = parent.children.saturating_sub(1);
        self.outstanding.add(self.zxid, parent_path, Some(parent));
        self.outstanding.add(self.zxid, path, None);
    }

    fn set_data(
        &mut self,
        path: &Path,
        data: &Option<Bytes>,
        version: i32,
    ) -> Result<TxnBody, KeeperError> {
        self.check.any?;
        path::validate(path).map_err(|_| KeeperError::BadArguments)?;
        let mut node = self.node(path)?;
        self.allow(&node, Perms::WRITE)?;
        self.allow_quota(path, 0, data_bytes(data) - data_bytes(&node.data))?;
        let version = next_version(node.version, version)?;
        node.version = version;
        node.data = data.clone();
        self.outstanding.add(self.zxid, path, Some(node));
        Ok(TxnBody::SetData { path: path.clone(), data: data.clone(), version })
    }

    fn set_acl(
        &mut self,
        path: &Path,
        acl: &Rc<[Acl]>,
        version: i32,
    ) -> Result<TxnBody, KeeperError> {
        self.check.any?;
        path::validate(path).map_err(|_| KeeperError::BadArguments)?;
        let acl = acl::stored(acl, self.auth)?;
        let mut node = self.node(path)?;
        self.allow(&node, Perms::ADMIN)?;
        let version = next_version(node.aversion, version)?;
        node.aversion = version;
        node.acl = acl.clone();
        self.outstanding.add(self.zxid, path, Some(node));
        Ok(TxnBody::SetAcl { path: path.clone(), acl, version })
    }

    fn check(&mut self, path: &Path, version: i32) -> Result<TxnBody, KeeperError> {
        self.check.any?;
        path::validate(path).map_err(|_| KeeperError::BadArguments)?;
        let node = self.node(path)?;
        self.allow(&node, Perms::READ)?;
        next_version(node.version, version)?;
        Ok(TxnBody::Check { path: path.clone() })
    }

    /// All operations under one zxid, or none.
    fn multi(&mut self, ops: &[Op]) -> Result<TxnBody, KeeperError> {
        let is_allowed = |op: &Op| {
            matches!(
                op,
                Op::Create { .. } | Op::Delete { .. } | Op::SetData { .. } | Op::Check { .. }
            )
        };
        // On the wire such a multi cannot even be decoded.
        if !ops.iter().all(is_allowed) {
            return Err(KeeperError::MarshallingError);
        }
        let mut bodies = Vec::new();
        for op in ops {
            match self.body(op) {
                Ok(body) => bodies.push(body),
                Err(error) => {
                    self.outstanding.roll_back(self.zxid);
                    let mut errors = vec![Some(KeeperError::RuntimeInconsistency); ops.len()];
                    errors[..bodies.len()].fill(None);
                    errors[bodies.len()] = Some(error);
                    return Ok(TxnBody::MultiError(errors.into()));
                }
            }
        }
        Ok(TxnBody::Multi(bodies.into()))
    }

    /// Collects what the session owns: in the tree, plus what it is about to create, minus what is
    /// about to be deleted.
    ///
    /// As in ZooKeeper, the parents' numbers of children are left alone: until the transaction is
    /// applied, a parent cannot be deleted.
    fn close_session(&mut self) -> Result<TxnBody, KeeperError> {
        let owner = Owner::Session(self.session);
        let mut paths = self.image.ephemerals.get(&self.session).cloned().unwrap_or_default();
        for (path, change) in self.outstanding.owners() {
            match change {
                None => {
                    paths.remove(path);
                }
                Some(later) if later == owner => {
                    paths.insert(path.clone());
                }
                Some(_) => {}
            }
        }
        for path in paths.iter() {
            if let Some(parent_path) = path::parent(path)
                && let Ok(parent) = self.node(parent_path)
            {
                self.outstanding.add(self.zxid, parent_path, Some(parent));
            }
            self.outstanding.add(self.zxid, path, None);
        }
        Ok(TxnBody::CloseSession { paths: paths.iter().cloned().collect() })
    }

    fn node(&self, path: &str) -> Result<NodeRecord, KeeperError> {
        self.outstanding.node(self.image, path)
    }

    fn allow(&self, node: &NodeRecord, perms: Perms) -> Result<(), KeeperError> {
        acl::check(&node.acl, perms, self.auth, self.settings)
    }

    fn allow_quota(&mut self, path: &str, count: i64, bytes: i64) -> Result<(), KeeperError> {
        if !self.settings.is_quota_enforced {
            return Ok(());
        }
        let excesses = quota::excesses(self.image, path, count, bytes);
        if excesses.iter().any(|excess| excess.is_hard) {
            return Err(KeeperError::QuotaExceeded);
        }
        self.warnings.extend(excesses);
        Ok(())
    }
}

/// The parent, after a crude check: the whole path is checked once it is known
/// (`validatePathForCreate`).
fn parent_for_create(path: &str) -> Result<&str, KeeperError> {
    if path.contains('\0') {
        return Err(KeeperError::BadArguments);
    }
    match path {
        "/" => Ok("/"),
        path => path::parent(path).ok_or(KeeperError::BadArguments),
    }
}

/// The parent, if the znode is not one that must stay (`getParentPathAndValidate`).
fn parent_for_delete(path: &str) -> Result<&str, KeeperError> {
    if path.contains('\0') || is_special(path) {
        return Err(KeeperError::BadArguments);
    }
    path::parent(path).ok_or(KeeperError::BadArguments)
}

/// The version after a write that expects `expected`; −1 expects nothing (`checkAndIncVersion`).
fn next_version(current: i32, expected: i32) -> Result<i32, KeeperError> {
    match expected {
        -1 => Ok(current.wrapping_add(1)),
        expected if expected == current => Ok(current.wrapping_add(1)),
        _ => Err(KeeperError::BadVersion),
    }
}

#[cfg(test)]
mod tests;
