//! What kind of address one is.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::Host;

/// What an address leads to (RFC 6890 and its registries).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressKind {
    /// What anybody can reach.
    Public,
    /// This machine, or the networks that it is in: loopback, private ranges, carriers' shared space.
    Network,
    /// The link, and the services that clouds put there: they give this machine's own credentials to
    /// whoever asks.
    LinkLocal,
    /// Anything else that is not given out.
    Reserved,
}

/// How far requests may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// To public addresses.
    Public,
    /// To the networks of this machine too, but not to link-local addresses and metadata services.
    Network,
    /// Anywhere.
    Anywhere,
}

impl Reach {
    /// Whether requests may go to `address`.
    #[must_use]
    pub fn allows(self, address: IpAddr) -> bool {
        match AddressKind::of(address) {
            AddressKind::Public => true,
            AddressKind::Network => self >= Self::Network,
            AddressKind::LinkLocal | AddressKind::Reserved => self == Self::Anywhere,
        }
    }

    /// Whether requests may go to the host of a URL, as far as that is an address. A name is allowed
    /// here; a [`GuardedResolver`](crate::GuardedResolver) checks what it leads to.
    #[must_use]
    pub fn allows_host(self, host: &Host<&str>) -> bool {
        match *host {
            Host::Ipv4(address) => self.allows(address.into()),
            Host::Ipv6(address) => self.allows(address.into()),
            Host::Domain(_) => true,
        }
    }
}

impl AddressKind {
    /// The kind of `address`; of one that holds an IPv4 address, the kind of that.
    #[must_use]
    pub fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => of_v4(address),
            IpAddr::V6(address) => of_v6(address),
        }
    }
}

fn of_v4(address: Ipv4Addr) -> AddressKind {
    match address.octets() {
        // Metadata services that are not link-local: Alibaba's, Oracle's.
        [100, 100, 100, 200] | [192, 0, 0, 192] => AddressKind::LinkLocal,
        _ if address.is_link_local() => AddressKind::LinkLocal,
        // `0.0.0.0` is this machine; the space of carriers is that of overlay networks too.
        [0, 0, 0, 0] | [100, 64..=127, ..] | [127 | 10, ..] | [172, 16..=31, ..] | [192, 168, ..] => {
            AddressKind::Network
        }
        // This network, multicast, future use, broadcast; protocol assignments and 6to4 relays;
        // benchmarks.
        [0 | 224..=255, ..] | [192, 0, 0, _] | [192, 88, 99, _] | [198, 18..=19, ..] => AddressKind::Reserved,
        _ if address.is_documentation() => AddressKind::Reserved,
        _ => AddressKind::Public,
    }
}

fn of_v6(address: Ipv6Addr) -> AddressKind {
    let embedded = |high: u16, low: u16| of_v4(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)));
    match address.segments() {
        // IPv4 inside IPv6: mapped, translated (RFC 6052), 6to4. Compatible ones are obsolete.
        [0, 0, 0, 0, 0, 0xffff, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => embedded(high, low),
        // The link; the metadata service of AWS.
        [0xfe80..=0xfebf, ..] | [0xfd00, 0x0ec2, ..] => AddressKind::LinkLocal,
        // This machine; private networks.
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] | [0xfc00..=0xfdff, ..] => AddressKind::Network,
        // Teredo and other protocol assignments; documentation.
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => AddressKind::Reserved,
        // Only 2000::/3 is given out.
        [first, ..] if first & 0xe000 == 0x2000 => AddressKind::Public,
        _ => AddressKind::Reserved,
    }
}

#[cfg(test)]
mod tests;
