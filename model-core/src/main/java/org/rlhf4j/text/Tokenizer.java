package org.rlhf4j.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.rlhf4j.hub.ModelFormatException;
import org.rlhf4j.hub.TokenizerFiles;

/** A Hugging Face {@code tokenizer.json}. Thread-safe. */
public final class Tokenizer implements AutoCloseable {
  /** The library's own defaults cut a text after 512 tokens. */
  private static final Map<String, String> WHOLE_TEXT =
      Map.of("truncation", "do_not_truncate", "padding", "do_not_pad");

  private static final char REPLACEMENT = '\uFFFD';

  static {
    // The library reports its use over the network and looks for native code there unless told
    // otherwise before its first class is used.
    setIfAbsent("OPT_OUT_TRACKING", "true");
    setIfAbsent("ai.djl.offline", "true");
  }

  private final Path directory;
  private final HuggingFaceTokenizer delegate;
  private final TokenizerFiles files;
  private final int vocabularySize;
  private final int endToken;
  private final String fingerprint;
  private final Map<String, String> specialTokens;
  private final Optional<PieceCache> pieces;
  private final boolean addsSpecialTokens;

  private Tokenizer(
      Path directory, HuggingFaceTokenizer delegate, TokenizerFiles files, String fingerprint) {
    this.directory = directory;
    this.delegate = delegate;
    this.files = files;
    this.vocabularySize = files.vocabularySize();
    this.endToken = files.endToken();
    this.fingerprint = fingerprint;
    this.specialTokens = files.specialTokens();
    this.pieces = files.pieces().map(rule -> new PieceCache(rule, text -> whole(text, false)));
    this.addsSpecialTokens = whole("", true).length > 0;
  }

  private static void setIfAbsent(String key, String value) {
    if (System.getProperty(key) == null) {
      System.setProperty(key, value);
    }
  }

  /**
   * Reads {@code tokenizer.json} and {@code tokenizer_config.json} of a model directory.
   *
   * @throws ModelFormatException if a file is missing or not a tokenizer, or no end token is named
   */
  public static Tokenizer load(Path directory) {
    TokenizerFiles files = TokenizerFiles.read(directory);
    Path path = directory.resolve("tokenizer.json");
    try {
      byte[] json = Files.readAllBytes(path);
      HuggingFaceTokenizer delegate =
          HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), WHOLE_TEXT);
      return new Tokenizer(directory, delegate, files, sha256(json));
    } catch (IOException e) {
      throw new ModelFormatException(String.format("%s cannot be read: %s", path, e), e);
    } catch (ModelFormatException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new ModelFormatException(
          String.format("%s is not a usable tokenizer: %s", path, e.getMessage()), e);
    }
  }

  /** Tokens of a text, with the tokenizer's own special tokens. */
  public int[] encode(String text) {
    return encode(text, true);
  }

  /** Tokens of a text, without special tokens. */
  public int[] encodeWithoutSpecialTokens(String text) {
    return encode(text, false);
  }

  private int[] encode(String text, boolean addSpecialTokens) {
    String valid = wellFormed(text);
    return pieces.isEmpty() || (addSpecialTokens && addsSpecialTokens)
        ? whole(valid, addSpecialTokens)
        : pieces.get().encode(valid);
  }

  /**
   * Asks for the ids alone: the library's own encoding has eight more arrays, for twice the time.
   */
  private int[] whole(String text, boolean addSpecialTokens) {
    TokenizersLibrary library = TokenizersLibrary.LIB;
    long encoding = library.encode(delegate.getHandle(), text, addSpecialTokens);
    try {
      return Arrays.stream(library.getTokenIds(encoding)).mapToInt(Math::toIntExact).toArray();
    } finally {
      library.deleteEncoding(encoding);
    }
  }

  /** Text of tokens, special tokens left out. */
  public String decode(int[] tokens) {
    return delegate.decode(Arrays.stream(tokens).asLongStream().toArray(), true);
  }

  /** Text of tokens, special tokens as they are written. */
  String decodeWithSpecialTokens(int[] tokens) {
    return delegate.decode(Arrays.stream(tokens).asLongStream().toArray(), false);
  }

  /** Unpaired surrogates have no UTF-8 form; they become the replacement character, as in Java. */
  private static String wellFormed(String text) {
    StringBuilder fixed = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isSurrogate(c)) {
        continue;
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
        continue;
      }
      fixed = fixed == null ? new StringBuilder(text) : fixed;
      fixed.setCharAt(i, REPLACEMENT);
    }
    return fixed == null ? text : fixed.toString();
  }

  /** One more than the highest token id: the rows that a model needs at least. */
  public int vocabularySize() {
    return vocabularySize;
  }

  /** The token that follows a response in training. */
  public int endToken() {
    return endToken;
  }

  /** The Jinja template that turns messages into a prompt, where the tokenizer has one. */
  public Optional<String> chatTemplate() {
    return files.chatTemplate();
  }

  /** Texts of the special tokens that the tokenizer names, such as {@code bos_token}. */
  public Map<String, String> specialTokens() {
    return specialTokens;
  }

  /** Where it was read from, for messages. */
  Path directory() {
    return directory;
  }

  /** Hash of {@code tokenizer.json}: token ids with another fingerprint mean other words. */
  public String fingerprint() {
    return fingerprint;
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  @Override
  public void close() {
    delegate.close();
  }
}
