import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Preference pairs of about 1 KiB with known numbers of planted faults, and the check that prepare
 * found them. Every row is a function of seed and row number, so any number of rows needs no memory.
 *
 * <p>java scripts/FeedbackRows.java generate ROWS DIRECTORY [SEED]<br>
 * java scripts/FeedbackRows.java check DIRECTORY SUMMARY.json
 */
public final class FeedbackRows {
  private static final int ROWS_PER_FILE = 1_000_000;
  private static final int PROMPT_WORDS = 62; // one word replaced inside: J = 57/63 = 0.905
  private static final int RESPONSE_WORDS = 52; // two words replaced at the end: J = 48/52 = 0.92
  private static final int DECOY_CHANGES = 4; // J = 48/72 = 0.67
  private static final String[] WORDS = words();

  /** In a thousand rows. */
  private static final int EXACT = 50;

  private static final int NEAR = 30;
  private static final int DECOYS = 10;
  private static final int BAD = 20;

  private enum Kind {
    PAIR,
    EXACT_DUPLICATE,
    NEAR_DUPLICATE,
    /** A prompt that is like another one, but less than a near-duplicate. */
    DECOY,
    BAD
  }

  private static final String[] REASONS = {
    "malformed_json",
    "invalid_utf8",
    "missing_field",
    "wrong_type",
    "empty_prompt",
    "empty_response",
    "identical_responses",
    "unknown_format"
  };

  private final long seed;
  private final ByteArrayOutputStream row = new ByteArrayOutputStream(2048);

  private FeedbackRows(long seed) {
    this.seed = seed;
  }

  public static void main(String[] arguments) throws IOException {
    if (arguments.length >= 3 && arguments[0].equals("generate")) {
      long seed = arguments.length > 3 ? Long.parseLong(arguments[3]) : 0;
      new FeedbackRows(seed).generate(Long.parseLong(arguments[1]), Path.of(arguments[2]));
    } else if (arguments.length == 3 && arguments[0].equals("check")) {
      System.exit(check(Path.of(arguments[1]), Path.of(arguments[2])) ? 0 : 1);
    } else {
      System.err.println("FeedbackRows generate ROWS DIRECTORY [SEED] | check DIRECTORY SUMMARY");
      System.exit(2);
    }
  }

  private void generate(long rows, Path directory) throws IOException {
    Files.createDirectories(directory);
    Map<String, Long> expected = new TreeMap<>();
    for (long first = 0; first < rows; first += ROWS_PER_FILE) {
      Path file = directory.resolve("pairs-%05d.jsonl".formatted(first / ROWS_PER_FILE));
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
        for (long i = first; i < Math.min(rows, first + ROWS_PER_FILE); i++) {
          row.reset();
          expected.merge(write(i), 1L, Long::sum);
          row.write('\n');
          row.writeTo(out);
        }
      }
    }

    StringBuilder json = new StringBuilder("{\n  \"read\": " + rows);
    expected.forEach((what, count) -> json.append(",\n  \"" + what + "\": " + count));
    Files.writeString(directory.resolve("_expected.json"), json + "\n}\n");
  }

  /** Writes a row and says as what it has to be counted. */
  private String write(long i) {
    Kind kind = kind(i);
    switch (kind) {
      case PAIR -> writePair(i, texts(i));
      case EXACT_DUPLICATE -> writeSpaced(texts(original(i)));
      case NEAR_DUPLICATE -> writePair(i, near(i, texts(original(i))));
      case DECOY -> writePair(i, decoy(i, texts(original(i)), texts(i)));
      case BAD -> writeBad(i, texts(i));
    }
    return switch (kind) {
      case PAIR, DECOY -> "kept";
      case EXACT_DUPLICATE -> "exact_duplicates";
      case NEAR_DUPLICATE -> "near_duplicates";
      case BAD -> reason(i);
    };
  }

  private Kind kind(long i) {
    if (i == 0) {
      return Kind.PAIR;
    }

    int number = random(i, 0).nextInt(1000);
    if (number < EXACT) {
      return Kind.EXACT_DUPLICATE;
    } else if (number < EXACT + NEAR) {
      return Kind.NEAR_DUPLICATE;
    } else if (number < EXACT + NEAR + DECOYS) {
      return Kind.DECOY;
    }

    return number < EXACT + NEAR + DECOYS + BAD ? Kind.BAD : Kind.PAIR;
  }

  /** The row that a duplicate repeats, anywhere before it. */
  private long original(long i) {
    long original = random(i, 1).nextLong(i);
    while (kind(original) != Kind.PAIR) {
      original--;
    }

    return original;
  }

  /** Prompt, chosen, rejected. */
  private String[][] texts(long i) {
    SplittableRandom random = random(i, 2);
    String[][] texts = new String[3][];
    for (int t = 0; t < 3; t++) {
      texts[t] = new String[t == 0 ? PROMPT_WORDS : RESPONSE_WORDS];
      for (int w = 0; w < texts[t].length; w++) {
        texts[t][w] = word(random);
      }
    }

    return texts;
  }

  private String[][] near(long i, String[][] texts) {
    SplittableRandom random = random(i, 3);
    texts[0][10 + random.nextInt(40)] = "new" + i;
    for (int t = 1; t < 3; t++) {
      texts[t][RESPONSE_WORDS - 1] = "end" + i;
      texts[t][RESPONSE_WORDS - 2] = word(random);
    }

    return texts;
  }

  private String[][] decoy(long i, String[][] like, String[][] own) {
    for (int change = 0; change < DECOY_CHANGES; change++) {
      like[0][8 + 12 * change] = "other" + i + "x" + change;
    }

    return new String[][] {like[0], own[1], own[2]};
  }

  private void writePair(long i, String[][] texts) {
    print("{\"prompt\": \"" + String.join(" ", texts[0]) + "\", \"chosen\": \"");
    print(String.join(" ", texts[1]) + "\", \"rejected\": \"" + String.join(" ", texts[2]));
    print("\", \"id\": " + i + "}");
  }

  /** The same pair for all that counts. */
  private void writeSpaced(String[][] texts) {
    print("{\"rejected\": \"" + String.join("  ", texts[2]) + "\\n\", \"prompt\": \"");
    print(String.join("\\t", texts[0]) + "\", \"chosen\": \" " + String.join(" ", texts[1]) + "\"}");
  }

  private String reason(long i) {
    return REASONS[random(i, 4).nextInt(REASONS.length)];
  }

  private void writeBad(long i, String[][] texts) {
    String prompt = "{\"prompt\": \"" + String.join(" ", texts[0]) + "\"";
    String chosen = String.join(" ", texts[1]);
    String rejected = String.join(" ", texts[2]);
    switch (reason(i)) {
      case "malformed_json" -> print(prompt + ", \"chosen\": \"" + chosen);
      case "invalid_utf8" -> {
        print(prompt + ", \"chosen\": \"" + chosen);
        row.write(0xff);
        print("\", \"rejected\": \"" + rejected + "\"}");
      }
      case "missing_field" -> print(prompt + ", \"chosen\": \"" + chosen + "\"}");
      case "wrong_type" -> print(prompt + ", \"chosen\": 7, \"rejected\": \"" + rejected + "\"}");
      case "empty_prompt" ->
          print("{\"prompt\": \" \", \"chosen\": \"" + chosen + "\", \"rejected\": \"b\"}");
      case "empty_response" -> print(prompt + ", \"chosen\": \"" + chosen + "\", \"rejected\": \"\"}");
      case "identical_responses" ->
          print(prompt + ", \"chosen\": \"" + chosen + "\", \"rejected\": \"" + chosen + " \"}");
      default -> print("{\"something\": \"" + chosen + "\"}");
    }
  }

  private void print(String text) {
    row.writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  private SplittableRandom random(long i, int purpose) {
    return new SplittableRandom(seed * 1_000_003 + i * 8 + purpose);
  }

  /** Small numbers are drawn more often than large ones. */
  private static String word(SplittableRandom random) {
    return WORDS[Math.min(random.nextInt(WORDS.length), random.nextInt(WORDS.length))];
  }

  private static String[] words() {
    String[] syllables = {"ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe"};
    String[] words = new String[12 * 12 * 12];
    for (int i = 0; i < words.length; i++) {
      StringBuilder word = new StringBuilder();
      for (int rest = i; rest > 0 || word.length() == 0; rest /= 12) {
        word.append(syllables[rest % 12]);
      }

      words[i] = word.toString();
    }

    return words;
  }

  private static boolean check(Path directory, Path summary) throws IOException {
    Map<String, Long> expected = numbers(Files.readString(directory.resolve("_expected.json")));
    String text = Files.readString(summary);
    Map<String, Long> found = numbers(text.substring(0, text.indexOf("\"files\"")));
    long planted = expected.remove("near_duplicates");
    long near = found.getOrDefault("near_duplicates", 0L) + found.getOrDefault("other_split", 0L);
    long exact = found.get("duplicates") - near;
    boolean isComplete = true;
    long missed = near == 0 ? planted : planted - near; // 0 where they were not looked for
    for (Map.Entry<String, Long> entry : expected.entrySet()) {
      String name = entry.getKey();
      long right = entry.getValue() + (name.equals("kept") ? missed : 0);
      long actual = name.equals("exact_duplicates") ? exact : found.getOrDefault(name, 0L);
      if (right != actual) {
        System.out.println(name + ": expected " + right + ", found " + actual);
        isComplete = false;
      }
    }

    double recall = planted == 0 ? 1 : (double) near / planted;
    System.out.printf("near-duplicates: %d of %d planted%n", near, planted);
    return isComplete && (near == 0 || (recall >= 0.98 && near <= planted));
  }

  private static Map<String, Long> numbers(String json) {
    Map<String, Long> numbers = new TreeMap<>();
    Matcher matcher = Pattern.compile("\"(\\w+)\"\\s*:\\s*(\\d+)").matcher(json);
    while (matcher.find()) {
      numbers.put(matcher.group(1), Long.parseLong(matcher.group(2)));
    }

    return numbers;
  }
}
