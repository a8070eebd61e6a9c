// Airflow shows these pages in a frame. A link to Airflow itself, or to the documentation, is followed outside of
// the frame; without this script it is followed inside, or not at all.
document.addEventListener("click", (click) => {
  const link = click.target.closest("a[data-airflow], a[target]");
  if (!link || window.parent === window || click.ctrlKey || click.metaKey || click.shiftKey) return;
  click.preventDefault();
  const outside = window.parent.document.createElement("a");
  outside.href = link.href;
  outside.target = link.target;
  outside.rel = link.rel;
  window.parent.document.body.append(outside);
  outside.click();
  outside.remove();
});
