// The report works without this script: what it adds is pointing, filtering, folding and getting about.
// A substitution is a pair of links to one another, a.m: #s7 in the suspect, #r7 in the reference. What is only
// a guess, of an article scored alone or of a sentence that isn't in the reference, leads to its line in the list, #g7.
// Filters only set a class on the root; the style sheet does the rest, however long the texts are.
{
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const rows = byId("rows");
  const status = byId("status");
  const joiner = byId("joiner");
  const marks = [...rows.querySelectorAll(".suspect .m")];
  const cells = { suspect: cellsOf("suspect"), reference: cellsOf("reference") };
  const hiddenKinds = new Set();
  const homes = new Map(); // each cell's row, while the cells stand in panes
  let current = null; // the mark that was chosen
  let pointed = null; // the mark that the mouse is on
  let resting = false; // whether the page moved under a mouse that rests, which points at nothing then

  function cellsOf(side) {
    const found = [...rows.querySelectorAll(`.cell.${side}`)];
    return found.sort((one, other) => one.dataset.at - other.dataset.at);
  }

  // --- choosing a substitution ---------------------------------------------------

  const partnerOf = (mark) => (mark && !mark.classList.contains("guess") ? byId(mark.hash.slice(1)) : null);
  const suspectOf = (mark) => (mark?.id.startsWith("s") ? mark : partnerOf(mark));
  const isShown = (mark) =>
    !hiddenKinds.has(mark.classList[1]) &&
    !(root.classList.contains("only-telltales") && !mark.classList.contains("t")) &&
    !(root.classList.contains("only-quoted") && !mark.classList.contains("q"));

  function setPair(mark, name, on) {
    for (const one of mark ? [mark, partnerOf(mark)] : []) one?.classList.toggle(name, on);
  }

  function choose(mark) {
    setPair(current, "on", false);
    if (current) current.tabIndex = -1;
    current = mark;
    setPair(current, "on", true);
    if (current) current.tabIndex = 0;
    else if (marks.length) marks[0].tabIndex = 0;
    tell(current);
    join(current);
  }

  function point(mark) {
    if (mark === pointed) return;
    setPair(pointed, "pointed", false);
    pointed = mark;
    setPair(pointed, "pointed", true);
    tell(pointed ?? current);
    join(pointed ?? current);
  }

  function step(by) {
    let at = current ? marks.indexOf(suspectOf(current)) : by > 0 ? -1 : marks.length;
    do at += by;
    while (marks[at] && !isShown(marks[at]));
    if (!marks[at]) return;
    resting = true;
    point(null);
    choose(marks[at]);
    bring(marks[at], "center");
    marks[at].focus({ preventScroll: true });
    bring(partnerOf(marks[at]), "nearest");
    join(current);
  }

  // What a pair is, in words; its row in the list of substitutions knows.
  function tell(mark) {
    status.hidden = !mark;
    if (!mark) return;
    const item = byId(`g${mark.dataset.g}`);
    const part = (name) => item.querySelector(name)?.textContent ?? "";
    const number = marks.indexOf(suspectOf(mark)) + 1;
    const guess = mark.classList.contains("guess");
    const change = [element("b", "became", part(".became"))];
    if (!guess) change.unshift(element("span", "was", part(".was")), " → ");
    const perhaps = part(".perhaps") ? `perhaps ${part(".perhaps")}` : "no guess";
    const places = item.querySelectorAll(".places a").length;
    const weight = part(".nats") && `weight ${part(".nats")}${places > 1 ? ` for all ${places}` : ""}`;
    const details = [guess && perhaps, part(".flags"), weight, part(".grounds")];
    status.replaceChildren(
      element("span", "count", `${number} of ${marks.length}`),
      ...change,
      ...details.filter(Boolean).map((detail) => element("span", "detail", detail)),
    );
  }

  function element(name, className, text) {
    const made = document.createElement(name);
    made.className = className;
    made.textContent = text;
    return made;
  }

  // A line from one phrase of a pair to the other, through the gap between the columns or along the margin.
  function join(mark) {
    const ends = mark ? [suspectOf(mark), partnerOf(suspectOf(mark))].map(lineEnd) : [];
    const drawn = ends.length === 2 && ends.every(Boolean);
    joiner.toggleAttribute("hidden", !drawn);
    if (!drawn) return;
    const [suspect, reference] = ends;
    const beside = reference.left > suspect.right;
    const bend = (suspect.right + reference.left) / 2;
    const path = beside
      ? `M${suspect.right} ${suspect.y}C${bend} ${suspect.y} ${bend} ${reference.y} ${reference.left} ${reference.y}`
      : `M${suspect.left + 8} ${suspect.y}H${suspect.left}V${reference.y}H${reference.left + 8}`;
    joiner.firstElementChild.setAttribute("d", path);
  }

  // Where the line to a mark ends: beside its sentence, at the mark's height; nowhere while that is out of sight.
  function lineEnd(mark) {
    const line = mark?.getClientRects()[0];
    if (!line) return null;
    const frame = mark.closest(".pane")?.getBoundingClientRect();
    const y = line.top + line.height / 2;
    if (frame && (y < frame.top || y > frame.bottom)) return null;
    const cell = mark.closest(".cell").getBoundingClientRect();
    return { left: cell.left, right: Math.min(cell.right, frame?.right ?? cell.right), y };
  }

  // --- sentences -------------------------------------------------------------------

  const rowOf = (cell) => homes.get(cell) ?? cell.closest(".row");

  function partnerCell(cell) {
    const id = cell.querySelector("a.whose")?.hash.slice(1);
    return id ? byId(id).closest(".cell") : null;
  }

  function showSentence(cell) {
    for (const old of document.querySelectorAll(".cell.found")) old.classList.remove("found");
    cell.classList.add("found");
    const partner = partnerCell(cell);
    if (!partner) return;
    partner.classList.add("found");
    bring(partner, "nearest");
  }

  // Opens the sections that an element is folded in.
  function unfold(place) {
    for (let fold = place?.closest("details"); fold; fold = fold.parentElement.closest("details"))
      if (!fold.classList.contains("filters")) fold.open = true;
  }

  // Scrolls the pane that an element is in, or the page when it's in none.
  function bring(place, where) {
    if (!place) return;
    unfold(place);
    const pane = place.closest(".pane");
    if (!pane) return place.scrollIntoView({ block: where, inline: "nearest" });
    byId("panes").scrollIntoView({ block: "nearest" });
    const inside = place.getBoundingClientRect();
    const frame = pane.getBoundingClientRect();
    if (where === "nearest" && inside.top >= frame.top && inside.bottom <= frame.bottom) return;
    pane.scrollTop += inside.top + inside.height / 2 - (frame.top + frame.height / 2);
  }

  // Each text in its own order, in a pane of its own; the same elements, moved there and back.
  function setOwnOrder(on) {
    if (!byId("panes") || on === homes.size > 0) return;
    for (const side of ["suspect", "reference"]) {
      for (const cell of cells[side]) {
        if (on) homes.set(cell, cell.parentElement);
        (on ? byId(`${side}-pane`) : homes.get(cell)).append(cell);
      }
    }
    if (!on) homes.clear();
    rows.hidden = on;
    byId("panes").hidden = !on;
    byId("own-order").checked = on;
    choose(current);
    if (on) byId("panes").scrollIntoView({ block: "nearest" });
    bring(document.querySelector(".cell.found"), "center");
  }

  // --- the map ---------------------------------------------------------------------

  const map = byId("map");
  const here = byId("here");

  // The first of the cells, which are in order, that `holds`.
  function firstWhere(list, holds) {
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (holds(list[middle])) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  // Marks on the map the part of the suspect that is on the screen. It asks rows for their places, not cells:
  // what is inside a row may not have been laid out yet.
  function markHere() {
    if (!map) return;
    const onlyChanged = root.classList.contains("only-changed");
    const seen = cells.suspect.filter((cell) => !onlyChanged || !rowOf(cell).classList.contains("plain"));
    const pane = homes.size ? byId("suspect-pane").getBoundingClientRect() : null;
    const place = (cell) => (pane ? cell : cell.parentElement).getBoundingClientRect();
    const top = pane ? pane.top : byId("tools").getBoundingClientRect().bottom;
    const bottom = pane ? pane.bottom : innerHeight;
    const first = firstWhere(seen, (cell) => place(cell).bottom > top);
    const last = firstWhere(seen, (cell) => place(cell).top >= bottom);
    const whole = Number(map.dataset.suspect) || 1;
    const start = Number(seen[first]?.dataset.at ?? whole) / whole;
    const end = Number(seen[last]?.dataset.at ?? whole) / whole;
    here.setAttribute("x", (1000 * start).toFixed(1));
    here.setAttribute("width", (1000 * Math.max(0, end - start)).toFixed(1));
  }

  map?.addEventListener("click", (event) => {
    const box = map.getBoundingClientRect();
    const side = event.clientY < box.top + box.height / 2 ? "suspect" : "reference";
    const at = ((event.clientX - box.left) / box.width) * Number(map.dataset[side]);
    const list = cells[side];
    const cell = list[Math.max(0, firstWhere(list, (one) => Number(one.dataset.at) > at) - 1)];
    if (!cell) return;
    bring(cell, "center");
    showSentence(cell);
  });

  let waiting = false;
  function onMove() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      join(pointed ?? current);
      markHere();
    });
  }
  addEventListener("scroll", onMove, { passive: true, capture: true });
  addEventListener("resize", onMove);

  // --- filters ---------------------------------------------------------------------

  function toggleKind(box) {
    root.classList.toggle(`hide-${box.value}`, !box.checked);
    if (box.checked) hiddenKinds.delete(box.value);
    else hiddenKinds.add(box.value);
  }

  for (const box of document.querySelectorAll(".kind-filter")) box.addEventListener("change", () => refilter(() => toggleKind(box)));
  for (const name of ["only-telltales", "only-quoted", "only-changed"])
    byId(name)?.addEventListener("change", (event) => refilter(() => root.classList.toggle(name, event.target.checked)));
  byId("own-order")?.addEventListener("change", (event) => setOwnOrder(event.target.checked));

  function refilter(change) {
    change();
    if (current && !isShown(current)) choose(null);
    onMove();
  }

  // --- mouse, keyboard, printing -----------------------------------------------------

  const markAt = (target) => (target instanceof Element ? target.closest("a.m") : null);

  const articles = byId("articles");
  addEventListener("mousemove", (event) => {
    if (event.movementX || event.movementY) resting = false;
  });
  articles.addEventListener("mouseover", (event) => {
    if (resting) return;
    const mark = markAt(event.target);
    point(mark && isShown(mark) ? mark : null);
  });
  articles.addEventListener("mouseleave", () => point(null));
  articles.addEventListener("focusin", (event) => {
    const mark = markAt(event.target);
    if (mark && mark !== current) choose(mark);
  });
  articles.addEventListener("click", (event) => {
    const mark = markAt(event.target);
    const cell = event.target.closest(".cell");
    const link = event.target.closest("a");
    if (link?.hash) event.preventDefault();
    if (mark && isShown(mark)) {
      choose(mark);
      bring(partnerOf(mark), "nearest");
    }
    if (cell && getSelection().isCollapsed) showSentence(cell);
    const byKeyboard = event.detail === 0;
    if (!link || !byKeyboard) return;
    const target = byId(link.hash.slice(1));
    const listed = target?.matches(".item");
    if (listed) unfold(target);
    target?.focus({ preventScroll: !listed });
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#s"]');
    if (!link || !/^#s\d+$/.test(link.hash) || articles.contains(link)) return;
    event.preventDefault();
    const mark = byId(link.hash.slice(1));
    if (!mark) return;
    unfold(mark);
    articles.scrollIntoView();
    choose(mark);
    bring(mark, "center");
    mark.focus({ preventScroll: true });
  });

  const keys = {
    n: () => step(1),
    p: () => step(-1),
    t: () => byId("only-telltales").click(),
    r: () => byId(byId("as-it-was")?.checked ? "as-it-is" : "as-it-was")?.click(),
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
    setOwnOrder(false);
    for (const one of document.querySelectorAll("details.fold, details.weaker")) one.open = true;
  });

  // On a phone everything but the answer and its evidence is folded; a link into a section opens it.
  if (matchMedia("(max-width: 40rem)").matches && !location.hash)
    for (const fold of document.querySelectorAll("details.fold")) fold.open = false;
  for (const link of document.querySelectorAll(".contents a, .skip"))
    link.addEventListener("click", () => {
      const fold = byId(link.hash.slice(1))?.querySelector("details.fold");
      if (fold) fold.open = true;
    });

  for (const bar of document.querySelectorAll(".toolbar")) bar.hidden = false;
  for (const mark of rows.querySelectorAll(".m")) mark.tabIndex = -1;
  if (marks.length) marks[0].tabIndex = 0;
  onMove();
}
