// The index can be read without this script: it adds sorting by a column, filtering, and the count of what is shown.
{
  const byId = (id) => document.getElementById(id);
  const tools = byId("index-tools");
  const lists = [...document.querySelectorAll(".entries")];
  const entries = [...document.querySelectorAll(".entry")];

  function filter() {
    const wanted = byId("find").value.trim().toLowerCase();
    const verdict = byId("verdict").value;
    let shown = 0;
    for (const entry of entries) {
      const fits = (!verdict || entry.dataset.verdict === verdict) && entry.textContent.toLowerCase().includes(wanted);
      entry.hidden = !fits;
      shown += fits;
    }
    for (const list of lists) list.closest(".group").hidden = list.querySelectorAll(".entry:not([hidden])").length === 0;
    byId("shown").textContent = `${shown} of ${entries.length} shown`;
  }

  // Numbers the highest first, texts by the alphabet; a second click turns the order round.
  function sort(list, key, button) {
    const down = button.dataset.down !== "true";
    for (const one of button.parentElement.children) one.removeAttribute("data-down");
    button.dataset.down = down;
    const isText = key === "name" || key === "verdict";
    const compare = isText
      ? (one, other) => one.dataset[key].localeCompare(other.dataset[key], "en")
      : (one, other) => Number(other.dataset[key] || -1) - Number(one.dataset[key] || -1);
    const sorted = [...list.children].sort((one, other) => (down ? 1 : -1) * compare(one, other));
    list.append(...sorted);
  }

  if (tools) {
    tools.hidden = false;
    tools.addEventListener("submit", (event) => event.preventDefault());
    byId("find").addEventListener("input", filter);
    byId("verdict").addEventListener("change", filter);
    filter();
  }
  for (const heads of document.querySelectorAll(".index-heads")) {
    heads.removeAttribute("aria-hidden");
    for (const head of heads.querySelectorAll("[data-sort]")) {
      if (!head.textContent) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.textContent = head.textContent;
      button.setAttribute("aria-label", `sort by ${head.textContent}`);
      head.replaceWith(button);
      const list = heads.parentElement.querySelector(".entries");
      button.addEventListener("click", () => sort(list, head.dataset.sort, button));
    }
  }
}
