package org.rlhf4j.jobs.quality;

import java.io.Serializable;

/** What the common items of pairs of annotators tell. */
sealed interface PairFinding extends Serializable permits PairTally, PairSuspicion {}
