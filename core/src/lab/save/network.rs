//! What is done to the network, as text: `cut s1 s2`, `latency servers servers uniform 1000 5000`.

use super::number;
use crate::sim::link::{Latency, LinkEnd, NetworkAction, PacketType, Traffic, Unsafety, Way};

/// What stands for every type of packet.
const ALL: &str = "ALL";

/// The text of an action.
pub fn line(action: &NetworkAction) -> String {
    let way = |way: &Way| format!("{} {}", way.from, way.to);
    let traffic = |traffic: &Traffic| {
        let only = traffic.only.map_or(ALL, PacketType::name);
        format!("{} {only}", way(&traffic.way))
    };
    match action {
        NetworkAction::Cut(cut) => format!("cut {}", way(cut)),
        NetworkAction::Mend(cut) => format!("mend {}", way(cut)),
        NetworkAction::Latency(on, latency) => {
            let latency = match latency {
                None => "default".to_owned(),
                Some(Latency::Fixed { us }) => format!("fixed {us}"),
                Some(Latency::Uniform { least_us, most_us }) => {
                    format!("uniform {least_us} {most_us}")
                }
                Some(Latency::LongTail { least_us, most_us }) => {
                    format!("longtail {least_us} {most_us}")
                }
            };
            format!("latency {} {latency}", way(on))
        }
        NetworkAction::Bandwidth(on, Some(limit)) => format!("bandwidth {} {limit}", way(on)),
        NetworkAction::Bandwidth(on, None) => format!("bandwidth {} unlimited", way(on)),
        NetworkAction::Hold(what) => format!("hold {}", traffic(what)),
        NetworkAction::Release(what) => format!("release {}", traffic(what)),
        NetworkAction::HoldPacket(id) => format!("hold-packet {id}"),
        NetworkAction::ReleasePacket(id) => format!("release-packet {id}"),
        NetworkAction::DeliverPacket(id) => format!("deliver-packet {id}"),
        NetworkAction::LosePacket(id) => format!("lose-packet {id}"),
        NetworkAction::Unsafe(Unsafety { loss, reorder, duplicate }) => {
            format!("unsafe {loss} {reorder} {duplicate}")
        }
    }
}

/// Reads an action back; `None` if the verb is none of the network's.
pub fn read(verb: &str, rest: &str) -> Option<Result<NetworkAction, String>> {
    let mut words = Words(rest.split_whitespace());
    let action = match verb {
        "cut" => words.way().map(NetworkAction::Cut),
        "mend" => words.way().map(NetworkAction::Mend),
        "latency" => words.latency(),
        "bandwidth" => words.bandwidth(),
        "hold" => words.traffic().map(NetworkAction::Hold),
        "release" => words.traffic().map(NetworkAction::Release),
        "hold-packet" => words.packet().map(NetworkAction::HoldPacket),
        "release-packet" => words.packet().map(NetworkAction::ReleasePacket),
        "deliver-packet" => words.packet().map(NetworkAction::DeliverPacket),
        "lose-packet" => words.packet().map(NetworkAction::LosePacket),
        "unsafe" => words.unsafety(),
        _ => return None,
    };
    Some(action.and_then(|action| match words.0.next() {
        None => Ok(action),
        Some(word) => Err(format!("expected nothing more, found {word:?}")),
    }))
}

struct Words<'a>(std::str::SplitWhitespace<'a>);

impl Words<'_> {
    fn number<T: TryFrom<u64>>(&mut self, what: &str) -> Result<T, String> {
        let value = number(self.0.next(), what)?;
        T::try_from(value).map_err(|_| format!("expected {what}, found {value}, which is too much"))
    }

    fn way(&mut self) -> Result<Way, String> {
        let mut end = || self.0.next().unwrap_or_default().parse::<LinkEnd>();
        Ok(Way { from: end()?, to: end()? })
    }

    fn packet(&mut self) -> Result<u64, String> {
        self.number("the number of a packet")
    }

    fn traffic(&mut self) -> Result<Traffic, String> {
        let way = self.way()?;
        match self.0.next().unwrap_or_default() {
            ALL => Ok(Traffic { way, only: None }),
            word => Ok(Traffic { way, only: Some(word.parse()?) }),
        }
    }

    fn latency(&mut self) -> Result<NetworkAction, String> {
        let way = self.way()?;
        let latency = match self.0.next().unwrap_or_default() {
            "default" => None,
            "fixed" => Some(Latency::Fixed { us: self.number("microseconds")? }),
            "uniform" => {
                let (least_us, most_us) = self.bounds()?;
                Some(Latency::Uniform { least_us, most_us })
            }
            "longtail" => {
                let (least_us, most_us) = self.bounds()?;
                Some(Latency::LongTail { least_us, most_us })
            }
            word => {
                let expected = "expected fixed, uniform, longtail or default";
                return Err(format!("{expected}, found {word:?}"));
            }
        };
        Ok(NetworkAction::Latency(way, latency))
    }

    fn bounds(&mut self) -> Result<(u32, u32), String> {
        Ok((self.number("microseconds")?, self.number("microseconds")?))
    }

    fn bandwidth(&mut self) -> Result<NetworkAction, String> {
        let way = self.way()?;
        let limit = match self.0.next() {
            Some("unlimited") => None,
            word => Some(number(word, "bytes per second or unlimited")?),
        };
        Ok(NetworkAction::Bandwidth(way, limit))
    }

    fn unsafety(&mut self) -> Result<NetworkAction, String> {
        let loss = self.number("a permille of losses")?;
        let reorder = self.number("a permille of late packets")?;
        let duplicate = self.number("a permille of duplicates")?;
        Ok(NetworkAction::Unsafe(Unsafety { loss, reorder, duplicate }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_line(text: &str) -> Result<NetworkAction, String> {
        let (verb, rest) = text.split_once(' ').unwrap_or((text, ""));
        read(verb, rest).expect("the verb is known")
    }

    #[test]
    fn what_is_written_is_read_back() {
        for text in [
            "cut s1 s2",
            "mend any clients",
            "latency servers servers fixed 5000",
            "latency c1 s2 uniform 1000 2000",
            "latency s2 any longtail 1000 50000",
            "latency any any default",
            "bandwidth s1 s3 1000000",
            "bandwidth any any unlimited",
            "hold s2 s1 ACK",
            "release any any ALL",
            "hold-packet 17",
            "release-packet 17",
            "deliver-packet 18446744073709551615",
            "lose-packet 17",
            "unsafe 10 20 30",
        ] {
            assert_eq!(read_line(text).map(|action| line(&action)).as_deref(), Ok(text));
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        let problems = [
            ("cut s1", "expected s1, c1, servers, clients or any, found \"\""),
            ("cut s1 s2 s3", "expected nothing more, found \"s3\""),
            ("hold s1 s2 ack!", "expected a packet type such as ACK, found \"ack!\""),
            ("latency s1 s2 slow", "expected fixed, uniform, longtail or default, found \"slow\""),
            ("unsafe 70000 0 0", "expected a permille of losses, found 70000, which is too much"),
            ("bandwidth s1 s2 x", "expected bytes per second or unlimited, found \"x\""),
        ];
        for (text, problem) in problems {
            assert_eq!(read_line(text), Err(problem.to_owned()), "{text}");
        }
        assert_eq!(read("start", "1"), None);
    }
}
