//! What each invariant is called, and what it says, in English.

use zklab_core::sim::check::Invariant;

/// An invariant's name, and what it says.
pub fn en(invariant: Invariant) -> (&'static str, &'static str) {
    match invariant {
        Invariant::Leadership1 => {
            ("One leader at a time", "No two servers lead the same epoch at the same time.")
        }
        Invariant::Leadership2 => {
            ("One leader per epoch", "Over the whole run at most one server leads an epoch.")
        }
        Invariant::PrefixConsistency => {
            ("Same history", "Any two servers’ committed histories agree as far as both go.")
        }
        Invariant::Integrity => {
            ("Nothing invented", "Whatever is delivered was proposed, and is delivered once.")
        }
        Invariant::Agreement => (
            "Agreement",
            "If one server delivered one transaction and another a second, one of them delivered both.",
        ),
        Invariant::TotalOrder => ("Same order", "All servers deliver in the same order."),
        Invariant::LocalPrimaryOrder => {
            ("A leader’s order", "What a leader proposed first, everybody delivers first.")
        }
        Invariant::GlobalPrimaryOrder => (
            "Epochs in order",
            "What an older leader proposed is delivered before what a newer one did.",
        ),
        Invariant::PrimaryIntegrity => (
            "Leaders know the past",
            "A leader that proposes has delivered everything of older epochs that anybody delivered.",
        ),
        Invariant::ProcessConsistency => (
            "Packets in their place",
            "Packets between leader and learner come in the right phase, order and direction.",
        ),
        Invariant::InitialHistory => (
            "A new epoch’s beginning",
            "An epoch begins with a quorum’s promise and with everything committed before; \
             equal zxids are equal transactions.",
        ),
        Invariant::Committedness => {
            ("Nothing committed is lost", "What is committed is on the disks of a quorum.")
        }
        Invariant::Epochs => (
            "Epochs on disk",
            "acceptedEpoch ≥ currentEpoch ≥ the last transaction’s epoch; neither ever falls.",
        ),
        Invariant::Log => {
            ("Log without gaps", "Zxids in a log increase, without gaps inside an epoch.")
        }
        Invariant::Apply => (
            "Logged before applied",
            "A server applies only what it was given to log, and never goes back while it serves.",
        ),
        Invariant::Determinism => {
            ("Same tree", "Servers at the same zxid have the same znodes and sessions.")
        }
        Invariant::Tree => (
            "A sound tree",
            "Ephemerals have a live owner and no children; counters and sequential names follow \
             from what was created and deleted.",
        ),
        Invariant::Session => (
            "Sessions",
            "A session speaks through one server, does nothing after its end, and only the leader \
             (its own server, if it is local) expires it, after its whole timeout in silence.",
        ),
        Invariant::Client => (
            "What clients see",
            "Replies come in order, zxids never fall, and an ordinary watch fires once, before its \
             change is seen.",
        ),
        Invariant::Recipe => super::recipe::INVARIANT_EN,
        Invariant::AckDiscipline => (
            "ACK means on disk",
            "First the history, then currentEpoch, then the ACK of NEWLEADER; no ACK before the fsync.",
        ),
    }
}
