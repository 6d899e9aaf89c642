"""Regenerates the chat-template fixtures: what transformers' apply_chat_template makes of messages.

Usage: python scripts/golden/chat_templates.py   (from the repository root; needs `transformers`)

The templates are written for this test, in the manner of those that well-known models ship.
"""

import json
from pathlib import Path

from tokenizers import Tokenizer, models
from transformers import PreTrainedTokenizerFast
from transformers.utils.chat_template_utils import render_jinja_template

TARGET = Path("model-core/src/test/resources/golden/chat-templates.json")

TEMPLATES = {
    # One line, roles as they come.
    "chatml": "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}",
    # A system turn of its own where there is none.
    "chatml-default-system": "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}"
    "{{ '<|im_start|>system\nBe a good helper.<|im_end|>\n' }}{% endif %}"
    "{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}",
    # Llama 3: filters bind tighter than plus.
    "headers": "{% set loop_messages = messages %}{% for message in loop_messages %}"
    "{% set content = '<|start|>' + message['role'] + '<|end|>\n\n' + message['content'] | trim + '<|eot|>' %}"
    "{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}{{ content }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|start|>assistant<|end|>\n\n' }}{% endif %}",
    # Llama 2: the system text inside the first user turn, roles alternate.
    "inst-sys": "{% if messages[0]['role'] == 'system' %}{% set rest = messages[1:] %}{% set system = messages[0]['content'] %}"
    "{% else %}{% set rest = messages %}{% set system = false %}{% endif %}"
    "{% for message in rest %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('Roles must alternate, beginning with the user') }}{% endif %}"
    "{% if loop.index0 == 0 and system != false %}{% set content = '<<SYS>>\n' + system + '\n<</SYS>>\n\n' + message['content'] %}"
    "{% else %}{% set content = message['content'] %}{% endif %}"
    "{% if message['role'] == 'user' %}{{ bos_token + '[INST] ' + content.strip() + ' [/INST]' }}"
    "{% elif message['role'] == 'assistant' %}{{ ' ' + content.strip() + ' ' + eos_token }}{% endif %}{% endfor %}",
    # Mistral: whitespace control, a namespace, filtered messages, the last turn treated apart.
    "inst-namespace": """{%- if messages[0]["role"] == "system" %}
    {%- set system_message = messages[0]["content"] %}
    {%- set loop_messages = messages[1:] %}
{%- else %}
    {%- set loop_messages = messages %}
{%- endif %}
{%- set ns = namespace(index=0) %}
{%- for message in loop_messages if message["role"] != "tool" %}
    {%- if (message["role"] == "user") != (ns.index % 2 == 0) %}
        {{- raise_exception("After the optional system message, roles must alternate") }}
    {%- endif %}
    {%- set ns.index = ns.index + 1 %}
{%- endfor %}
{{- bos_token }}
{%- for message in loop_messages %}
    {%- if message["role"] == "user" %}
        {%- if loop.last and system_message is defined %}
            {{- "[INST] " + system_message + "\\n\\n" + message["content"] + "[/INST]" }}
        {%- else %}
            {{- "[INST] " + message["content"] + "[/INST]" }}
        {%- endif %}
    {%- elif message["role"] == "assistant" %}
        {{- " " + message["content"]|trim + eos_token }}
    {%- else %}
        {{- raise_exception("Only user and assistant roles are supported, not " + message["role"] + "!") }}
    {%- endif %}
{%- endfor %}
""",
    # Zephyr: blocks on lines of their own, which trim_blocks and lstrip_blocks take away.
    "own-lines": """{% for message in messages %}
{% if message['role'] == 'user' %}
{{ '<|user|>\n' + message['content'] + eos_token }}
{% elif message['role'] == 'system' %}
{{ '<|system|>\n' + message['content'] + eos_token }}
  {% elif message['role'] == 'assistant' %}
{{ '<|assistant|>\n'  + message['content'] + eos_token }}
{% endif %}
{% if loop.last and add_generation_prompt %}
{{ '<|assistant|>' }}
{% endif %}
{% endfor %}
""",
    # Gemma: no system role, another name for the assistant.
    "no-system": "{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}"
    "{% for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('Conversation roles must alternate') }}{% endif %}"
    "{% if (message['role'] == 'assistant') %}{% set role = 'model' %}{% else %}{% set role = message['role'] %}{% endif %}"
    "{{ '<turn>' + role + '\n' + message['content'] | trim + '<end>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{'<turn>model\n'}}{% endif %}",
    # Qwen 2.5: tools that are not there, attributes by dots.
    "tools": """{%- if tools %}
    {{- '<|im_start|>system\\n' }}
    {%- for tool in tools %}
        {{- "\\n" }}
        {{- tool | tojson }}
    {%- endfor %}
{%- else %}
    {%- if messages[0].role == 'system' %}
        {{- '<|im_start|>system\\n' + messages[0].content + '<|im_end|>\\n' }}
    {%- else %}
        {{- '<|im_start|>system\\nBe helpful.<|im_end|>\\n' }}
    {%- endif %}
{%- endif %}
{%- for message in messages %}
    {%- if (message.role == "user") or (message.role == "system" and not loop.first) or (message.role == "assistant" and not message.tool_calls) %}
        {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}
    {%- elif message.role == "tool" %}
        {%- if (loop.index0 == 0) or (messages[loop.index0 - 1].role != "tool") %}
            {{- '<|im_start|>user' }}
        {%- endif %}
        {{- message.content }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
{%- endif %}
""",
    # Qwen 3: messages backwards, thoughts of earlier turns left out.
    "thinking": """{%- set ns = namespace(searching=true, last=messages|length - 1) %}
{%- for message in messages[::-1] %}
    {%- set index = (messages|length - 1) - loop.index0 %}
    {%- if ns.searching and message.role == "user" and message.content is string and not(message.content.startswith('<tool>') and message.content.endswith('</tool>')) %}
        {%- set ns.searching = false %}
        {%- set ns.last = index %}
    {%- endif %}
{%- endfor %}
{%- for message in messages %}
    {%- if message.content is string %}
        {%- set content = message.content %}
    {%- else %}
        {%- set content = '' %}
    {%- endif %}
    {%- if message.role == "assistant" %}
        {%- set thought = '' %}
        {%- if '</think>' in content %}
            {%- set thought = content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}
            {%- set content = content.split('</think>')[-1].lstrip('\\n') %}
        {%- endif %}
        {%- if loop.index0 > ns.last and (loop.last or (not loop.last and thought)) %}
            {{- '<|im_start|>' + message.role + '\\n<think>\\n' + thought.strip('\\n') + '\\n</think>\\n\\n' + content.lstrip('\\n') }}
        {%- else %}
            {{- '<|im_start|>' + message.role + '\\n' + content }}
        {%- endif %}
        {{- '<|im_end|>\\n' }}
    {%- else %}
        {{- '<|im_start|>' + message.role + '\\n' + content + '<|im_end|>' + '\\n' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
    {%- if enable_thinking is defined and enable_thinking is false %}
        {{- '<think>\\n\\n</think>\\n\\n' }}
    {%- endif %}
{%- endif %}
""",
    # Llama 3.1: what is not defined, dates, none.
    "dates": """{{- bos_token }}
{%- if custom_tools is defined %}
    {%- set tools = custom_tools %}
{%- endif %}
{%- if not date_string is defined %}
    {%- set date_string = "26 Jul 2024" %}
{%- endif %}
{%- if not tools is defined %}
    {%- set tools = none %}
{%- endif %}

{#- The system message goes first. #}
{%- if messages[0]['role'] == 'system' %}
    {%- set system_message = messages[0]['content']|trim %}
    {%- set messages = messages[1:] %}
{%- else %}
    {%- set system_message = "" %}
{%- endif %}
{{- "<|start|>system<|end|>\\n\\n" }}
{%- if tools is not none %}
    {{- "Environment: x\\n" }}
{%- endif %}
{{- "Today Date: " + date_string + "\\n\\n" }}
{{- system_message }}
{{- "<|eot|>" }}
{%- for message in messages %}
    {%- if not (message.role == 'ipython' or message.role == 'tool' or 'tool_calls' in message) %}
        {{- '<|start|>' + message['role'] + '<|end|>\\n\\n'+ message['content'] | trim + '<|eot|>' }}
    {%- elif 'tool_calls' in message %}
        {%- if not message.tool_calls|length == 1 %}
            {{- raise_exception("One tool call at once!") }}
        {%- endif %}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|start|>assistant<|end|>\\n\\n' }}
{%- endif %}
""",
    # DeepSeek: names in a namespace, defaults set first, tildes.
    "defaults": "{% if not add_generation_prompt is defined %}{% set add_generation_prompt = false %}{% endif %}"
    "{% set ns = namespace(is_first=false, is_tool=false, system_prompt='') %}"
    "{%- for message in messages %}{%- if message['role'] == 'system' %}{% set ns.system_prompt = message['content'] %}"
    "{%- endif %}{%- endfor %}{{bos_token}}{{ns.system_prompt}}{%- for message in messages %}"
    "{%- if message['role'] == 'user' %}{%- set ns.is_tool = false -%}{{'<User>' ~ message['content']}}{%- endif %}"
    "{%- if message['role'] == 'assistant' and message['content'] is not none %}{%- if ns.is_tool %}{{'<outputs_end>'}}{%- endif %}"
    "{{'<Assistant>' ~ message['content'] ~ eos_token}}{%- endif %}{%- endfor -%}"
    "{% if add_generation_prompt and not ns.is_tool %}{{'<Assistant>'}}{% endif %}",
    # A macro, content in parts, filters with arguments.
    "macro": """{%- macro text_of(content) -%}
    {%- if content is string -%}
        {{- content -}}
    {%- elif content is iterable -%}
        {%- for part in content -%}{{ part.text }}{%- endfor -%}
    {%- endif -%}
{%- endmacro -%}
{%- set names = {'user': 'Q', 'assistant': 'A'} -%}
{%- for message in messages if message.role in names -%}
    {{ names[message.role] }}{{ loop.index }}/{{ loop.length }}: {{ text_of(message['content']) | replace('e', '3') }}
{% endfor -%}
{%- set system = messages | selectattr('role', 'equalto', 'system') | map(attribute='content') | list -%}
{{ system | join('; ') | upper | default('NONE', true) }}|{{ system | length > 0 and 'with' or 'without' }}
{%- if add_generation_prompt %} {{ ['a', 'b'][-1] ~ 1 ~ 2 }} {{ names.get('assistant') }}{{ names.items() | list | length }}{% endif %}
""",
    # The tag that marks what the assistant says.
    "generation": """{% for message in messages %}
{%- if message.role == 'assistant' %}{% generation %}{{ message.content }}{{ eos_token }}{% endgeneration %}
{%- else %}{{ '[' ~ message.role | title ~ '] ' }}{{ message.content | tojson }}
{% endif %}
{%- endfor %}
{{- '[Assistant] ' if add_generation_prompt -}}
""",
}

TURNS = {
    "user": [("user", "Hi there")],
    "dialogue": [("user", " What is 2 < 3 & 4?\n"), ("assistant", "True.\n"), ("user", "And {{ 1 + 1 }} or {% if x %}?\n")],
    "system": [("system", "Be brief. \u00dc\u4f60"), ("user", "Say 'hi' \"now\"\\n")],
    "system-dialogue": [
        ("system", "  You are terse.\n"),
        ("user", "One"),
        ("assistant", "<think>\nhm\n</think>\n\nTwo"),
        ("user", "Three"),
    ],
    "user-twice": [("user", "a"), ("user", "b")],
    "assistant-last": [("user", "a"), ("assistant", "<think>x</think>b")],
}

# The language itself, piece by piece; "error" where jinja2 raises one.
SNIPPETS = [
    "{{ 1 + 2 * 3 - 4 // 3 ** 2 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ 7 / 2 }} {{ 2 ** 3 }} {{ -2 ** 2 }} {{ 1e3 }} {{ 0.1 + 0.2 }}",
    "{{ 1_000 }} {{ 2.50 }} {{ 10 / 5 }} {{ 3 * 'ab' }} {{ 'ab' * 2 }} {{ [1] + [2, 'x'] }} {{ 1.5 // 1 }} {{ 7.5 % 2 }}",
    "{{ 'a' ~ 1 ~ none ~ true }} {{ 'a' 'b' }} {{ 'x' + 'y' | upper }} {{ ('x' + 'y') | upper }} {{ 1 ~ 2 + 3 }}",
    "{{ not true or true and false }} {{ 1 or 2 }} {{ 0 or '' }} {{ 'a' and 'b' }} {{ none and 1 }} {{ not 1 == 2 }}",
    "{{ 1 < 2 < 3 }} {{ 1 < 3 < 2 }} {{ 'a' < 'b' }} {{ 1 == 1.0 }} {{ true == 1 }} {{ '1' == 1 }} {{ [1] == [1] }} {{ 2 >= 2 != 3 }}",
    "{{ 'a' in 'abc' }} {{ 'z' not in ['z'] }} {{ 'k' in {'k': 1} }} {{ 1 in [1.0] }} {{ x in [1] }} {{ not 'a' in 'b' }}",
    "{{ 'yes' if 1 else 'no' }} {{ 'yes' if 0 }} {{ 'a' if 0 else 'b' if 0 else 'c' }} {{ ('a' if 1 else 'b') ~ '!' }}",
    "{{ 'abcdef'[1:3] }} {{ 'abcdef'[::-1] }} {{ 'abcdef'[-2:] }} {{ [1,2,3,4][::2] }} {{ [1,2,3][5:] }} {{ [1,2,3][:-1] }} {{ 'ab'[5] }}",
    "{{ [1,2,3][-1] }} {{ [1,2,3].0 }} {{ {'a': {'b': 5}}.a.b }} {{ {'a': 1}['a'] }} {{ {'a': 1}.get('b', 7) }} {{ {'a': 1}.get('b') }}",
    "{{ (1, 2)[0] }} {{ [[1, 2], [3]][0][1] }} {{ {'x': [1, {'y': 'z'}]}['x'][1].y }} {{ {1: 2}[1] }} {{ {}.x }} {{ {'items': 1}['items'] }}",
    "{{ x }}|{{ x is defined }}|{{ x is undefined }}|{{ none is none }}|{{ none }}|{{ x == y }}|{{ x | default('d') }}|{{ '' | default('d', true) }}",
    "{{ x.y }}", "{{ x + 1 }}", "{{ 1 + x }}", "{{ 'a' + 1 }}", "{{ x() }}", "{{ none.a }}|{{ none.a.b }}", "{{ 1 / 0 }}", "{{ 'a'.nothing }}",
    "{{ 'a'.nothing() }}", "{{ [1,2].append(3) }}", "{{ {}.update({'a': 1}) }}", "{{ 1 | nosuch }}", "{{ 1 is nosuch }}", "{% nosuch %}", "{{ 1 + }}",
    "{% if 1 %}a", "{{ 'a }}", "{{ (1 }}", "{{ 1 ) }}", "{% endif %}", "{{ raise_exception('no') }}", "{% for a, b in [[1]] %}{% endfor %}", "{{ 5[0] }}|",
    "{{ [1,2] | length }} {{ 'ab' | count }} {{ x | length }} {{ {'a':1} | length }} {{ 3 | length }}",
    "{{ '  a b ' | trim }}|{{ '..a..' | trim('.') }}|{{ ' a '.strip() }}|{{ 'xxaxx'.lstrip('x') }}|{{ 'xxaxx'.rstrip('x') }}|{{ 3 | trim }}",
    "{{ 'a,b,,c'.split(',') }} {{ ' a  b '.split() }} {{ 'a,b,c'.split(',', 1) }} {{ 'a b c'.split(none, 1) }} {{ 'a.b.c'.rsplit('.', 1) }}",
    "{{ 'abc'.startswith('ab') }} {{ 'abc'.endswith(('x', 'c')) }} {{ 'abc'.replace('b', 'X') }} {{ 'aaa'.replace('a', 'b', 2) }} {{ 'abc'.find('c') }} {{ 'abc'.find('z') }}",
    "{{ 'heLLo wORLD'.title() }} {{ 'heLLo wORLD' | title }} {{ \"it's a-b\" | title }} {{ \"it's\".title() }} {{ 'heLLo'.capitalize() }} {{ 'heLLo' | capitalize }}",
    "{{ 'aXb'.upper() }} {{ 'aXb'.lower() }} {{ '12'.isdigit() }} {{ ''.isdigit() }} {{ 'a\nb'.splitlines() }} {{ ', '.join(['a', 'b']) }} {{ 'aba'.count('a') }}",
    "{{ 'prefix-x'.removeprefix('prefix-') }} {{ 'x.txt'.removesuffix('.txt') }} {{ 'ab' | list }} {{ 'ab' | first }} {{ [1,2] | last }} {{ [] | first }}",
    "{{ [3,1,2] | sort }} {{ ['b','A','c'] | sort }} {{ ['b','A','c'] | sort(case_sensitive=true) }} {{ [3,1,2] | sort(reverse=true) }} {{ [1,1,2] | unique | list }}",
    "{{ [1,2,3] | reverse | list }} {{ 'abc' | reverse }} {{ [1,2] | join('-') }} {{ [{'a':1},{'a':2}] | join(',', attribute='a') }} {{ [1,none] | join }}",
    "{{ [{'a':1},{'a':2},{}] | map(attribute='a') | list | length }} {{ ['a','b'] | map('upper') | join }} {{ [0,1,2] | select | list }} {{ [1,2,3] | select('odd') | list }}",
    "{{ [{'a':1,'b':'x'},{'a':2,'b':'y'}] | selectattr('a', 'gt', 1) | map(attribute='b') | list }} {{ [{'a':1},{}] | rejectattr('a', 'defined') | list }}",
    "{{ '42' | int + 1 }} {{ 'x' | int }} {{ 'x' | int(7) }} {{ '3.9' | int }} {{ '2.5' | float }} {{ 3.99 | int }} {{ -3 | abs }} {{ 5 | string + '!' }}",
    "{{ 'a\nb\n\nc' | indent }}|{{ 'a\nb' | indent(2, true) }}|{% for k, v in {'b': 2, 'a': 1} | dictsort %}{{ k }}{{ v }}{% endfor %}|{% for k, v in {'b': 2} | items %}{{ k }}{% endfor %}",
    "{{ {'a': [1, 2.5, true, none, 'x\"\n\u00fc'], 'b': {}} | tojson }}|{{ {'a': [1, {}]} | tojson(indent=2) }}|{{ [] | tojson }}|{{ 'a<b>&\'' | tojson }}",
    "{{ ['a', \"it's\", 'q\"', 1.0, none, true] }} {{ {'k': 'v', 'n': [1]} }} {{ 'x\ty' | list }}",
    "{% set a = 1 %}{% for i in [1, 2] %}{% set a = a + i %}{{ a }},{% endfor %}{{ a }}",
    "{% set ns = namespace(a=1) %}{% for i in [1, 2] %}{% set ns.a = ns.a + i %}{% endfor %}{{ ns.a }}{{ ns.b is defined }}",
    "{% if true %}{% set a = 5 %}{% endif %}{{ a }}{% set b %}x{{ a }}y{% endset %}{{ b }}{% set c, d = 1, 2 %}{{ c }}{{ d }}",
    "{% for i in range(5) %}{% if i == 1 %}{% continue %}{% endif %}{% if i == 3 %}{% break %}{% endif %}{{ i }}{% endfor %}",
    "{% for i in [] %}x{% else %}none{% endfor %}{% for i in [1] if i > 1 %}x{% else %}none{% endfor %}",
    "{% for i in 'abc' %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.previtem }}{{ loop.nextitem }} {% endfor %}",
    "{% for k, v in {'a': 1, 'b': 2}.items() %}{{ k }}={{ v }};{% endfor %}{% for k in {'a': 1} %}{{ k }}{% endfor %}{% for i in x %}y{% endfor %}",
    "{% for i in range(3) %}{{ loop.cycle('a', 'b') }}{% endfor %} {{ range(2, 8, 3) | list }} {{ range(3, 0, -1) | list }}",
    "{% macro m(a, b='B') %}[{{ a }}{{ b }}]{% endmacro %}{{ m(1) }}{{ m(1, 2) }}{{ m(b=3, a=4) }}{{ m() }}",
    "{% macro m(a) %}{% if a > 0 %}{{ a }}{{ m(a - 1) }}{% endif %}{% endmacro %}{{ m(3) }}",
    "{% with a = 1, b = 2 %}{{ a + b }}{% endwith %}{{ a is defined }}{% filter upper %}abc{{ 'd' }}{% endfilter %}{% raw %}{{ x }}{% y %}{% endraw %}",
    "a\n  {% if 1 %}\n  b\n  {% endif %}\nc\n", "a\n  {%- if 1 -%}\n  b\n  {%- endif -%}\nc", "a  {{- 'x' -}}  b", "a\n{# c #}\nb {# d #}\nc {#- e -#} d",
    "  {{ 'x' }}\n  {%+ if 1 %}y{% endif %}\n z", "\n\n{% if 1 %}\n\na{% endif %}\n\n", "{{ 'a' }}\n{{ 'b' }}\n\n", "a {% if 1 %} b {% endif %} c\n",
    "{{ '%}' }}{{ '}}' }}{{ {'a': {'b': 1}}['a'] }}{% if '%}' == '%}' %}y{% endif %}", "{{ 'a\\n\\t\\\\\\'\\x41\\u00e9\\q' }}", "x\r\ny{% if 1 %}\r\nz{% endif %}",
    "{{ 1 is number }}{{ 'a' is string }}{{ {} is mapping }}{{ [] is sequence }}{{ 'a' is iterable }}{{ 2 is even }}{{ 3 is odd }}{{ 6 is divisibleby 3 }}{{ 1 is eq 1 }}{{ true is boolean }}{{ 1 is integer }}{{ 1.0 is float }}{{ false is false }}{{ 1 is in [1] }}{{ 'A' is upper }}{{ 1 is not none }}",
    "{{ 1 is defined and 2 is defined }}{{ 'x' if 1 is defined else 'y' }}{{ dict(a=1, b='c') }}{{ namespace is callable }}",
    "{{ [1, 2,] }}{{ (1,) | length }}{{ () | length }}{{ {'a': 1,} }}", "{{ 'é你😀' | length }}{{ 'é你😀'[2] }}{{ 'é你😀'[::-1] }}{{ 'ÄÖ' | lower }}",
    "{{ 'a' | default }}{{ x | default(none) }}{{ none | default('q') }}{{ none | default('q', true) }}{{ x | upper }}{{ x | trim }}|{{ x | join }}|{{ x | list }}",
    "{{ -1 | abs }}{{ +1 }}{{ --1 }}{{ 2 - -1 }}{{ 'a'.upper().lower() | upper }}{{ 'abc'[0].upper() }}{{ 'abc' | first | upper }}",
    "{{ range(1000000) }}", "{{ 'a' < 1 }}", "{{ 1 in 5 }}", "{{ 1 in 'a1' }}", "{% set x.y = 1 %}", "{{ loop }}|",
    "{% generation %}a{% set q = 1 %}{% endgeneration %}{{ q is defined }}", "{{ strftime_now is defined and false }}", "{% if x %}1{% elif y %}2{% elif 1 %}3{% else %}4{% endif %}",
]


def snippet(text):
    try:
        return {"template": text, "text": render_jinja_template([[]], chat_template=text)[0][0]}
    except Exception:
        return {"template": text, "error": True}


def main():
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer(models.WordLevel({"<s>": 0, "</s>": 1})), bos_token="<s>", eos_token="</s>"
    )
    cases = []
    for template_name, template in TEMPLATES.items():
        for turns_name, turns in TURNS.items():
            messages = [{"role": role, "content": content} for role, content in turns]
            case = {"template": template_name, "messages": turns_name}
            try:
                case["text"] = tokenizer.apply_chat_template(
                    messages, chat_template=template, add_generation_prompt=True, tokenize=False
                )
            except Exception as error:  # raise_exception of the template
                case["error"] = str(error)
            cases.append(case)
    turns = {name: [{"role": r, "content": c} for r, c in rows] for name, rows in TURNS.items()}
    golden = {"templates": TEMPLATES, "messages": turns, "cases": cases, "snippets": [snippet(s) for s in SNIPPETS]}
    TARGET.write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    main()
