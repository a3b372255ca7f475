//! What a server refuses a request with.

/// Error codes of `KeeperException.Code`, with ZooKeeper's numbers.
///
/// A refused request is an ordinary value and part of the lesson. The path belongs to the request,
/// as on the wire: a `ReplyHeader` carries only the number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, thiserror::Error)]
#[error("{}", self.text())]
#[repr(i32)]
pub enum KeeperError {
    /// Something inside the server.
    SystemError = -1,
    /// An operation of a multi after the one that failed.
    RuntimeInconsistency = -2,
    /// The connection ended with the outcome unknown. Client side.
    ConnectionLoss = -4,
    /// The request could not be decoded.
    MarshallingError = -5,
    /// An operation the server does not know, or a feature that is off.
    Unimplemented = -6,
    /// The client gave up waiting.
    OperationTimeout = -7,
    /// A path, flag or TTL that cannot be.
    BadArguments = -8,
    /// No quorum of the new configuration is connected and up to date.
    NewConfigNoQuorum = -13,
    /// Another reconfiguration is in progress.
    ReconfigInProgress = -14,
    /// The znode, or on create its parent, does not exist.
    NoNode = -101,
    /// An ACL denies it.
    NoAuth = -102,
    /// The version asked for is not the one found.
    BadVersion = -103,
    /// The parent is ephemeral.
    NoChildrenForEphemerals = -108,
    /// There is such a znode already.
    NodeExists = -110,
    /// A znode with children cannot be deleted.
    NotEmpty = -111,
    /// The session is unknown or closing.
    SessionExpired = -112,
    /// The ACL is empty or cannot be resolved.
    InvalidAcl = -114,
    /// The authentication was refused.
    AuthFailed = -115,
    /// The request came through a server that the session has left.
    SessionMoved = -118,
    /// A write on a read-only server.
    NotReadOnly = -119,
    /// An ephemeral on a local session that may not be upgraded.
    EphemeralOnLocalSession = -120,
    /// Removal of a watch that is not there.
    NoWatcher = -121,
    /// The client's own timer for a request ran out.
    RequestTimeout = -122,
    /// Reconfiguration is off.
    ReconfigDisabled = -123,
    /// A hard quota would be exceeded.
    QuotaExceeded = -125,
    /// The server has throttled the request for too long.
    ThrottledOp = -127,
}

impl KeeperError {
    /// The name ZooKeeper's own messages use after `KeeperErrorCode = `.
    pub const fn text(self) -> &'static str {
        match self {
            KeeperError::SystemError => "SystemError",
            KeeperError::RuntimeInconsistency => "RuntimeInconsistency",
            KeeperError::ConnectionLoss => "ConnectionLoss",
            KeeperError::MarshallingError => "MarshallingError",
            KeeperError::Unimplemented => "Unimplemented",
            KeeperError::OperationTimeout => "OperationTimeout",
            KeeperError::BadArguments => "BadArguments",
            KeeperError::NewConfigNoQuorum => "NewConfigNoQuorum",
            KeeperError::ReconfigInProgress => "ReconfigInProgress",
            KeeperError::NoNode => "NoNode",
            KeeperError::NoAuth => "NoAuth",
            KeeperError::BadVersion => "BadVersion",
            KeeperError::NoChildrenForEphemerals => "NoChildrenForEphemerals",
            KeeperError::NodeExists => "NodeExists",
            KeeperError::NotEmpty => "Directory not empty",
            KeeperError::SessionExpired => "Session expired",
            KeeperError::InvalidAcl => "InvalidACL",
            KeeperError::AuthFailed => "AuthFailed",
            KeeperError::SessionMoved => "Session moved",
            KeeperError::NotReadOnly => "Not a read-only call",
            KeeperError::EphemeralOnLocalSession => "Ephemeral node on local session",
            KeeperError::NoWatcher => "No such watcher",
            KeeperError::RequestTimeout => "Request timeout",
            KeeperError::ReconfigDisabled => "Reconfig is disabled",
            KeeperError::QuotaExceeded => "Quota has exceeded",
            KeeperError::ThrottledOp => "Op throttled due to high load",
        }
    }

    /// The constant of `KeeperException.Code`: what the drive protocol answers.
    pub const fn name(self) -> &'static str {
        match self {
            KeeperError::SystemError => "SYSTEMERROR",
            KeeperError::RuntimeInconsistency => "RUNTIMEINCONSISTENCY",
            KeeperError::ConnectionLoss => "CONNECTIONLOSS",
            KeeperError::MarshallingError => "MARSHALLINGERROR",
            KeeperError::Unimplemented => "UNIMPLEMENTED",
            KeeperError::OperationTimeout => "OPERATIONTIMEOUT",
            KeeperError::BadArguments => "BADARGUMENTS",
            KeeperError::NewConfigNoQuorum => "NEWCONFIGNOQUORUM",
            KeeperError::ReconfigInProgress => "RECONFIGINPROGRESS",
            KeeperError::NoNode => "NONODE",
            KeeperError::NoAuth => "NOAUTH",
            KeeperError::BadVersion => "BADVERSION",
            KeeperError::NoChildrenForEphemerals => "NOCHILDRENFOREPHEMERALS",
            KeeperError::NodeExists => "NODEEXISTS",
            KeeperError::NotEmpty => "NOTEMPTY",
            KeeperError::SessionExpired => "SESSIONEXPIRED",
            KeeperError::InvalidAcl => "INVALIDACL",
            KeeperError::AuthFailed => "AUTHFAILED",
            KeeperError::SessionMoved => "SESSIONMOVED",
            KeeperError::NotReadOnly => "NOTREADONLY",
            KeeperError::EphemeralOnLocalSession => "EPHEMERALONLOCALSESSION",
            KeeperError::NoWatcher => "NOWATCHER",
            KeeperError::RequestTimeout => "REQUESTTIMEOUT",
            KeeperError::ReconfigDisabled => "RECONFIGDISABLED",
            KeeperError::QuotaExceeded => "QUOTAEXCEEDED",
            KeeperError::ThrottledOp => "THROTTLEDOP",
        }
    }

    /// ZooKeeper's number.
    pub const fn code(self) -> i32 {
        self as i32
    }
}
