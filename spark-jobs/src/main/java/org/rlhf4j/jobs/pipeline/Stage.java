package org.rlhf4j.jobs.pipeline;

import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * One stage of a run.
 *
 * @param name in the log and in run.json
 * @param published whether its whole output is there, so that it need not run
 * @param action makes the output and returns what to record about it
 */
record Stage(String name, BooleanSupplier published, Supplier<Map<String, Object>> action) {}
