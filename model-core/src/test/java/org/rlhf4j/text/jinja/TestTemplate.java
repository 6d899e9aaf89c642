package org.rlhf4j.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The language, against jinja2: scripts/golden/chat_templates.py. */
class TestTemplate {
  private static final int MUTATIONS = 3000;

  private static JsonNode golden() throws IOException {
    return new ObjectMapper()
        .readTree(TestTemplate.class.getResource("/golden/chat-templates.json"));
  }

  private static String render(String template) {
    return Template.parse(template)
        .render(Map.of("messages", List.of(), "add_generation_prompt", false));
  }

  @Test
  void rendersWhatJinja2Renders() throws IOException {
    for (JsonNode snippet : golden().get("snippets")) {
      String template = snippet.get("template").textValue();
      if (snippet.has("error")) {
        assertThatThrownBy(() -> render(template))
            .as(template)
            .isInstanceOf(TemplateException.class);
      } else {
        assertThat(render(template)).as(template).isEqualTo(snippet.get("text").textValue());
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{{ x.y }}; 'x' is undefined",
        "{{ 'a' + 1 }}; a text is expected, but a number is found",
        "{{ [].append(1) }}; 'append' would change a list",
        "{{ 1 | shuffle }}; the filter 'shuffle' is not known",
        "{% include 'b' %}; the tag 'include' is not known here (line 1)",
        "{% if 1 %}a; one of the tags",
        "{{ 1 1 }}; variable end is expected, but '1' is found (line 1)",
        "{{ '%s' % 'b' }}; a number is expected, but a text is found",
      })
  void saysWhatIsWrong(String template, String message) {
    assertThatThrownBy(() -> render(template))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  @ValueSource(
      strings = {
        "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
        "{% for i in range(9999) %}{{ 'x' * 100000 }}{% endfor %}",
        "{{ 'x' * 9999999999 }}",
        "{% set ns = namespace(a='xxxx') %}{% for i in range(99) %}{% set ns.a = ns.a + ns.a %}{% endfor %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{{ range(1, 99999999999) }}",
        "{{ 9223372036854775807 + 1 }}",
        "{{ 99999999999999999999 }}",
      })
  void endsWhateverATemplateAsksFor(String template) {
    assertThatThrownBy(() -> render(template)).isInstanceOf(TemplateException.class);
  }

  @Test
  void isNotBrokenByDeepNesting() {
    String template = "{{ " + "(".repeat(100_000) + "1" + ")".repeat(100_000) + " }}";
    assertThatThrownBy(() -> render(template))
        .isInstanceOf(TemplateException.class)
        .hasMessage("it is nested too deeply");
  }

  @Test
  void rendersOrRefusesMutatedTemplates() throws IOException {
    JsonNode templates = golden().get("templates");
    List<String> texts = texts(templates);
    Random random = new Random(5);
    int refused = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      StringBuilder text = new StringBuilder(texts.get(random.nextInt(texts.size())));
      int at = random.nextInt(text.length());
      text.replace(
          at,
          Math.min(text.length(), at + random.nextInt(3)),
          random.nextBoolean() ? "" : "%{}'()[]|.-".charAt(random.nextInt(11)) + "");
      try {
        render(text.toString());
      } catch (TemplateException e) {
        assertThat(e.getMessage()).isNotBlank();
        refused++;
      }
    }
    assertThat(refused).isBetween(MUTATIONS / 20, MUTATIONS - MUTATIONS / 20);
  }

  private static List<String> texts(JsonNode templates) {
    List<String> texts = new java.util.ArrayList<>();
    templates.forEach(template -> texts.add(template.textValue()));
    return texts;
  }
}
