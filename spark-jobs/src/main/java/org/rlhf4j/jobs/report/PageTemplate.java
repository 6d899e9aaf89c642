package org.rlhf4j.jobs.report;

import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.loader.ClasspathLoader;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;

/** Fills a template of this package; everything is escaped unless the template says otherwise. */
final class PageTemplate {
  private PageTemplate() {}

  static String html(String template, Map<String, Object> model) {
    PebbleEngine engine =
        new PebbleEngine.Builder()
            .loader(new ClasspathLoader(PageTemplate.class.getClassLoader()))
            .autoEscaping(true)
            .defaultEscapingStrategy("html")
            .build();
    StringWriter page = new StringWriter();
    try {
      engine.getTemplate(template).evaluate(page, model, Locale.ROOT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }

    return page.toString();
  }

  /** Control characters, which models and raw rows do hold, as the replacement character. */
  static String visible(String text) {
    return text.replaceAll("[\\p{Cntrl}&&[^\n\t]]", "\uFFFD");
  }
}
