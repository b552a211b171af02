-- Work asked for again while it runs is done once more afterwards.
ALTER TABLE jobs ADD COLUMN again BOOLEAN NOT NULL DEFAULT FALSE;

-- What a document says of itself, and how it is to be read. `outline`, `findings`
-- and `about` hold JSON. `password` opens the file, where it needs one.
ALTER TABLE versions ADD COLUMN outline TEXT;
ALTER TABLE versions ADD COLUMN findings TEXT;
ALTER TABLE versions ADD COLUMN kind TEXT;
ALTER TABLE versions ADD COLUMN about TEXT;
ALTER TABLE versions ADD COLUMN languages TEXT;
ALTER TABLE versions ADD COLUMN recognise_all BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE versions ADD COLUMN password TEXT;
ALTER TABLE versions ADD COLUMN needs_password BOOLEAN NOT NULL DEFAULT FALSE;

-- Why a page's stored text was not relied on; which spans of its text are running
-- heads and the like; what was found on it. `again` asks for it to be read anew.
ALTER TABLE pages ADD COLUMN reason TEXT;
ALTER TABLE pages ADD COLUMN furniture TEXT;
ALTER TABLE pages ADD COLUMN findings TEXT;
ALTER TABLE pages ADD COLUMN again BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE pages ADD COLUMN transcribed_by UUID REFERENCES users (id);

-- The headings a passage stands under, as JSON, the outermost first; the day of the
-- order-sheet entry it belongs to.
ALTER TABLE passages ADD COLUMN path TEXT;
ALTER TABLE passages ADD COLUMN entry TEXT;

-- Citations of one page with the same number are of one decision.
ALTER TABLE entities ADD COLUMN parallel BIGINT;

-- A sketch of a version's words, by which other copies of the same text are found:
-- versions that share a band are compared.
CREATE TABLE sketches (
    version_id UUID PRIMARY KEY NOT NULL REFERENCES versions (id),
    sketch BYTEA NOT NULL
);
CREATE TABLE sketch_bands (
    version_id UUID NOT NULL REFERENCES versions (id),
    band BIGINT NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (version_id, band)
);
CREATE INDEX sketch_bands_by_value ON sketch_bands (band, value);
