-- Create recordings
--
-- revision: 3e885c076dbf
-- revises: 27e58569e063
-- branch_labels:
-- depends_on:
-- create_date: 2025-06-19T12:51:39Z

-- migrate:up
CREATE TABLE recordings (
    media_id UUID NOT NULL PRIMARY KEY,
    samples BIGINT UNSIGNED NOT NULL,
    sample_rate INT UNSIGNED NOT NULL DEFAULT 48000,
    seconds DECIMAL(10, 3) AS (samples / sample_rate) PERSISTENT,
    microphone VARCHAR(80) COLLATE utf8mb4_bin,
    CONSTRAINT recordings_media_fkey FOREIGN KEY (media_id) REFERENCES media (id)
        ON DELETE CASCADE,
    CONSTRAINT recordings_samples_check CHECK (samples > 0),
    CONSTRAINT recordings_rate_check CHECK (sample_rate IN (22050, 44100, 48000, 96000)),
    INDEX recordings_seconds_idx (seconds)
) CHARACTER SET utf8mb4;

-- migrate:down
DROP TABLE recordings;
