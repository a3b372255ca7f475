//! Who may do what: access control lists and identities.
//!
//! ZooKeeper: `ZooKeeperServer.checkACL`, `PrepRequestProcessor.fixupACL`,
//! `DigestAuthenticationProvider` and `IPAuthenticationProvider`.
//!
//! A list belongs to one znode and is neither inherited nor recursive: to create or to delete a
//! znode takes a permission on its *parent*. The leader checks writes, each server its own reads.
//!
//! **Left out.** The providers of `x509` and `sasl`, which a server has only if configured: a list
//! that names them is INVALIDACL, as it is on a server without. So is a list that names `super`.

use super::prep::Settings;
use crate::error::KeeperError;
use crate::txn::{Acl, AuthInfo, Perms};
use data_encoding::BASE64;
use sha1_smol::Sha1;
use std::rc::Rc;

/// Whether one of `auth` has one of the permissions `perms` (`ZooKeeperServer.checkACL`).
pub fn check(
    acl: &[Acl],
    perms: Perms,
    auth: &[AuthInfo],
    settings: &Settings,
) -> Result<(), KeeperError> {
    let is_super = auth.iter().any(|info| &*info.scheme == "super");
    let is_allowed = settings.skip_acl
        || acl.is_empty()
        || is_super
        || acl.iter().any(|entry| entry.perms.intersects(perms) && is_for(entry, auth));
    if is_allowed { Ok(()) } else { Err(KeeperError::NoAuth) }
}

/// Whether an entry is about one of these identities.
fn is_for(entry: &Acl, auth: &[AuthInfo]) -> bool {
    is_anyone(entry)
        || auth.iter().filter(|info| info.scheme == entry.scheme).any(|info| {
            match &*entry.scheme {
                "digest" => info.id == entry.id,
                "ip" => ip_matches(&info.id, &entry.id),
                // Schemes without a provider match nobody.
                _ => false,
            }
        })
}

fn is_anyone(entry: &Acl) -> bool {
    &*entry.scheme == "world" && &*entry.id == "anyone"
}

/// The list as it will be stored: without duplicates, every entry valid, and `auth` replaced by
/// the identities the client has proved (`PrepRequestProcessor.fixupACL`).
fn fix_up(acl: &[Acl], auth: &[AuthInfo]) -> Result<Rc<[Acl]>, KeeperError> {
    let mut unique: Vec<&Acl> = Vec::new();
    for entry in acl {
        if !unique.contains(&entry) {
            unique.push(entry);
        }
    }
    if unique.is_empty() {
        return Err(KeeperError::InvalidAcl);
    }
    let mut fixed = Vec::new();
    for entry in unique {
        match &*entry.scheme {
            "world" if is_anyone(entry) => fixed.push(entry.clone()),
            "auth" => fixed.extend(proved(entry.perms, auth)?),
            "digest" if is_digest_id(&entry.id) => fixed.push(entry.clone()),
            "ip" if ip_prefix(&entry.id).is_some() => fixed.push(entry.clone()),
            _ => return Err(KeeperError::InvalidAcl),
        }
    }
    Ok(fixed.into())
}

/// The same, and the list itself if it is to be stored as it is: there may be many znodes that have it.
pub fn stored(acl: &Rc<[Acl]>, auth: &[AuthInfo]) -> Result<Rc<[Acl]>, KeeperError> {
    let fixed = fix_up(acl, auth)?;
    Ok(if fixed == *acl { acl.clone() } else { fixed })
}

/// What `auth` stands for. An address is not proof of identity, so `ip` does not count.
fn proved(perms: Perms, auth: &[AuthInfo]) -> Result<Vec<Acl>, KeeperError> {
    let entries: Vec<Acl> = auth
        .iter()
        .filter(|info| &*info.scheme == "digest")
        .map(|info| Acl { perms, scheme: info.scheme.clone(), id: info.id.clone() })
        .collect();
    if entries.is_empty() { Err(KeeperError::InvalidAcl) } else { Ok(entries) }
}

/// `DigestAuthenticationProvider.isValid`: a user and a digest. Java's `split` drops empty parts at
/// the end, so `bob:` has one part only.
fn is_digest_id(id: &str) -> bool {
    let id = id.trim_end_matches(':');
    !id.is_empty() && id.split(':').count() == 2
}

/// The id of an entry that masks what a client without ADMIN must not see (getACL).
pub fn masked(entry: &Acl) -> Acl {
    let id = match (&*entry.scheme, entry.id.split_once(':')) {
        ("digest", Some((user, _))) => format!("{user}:x").into(),
        (_, Some(_) | None) => entry.id.clone(),
    };
    Acl { perms: entry.perms, scheme: entry.scheme.clone(), id }
}

/// `user:password` as a digest id: `user:base64(sha1("user:password"))`.
pub fn digest(user_and_password: &str) -> String {
    let user = user_and_password.split(':').next().unwrap_or_default();
    let hash = Sha1::from(user_and_password).digest().bytes();
    format!("{user}:{}", BASE64.encode(&hash))
}

/// The identities that an `addauth` proves, to be added to those of the connection
/// (`handleAuthentication` of the scheme's provider).
///
/// The super user gets two, `super` and its `digest`. `ip` adds none: the connection has had its
/// address since it began. Any other scheme is AUTHFAILED, and the server hangs up.
pub fn authenticate(
    scheme: &str,
    auth: &str,
    settings: &Settings,
) -> Result<Vec<AuthInfo>, KeeperError> {
    match scheme {
        "digest" => {
            let id: Rc<str> = digest(auth).into();
            let is_super = settings.super_digest.as_ref() == Some(&id);
            let super_user = AuthInfo { scheme: "super".into(), id: "".into() };
            let user = AuthInfo { scheme: "digest".into(), id };
            Ok(is_super.then_some(super_user).into_iter().chain([user]).collect())
        }
        "ip" => Ok(Vec::new()),
        _ => Err(KeeperError::AuthFailed),
    }
}

/// The user's name in an identity, as whoAmI shows it.
pub fn user_name(info: &AuthInfo) -> Rc<str> {
    match &*info.scheme {
        "digest" => info.id.split(':').next().unwrap_or_default().into(),
        _ => info.id.clone(),
    }
}

/// Whether an address lies in an `ip` entry's range, such as `10.0.0.0/8`.
fn ip_matches(address: &str, entry: &str) -> bool {
    match (ip_bits(address), ip_prefix(entry)) {
        (Some(address), Some((network, mask))) => address & mask == network & mask,
        (Some(_) | None, Some(_) | None) => false,
    }
}

/// Network and mask of an `ip` entry. IPv4 only, as in ZooKeeper.
fn ip_prefix(entry: &str) -> Option<(u32, u32)> {
    let (address, bits) = entry.split_once('/').unwrap_or((entry, "32"));
    let bits: u32 = bits.parse().ok().filter(|bits| *bits <= 32)?;
    let mask = u32::MAX.checked_shl(32 - bits).unwrap_or(0);
    Some((ip_bits(address)?, mask))
}

/// The 32 bits of a dotted address.
fn ip_bits(address: &str) -> Option<u32> {
    let bytes: Vec<u8> = address.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    Some(u32::from_be_bytes(bytes.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{acl, auth};
    use super::*;

    /// `bob:secret`, hashed by somebody else.
    const BOB: &str = "bob:fyVmFCwVbTJYrznoSu1koqYEYF0=";

    fn is_allowed(entries: &[Acl], perms: Perms, identities: &[AuthInfo]) -> bool {
        check(entries, perms, identities, &Settings::default()).is_ok()
    }

    #[test]
    fn any_entry_may_allow() {
        let entries = [acl(Perms::READ, "world", "anyone"), acl(Perms::WRITE, "digest", BOB)];
        let bob = [auth("digest", BOB)];
        assert!(is_allowed(&entries, Perms::READ, &[]));
        assert!(!is_allowed(&entries, Perms::WRITE, &[]));
        assert!(is_allowed(&entries, Perms::WRITE, &bob));
        assert!(!is_allowed(&entries, Perms::CREATE, &bob));
        assert!(is_allowed(&entries, Perms(5), &[]), "one of several will do");
        assert!(!is_allowed(&entries, Perms::WRITE, &[auth("digest", "bob:other")]));
        assert!(!is_allowed(&entries, Perms::WRITE, &[auth("ip", BOB)]), "scheme and id");
    }

    #[test]
    fn some_need_no_permission() {
        let nobody = [acl(Perms(0), "world", "anyone")];
        assert!(!is_allowed(&nobody, Perms::READ, &[]));
        assert!(is_allowed(&nobody, Perms::READ, &[auth("super", "")]));
        assert!(is_allowed(&[], Perms::READ, &[]), "no list at all");
        let skipping = Settings { skip_acl: true, ..Settings::default() };
        assert_eq!(check(&nobody, Perms::READ, &[], &skipping), Ok(()));
    }

    #[test]
    fn addresses_match_by_prefix() {
        let allows = |range: &str, address: &str| {
            is_allowed(&[acl(Perms::READ, "ip", range)], Perms::READ, &[auth("ip", address)])
        };
        assert!(allows("10.1.2.3", "10.1.2.3") && !allows("10.1.2.3", "10.1.2.4"));
        assert!(allows("10.1.2.3/16", "10.1.99.99") && !allows("10.1.2.3/16", "10.2.0.0"));
        assert!(allows("10.1.128.0/17", "10.1.200.1") && !allows("10.1.128.0/17", "10.1.1.1"));
        assert!(allows("0.0.0.0/0", "192.168.0.1"));
        assert!(!allows("10.0.0.0/8", "::1"));
    }

    #[test]
    fn a_list_must_be_valid() {
        let fixed = |scheme: &str, id: &str| fix_up(&[acl(Perms::ALL, scheme, id)], &[]).is_ok();
        assert_eq!(fix_up(&[], &[]), Err(KeeperError::InvalidAcl));
        assert!(fixed("world", "anyone") && !fixed("world", "someone"));
        assert!(fixed("digest", BOB) && fixed("digest", ":x") && fixed("digest", "a:b:"));
        assert!(!fixed("digest", "bob") && !fixed("digest", "bob:") && !fixed("digest", "a:b:c"));
        assert!(fixed("ip", "10.0.0.1") && fixed("ip", "10.0.0.0/0") && fixed("ip", "10.0.0.0/32"));
        assert!(
            !fixed("ip", "10.0.0.0/33") && !fixed("ip", "10.0.0") && !fixed("ip", "10.0.0.256")
        );
        assert!(!fixed("x509", "CN=bob") && !fixed("sasl", "bob") && !fixed("super", ""));
    }

    #[test]
    fn one_bad_entry_spoils_the_list() {
        let good = acl(Perms::ALL, "world", "anyone");
        let list = [good.clone(), acl(Perms::READ, "nobody", "x")];
        assert_eq!(fix_up(&list, &[]), Err(KeeperError::InvalidAcl));
        let twice = [good.clone(), acl(Perms::READ, "digest", BOB), good.clone()];
        assert_eq!(fix_up(&twice, &[]), Ok(twice[..2].into()), "duplicates go");
    }

    #[test]
    fn auth_stands_for_who_asks() {
        let asked = [acl(Perms::ALL, "auth", "ignored")];
        let address = auth("ip", "10.0.0.1");
        let both = [address.clone(), auth("digest", BOB), auth("digest", "eve:x")];
        let expected = [acl(Perms::ALL, "digest", BOB), acl(Perms::ALL, "digest", "eve:x")];
        assert_eq!(fix_up(&asked, &both), Ok(expected.into()));
        assert_eq!(fix_up(&asked, &[address]), Err(KeeperError::InvalidAcl));
        assert_eq!(fix_up(&asked, &[]), Err(KeeperError::InvalidAcl));
    }

    #[test]
    fn passwords_become_digests() {
        assert_eq!(digest("bob:secret"), BOB);
        assert_eq!(digest("super:test"), "super:D/InIHSb7yEEbrWz8b9l71RjZJU=");
        assert!(digest("a:b:c").starts_with("a:"));
        assert_eq!(digest("bob:secret").len(), "bob:".len() + 28);
    }

    #[test]
    fn addauth_proves_an_identity() {
        let mut settings = Settings::default();
        let authenticated =
            |scheme: &str, words: &str, settings: &Settings| authenticate(scheme, words, settings);
        assert_eq!(authenticated("digest", "bob:secret", &settings), Ok(vec![auth("digest", BOB)]));
        assert_eq!(authenticated("ip", "", &settings), Ok(vec![]));
        assert_eq!(authenticated("sasl", "bob", &settings), Err(KeeperError::AuthFailed));

        let digest: Rc<str> = digest("super:test").into();
        let as_user = auth("digest", &digest);
        let words = "super:test";
        assert_eq!(authenticated("digest", words, &settings), Ok(vec![as_user.clone()]));
        settings.super_digest = Some(digest);
        let both = vec![auth("super", ""), as_user];
        assert_eq!(authenticated("digest", words, &settings), Ok(both));
        assert_eq!(authenticated("digest", "super:guess", &settings).map(|ids| ids.len()), Ok(1));
    }
}
