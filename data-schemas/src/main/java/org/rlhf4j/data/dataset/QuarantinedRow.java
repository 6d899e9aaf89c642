package org.rlhf4j.data.dataset;

import java.io.Serializable;

/** One raw row that was refused, kept as it was. */
@Schema(name = "quarantine", doc = "One raw row that was refused, with its place and the reason")
public record QuarantinedRow(
    @Column("File the row was read from") String sourceFile,
    @Column("Row in that file, counted from 1") long rowNumber,
    @Column("Reason code") String reason,
    @Column("What was wrong, for a reader") String detail,
    @Column("The row as it was read; if it is no UTF-8, as Latin-1 reads its bytes") String raw)
    implements Serializable {}
