//! Areas a page paints, and what they do to the text beneath and upon them.

use hayro::kurbo::{Point, Rect};

use super::paint::Colour;

/// An area less wide or high than this, in points, hides no word.
const SLIVER: f64 = 3.0;
/// Areas remembered; a page with more is a drawing.
const MOST: usize = 20_000;
/// How far letters may stick out of what covers them, in points.
const EDGE: f64 = 0.5;

/// An area painted in one go.
#[derive(Debug, Clone, Copy)]
struct Area {
    place: Rect,
    colour: Colour,
    /// Nothing beneath it shows.
    hides: bool,
    /// It is a picture.
    picture: bool,
}

/// The areas of a page in the order they are painted.
#[derive(Debug, Default)]
pub(super) struct Areas {
    all: Vec<Area>,
    /// Pictures among them.
    pictures: usize,
}

/// What covers a piece of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cover {
    /// Nothing.
    None,
    /// A painted area.
    Paint,
    /// A picture.
    Picture,
}

impl Areas {
    /// How many have been painted.
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether none has been painted.
    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Adds a painted area.
    pub(super) fn paint(&mut self, place: Rect, colour: Colour, hides: bool) {
        self.add(Area { place, colour, hides, picture: false });
    }

    /// Adds a picture.
    pub(super) fn picture(&mut self, place: Rect, hides: bool) {
        self.add(Area { place, colour: Colour::Unknown, hides, picture: true });
    }

    fn add(&mut self, area: Area) {
        let large = area.place.width() >= SLIVER && area.place.height() >= SLIVER;
        if large && self.all.len() < MOST {
            self.pictures += usize::from(area.picture);
            self.all.push(area);
        }
    }

    /// The colour at a point after the first `count` areas have been painted.
    pub(super) fn ground(&self, count: usize, point: Point) -> Colour {
        let painted = self.all.get(..count).unwrap_or(&self.all);
        let top = painted.iter().rev().find(|area| near(area.place, point));
        top.map_or(Colour::PAPER, |area| area.colour)
    }

    /// What covers both points once all areas are painted.
    pub(super) fn cover(&self, count: usize, points: [Point; 2]) -> Cover {
        let later = self.all.get(count..).unwrap_or_default();
        let covers =
            |area: &&Area| area.hides && points.iter().all(|point| near(area.place, *point));
        match later.iter().find(covers) {
            None => Cover::None,
            Some(area) if area.picture => Cover::Picture,
            Some(_) => Cover::Paint,
        }
    }

    /// Whether a point lies on any picture.
    pub(super) fn on_picture(&self, point: Point) -> bool {
        self.pictures > 0 && self.all.iter().any(|area| area.picture && near(area.place, point))
    }
}

fn near(place: Rect, point: Point) -> bool {
    point.x >= place.x0 - EDGE
        && point.x <= place.x1 + EDGE
        && point.y >= place.y0 - EDGE
        && point.y <= place.y1 + EDGE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_area_painted_is_the_ground() {
        let mut areas = Areas::default();
        areas.paint(Rect::new(0.0, 0.0, 100.0, 100.0), Colour::BLACK, true);
        areas.picture(Rect::new(50.0, 0.0, 100.0, 100.0), true);
        let ground = |count, x| areas.ground(count, Point::new(x, 50.0));
        assert_eq!(ground(0, 10.0), Colour::PAPER);
        assert_eq!(ground(2, 10.0), Colour::BLACK);
        assert_eq!(ground(2, 80.0), Colour::Unknown);
        assert_eq!(ground(2, 180.0), Colour::PAPER);
    }

    #[test]
    fn only_what_is_painted_later_covers() {
        let mut areas = Areas::default();
        areas.paint(Rect::new(0.0, 0.0, 100.0, 20.0), Colour::PAPER, true);
        let points = [Point::new(10.0, 10.0), Point::new(15.0, 10.0)];
        assert_eq!(areas.cover(0, points), Cover::Paint);
        assert_eq!(areas.cover(1, points), Cover::None);
        assert_eq!(areas.cover(0, [points[0], Point::new(120.0, 10.0)]), Cover::None);
    }
}
