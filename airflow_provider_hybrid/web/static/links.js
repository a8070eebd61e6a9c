// Airflow shows these pages in a frame. A link to Airflow itself is followed outside of the frame; without
// this script it is followed inside.
document.addEventListener("click", (click) => {
  const link = click.target.closest("a[data-airflow]");
  if (!link || window.parent === window || click.ctrlKey || click.metaKey || click.shiftKey) return;
  click.preventDefault();
  const outside = window.parent.document.createElement("a");
  outside.href = link.href;
  window.parent.document.body.append(outside);
  outside.click();
  outside.remove();
});
