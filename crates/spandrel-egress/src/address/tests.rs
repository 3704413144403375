#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;

#[test]
fn addresses() {
    use AddressKind::{LinkLocal, Network, Public, Reserved};
    let table = [
        ("1.1.1.1", Public),
        ("100.63.0.1", Public),
        ("172.32.0.1", Public),
        ("0.0.0.0", Network),
        ("0.1.2.3", Reserved),
        ("10.1.2.3", Network),
        ("100.64.0.1", Network),
        ("100.100.100.200", LinkLocal),
        ("127.0.0.1", Network),
        ("127.255.0.1", Network),
        ("169.254.169.254", LinkLocal),
        ("169.254.170.2", LinkLocal),
        ("172.16.0.1", Network),
        ("192.0.0.192", LinkLocal),
        ("192.0.0.1", Reserved),
        ("192.0.2.1", Reserved),
        ("192.168.1.1", Network),
        ("198.18.0.1", Reserved),
        ("224.0.0.1", Reserved),
        ("255.255.255.255", Reserved),
        ("::", Network),
        ("::1", Network),
        ("::127.0.0.1", Reserved),
        ("::ffff:127.0.0.1", Network),
        ("::ffff:169.254.169.254", LinkLocal),
        ("::ffff:1.1.1.1", Public),
        ("64:ff9b::7f00:1", Network),
        ("64:ff9b::a9fe:a9fe", LinkLocal),
        ("64:ff9b::101:101", Public),
        ("64:ff9b:1::101:101", Reserved),
        ("2002:7f00:1::", Network),
        ("2002:a9fe:a9fe::", LinkLocal),
        ("2002:101:101::", Public),
        ("2001:db8::1", Reserved),
        ("2001::1", Reserved),
        ("3fff::1", Reserved),
        ("fd00:ec2::254", LinkLocal),
        ("fd12::1", Network),
        ("fe80::1", LinkLocal),
        ("ff02::1", Reserved),
        ("2606:4700::1111", Public),
    ];
    for (text, expected) in table {
        let address: IpAddr = text.parse().unwrap();
        assert_eq!(AddressKind::of(address), expected, "{text}");
        assert_eq!(Reach::Public.allows(address), expected == Public, "{text}");
        assert_eq!(Reach::Network.allows(address), matches!(expected, Public | Network), "{text}");
        assert!(Reach::Anywhere.allows(address), "{text}");
    }
}
