package org.rlhf4j.jobs.tokenizer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tokens and their ids while merges are learned: special tokens, then bytes, then merges. */
final class Vocabulary {
  /** Two tokens that become one. */
  record Merge(String left, String right) {}

  private final List<String> tokens = new ArrayList<>();
  private final Map<String, Integer> ids = new HashMap<>();
  private final List<Merge> merges = new ArrayList<>();

  Vocabulary(List<String> specialTokens) {
    specialTokens.forEach(this::add);
    for (char character : ByteAlphabet.sorted()) {
      add(String.valueOf(character));
    }
  }

  private int add(String token) {
    int id = tokens.size();
    tokens.add(token);
    ids.put(token, id);
    return id;
  }

  /** Token ids of a word's bytes. */
  int[] bytesOf(String word) {
    char[] characters = ByteAlphabet.of(word);
    int[] tokensOfWord = new int[characters.length];
    for (int i = 0; i < characters.length; i++) {
      tokensOfWord[i] = ids.get(String.valueOf(characters[i]));
    }
    return tokensOfWord;
  }

  /** Records a merge; two merges may spell the same token, which then keeps its first id. */
  int merge(int left, int right) {
    merges.add(new Merge(tokens.get(left), tokens.get(right)));
    String merged = tokens.get(left) + tokens.get(right);
    Integer known = ids.get(merged);
    return known == null ? add(merged) : known;
  }

  int size() {
    return tokens.size();
  }

  /** All tokens by id. */
  List<String> tokens() {
    return tokens;
  }

  /** In the order learned, which is the order of application. */
  List<Merge> merges() {
    return merges;
  }
}
