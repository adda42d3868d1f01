"use strict";

// Everything works without this script; it adds the keyboard, the theme, and who else looks at a case.
{
  const byId = (id) => document.getElementById(id);
  const kept = {
    get: (name) => { try { return localStorage.getItem(name); } catch { return null; } },
    set: (name, value) => { try { localStorage.setItem(name, value); } catch { /* a browser that keeps nothing */ } },
  };

  // --- theme ---
  const themes = ["automatic", "dark", "light"];
  const button = byId("desk-theme");
  const show = (theme) => {
    document.documentElement.dataset.theme = theme;
    button.textContent = `Theme: ${theme}`;
  };
  show(themes.includes(kept.get("desk-theme")) ? kept.get("desk-theme") : "automatic");
  button.hidden = false;
  button.addEventListener("click", () => {
    const next = themes[(themes.indexOf(document.documentElement.dataset.theme) + 1) % themes.length];
    kept.set("desk-theme", next);
    show(next);
  });

  // --- keys ---
  const keys = byId("desk-keys");
  const switchedOn = byId("desk-shortcuts");
  if (switchedOn) {
    switchedOn.checked = kept.get("desk-shortcuts") !== "off";
    const both = () => { const inReport = byId("shortcuts"); if (inReport) inReport.checked = switchedOn.checked; };
    both();
    switchedOn.addEventListener("change", () => { kept.set("desk-shortcuts", switchedOn.checked ? "on" : "off"); both(); });
  }
  const help = byId("desk-help");
  if (help && keys) {
    help.hidden = false;
    help.addEventListener("click", () => keys.showModal());
  }

  const list = [...document.querySelectorAll(".a-case")];
  let at = -1;
  const go = (to) => {
    if (!list.length) return;
    list[at]?.classList.remove("at");
    at = Math.min(Math.max(to, 0), list.length - 1);
    list[at].classList.add("at");
    list[at].querySelector(".title").focus();
    list[at].scrollIntoView({ block: "nearest" });
  };
  for (const [index, item] of list.entries()) {
    item.addEventListener("focusin", () => {
      list[at]?.classList.remove("at");
      at = index;
      item.classList.add("at");
    });
  }
  const inList = {
    j: () => go(at + 1),
    k: () => go(at - 1),
    s: () => { if (at >= 0) list[at].querySelector("input").click(); },
    "/": () => document.querySelector(".search [name=q]").focus(),
  };

  // Before the report's own keys: what is typed into a field, or into the dialog, is none of them.
  addEventListener("keydown", (event) => {
    if (!keys || event.ctrlKey || event.metaKey || event.altKey) return;
    if (keys.open || event.target.closest?.("input:not([type=checkbox]), select, textarea")) {
      event.stopImmediatePropagation();
      if (event.key === "Escape" && !keys.open) event.target.blur();
      return;
    }
    if (!switchedOn.checked) return;
    if (event.key === "?") {
      event.preventDefault();
      keys.showModal();
      return;
    }
    const field = document.querySelector(`[data-focus="${CSS.escape(event.key)}"]`);
    const control = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (field) {
      event.preventDefault();
      field.closest("details")?.setAttribute("open", "");
      field.focus();
    } else if (control && !event.repeat) {
      event.preventDefault();
      control.closest("details")?.setAttribute("open", "");
      control.click();
    } else if (list.length && inList[event.key]) {
      event.preventDefault();
      inList[event.key]();
    }
  }, true);

  // A decision is sent once, however often the key is hit.
  for (const form of document.querySelectorAll("form[method=post]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "yes";
    });
  }
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  // --- who else is here ---
  const head = document.querySelector(".case-head");
  if (head) {
    const decide = document.querySelector(".decide");
    const measure = () => document.documentElement.style.setProperty("--decide", `${decide.offsetHeight}px`);
    measure();
    addEventListener("resize", measure);
    const tell = async () => {
      const answer = await fetch(`/desk/cases/${head.dataset.case}/here`, {
        method: "POST", headers: { "x-csrf-token": head.dataset.csrf },
      }).catch(() => null);
      if (!answer?.ok) return;
      const { others } = await answer.json();
      const said = others.length ? `${others.join(", ")} ${others.length === 1 ? "is" : "are"} looking at this case too.` : "";
      const place = byId("also-here");
      if (place.textContent !== said) place.textContent = said;
    };
    setInterval(() => { if (!document.hidden) tell(); }, 10000);
  }
}
