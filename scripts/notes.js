// The window with the speaker's notes: shows what the window that presents tells it, counts the
// time, and sends keys back, so that a clicker works in whichever window it is heard.

const channel = new BroadcastChannel("zklab-notes");
const KEYS = ["PageDown", "PageUp", "ArrowRight", "ArrowLeft", "b", "B", "."];
// Opened again, the window goes on counting.
const kept = () => JSON.parse(sessionStorage.getItem("zklab.notes") ?? "{}");
const begin = (lesson) =>
  sessionStorage.setItem("zklab.notes", JSON.stringify({ lesson, began: Date.now() }));

/** Text with `code` and **bold** in it, as elements. */
function marked(text) {
  return text.split(/(`[^`]*`|\*\*.*?\*\*)/).map((part) => {
    const isCode = /^`.*`$/.test(part);
    if (!isCode && !/^\*\*.*\*\*$/.test(part)) return part;
    const element = document.createElement(isCode ? "code" : "strong");
    if (isCode) element.textContent = part.slice(1, -1);
    else element.append(...marked(part.slice(2, -2)));
    return element;
  });
}

function paragraph(text) {
  const element = document.createElement("p");
  element.append(...marked(text));
  return element;
}

function show(fields) {
  document.documentElement.lang = fields.language;
  document.title = fields.title;
  for (const element of document.querySelectorAll("[data-field]")) {
    element.textContent = fields[element.dataset.field] ?? "";
  }
  for (const element of document.querySelectorAll("[data-text]")) {
    const text = fields[element.dataset.text] ?? "";
    element.replaceChildren(...text.split("\n\n").filter(Boolean).map(paragraph));
    element.parentElement.hidden = text === "";
  }
  document.querySelector("[data-again]").ariaLabel = fields.again;
  document.querySelector("[data-again]").title = fields.again;
  // Another lesson: its time begins.
  if (fields.lesson !== kept().lesson) begin(fields.lesson);
  tick();
}

function tick() {
  const seconds = Math.floor((Date.now() - (kept().began ?? Date.now())) / 1000);
  const rest = String(seconds % 60).padStart(2, "0");
  document.querySelector("[data-clock]").textContent = `${Math.floor(seconds / 60)}:${rest}`;
}

channel.addEventListener("message", ({ data }) => {
  if (Array.isArray(data)) show(Object.fromEntries(data));
});
document.addEventListener("keydown", (event) => {
  if (!KEYS.includes(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
  channel.postMessage(`key ${event.key}`);
  event.preventDefault();
});
for (const button of document.querySelectorAll("[data-key]")) {
  button.addEventListener("click", () => channel.postMessage(`key ${button.dataset.key}`));
}
document.querySelector("[data-again]").addEventListener("click", () => {
  begin(kept().lesson);
  tick();
});
setInterval(tick, 500);
channel.postMessage("hello");
