//! The path being drawn, as far as it may lie under or over text.

use hayro::kurbo::{Affine, Point, Rect};

/// Rectangles of one path that are remembered.
const MOST: usize = 256;

/// A path under construction, in points of the page.
#[derive(Debug, Default)]
pub(super) struct Path {
    rectangles: Vec<Rect>,
    /// The corners of the figure being drawn, while it may become a rectangle.
    corners: Vec<Point>,
    bounds: Option<Rect>,
    other: bool,
    /// The path narrows the clip once it is painted.
    pub(super) clips: bool,
}

/// A finished path.
#[derive(Debug)]
pub(super) struct Shape {
    /// The rectangles it consists of.
    pub(super) rectangles: Vec<Rect>,
    /// The extent of all of it.
    pub(super) bounds: Option<Rect>,
    /// Whether the rectangles are all of it.
    pub(super) exact: bool,
    /// Whether it narrows the clip.
    pub(super) clips: bool,
}

impl Path {
    /// Adds a rectangle.
    pub(super) fn rectangle(&mut self, matrix: Affine, [x, y, width, height]: [f64; 4]) {
        self.end_figure();
        let corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)];
        self.corners.extend(corners.map(|corner| matrix * Point::from(corner)));
        self.end_figure();
    }

    /// Starts a figure.
    pub(super) fn start(&mut self, point: Point) {
        self.end_figure();
        self.corners.push(point);
    }

    /// Adds a straight line.
    pub(super) fn line(&mut self, point: Point) {
        self.corners.push(point);
        // One more than a closed rectangle has: it is none.
        if self.corners.len() > 5 {
            self.not_a_rectangle();
        }
    }

    /// Adds a curve, given by its end and what bends it.
    pub(super) fn curve(&mut self, points: &[Point]) {
        self.corners.extend_from_slice(points);
        self.not_a_rectangle();
    }

    /// Takes the path and starts another.
    pub(super) fn take(&mut self) -> Shape {
        self.end_figure();
        let Self { rectangles, bounds, other, clips, .. } = std::mem::take(self);
        Shape { rectangles, bounds, exact: !other, clips }
    }

    fn end_figure(&mut self) {
        match rectangle(&self.corners) {
            Some(rectangle) => {
                self.include(rectangle);
                if self.rectangles.len() < MOST {
                    self.rectangles.push(rectangle);
                } else {
                    self.other = true;
                }
                self.corners.clear();
            }
            None if self.corners.len() > 1 => self.not_a_rectangle(),
            None => {}
        }
        self.corners.clear();
    }

    /// Keeps the extent of the corners only.
    fn not_a_rectangle(&mut self) {
        self.other = true;
        let corners = std::mem::take(&mut self.corners);
        for corner in &corners {
            self.include(Rect::from_points(*corner, *corner));
        }
        self.corners = corners;
        let last = self.corners.pop();
        self.corners.clear();
        self.corners.extend(last);
    }

    fn include(&mut self, rectangle: Rect) {
        self.bounds = Some(self.bounds.map_or(rectangle, |bounds| bounds.union(rectangle)));
    }
}

/// The rectangle with these corners, if they are those of an upright one.
fn rectangle(corners: &[Point]) -> Option<Rect> {
    let ([a, b, c, d] | [a, b, c, d, _]) = *corners else { return None };
    let same = |one: f64, other: f64| (one - other).abs() < 0.01;
    let closed = corners.get(4).is_none_or(|last| same(last.x, a.x) && same(last.y, a.y));
    let lying = same(a.y, b.y) && same(b.x, c.x) && same(c.y, d.y) && same(d.x, a.x);
    let standing = same(a.x, b.x) && same(b.y, c.y) && same(c.x, d.x) && same(d.y, a.y);
    (closed && (lying || standing)).then(|| Rect::from_points(a, c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rectangles_are_told_from_other_shapes() {
        let mut path = Path::default();
        path.rectangle(Affine::IDENTITY, [10.0, 20.0, 30.0, -5.0]);
        path.start(Point::new(0.0, 0.0));
        for corner in [(9.0, 0.0), (9.0, 4.0), (0.0, 4.0), (0.0, 0.0)] {
            path.line(corner.into());
        }
        let shape = path.take();
        let both = [Rect::new(10.0, 15.0, 40.0, 20.0), Rect::new(0.0, 0.0, 9.0, 4.0)];
        assert_eq!((shape.rectangles.as_slice(), shape.exact), (&both[..], true));

        path.start(Point::new(0.0, 0.0));
        path.line(Point::new(50.0, 50.0));
        let shape = path.take();
        assert!(shape.rectangles.is_empty() && !shape.exact);
        assert_eq!(shape.bounds, Some(Rect::new(0.0, 0.0, 50.0, 50.0)));
    }
}
