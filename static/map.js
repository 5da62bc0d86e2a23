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
// What is painted reaches so far beyond the canvas on each side, as a share of it: room to move in until it is painted anew.
const MARGIN = 0.25;
// Milliseconds a frame may take for painting, and that a view must rest before it is painted.
const BUDGET = 8, REST = 90;
// Lines are stroked so many at a time: one path of thousands takes far longer. Where there are more, dashes are not to be seen.
const STROKED = 300, MOST_DASHED = 3000;
// From this scale on, a line is thick that tells what a claim depends on.
const CLOSE = 0.25;

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
    this.picture = null;
    this.hovered = null;
    this.waiting = 0;
    this.names = new Map([...document.getElementById("map-domain").options].map((option) => [option.value, option.text]));
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
    this.repaint();
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

  // Shows what is painted as the view has it now, which takes no time, and paints it anew when the view has come to rest.
  draw() {
    if (!this.waiting) this.waiting = requestAnimationFrame(() => { this.waiting = 0; this.show(); });
    if (!this.picture || this.picture.width !== canvas.clientWidth || ["x", "y", "scale"].some((one) => this.picture.view[one] !== this.view[one])) {
      clearTimeout(this.resting);
      this.resting = setTimeout(() => this.repaint(), REST);
    }
  }

  show() {
    const ratio = devicePixelRatio || 1, width = canvas.clientWidth, height = canvas.clientHeight;
    if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
    if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
    const context = canvas.getContext("2d"), { x, y, scale } = this.view, colours = this.colours();
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    if (this.picture) {
      const { sheet, view } = this.picture, by = scale / view.scale;
      const across = (sheet.width / ratio) * by, down = (sheet.height / ratio) * by;
      context.drawImage(sheet, width / 2 + (view.x - x) * scale - across / 2, height / 2 + (view.y - y) * scale - down / 2, across, down);
    }
    context.setTransform(ratio * scale, 0, 0, ratio * scale, ratio * (width / 2 - x * scale), ratio * (height / 2 - y * scale));
    if (this.hovered?.shown) this.point(context, this.hovered, colours);
    this.tell();
  }

  // Paints the view on a sheet of its own, a little in each frame; another view puts an end to it.
  repaint() {
    clearTimeout(this.resting);
    if (!canvas.clientWidth) return;
    const ratio = devicePixelRatio || 1, view = { ...this.view }, width = canvas.clientWidth;
    const sheet = document.createElement("canvas");
    sheet.width = Math.round(width * ratio * (1 + 2 * MARGIN));
    sheet.height = Math.round(canvas.clientHeight * ratio * (1 + 2 * MARGIN));
    const steps = this.painting = this.paint(sheet, view, ratio);
    const go = () => {
      if (steps !== this.painting) return;
      const until = performance.now() + BUDGET;
      let done = false;
      while (!done && performance.now() < until) ({ done } = steps.next());
      if (!done) {
        requestAnimationFrame(go);
        return;
      }
      this.picture = { sheet, view, width };
      this.draw();
    };
    go();
  }

  *paint(sheet, { x, y, scale }, ratio) {
    const context = sheet.getContext("2d"), colours = this.colours();
    const width = sheet.width / ratio, height = sheet.height / ratio;
    context.setTransform(ratio * scale, 0, 0, ratio * scale, ratio * (width / 2 - x * scale), ratio * (height / 2 - y * scale));
    const left = x - width / scale / 2, right = x + width / scale / 2, top = y - height / scale / 2, bottom = y + height / scale / 2;
    const isIn = (claim) => claim.x > left - 40 && claim.x < right + 40 && claim.y > top - 40 && claim.y < bottom + 40;
    const lines = this.lines.filter((one) => isIn(one.from) || isIn(one.to));
    yield;
    for (const relation of ["related", "supports", "depends_on", "challenges"]) {
      const alike = lines.filter((one) => one.relation === relation);
      context.lineWidth = (relation === "depends_on" && scale > CLOSE ? 2.5 : 1) / scale;
      context.setLineDash(lines.length > MOST_DASHED ? [] : (DASHES[relation] || []).map((length) => length / scale));
      context.strokeStyle = relation === "challenges" ? colours.speculative : colours.quiet;
      context.globalAlpha = Math.max(0.05, Math.min(0.7, 0.12 + scale / 2, 20 / Math.sqrt(lines.length)));
      for (let start = 0; start < alike.length; start += STROKED) {
        context.beginPath();
        for (const { from, to } of alike.slice(start, start + STROKED)) {
          context.moveTo(from.x, from.y);
          context.lineTo(to.x, to.y);
        }
        context.stroke();
        yield;
      }
    }
    context.setLineDash([]);
    context.globalAlpha = 1;
    const marks = new Map();
    let painted = 0;
    for (const claim of this.visible) {
      if (!isIn(claim)) continue;
      const size = Math.round(Math.max(claim.size, 2.2 / scale) * scale * 2) / 2 / scale, key = `${claim.confidence} ${size}`;
      if (!marks.has(key)) marks.set(key, this.mark(claim.confidence, size * scale * ratio, colours));
      const stamp = marks.get(key), reach = stamp.width / scale / ratio / 2;
      context.drawImage(stamp, claim.x - reach, claim.y - reach, 2 * reach, 2 * reach);
      if (++painted % STROKED === 0) yield;
    }
    this.name(context, scale, colours);
  }

  // A ring that is the fuller the more confident the claim is, as a stamp of this radius.
  mark(confidence, size, colours) {
    const stamp = document.createElement("canvas"), context = stamp.getContext("2d"), rank = RANKS[confidence] || 0;
    stamp.width = stamp.height = Math.ceil(2.4 * size);
    const disc = (radius, colour) => {
      context.beginPath();
      context.arc(stamp.width / 2, stamp.width / 2, radius, 0, 2 * Math.PI);
      context.fillStyle = colour;
      context.fill();
    };
    disc(size * 1.1, colours[confidence]);
    disc(size * 0.9, colours.paper);
    if (rank) disc((size * rank) / 4, colours[confidence]);
    return stamp;
  }

  // The names of the regions above them.
  name(context, scale, colours) {
    const tops = new Map();
    for (const { domain, x, y } of this.visible) {
      const top = tops.get(domain || "") || { left: x, right: x, y };
      tops.set(domain || "", { left: Math.min(top.left, x), right: Math.max(top.right, x), y: Math.min(top.y, y) });
    }
    context.font = `${13 / scale}px ${colours.label}`;
    context.textAlign = "center";
    context.lineJoin = "round";
    context.lineWidth = 4 / scale;
    context.strokeStyle = colours.paper;
    context.fillStyle = colours.ink;
    for (const [domain, { left, right, y }] of tops) {
      const name = domain ? this.names.get(domain) : "";
      if (!name) continue;
      const shown = name.length > 26 ? `${name.slice(0, 25)}…` : name;
      context.strokeText(shown, (left + right) / 2, y - 12 / scale);
      context.fillText(shown, (left + right) / 2, y - 12 / scale);
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
    const names = ["paper", "ink", "quiet", "label", "link", "proven", "likely", "experimental", "speculative", "unrated"];
    return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`)]));
  }

  fit(claims) {
    if (!claims.length) return;
    let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const { x, y } of claims) [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
    this.view.x = (left + right) / 2;
    this.view.y = (top + bottom) / 2;
    this.view.scale = Math.min(2, (canvas.clientWidth - 40) / (right - left + 100), (canvas.clientHeight - 80) / (bottom - top + 100));
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
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => sheet.repaint());
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
