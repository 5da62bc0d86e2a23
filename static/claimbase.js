// Habits of the site: glances at what a link leads to, the keyboard, and copying. Nothing is lost without them.
"use strict";

const main = document.querySelector("main");
const LINK = /^\/codex\/(?:claims|sources|entities|documents)\/([a-z0-9-]+)$/;
const DELAY = 350;

// A glance appears beside a link that is pointed at or focused, and goes with Escape or when both are left.
const glance = {
  box: null,
  link: null,
  timer: 0,
  kept: new Map(),

  idOf(link) {
    const found = link.origin === location.origin && !link.hash && link.pathname !== location.pathname && LINK.exec(link.pathname);
    return found ? found[1] : null;
  },

  plan(link, delay) {
    clearTimeout(this.timer);
    if (link === this.link) return;
    if (!this.idOf(link)) {
      this.leave();
      return;
    }
    this.timer = setTimeout(() => this.show(link), delay);
  },

  async show(link) {
    const id = this.idOf(link);
    if (!id) return;
    if (!this.kept.has(id)) {
      const answer = await fetch(`/preview/${id}`).catch(() => null);
      if (!answer || !answer.ok) return;
      this.kept.set(id, await answer.text());
    }
    if (!link.matches(":hover, :focus")) return;
    this.hide();
    this.box = document.createElement("div");
    this.box.className = "glance";
    this.box.id = "glance";
    this.box.setAttribute("role", "tooltip");
    this.box.innerHTML = this.kept.get(id);
    document.body.append(this.box);
    this.place(link);
    link.setAttribute("aria-describedby", "glance");
    this.link = link;
    this.box.addEventListener("pointerenter", () => clearTimeout(this.timer));
    this.box.addEventListener("pointerleave", () => this.leave());
  },

  place(link) {
    const at = link.getClientRects()[0];
    const width = this.box.offsetWidth, height = this.box.offsetHeight;
    const left = Math.max(8, Math.min(at.left, document.documentElement.clientWidth - width - 8));
    const below = at.bottom + 6 + height < innerHeight || at.top < height + 6;
    const top = below ? link.getBoundingClientRect().bottom + 6 : at.top - height - 6;
    this.box.style.left = `${left + scrollX}px`;
    this.box.style.top = `${top + scrollY}px`;
  },

  leave() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.hide(), 250);
  },

  hide() {
    clearTimeout(this.timer);
    this.link?.removeAttribute("aria-describedby");
    this.box?.remove();
    this.box = this.link = null;
  },
};

for (const [event, delay] of [["pointerover", DELAY], ["focusin", DELAY]]) {
  main?.addEventListener(event, (happened) => {
    const link = happened.target.closest?.("a[href]");
    if (link && !link.closest("svg")) glance.plan(link, delay);
  });
}
for (const event of ["pointerout", "focusout"]) {
  main?.addEventListener(event, (happened) => {
    if (happened.target.closest?.("a[href]")) glance.leave();
  });
}

// "/" goes to the search, arrows go from result to result, Escape closes what is open.
const inField = (element) => element.matches("input, textarea, select, [contenteditable]");
document.addEventListener("keydown", (pressed) => {
  if (pressed.ctrlKey || pressed.metaKey || pressed.altKey) return;
  if (pressed.key === "Escape") glance.hide();
  if (pressed.key === "/" && !inField(pressed.target)) {
    const box = main.querySelector('input[type="search"][name="q"]') || document.querySelector('.find input[name="q"]');
    if (box) {
      pressed.preventDefault();
      box.focus();
      box.select();
    }
  }
  const results = [...document.querySelectorAll("ol.results > li > a")];
  if (results.length && ["ArrowDown", "ArrowUp"].includes(pressed.key)) {
    const now = results.indexOf(document.activeElement);
    const box = main.querySelector('input[type="search"]');
    const fromBox = document.activeElement === box;
    if (now < 0 && !fromBox) return;
    pressed.preventDefault();
    const next = now + (pressed.key === "ArrowDown" ? 1 : -1);
    (next < 0 ? box : results[Math.min(next, results.length - 1)])?.focus();
  }
});

// A button copies what stands beside it.
function offerCopy(element, what, text) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = `Copy ${what}`;
  const said = document.createElement("span");
  said.className = "copied";
  said.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text());
      said.textContent = " Copied.";
    } catch {
      said.textContent = " Select the text and copy it by hand.";
    }
  });
  element.after(button, said);
}
const citation = document.getElementById("citation");
if (citation) {
  offerCopy(citation, "link", () => document.querySelector('link[rel="canonical"]')?.href || location.href);
  offerCopy(citation, "citation", () => citation.textContent);
  for (const [id, what] of [["bibtex", "BibTeX"], ["csl", "CSL-JSON"]]) {
    const told = document.getElementById(id);
    offerCopy(told, what, () => told.textContent);
  }
}
