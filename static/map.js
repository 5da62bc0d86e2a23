// The map: all claims and arguments on a canvas, to be moved, zoomed and narrowed down.
"use strict";

const frame = document.getElementById("map");
const canvas = document.getElementById("map-canvas");
const tools = document.getElementById("map-tools");
const label = document.getElementById("map-label");
const RANKS = { proven: 4, likely: 3, experimental: 2, speculative: 1 };
const DASHES = { challenges: [6, 4], related: [1, 4] };
const CELL = 150;
const LISTED = 20;

class Sheet {
  constructor(told) {
    this.claims = told.claims.map(([id, title, domain, confidence, x, y, neighbours], number) => ({
      number, id, title, domain, confidence: confidence || "unrated", x, y, size: 14 + Math.min(26, 3 * Math.sqrt(neighbours)),
    }));
    this.arguments = told.arguments.map(([from, to, relation]) => ({ from: this.claims[from], to: this.claims[to], relation }));
    this.leftOut = told.left_out;
    this.cells = new Map();
    for (const claim of this.claims) {
      const key = this.cell(claim.x, claim.y);
      this.cells.set(key, [...(this.cells.get(key) || []), claim]);
    }
    this.view = { x: 0, y: 0, scale: 0.1 };
    this.hovered = null;
    this.waiting = 0;
  }

  cell(x, y) { return `${Math.floor(x / CELL)} ${Math.floor(y / CELL)}`; }

  // Which claims and arguments the form asks for.
  narrow() {
    const asked = new FormData(tools);
    const relations = new Set(asked.getAll("relation")), confidences = new Set(asked.getAll("confidence"));
    const domain = asked.get("domain");
    for (const claim of this.claims) claim.shown = confidences.has(claim.confidence) && (!domain || claim.domain === domain);
    this.visible = this.claims.filter((claim) => claim.shown);
    this.lines = this.arguments.filter((one) => relations.has(one.relation) && one.from.shown && one.to.shown);
    this.say();
    this.draw();
  }

  say() {
    const more = this.leftOut ? ` ${this.leftOut.toLocaleString()} claims with fewer arguments are left out.` : "";
    document.getElementById("map-status").textContent =
      `${this.visible.length.toLocaleString()} claims and ${this.lines.length.toLocaleString()} arguments are shown.${more}`;
    this.list();
  }

  // The claims in view by name, the nearest to the middle first: what the canvas shows, for the keyboard and for all who cannot see it.
  list() {
    clearTimeout(this.listing);
    this.listing = setTimeout(() => {
      const { x, y, scale } = this.view;
      const width = canvas.clientWidth / scale / 2, height = canvas.clientHeight / scale / 2;
      const near = this.visible.filter((claim) => Math.abs(claim.x - x) < width && Math.abs(claim.y - y) < height)
        .map((claim) => [(claim.x - x) ** 2 + (claim.y - y) ** 2, claim]).sort((one, other) => one[0] - other[0]).slice(0, LISTED);
      document.getElementById("map-list").replaceChildren(...near.map(([, claim]) => {
        const item = document.createElement("li"), link = document.createElement("a"), mark = document.createElement("span");
        link.href = `/codex/claims/${claim.id}`;
        link.textContent = claim.title;
        link.addEventListener("focus", () => { this.hovered = claim; this.draw(); });
        mark.className = `confidence ${claim.confidence}`;
        mark.textContent = claim.confidence;
        item.append(link, " ", mark);
        return item;
      }));
    }, 200);
  }

  draw() {
    if (!this.waiting) this.waiting = requestAnimationFrame(() => { this.waiting = 0; this.paint(); });
  }

  paint() {
    const ratio = devicePixelRatio || 1;
    const width = canvas.clientWidth, height = canvas.clientHeight;
    if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
    if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
    const context = canvas.getContext("2d"), { x, y, scale } = this.view, colours = this.colours();
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.setTransform(ratio * scale, 0, 0, ratio * scale, ratio * (width / 2 - x * scale), ratio * (height / 2 - y * scale));
    const left = x - width / scale / 2, right = x + width / scale / 2, top = y - height / scale / 2, bottom = y + height / scale / 2;
    const isIn = (claim) => claim.x > left - 40 && claim.x < right + 40 && claim.y > top - 40 && claim.y < bottom + 40;
    for (const relation of ["related", "supports", "depends_on", "challenges"]) {
      context.beginPath();
      context.lineWidth = (relation === "depends_on" ? 2.5 : 1) / scale;
      context.setLineDash((DASHES[relation] || []).map((length) => length / scale));
      context.strokeStyle = relation === "challenges" ? colours.speculative : colours.quiet;
      context.globalAlpha = Math.min(0.7, 0.12 + scale / 2);
      for (const one of this.lines) {
        if (one.relation === relation && (isIn(one.from) || isIn(one.to))) {
          context.moveTo(one.from.x, one.from.y);
          context.lineTo(one.to.x, one.to.y);
        }
      }
      context.stroke();
    }
    context.setLineDash([]);
    context.globalAlpha = 1;
    for (const claim of this.visible) if (isIn(claim)) this.mark(context, claim, colours);
    if (this.hovered?.shown) this.point(context, this.hovered, colours);
    this.tell();
  }

  // A ring that is the fuller the more confident the claim is.
  mark(context, claim, colours) {
    const size = Math.max(claim.size, 2.2 / this.view.scale);
    context.beginPath();
    context.arc(claim.x, claim.y, size, 0, 2 * Math.PI);
    context.fillStyle = colours.paper;
    context.fill();
    context.lineWidth = size / 5;
    context.strokeStyle = colours[claim.confidence];
    context.stroke();
    const rank = RANKS[claim.confidence] || 0;
    if (rank) {
      context.beginPath();
      context.arc(claim.x, claim.y, (size * rank) / 4, 0, 2 * Math.PI);
      context.fillStyle = colours[claim.confidence];
      context.fill();
    }
  }

  point(context, claim, colours) {
    context.beginPath();
    context.arc(claim.x, claim.y, claim.size + 8 / this.view.scale, 0, 2 * Math.PI);
    context.lineWidth = 3 / this.view.scale;
    context.strokeStyle = colours.link;
    context.stroke();
  }

  tell() {
    label.hidden = !this.hovered?.shown;
    if (label.hidden) return;
    const { x, y, scale } = this.view;
    label.textContent = `${this.hovered.title} (${this.hovered.confidence})`;
    const left = (this.hovered.x - x) * scale + canvas.clientWidth / 2, top = (this.hovered.y - y) * scale + canvas.clientHeight / 2;
    label.style.left = `${Math.max(0, Math.min(left + 14, canvas.clientWidth - label.offsetWidth))}px`;
    label.style.top = `${canvas.offsetTop + Math.max(0, Math.min(top + 14, canvas.clientHeight - label.offsetHeight))}px`;
  }

  colours() {
    const style = getComputedStyle(document.documentElement);
    const names = ["paper", "quiet", "link", "proven", "likely", "experimental", "speculative", "unrated"];
    return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`)]));
  }

  fit(claims) {
    if (!claims.length) return;
    let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const { x, y } of claims) [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
    this.view.x = (left + right) / 2;
    this.view.y = (top + bottom) / 2;
    this.view.scale = Math.min(2, canvas.clientWidth / (right - left + 300), canvas.clientHeight / (bottom - top + 300));
    this.draw();
    this.list();
  }

  at(event) {
    const box = canvas.getBoundingClientRect(), { x, y, scale } = this.view;
    return { x: (event.clientX - box.left - box.width / 2) / scale + x, y: (event.clientY - box.top - box.height / 2) / scale + y };
  }

  under(point) {
    const reach = 8 / this.view.scale, cells = Math.ceil((reach + 40) / CELL);
    let best = null, least = Infinity;
    for (let across = -cells; across <= cells; across++) {
      for (let down = -cells; down <= cells; down++) {
        for (const claim of this.cells.get(this.cell(point.x + across * CELL, point.y + down * CELL)) || []) {
          const distance = Math.hypot(claim.x - point.x, claim.y - point.y) - claim.size;
          if (claim.shown && distance < Math.min(least, reach)) [best, least] = [claim, distance];
        }
      }
    }
    return best;
  }

  zoom(factor, about = this.view) {
    const scale = Math.min(4, Math.max(0.004, this.view.scale * factor));
    const kept = this.view.scale / scale;
    this.view = { x: about.x + (this.view.x - about.x) * kept, y: about.y + (this.view.y - about.y) * kept, scale };
    this.draw();
    this.list();
  }

  move(x, y) {
    this.view.x += x / this.view.scale;
    this.view.y += y / this.view.scale;
    this.draw();
    this.list();
  }
}

function listen(sheet) {
  const pointers = new Map();
  let moved = false;
  canvas.addEventListener("pointerdown", (event) => {
    pointers.set(event.pointerId, event);
    canvas.setPointerCapture(event.pointerId);
    moved = false;
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) {
      const found = sheet.under(sheet.at(event));
      if (found !== sheet.hovered) {
        sheet.hovered = found;
        canvas.style.cursor = found ? "pointer" : "grab";
        sheet.draw();
      }
      return;
    }
    if (pointers.size === 2) {
      const other = [...pointers.values()].find((one) => one.pointerId !== event.pointerId);
      const distance = (one) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
      sheet.zoom(distance(event) / Math.max(1, distance(before)), sheet.at(other));
    } else {
      sheet.move(before.clientX - event.clientX, before.clientY - event.clientY);
    }
    moved ||= Math.hypot(before.clientX - event.clientX, before.clientY - event.clientY) > 2;
    pointers.set(event.pointerId, event);
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, (event) => pointers.delete(event.pointerId));
  canvas.addEventListener("click", (event) => {
    const found = moved ? null : sheet.under(sheet.at(event));
    if (found) location.href = `/codex/claims/${found.id}`;
  });
  canvas.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && document.activeElement !== canvas) return;
    event.preventDefault();
    sheet.zoom(Math.exp(-event.deltaY / 400), sheet.at(event));
  }, { passive: false });
  const steps = { ArrowLeft: [-60, 0], ArrowRight: [60, 0], ArrowUp: [0, -60], ArrowDown: [0, 60] };
  canvas.addEventListener("keydown", (event) => {
    if (steps[event.key]) sheet.move(...steps[event.key]);
    else if (event.key === "+" || event.key === "=") sheet.zoom(1.3);
    else if (event.key === "-") sheet.zoom(1 / 1.3);
    else return;
    event.preventDefault();
  });
  document.getElementById("map-in").addEventListener("click", () => sheet.zoom(1.5));
  document.getElementById("map-out").addEventListener("click", () => sheet.zoom(1 / 1.5));
  document.getElementById("map-all").addEventListener("click", () => sheet.fit(sheet.visible));
  tools.addEventListener("submit", (event) => event.preventDefault());
  tools.addEventListener("change", (event) => {
    sheet.narrow();
    if (event.target.name === "domain") sheet.fit(sheet.visible);
  });
  addEventListener("resize", () => sheet.draw());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => sheet.draw());
}

async function begin() {
  const answer = await fetch(frame.dataset.source);
  if (!answer.ok) return;
  const sheet = new Sheet(await answer.json());
  frame.hidden = false;
  listen(sheet);
  sheet.narrow();
  const focus = sheet.claims.find((claim) => claim.id === frame.dataset.focus);
  sheet.fit(focus ? sheet.visible.filter((claim) => Math.hypot(claim.x - focus.x, claim.y - focus.y) < 700) : sheet.visible);
  sheet.hovered = focus || null;
  frame.dataset.ready = "yes";
}
if (frame) begin();
