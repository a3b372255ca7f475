//! What was done to the network, in words of both languages.

use crate::explain::{Names, Sentence};
use zklab_core::sim::link::{Latency, LinkEnd, NetworkAction, PacketType, Traffic, Unsafety, Way};

/// `5 ms`, `1.5 ms`, `250 µs`.
fn micros(us: u32) -> String {
    match (us / 1000, us % 1000) {
        (0, us) => format!("{us} µs"),
        (ms, 0) => format!("{ms} ms"),
        (ms, us) => format!("{ms}.{} ms", format!("{us:03}").trim_end_matches('0')),
    }
}

/// `20 kB/s`, in thousands as networks count.
fn rate(bytes_per_s: u64) -> String {
    match bytes_per_s {
        mb if mb >= 1_000_000 && mb % 1_000_000 == 0 => format!("{} MB/s", mb / 1_000_000),
        kb if kb >= 1000 && kb % 1000 == 0 => format!("{} kB/s", kb / 1000),
        bytes => format!("{bytes} B/s"),
    }
}

/// `1.5 %`.
fn percent(permille: u16) -> String {
    match (permille / 10, permille % 10) {
        (whole, 0) => format!("{whole} %"),
        (whole, tenth) => format!("{whole}.{tenth} %"),
    }
}

/// In English.
pub fn en(names: &Names, action: &NetworkAction) -> Sentence {
    let end = |end: LinkEnd| match end {
        LinkEnd::Server(id) => id.to_string(),
        LinkEnd::Client(id) => names.client(id),
        LinkEnd::Servers => "any server".to_owned(),
        LinkEnd::Clients => "any client".to_owned(),
        LinkEnd::Anyone => "anyone".to_owned(),
    };
    let way = |way: &Way| format!("from {} to {}", end(way.from), end(way.to));
    let traffic = |traffic: &Traffic| {
        let what = traffic.only.map_or("everything".to_owned(), |only| format!("every {only}"));
        format!("{what} {}", way(&traffic.way))
    };
    match action {
        NetworkAction::Cut(cut) => Sentence::new(
            format!("You cut the way {}", way(cut)),
            "packets in this direction die; the other direction works",
        ),
        NetworkAction::Mend(cut) => Sentence::new(format!("You mend the way {}", way(cut)), ""),
        NetworkAction::Latency(on, latency) => {
            let what = format!("You set how long packets take {}", way(on));
            let why = match latency {
                None => "as by default".to_owned(),
                Some(Latency::Fixed { us }) => format!("always {}", micros(*us)),
                Some(Latency::Uniform { least_us, most_us }) => {
                    format!("{} to {}", micros(*least_us), micros(*most_us))
                }
                Some(Latency::LongTail { least_us, most_us }) => {
                    let (least, most) = (micros(*least_us), micros(*most_us));
                    format!("mostly little more than {least}, seldom up to {most}")
                }
            };
            Sentence::new(what, why)
        }
        NetworkAction::Bandwidth(on, Some(limit)) => Sentence::new(
            format!("You let {} through {}", rate(*limit), way(on)),
            "the larger a packet, the longer it takes to leave",
        ),
        NetworkAction::Bandwidth(on, None) => {
            Sentence::new(format!("You lift the limit of bandwidth {}", way(on)), "")
        }
        NetworkAction::Hold(what) => Sentence::new(
            format!("You hold {}", traffic(what)),
            "what is behind it on its connection waits too: TCP keeps order",
        ),
        NetworkAction::Release(what) => Sentence::new(format!("You release {}", traffic(what)), ""),
        NetworkAction::HoldPacket(_) => Sentence::new(
            "You hold a packet",
            "what is behind it on its connection waits too: TCP keeps order",
        ),
        NetworkAction::ReleasePacket(_) => Sentence::new("You release a packet", ""),
        NetworkAction::DeliverPacket(_) => Sentence::new(
            "You let a packet arrive now",
            "and everything before it on its connection: TCP keeps order",
        ),
        NetworkAction::LosePacket(_) => Sentence::new(
            "You lose a packet, so its connection breaks",
            "TCP cannot lose one packet alone; what is behind it is lost too, and both sides hear of \
             it",
        ),
        NetworkAction::Unsafe(Unsafety::OFF) => {
            Sentence::new("You make the network between servers safe again", "TCP keeps order")
        }
        NetworkAction::Unsafe(Unsafety { loss, reorder, duplicate }) => {
            let (loss, reorder, twice) = (percent(*loss), percent(*reorder), percent(*duplicate));
            Sentence::new(
                "You make the network between servers unsafe: no TCP",
                format!("lost {loss}, late {reorder}, delivered twice {twice}; ZAB needs FIFO"),
            )
        }
    }
}

/// In Chinese.
pub fn zh(names: &Names, action: &NetworkAction) -> Sentence {
    let end = |end: LinkEnd| match end {
        LinkEnd::Server(id) => id.to_string(),
        LinkEnd::Client(id) => names.client(id),
        LinkEnd::Servers => "任意服务器".to_owned(),
        LinkEnd::Clients => "任意客户端".to_owned(),
        LinkEnd::Anyone => "任意一方".to_owned(),
    };
    let way = |way: &Way| format!("从 {} 到 {} ", end(way.from), end(way.to));
    let traffic = |traffic: &Traffic| {
        let what = traffic.only.map_or("全部数据包", PacketType::name);
        format!("{}的 {what}", way(&traffic.way))
    };
    match action {
        NetworkAction::Cut(cut) => Sentence::new(
            format!("你切断{}的方向", way(cut)),
            "这个方向的数据包都会丢失；反方向照常",
        ),
        NetworkAction::Mend(cut) => Sentence::new(format!("你修复{}的方向", way(cut)), ""),
        NetworkAction::Latency(on, latency) => {
            let what = format!("你设定{}的延迟", way(on));
            let why = match latency {
                None => "恢复默认".to_owned(),
                Some(Latency::Fixed { us }) => format!("固定 {}", micros(*us)),
                Some(Latency::Uniform { least_us, most_us }) => {
                    format!("{} 到 {}", micros(*least_us), micros(*most_us))
                }
                Some(Latency::LongTail { least_us, most_us }) => {
                    let (least, most) = (micros(*least_us), micros(*most_us));
                    format!("多数略高于 {least}，偶尔长达 {most}")
                }
            };
            Sentence::new(what, why)
        }
        NetworkAction::Bandwidth(on, Some(limit)) => Sentence::new(
            format!("你把{}的带宽限制为 {}", way(on), rate(*limit)),
            "数据包越大，发送所需的时间越长",
        ),
        NetworkAction::Bandwidth(on, None) => {
            Sentence::new(format!("你取消{}的带宽限制", way(on)), "")
        }
        NetworkAction::Hold(what) => Sentence::new(
            format!("你扣住{}", traffic(what)),
            "同一连接上排在后面的数据包也要等待：TCP 保持顺序",
        ),
        NetworkAction::Release(what) => Sentence::new(format!("你放行{}", traffic(what)), ""),
        NetworkAction::HoldPacket(_) => {
            Sentence::new("你扣住一个数据包", "同一连接上排在后面的数据包也要等待：TCP 保持顺序")
        }
        NetworkAction::ReleasePacket(_) => Sentence::new("你放行一个数据包", ""),
        NetworkAction::DeliverPacket(_) => Sentence::new(
            "你让一个数据包立即到达",
            "同一连接上排在前面的数据包也一起到达：TCP 保持顺序",
        ),
        NetworkAction::LosePacket(_) => Sentence::new(
            "你丢掉一个数据包，于是它的连接断开",
            "TCP 不会单独丢失一个数据包；排在后面的也一起丢失，两端都会得知",
        ),
        NetworkAction::Unsafe(Unsafety::OFF) => {
            Sentence::new("你让服务器之间的网络恢复安全", "TCP 保持顺序")
        }
        NetworkAction::Unsafe(Unsafety { loss, reorder, duplicate }) => {
            let (loss, reorder, twice) = (percent(*loss), percent(*reorder), percent(*duplicate));
            Sentence::new(
                "你让服务器之间的网络变得不安全：没有 TCP",
                format!("丢失 {loss}，迟到 {reorder}，重复 {twice}；ZAB 需要 FIFO 通道"),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_short() {
        assert_eq!(micros(250), "250 µs");
        assert_eq!(micros(1500), "1.5 ms");
        assert_eq!(micros(20_000), "20 ms");
        assert_eq!(rate(20_000), "20 kB/s");
        assert_eq!(rate(2_000_000), "2 MB/s");
        assert_eq!(rate(1500), "1500 B/s");
        assert_eq!(percent(15), "1.5 %");
    }
}
