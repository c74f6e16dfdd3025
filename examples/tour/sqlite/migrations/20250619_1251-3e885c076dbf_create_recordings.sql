-- Create recordings
--
-- revision: 3e885c076dbf
-- revises: 27e58569e063
-- branch_labels:
-- depends_on:
-- create_date: 2025-06-19T12:51:39Z

-- migrate:up
CREATE TABLE recordings (
    media_id INTEGER PRIMARY KEY REFERENCES media (id) ON DELETE CASCADE,
    samples INTEGER NOT NULL,
    sample_rate INTEGER NOT NULL DEFAULT 48000,
    seconds REAL GENERATED ALWAYS AS (round(samples * 1.0 / sample_rate, 3)) STORED,
    microphone TEXT COLLATE RTRIM,
    CONSTRAINT recordings_samples_check CHECK (samples > 0),
    CONSTRAINT recordings_rate_check CHECK (sample_rate IN (22050, 44100, 48000, 96000))
) STRICT;

CREATE INDEX recordings_seconds_idx ON recordings (seconds) WHERE seconds > 30;

-- migrate:down
DROP TABLE recordings;
