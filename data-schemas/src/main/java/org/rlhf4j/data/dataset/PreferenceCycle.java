package org.rlhf4j.data.dataset;

import java.io.Serializable;

/** One step of a ring of things of which each is more often chosen than the next. */
@Schema(name = "cycles", doc = "One step of a ring of things, each more often chosen than the next")
public record PreferenceCycle(
    @Column("Group of the things") String group,
    @Column("Number of the ring in its group, from 1") int cycle,
    @Column("Place in the ring, from 1") int step,
    @Column("The thing chosen more often") String thing,
    @Column("The thing after it, and after the last the first") String beaten)
    implements Serializable {}
