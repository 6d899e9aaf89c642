package org.rlhf4j.jobs.quality;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import scala.Tuple2;

/**
 * Sums for each annotator over the items of one partition, as integers in units of 2^-32: the same
 * in any order. Kept in blocks of annotators, so that a partition holds and sends only blocks it
 * has votes of. W sums an annotator.
 */
final class AnnotatorSums implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Key of the block with the log-likelihood: whole nats, then the rest. */
  static final int LOG_LIKELIHOOD = -1;

  private static final int BLOCK = 1024;

  /** Sums that the driver may get of all partitions at once: 64 MiB. */
  private static final long MAX_COLLECTED = 8L << 20;

  private final int width;
  private final long[][] blocks;
  private final long[] logLikelihood = new long[2];

  /**
   * @param annotators number of annotators, that of all items included
   */
  AnnotatorSums(int annotators, int width) {
    this.width = width;
    this.blocks = new long[(annotators + BLOCK - 1) / BLOCK][];
  }

  /**
   * @param start place of the first of some sums, below W
   * @param amounts in units of {@link FixedPoint#UNIT}
   */
  void add(int annotator, int start, long[] amounts) {
    long[] block = blocks[annotator / BLOCK];
    if (block == null) {
      block = new long[BLOCK * width];
      blocks[annotator / BLOCK] = block;
    }

    int place = annotator % BLOCK * width + start;
    for (int i = 0; i < amounts.length; i++) {
      block[place + i] += amounts[i];
    }
  }

  void addLogLikelihood(double nats) {
    double whole = Math.floor(nats);
    logLikelihood[0] += (long) whole;
    logLikelihood[1] += Math.round((nats - whole) * FixedPoint.UNIT);
  }

  Iterator<Tuple2<Integer, long[]>> blocks() {
    List<Tuple2<Integer, long[]>> used = new ArrayList<>();
    used.add(new Tuple2<>(LOG_LIKELIHOOD, logLikelihood));
    for (int b = 0; b < blocks.length; b++) {
      if (blocks[b] != null) {
        used.add(new Tuple2<>(b, blocks[b]));
      }
    }

    return used.iterator();
  }

  /**
   * The blocks of all partitions, merged where they would be too much for the driver.
   *
   * @param size sums of one partition, at most
   */
  static List<Tuple2<Integer, long[]>> collected(
      JavaRDD<Tuple2<Integer, long[]>> blocks, long size) {
    return blocks.getNumPartitions() * size <= MAX_COLLECTED
        ? blocks.collect()
        : JavaPairRDD.fromJavaRDD(blocks).reduceByKey(AnnotatorSums::plus).collect();
  }

  /** Adds to the first. */
  static long[] plus(long[] sums, long[] more) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += more[i];
    }

    return sums;
  }

  /**
   * All sums of all annotators, [annotators W].
   *
   * @param blocks of one partition or of several, in any order
   */
  static long[] flat(List<Tuple2<Integer, long[]>> blocks, int annotators, int width) {
    long[] flat = new long[annotators * width];
    for (Tuple2<Integer, long[]> block : blocks) {
      if (block._1() != LOG_LIKELIHOOD) {
        int start = block._1() * BLOCK * width;
        int length = Math.min(block._2().length, flat.length - start);
        for (int i = 0; i < length; i++) {
          flat[start + i] += block._2()[i];
        }
      }
    }

    return flat;
  }

  static double logLikelihood(List<Tuple2<Integer, long[]>> blocks) {
    long whole = 0;
    long rest = 0;
    for (Tuple2<Integer, long[]> block : blocks) {
      if (block._1() == LOG_LIKELIHOOD) {
        whole += block._2()[0];
        rest += block._2()[1];
      }
    }

    return whole + rest / FixedPoint.UNIT;
  }
}
