package org.rlhf4j.data.dataset;

import java.io.Serializable;

/** One raw row that was removed because another one is like it. */
@Schema(
    name = "near_duplicates",
    doc = "One raw row that was removed for its likeness, with the row kept in its place")
public record NearDuplicate(
    @Column("File the row was read from") String sourceFile,
    @Column("Row in that file, counted from 1") long rowNumber,
    @Column(
            "near_duplicate: another row says nearly the same; other_split: its prompt is nearly one"
                + " of another split, which is farther from training")
        String cause,
    @Column("Hash of the row's normalised prompt") String promptId,
    @Column("File of the first row kept of the like ones") String keptFile,
    @Column("Row in that file, counted from 1") long keptRowNumber)
    implements Serializable {}
