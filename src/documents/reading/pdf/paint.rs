//! Colours, as far as they decide whether text shows.

/// Colours no more than this far apart, of 255 in each part, look the same.
const SAME: u8 = 10;
/// What is less opaque than this does not show.
const FAINT: f64 = 0.05;
/// What is more opaque than this hides what is beneath.
const SOLID: f64 = 0.99;

/// A colour as the screen shows it, or none when it takes more than numbers to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Colour {
    /// Red, green and blue.
    Plain([u8; 3]),
    /// A pattern, a picture, an ink of its own.
    Unknown,
}

impl Colour {
    /// The colour of paper.
    pub(super) const PAPER: Self = Self::Plain([255; 3]);
    /// The colour everything starts with.
    pub(super) const BLACK: Self = Self::Plain([0; 3]);

    /// From one, three or four numbers: grey, red-green-blue, or printing inks.
    pub(super) fn from_numbers(numbers: &[f64]) -> Self {
        match *numbers {
            [grey] => Self::Plain([part(grey); 3]),
            [red, green, blue] => Self::Plain([part(red), part(green), part(blue)]),
            [cyan, magenta, yellow, black] => {
                let mix = |ink: f64| part((1.0 - ink) * (1.0 - black));
                Self::Plain([mix(cyan), mix(magenta), mix(yellow)])
            }
            _ => Self::Unknown,
        }
    }

    /// Whether one on the other cannot be seen.
    pub(super) fn is_like(self, other: Self) -> bool {
        match (self, other) {
            (Self::Plain(one), Self::Plain(other)) => {
                one.iter().zip(other).all(|(one, other)| one.abs_diff(other) <= SAME)
            }
            _ => false,
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to a byte")]
fn part(value: f64) -> u8 {
    (value.clamp(0.0, 1.0) * 255.0).round() as u8
}

/// What something is painted with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paint {
    /// The colour.
    pub(super) colour: Colour,
    /// Whether numbers alone say what colours are in the present colour space.
    pub(super) by_numbers: bool,
    /// How opaque, 0 to 1.
    pub(super) opacity: f64,
}

impl Default for Paint {
    fn default() -> Self {
        Self { colour: Colour::BLACK, by_numbers: true, opacity: 1.0 }
    }
}

impl Paint {
    /// Takes a colour of one of the device's own spaces.
    pub(super) fn device(&mut self, numbers: &[f64]) {
        self.by_numbers = true;
        self.colour = Colour::from_numbers(numbers);
    }

    /// Goes over to another colour space.
    pub(super) fn space(&mut self, by_numbers: bool) {
        self.by_numbers = by_numbers;
        self.colour = if by_numbers { Colour::BLACK } else { Colour::Unknown };
    }

    /// Takes a colour of the present space.
    pub(super) fn numbers(&mut self, numbers: &[f64]) {
        let plain = self.by_numbers;
        self.colour = if plain { Colour::from_numbers(numbers) } else { Colour::Unknown };
    }

    /// Whether it leaves no mark.
    pub(super) fn is_faint(&self) -> bool {
        self.opacity < FAINT
    }

    /// Whether it hides what is beneath.
    pub(super) fn is_solid(&self) -> bool {
        self.opacity > SOLID
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_is_white_in_every_device_space() {
        for white in [&[1.0][..], &[1.0, 1.0, 1.0], &[0.0, 0.0, 0.0, 0.0], &[0.98, 1.0, 0.97]] {
            assert!(Colour::from_numbers(white).is_like(Colour::PAPER), "{white:?}");
        }
        assert!(!Colour::from_numbers(&[0.9]).is_like(Colour::PAPER));
        assert!(!Colour::Unknown.is_like(Colour::Unknown));
    }

    #[test]
    fn an_ink_of_its_own_has_no_known_colour() {
        let mut paint = Paint::default();
        paint.space(false);
        paint.numbers(&[1.0]);
        assert_eq!(paint.colour, Colour::Unknown);
        paint.device(&[1.0]);
        assert_eq!(paint.colour, Colour::PAPER);
    }
}
