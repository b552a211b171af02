//! What a device says of itself and where it is, in words for people.

use std::net::IpAddr;

/// Browsers by what they write of themselves, the more particular first: most also
/// claim to be others.
const BROWSERS: [(&str, &str); 12] = [
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
    ("python", "Python"),
];

/// Systems likewise.
const SYSTEMS: [(&str, &str); 8] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "Mac"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
];

/// The browser and system an agent names, such as “Firefox on Windows”.
#[must_use]
pub fn agent_in_words(agent: &str) -> String {
    let named = |list: &[(&str, &'static str)]| {
        list.iter().find(|(mark, _)| agent.contains(mark)).map(|&(_, name)| name)
    };
    match (named(&BROWSERS), named(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, Some(system)) => format!("Another program on {system}"),
        (None, None) if agent.is_empty() => "A program that does not say what it is".to_owned(),
        (None, None) => "Another program".to_owned(),
    }
}

/// Where an address is, seen from a caller's own: no book says in which town it is.
#[must_use]
pub fn place_in_words(address: &str, own: IpAddr) -> &'static str {
    let Ok(address) = address.parse::<IpAddr>() else { return "an unknown place" };
    let address = address.to_canonical();
    if address == own {
        return "the network you are in now";
    }
    let local = match address {
        IpAddr::V4(address) => {
            address.is_private() || address.is_loopback() || address.is_link_local()
        }
        IpAddr::V6(address) => {
            address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local()
        }
    };
    if local { "the local network" } else { "another network" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_told_apart_though_each_claims_to_be_the_others() {
        let words = [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                 Chrome/126.0 Safari/537.36 Edg/126.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) \
                 Chrome/126.0 Mobile Safari/537.36",
                "Chrome on Android",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1 \
                 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
                "Safari on iPhone",
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
                "Firefox on Linux",
            ),
            ("curl/8.5.0", "curl"),
            ("cause-list/1.0", "Another program"),
            ("", "A program that does not say what it is"),
        ];
        for (agent, expected) in words {
            assert_eq!(agent_in_words(agent), expected, "{agent}");
        }
    }

    #[test]
    fn places_are_said_as_far_as_they_are_known() {
        let own = "203.0.113.7".parse().unwrap();
        assert_eq!(place_in_words("203.0.113.7", own), "the network you are in now");
        assert_eq!(place_in_words("192.168.1.4", own), "the local network");
        assert_eq!(place_in_words("fd00::1", own), "the local network");
        assert_eq!(place_in_words("198.51.100.1", own), "another network");
        assert_eq!(place_in_words("", own), "an unknown place");
    }
}
