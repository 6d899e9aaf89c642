package org.rlhf4j.data.raw;

import org.rlhf4j.data.raw.RawRecord.RatedResponse;

/** {@code {"prompt", "response", "rating", "annotator"?}}, or {@code completion} for response. */
final class RatingParser implements RowParser {
  @Override
  public RatedResponse parse(JsonRow row) throws RejectedRowException {
    return new RatedResponse(
        Conversations.prompt(row, "prompt"),
        Conversations.response(row, row.firstOf("response", "completion")),
        row.number("rating"),
        false,
        row.optionalText("critique"),
        RowParser.origin(row, RawFormat.RATING));
  }
}
