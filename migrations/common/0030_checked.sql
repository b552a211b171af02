-- How many characters of a quotation the page has otherwise, as recognised from a picture.
ALTER TABLE citations ADD COLUMN differs BIGINT NOT NULL DEFAULT 0;
