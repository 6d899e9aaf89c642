package org.rlhf4j.text.jinja;

/** Text in the making, of bounded length. */
final class Output {
  static final int LONGEST = 1 << 24;

  private final StringBuilder text = new StringBuilder();

  void append(String more) {
    if (text.length() + more.length() > LONGEST) {
      throw new TemplateException("its text becomes too long");
    }
    text.append(more);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
