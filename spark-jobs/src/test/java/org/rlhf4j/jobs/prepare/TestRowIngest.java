package org.rlhf4j.jobs.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rlhf4j.config.DataConfig.OverLength;
import org.rlhf4j.config.PrepareConfig.NearDuplicates;
import org.rlhf4j.data.raw.DatasetRecord;
import org.rlhf4j.data.raw.RawRecord.PlainPrompt;
import org.rlhf4j.data.raw.Reason;
import org.rlhf4j.jobs.dataset.RawRow;

/** Prompts and the chat template of the tokenizer they are measured with. */
class TestRowIngest {
  private static final Path TOKENIZER =
      Path.of("../model-core/src/test/resources/golden/tokenizer/tokenizer.json");

  /** Begins with the user and alternates. */
  private static final String TEMPLATE =
      "{% for message in messages %}"
          + "{% if (message.role == 'user') != (loop.index0 % 2 == 0) %}"
          + "{{ raise_exception('roles must alternate') }}{% endif %}"
          + "{{ message.content }};{% endfor %}";

  @TempDir Path directory;

  private static final String ENDS_WITH_USER =
      "{% if messages[-1].role != 'user' %}{{ raise_exception('no question') }}{% endif %}";

  private RowIngest ingest(int maxPromptTokens, OverLength overLength) throws IOException {
    return ingest(maxPromptTokens, overLength, TEMPLATE);
  }

  private RowIngest ingest(int maxPromptTokens, OverLength overLength, String template)
      throws IOException {
    Files.copy(TOKENIZER, directory.resolve("tokenizer.json"));
    Files.writeString(
        directory.resolve("tokenizer_config.json"), "{\"eos_token\": \"<|endoftext|>\"}");
    Files.writeString(directory.resolve("chat_template.jinja"), template);
    LengthRule rule = new LengthRule(directory.toString(), maxPromptTokens, 0, overLength);
    return new RowIngest.Settings("prompt", rule, HeldOut.NOTHING, NearDuplicates.OFF).ingest();
  }

  private static RawRow row(String... roles) {
    StringBuilder json = new StringBuilder("{\"messages\": [");
    for (int i = 0; i < roles.length; i++) {
      json.append(i == 0 ? "" : ",")
          .append(String.format("{\"role\": \"%s\", \"content\": \"the cat\"}", roles[i]));
    }
    byte[] bytes = json.append("]}").toString().getBytes(StandardCharsets.UTF_8);
    return new RawRow("a.jsonl", 1, bytes, false);
  }

  @Test
  void quarantinesPromptsThatTheTemplateRefuses() throws IOException {
    RowIngest ingest = ingest(0, OverLength.QUARANTINE);

    Candidate refused = ingest.candidate(row("system", "user"));

    assertThat(refused.reason()).contains(Reason.PROMPT_REFUSED);
    assertThat(refused.detail())
        .contains("refuses a prompt with the roles system, user (roles must alternate)");
    assertThat(ingest.candidate(row("user", "assistant", "user")).reason()).isEmpty();
  }

  /** Without its last turn the template refuses the prompt. */
  @Test
  void promptsThatCuttingMakesUnacceptableAreTooLong() throws IOException {
    RowIngest ingest = ingest(4, OverLength.TRUNCATE_RIGHT, TEMPLATE + ENDS_WITH_USER);

    Candidate candidate = ingest.candidate(row("user", "assistant", "user"));

    assertThat(candidate.reason()).contains(Reason.TOO_LONG);
  }

  @Test
  void cutsToTurnsThatTheTemplateAccepts() throws IOException {
    RowIngest ingest = ingest(8, OverLength.TRUNCATE_LEFT);

    Candidate candidate = ingest.candidate(row("user", "assistant", "user"));

    DatasetRecord cut = ingest.record(candidate);
    assertThat(((PlainPrompt) cut).prompt()).singleElement().extracting("role").isEqualTo("user");
  }
}
