package org.rlhf4j.jobs.prepare;

import java.io.Serializable;
import java.util.Optional;
import org.rlhf4j.config.DataConfig.OverLength;
import org.rlhf4j.config.PrepareConfig.NearDuplicates;
import org.rlhf4j.data.raw.DatasetRecord;
import org.rlhf4j.data.raw.RawFormat;
import org.rlhf4j.data.raw.RawParser;
import org.rlhf4j.data.raw.RawRecord;
import org.rlhf4j.data.raw.RawResult;
import org.rlhf4j.data.raw.RawResult.Accepted;
import org.rlhf4j.data.raw.RawResult.Rejected;
import org.rlhf4j.data.raw.Reason;
import org.rlhf4j.data.raw.RowLengths;
import org.rlhf4j.jobs.dataset.RawRow;
import org.rlhf4j.jobs.prepare.similar.Signature;

/**
 * Reads one raw row: format, checks, length rule. A pure function of the row's bytes, so that it
 * may be applied again when the row is written.
 */
final class RowIngest {
  private final RawParser parser;
  private final Optional<TextLimits> limits;
  private final RowLengths.Measure measure;
  private final HeldOut heldOut;
  private final boolean isSigned;

  /**
   * Settings as they travel to the executors.
   *
   * @param format name of a raw format; anything else finds the format by each row's content
   * @param compared whether prompts need a signature
   */
  record Settings(String format, LengthRule lengths, HeldOut heldOut, NearDuplicates compared)
      implements Serializable {
    /** To be called once a task: it loads the tokenizer. */
    RowIngest ingest() {
      return new RowIngest(this);
    }
  }

  private RowIngest(Settings settings) {
    this.parser = parserOf(settings.format());
    this.limits = settings.lengths().limits();
    this.measure = limits.<RowLengths.Measure>map(rule -> rule).orElse(RowLengths.CHARACTERS);
    this.heldOut = settings.heldOut();
    this.isSigned = settings.compared() != NearDuplicates.OFF;
  }

  Candidate candidate(RawRow raw) {
    Optional<Rejected> tooLarge = raw.tooLarge();
    if (tooLarge.isPresent()) {
      return Candidate.refused(raw, tooLarge.get());
    }

    RawResult result = parser.parse(raw.bytes());
    if (result instanceof Rejected rejection) {
      return Candidate.refused(raw, rejection);
    }

    Accepted accepted = (Accepted) result;
    if (accepted.record() instanceof RawRecord.TreeMessage message) {
      return Candidate.treeMessage(raw, message.treeId());
    } else if (accepted.record() instanceof DatasetRecord row) {
      return withinLimits(raw, accepted.format(), row);
    }

    String detail = "votes are no training data: give them to the command quality";
    return Candidate.refused(raw, new Rejected(Reason.UNKNOWN_FORMAT, detail));
  }

  /** A ranking that was made from other rows and written as a raw row of its own. */
  Candidate derived(RawRow raw) {
    RawRecord.Ranking ranking = (RawRecord.Ranking) parsed(RawFormat.RANKING.formatName(), raw);
    return withinLimits(raw, RawFormat.RANKING, ranking).asDerived();
  }

  /** What a kept candidate says. */
  DatasetRecord record(Candidate candidate) {
    DatasetRecord row = (DatasetRecord) parsed(candidate.format(), candidate.raw());
    return candidate.isTruncated() ? limits.orElseThrow().cut(row) : row;
  }

  RawRecord.TreeMessage treeMessage(Candidate candidate) {
    return (RawRecord.TreeMessage) parsed(RawFormat.OASST.formatName(), candidate.raw());
  }

  private Candidate withinLimits(RawRow raw, RawFormat format, DatasetRecord row) {
    Optional<String> overlap = heldOut.overlap(row);
    if (overlap.isPresent()) {
      return Candidate.refused(raw, new Rejected(Reason.HELD_OUT_OVERLAP, overlap.get()));
    }

    Optional<String> refusal = limits.flatMap(rule -> rule.refusal(row));
    if (refusal.isPresent()) {
      return Candidate.refused(raw, new Rejected(Reason.PROMPT_REFUSED, refusal.get()));
    }

    RowLengths lengths = RowLengths.of(row, measure);
    Optional<String> excess = limits.flatMap(rule -> rule.excess(lengths));
    if (excess.isEmpty()) {
      return Candidate.of(raw, format, row, false, signature(row), lengths.total());
    }

    TextLimits rule = limits.orElseThrow();
    if (rule.overLength() == OverLength.QUARANTINE) {
      return Candidate.refused(raw, new Rejected(Reason.TOO_LONG, excess.get()));
    }

    DatasetRecord cut = rule.cut(row);
    RowLengths cutLengths = RowLengths.of(cut, measure);
    if (rule.excess(cutLengths).isPresent() || !cut.isUsable()) {
      String detail = excess.get() + ", and too little is left when it is cut";
      return Candidate.refused(raw, new Rejected(Reason.TOO_LONG, detail));
    }

    return Candidate.of(raw, format, cut, true, signature(cut), cutLengths.total());
  }

  private byte[] signature(DatasetRecord row) {
    return isSigned ? Signature.write(0, PromptTexts.shingles(row)) : Candidate.NO_SIGNATURE;
  }

  private static RawRecord parsed(String format, RawRow raw) {
    return ((Accepted) parserOf(format).parse(raw.bytes())).record();
  }

  private static RawParser parserOf(String format) {
    return RawFormat.named(format).map(RawParser::of).orElseGet(RawParser::detecting);
  }
}
