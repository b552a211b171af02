UPDATE citations SET differs = 2;
