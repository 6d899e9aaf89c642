package org.rlhf4j.data.raw;

import org.rlhf4j.data.raw.RawRecord.RatedResponse;

/** {@code {"prompt", "completion", "label": true/false}}, or {@code response} for completion. */
final class BinaryParser implements RowParser {
  @Override
  public RatedResponse parse(JsonRow row) throws RejectedRowException {
    return new RatedResponse(
        Conversations.prompt(row, "prompt"),
        Conversations.response(row, row.firstOf("completion", "response")),
        row.yesOrNo("label") ? 1.0 : 0.0,
        true,
        row.optionalText("critique"),
        RowParser.origin(row, RawFormat.BINARY));
  }
}
