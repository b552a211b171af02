//! What the processor can do.

/// A set of instructions this processor has. There is no other way to get one than
/// to ask the processor, so whoever holds one may use the instructions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instructions(pub(crate) Kind);

/// The sets that are told apart, the fastest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// 512 bits, with sums of four eight-bit products at once.
    #[cfg(target_arch = "x86_64")]
    Avx512Vnni,
    /// 256 bits, with sums of four eight-bit products at once.
    #[cfg(target_arch = "x86_64")]
    AvxVnni,
    /// 256 bits, with sums of two sixteen-bit products at once.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// What every processor has.
    Portable,
}

impl Instructions {
    /// The fastest this processor has.
    #[must_use]
    pub fn best() -> Self {
        Self::usable().next().unwrap_or(Self::portable())
    }

    /// Every set this processor has, the fastest first.
    pub fn usable() -> impl Iterator<Item = Self> {
        ALL.into_iter().filter(|kind| kind.is_there()).map(Self)
    }

    /// What every processor has.
    #[must_use]
    pub const fn portable() -> Self {
        Self(Kind::Portable)
    }

    /// Whether these are wider than what every processor has.
    #[must_use]
    pub fn are_wide(self) -> bool {
        self.0 != Kind::Portable
    }

    /// The name processors are sold with.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512Vnni => "AVX-512 VNNI",
            #[cfg(target_arch = "x86_64")]
            Kind::AvxVnni => "AVX-VNNI",
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2 => "AVX2",
            Kind::Portable => "portable",
        }
    }
}

#[cfg(target_arch = "x86_64")]
const ALL: [Kind; 4] = [Kind::Avx512Vnni, Kind::AvxVnni, Kind::Avx2, Kind::Portable];

#[cfg(not(target_arch = "x86_64"))]
const ALL: [Kind; 1] = [Kind::Portable];

impl Kind {
    /// Asks the processor. The lists are those of the functions' `target_feature`.
    fn is_there(self) -> bool {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512Vnni => {
                is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512bw")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512vl")
                    && is_x86_feature_detected!("avx512vnni")
                    && is_x86_feature_detected!("fma")
            }
            #[cfg(target_arch = "x86_64")]
            Self::AvxVnni => Self::Avx2.is_there() && is_x86_feature_detected!("avxvnni"),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma"),
            Self::Portable => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_is_the_first_usable_and_the_last_is_portable() {
        let usable: Vec<_> = Instructions::usable().collect();
        assert_eq!(usable[0], Instructions::best());
        assert_eq!(usable[usable.len() - 1], Instructions::portable());
        let names: Vec<_> = usable.iter().map(|set| set.name()).collect();
        println!("usable here: {names:?}");
    }
}
