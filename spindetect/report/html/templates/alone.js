// The report on an article scored alone works without this script: it adds pointing, filtering and getting about.
// A giveaway is a link, a.m, from its place in the text, #s7, to its line in the list, #g7. Which version of the
// article is shown, and which kinds, the style sheet decides by the boxes and by classes on the root.
{
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const rows = byId("rows");
  const status = byId("status");
  const marks = [...rows.querySelectorAll(".m")];
  const hiddenKinds = new Set();
  let current = null; // the giveaway that was chosen
  let pointed = null; // the giveaway that the mouse is on

  // --- choosing a giveaway -----------------------------------------------------------

  const isShown = (mark) =>
    !hiddenKinds.has(mark.classList[1]) &&
    !(root.classList.contains("only-telltales") && !mark.classList.contains("t")) &&
    !(root.classList.contains("only-quoted") && !mark.classList.contains("q"));

  function choose(mark) {
    current?.classList.remove("on");
    if (current) current.tabIndex = -1;
    current = mark;
    current?.classList.add("on");
    const stop = current ?? marks[0];
    if (stop) stop.tabIndex = 0;
    tell(current);
  }

  function point(mark) {
    if (mark === pointed) return;
    pointed?.classList.remove("pointed");
    pointed = mark;
    pointed?.classList.add("pointed");
    tell(pointed ?? current);
  }

  function step(by) {
    let at = current ? marks.indexOf(current) : by > 0 ? -1 : marks.length;
    do at += by;
    while (marks[at] && !isShown(marks[at]));
    if (marks[at]) show(marks[at]);
  }

  function show(mark) {
    point(null);
    choose(mark);
    mark.scrollIntoView({ block: "center", inline: "nearest" });
    mark.focus({ preventScroll: true });
  }

  // What a giveaway is, in words; its line in the list knows.
  function tell(mark) {
    status.hidden = !mark;
    if (!mark) return;
    const item = byId(mark.hash.slice(1));
    const part = (name) => item.querySelector(name)?.textContent ?? "";
    const guesses = part(".perhaps");
    status.replaceChildren(
      element("span", "count", `${marks.indexOf(mark) + 1} of ${marks.length}`),
      element("b", "became", part(".became")),
      element("span", "detail", guesses ? `perhaps ${guesses}` : "no guess"),
      element("span", "detail", part(".flags")),
      element("span", "detail", `weight ${part(".weight")}`),
      element("span", "detail", part(".grounds")),
    );
  }

  function element(name, className, text) {
    const made = document.createElement(name);
    made.className = className;
    made.textContent = text;
    return made;
  }

  // --- filters -----------------------------------------------------------------------

  function refilter(change) {
    change();
    if (current && !isShown(current)) choose(null);
  }

  for (const box of document.querySelectorAll(".kind-filter"))
    box.addEventListener("change", () =>
      refilter(() => {
        root.classList.toggle(`hide-${box.value}`, !box.checked);
        if (box.checked) hiddenKinds.delete(box.value);
        else hiddenKinds.add(box.value);
      }),
    );
  for (const name of ["only-telltales", "only-quoted"])
    byId(name).addEventListener("change", (event) => refilter(() => root.classList.toggle(name, event.target.checked)));

  // --- mouse and keyboard ------------------------------------------------------------

  const markAt = (target) => (target instanceof Element ? target.closest("a.m") : null);

  rows.addEventListener("mousemove", (event) => {
    if (!event.movementX && !event.movementY) return; // the page moved under a mouse that rests
    const mark = markAt(event.target);
    point(mark && isShown(mark) ? mark : null);
  });
  rows.addEventListener("mouseleave", () => point(null));
  rows.addEventListener("focusin", (event) => {
    const mark = markAt(event.target);
    if (mark && mark !== current) choose(mark);
  });
  rows.addEventListener("click", (event) => {
    const mark = markAt(event.target);
    if (!mark) return;
    event.preventDefault();
    if (!isShown(mark)) return;
    choose(mark);
    if (event.detail === 0) byId(mark.hash.slice(1)).focus(); // by keyboard: on to its line in the list
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#s"]');
    if (!link) return;
    event.preventDefault();
    show(byId(link.hash.slice(1)));
  });

  const keys = {
    n: () => step(1),
    p: () => step(-1),
    t: () => byId("only-telltales").click(),
    r: () => byId(byId("as-it-was").checked ? "as-it-is" : "as-it-was").click(),
    Escape: () => choose(null),
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    if (event.key !== "Escape" && !byId("shortcuts").checked) return;
    event.preventDefault();
    keys[event.key]();
  });
  byId("next").addEventListener("click", () => step(1));
  byId("previous").addEventListener("click", () => step(-1));

  addEventListener("beforeprint", () => {
    for (const one of document.querySelectorAll("details.weaker")) one.open = true;
  });

  for (const bar of document.querySelectorAll(".toolbar")) bar.hidden = false;
  for (const mark of marks) mark.tabIndex = -1;
  if (marks.length) marks[0].tabIndex = 0;
}
