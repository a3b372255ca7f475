//! Answering reads from one server's own znodes.
//!
//! ZooKeeper: the reading half of `FinalRequestProcessor`. A read never leaves the server the
//! client is connected to. It costs no zxid, and may be older than what other servers know.
//!
//! Leaving a watch, if one is asked for, is the server's part: after getData and getChildren only
//! if they succeeded, after exists always.

use super::acl;
use super::prep::Settings;
use crate::error::KeeperError;
use crate::image::{DataNode, Image};
use crate::txn::{AuthInfo, Op, Path, Perms, Reply};
use crate::types::SessionId;

/// READ or ADMIN: either lets a client see an ACL.
const READ_OR_ADMIN: Perms = Perms(Perms::READ.0 | Perms::ADMIN.0);

/// Answers a read. Exists on an absent znode is NONODE, as on the wire. What is no read of the
/// tree is UNIMPLEMENTED here.
pub fn read(
    image: &Image,
    op: &Op,
    session: SessionId,
    auth: &[AuthInfo],
    settings: &Settings,
) -> Result<Reply, KeeperError> {
    let reader = Reader { image, auth, settings };
    match op {
        Op::Exists { path, .. } => reader.exists(path),
        Op::GetData { path, .. } => {
            let node = reader.node(path, Perms::READ)?;
            Ok(Reply::Data { data: node.data.clone(), stat: node.stat() })
        }
        Op::GetChildren { path, .. } => {
            let node = reader.node(path, Perms::READ)?;
            let children = node.children.iter().cloned().collect();
            Ok(Reply::Children { children, stat: node.stat() })
        }
        Op::GetAcl { path } => reader.acl(path),
        Op::GetAllChildrenNumber { path } => {
            reader.node(path, Perms::READ)?;
            Ok(Reply::Number(reader.count_below(path)))
        }
        Op::GetEphemerals { path } => Ok(reader.ephemerals(session, path)),
        Op::WhoAmI => Ok(reader.who_am_i()),
        Op::MultiRead(ops) => reader.multi_read(ops, session),
        Op::Create { .. }
        | Op::Delete { .. }
        | Op::SetData { .. }
        | Op::SetAcl { .. }
        | Op::Check { .. }
        | Op::Multi(_)
        | Op::Sync { .. }
        | Op::AddWatch { .. }
        | Op::RemoveWatches { .. }
        | Op::SetWatches { .. }
        | Op::AddAuth { .. }
        | Op::Reconfig(_)
        | Op::CreateSession { .. }
        | Op::CloseSession
        | Op::DeleteContainer { .. } => Err(KeeperError::Unimplemented),
    }
}

struct Reader<'a> {
    image: &'a Image,
    auth: &'a [AuthInfo],
    settings: &'a Settings,
}

impl<'a> Reader<'a> {
    /// The znode, if it is there and the client has one of the permissions.
    fn node(&self, path: &str, perms: Perms) -> Result<&'a DataNode, KeeperError> {
        let node = self.image.node(path).ok_or(KeeperError::NoNode)?;
        acl::check(&node.acl, perms, self.auth, self.settings)?;
        Ok(node)
    }

    fn exists(&self, path: &str) -> Result<Reply, KeeperError> {
        if path.contains('\0') {
            return Err(KeeperError::BadArguments);
        }
        let node = match self.settings.is_read_needed_for_exists {
            true => self.node(path, Perms::READ)?,
            false => self.image.node(path).ok_or(KeeperError::NoNode)?,
        };
        Ok(Reply::Stat(node.stat()))
    }

    fn acl(&self, path: &str) -> Result<Reply, KeeperError> {
        let node = self.node(path, READ_OR_ADMIN)?;
        let acl = match acl::check(&node.acl, Perms::ADMIN, self.auth, self.settings) {
            Ok(()) => node.acl.clone(),
            Err(_) => node.acl.iter().map(acl::masked).collect(),
        };
        Ok(Reply::Acl { acl, stat: node.stat() })
    }

    /// Znodes below `path`, at any depth.
    fn count_below(&self, path: &str) -> u32 {
        let prefix = if path == "/" { "/".to_owned() } else { format!("{path}/") };
        let paths = self.image.nodes.after(prefix.as_str()).map(|(path, _)| path);
        paths.take_while(|path| path.starts_with(&prefix)).count() as u32
    }

    /// A prefix of the text, not of components: `/a` also finds `/ab`.
    fn ephemerals(&self, session: SessionId, prefix: &str) -> Reply {
        let is_all = matches!(prefix.trim(), "" | "/");
        let paths: Vec<Path> = match self.image.ephemerals.get(&session) {
            Some(paths) => {
                paths.iter().filter(|path| is_all || path.starts_with(prefix)).cloned().collect()
            }
            None => Vec::new(),
        };
        Reply::Paths(paths.into())
    }

    fn who_am_i(&self) -> Reply {
        let shown =
            |info: &AuthInfo| AuthInfo { scheme: info.scheme.clone(), id: acl::user_name(info) };
        Reply::Auth(self.auth.iter().map(shown).collect())
    }

    /// Never stops: each read has its own result.
    fn multi_read(&self, ops: &[Op], session: SessionId) -> Result<Reply, KeeperError> {
        let is_readable = |op: &Op| matches!(op, Op::GetData { .. } | Op::GetChildren { .. });
        if !ops.iter().all(is_readable) {
            return Err(KeeperError::MarshallingError);
        }
        let results = ops.iter().map(|op| read(self.image, op, session, self.auth, self.settings));
        Ok(Reply::Multi(results.collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;
    use crate::txn::{CreateMode, Stat};
    use KeeperError as E;

    fn ask(rig: &Rig, op: Op) -> Result<Reply, E> {
        read(&rig.image, &op, rig.session, &rig.auth, &rig.settings)
    }

    fn exists(path: &str) -> Op {
        Op::Exists { path: path.into(), watch: false }
    }

    fn get_data(path: &str) -> Op {
        Op::GetData { path: path.into(), watch: false }
    }

    fn get_children(path: &str) -> Op {
        Op::GetChildren { path: path.into(), watch: false }
    }

    fn get_acl(path: &str) -> Op {
        Op::GetAcl { path: path.into() }
    }

    #[test]
    fn reads_show_the_znode_as_it_is() {
        let rig = Rig::with(&["/a", "/a/c", "/a/b"]);
        let stat: Stat = rig.node("/a").stat();
        assert_eq!(ask(&rig, exists("/a")), Ok(Reply::Stat(stat)));
        assert_eq!(ask(&rig, get_data("/a")), Ok(Reply::Data { data: bytes("x"), stat }));
        let children = ["b".into(), "c".into()].into();
        assert_eq!(ask(&rig, get_children("/a")), Ok(Reply::Children { children, stat }));
        let acl = rig.node("/a").acl.clone();
        assert_eq!(ask(&rig, get_acl("/a")), Ok(Reply::Acl { acl, stat }));
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        let rig = Rig::with(&["/a"]);
        for path in ["/b", "", "/a/", "b"] {
            for op in [exists(path), get_data(path), get_children(path), get_acl(path)] {
                assert_eq!(ask(&rig, op), Err(E::NoNode), "{path}");
            }
        }
        assert_eq!(ask(&rig, exists("/\0")), Err(E::BadArguments));
    }

    #[test]
    fn reading_takes_read() {
        let mut rig = Rig::with(&["/a"]);
        rig.run(set_acl("/a", &all_but(Perms::READ), -1)).unwrap();
        assert_eq!(ask(&rig, get_data("/a")), Err(E::NoAuth));
        assert_eq!(ask(&rig, get_children("/a")), Err(E::NoAuth));
        let count = Op::GetAllChildrenNumber { path: "/a".into() };
        assert_eq!(ask(&rig, count), Err(E::NoAuth));
        assert!(ask(&rig, get_acl("/a")).is_ok(), "ADMIN will do");
        assert!(ask(&rig, exists("/a")).is_ok(), "in 3.8");
        rig.settings.is_read_needed_for_exists = true;
        assert_eq!(ask(&rig, exists("/a")), Err(E::NoAuth));
    }

    #[test]
    fn digests_are_for_admins() {
        let mut rig = Rig::with(&["/a"]);
        let bob = "bob:digest";
        let list = [acl(Perms::ADMIN, "digest", bob), acl(Perms::READ, "world", "anyone")];
        rig.run(set_acl("/a", &list, -1)).unwrap();
        let shown = |rig: &Rig| match ask(rig, get_acl("/a")) {
            Ok(Reply::Acl { acl, .. }) => acl[0].id.to_string(),
            other => panic!("{other:?}"),
        };
        assert_eq!(shown(&rig), "bob:x");
        rig.auth = vec![auth("digest", bob)];
        assert_eq!(shown(&rig), bob);
        rig.run(set_acl("/a", &[acl(Perms::WRITE, "world", "anyone")], -1)).unwrap();
        assert_eq!(ask(&rig, get_acl("/a")), Err(E::NoAuth));
    }

    #[test]
    fn descendants_are_counted_at_any_depth() {
        let rig = Rig::with(&["/a", "/a/b", "/a/b/c", "/a-", "/ab", "/a/d"]);
        let count = |path: &str| ask(&rig, Op::GetAllChildrenNumber { path: path.into() });
        assert_eq!(count("/a"), Ok(Reply::Number(3)));
        assert_eq!(count("/a/b/c"), Ok(Reply::Number(0)));
        assert_eq!(count("/"), Ok(Reply::Number(6 + 3)), "with ZooKeeper's own");
        assert_eq!(count("/n"), Err(E::NoNode));
    }

    #[test]
    fn ephemerals_are_found_by_prefix() {
        let mut rig = Rig::with(&["/a", "/ab"]);
        for path in ["/ab/y", "/a/x", "/z"] {
            rig.run(create_as(path, CreateMode::Ephemeral)).unwrap();
        }
        let found = |rig: &Rig, path: &str| match ask(rig, Op::GetEphemerals { path: path.into() })
        {
            Ok(Reply::Paths(paths)) => paths.join(" "),
            other => panic!("{other:?}"),
        };
        assert_eq!(found(&rig, "/"), "/a/x /ab/y /z");
        assert_eq!(found(&rig, ""), "/a/x /ab/y /z");
        assert_eq!(found(&rig, "/a"), "/a/x /ab/y", "a prefix of the text");
        assert_eq!(found(&rig, "/a/"), "/a/x");
        rig.session = SessionId(9);
        assert_eq!(found(&rig, "/"), "");
    }

    #[test]
    fn who_am_i_shows_users_without_secrets() {
        let mut rig = Rig::new();
        rig.auth = vec![auth("ip", "10.0.0.1"), auth("digest", "bob:digest"), auth("super", "")];
        let expected = [auth("ip", "10.0.0.1"), auth("digest", "bob"), auth("super", "")];
        assert_eq!(ask(&rig, Op::WhoAmI), Ok(Reply::Auth(expected.into())));
    }

    #[test]
    fn each_read_of_a_multi_has_its_own_result() {
        let rig = Rig::with(&["/a"]);
        let reads = [get_data("/n"), get_children("/a"), get_data("/a")];
        match ask(&rig, Op::MultiRead(reads.into())) {
            Ok(Reply::Multi(results)) => assert!(matches!(
                &*results,
                [Err(E::NoNode), Ok(Reply::Children { .. }), Ok(Reply::Data { .. })]
            )),
            other => panic!("{other:?}"),
        }
        let mixed = Op::MultiRead([get_data("/a"), exists("/a")].into());
        assert_eq!(ask(&rig, mixed), Err(E::MarshallingError));
        assert_eq!(ask(&rig, create("/b")), Err(E::Unimplemented));
    }
}
