"""What a sender might write to make a page do more than show it."""

from __future__ import annotations

MARK = "hacked"
"""The name of a variable of the window that is set if one of them succeeds."""

TEXTS = (
    f"<script>window.{MARK}=1</script>",
    f"<img src=x onerror=window.{MARK}=1>",
    f'"><svg onload=window.{MARK}=1>',
    f"' autofocus onfocus='window.{MARK}=1",
    f"</td></table></main><iframe srcdoc='<script>top.{MARK}=1</script>'>",
    f"[x](javascript:window.{MARK}=1)",
    f"`![x](http://127.0.0.2/x.png)<b onmouseover=window.{MARK}=1>`",
    "{{ 7 * 7 }} ${7 * 7} {% raw %}",
    "\u202etxt.exe",
)
