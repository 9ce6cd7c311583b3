"use strict";
// Comfort only: without this script the forms go the same way and the page comes back whole.
(() => {
  const log = document.getElementById("log");
  const form = document.getElementById("ask-form");
  const text = document.getElementById("text");
  const errors = document.getElementById("errors");
  if (errors) errors.focus();
  // The code of a link from the chat stands behind its #: no server and no log has it.
  const code = document.querySelector("#code[data-of-link]");
  if (code && location.hash.length > 1) {
    code.value = decodeURIComponent(location.hash.slice(1));
    history.replaceState(null, "", location.pathname + location.search);
  }
  // What is filled in is kept field by field; without this script, with each sending.
  for (const saved of document.querySelectorAll("form[data-saved]")) {
    const status = saved.querySelector("[data-saved-at]");
    saved.addEventListener("change", async () => {
      const body = new URLSearchParams(new FormData(saved));
      try {
        const answer = await fetch(saved.action, { method: "POST", body, keepalive: true, headers: { "X-Part": "saved" } });
        status.textContent = answer.status === 204 ? saved.dataset.saved : "";
      } catch (error) { /* the sending will tell */ }
    });
  }
  document.addEventListener("click", async (event) => {
    const copies = event.target.closest("[data-copy]");
    if (!copies) return;
    try { await navigator.clipboard.writeText(copies.dataset.copy); copies.textContent = copies.dataset.done; } catch (error) { /* it stands there to be copied by hand */ }
  });
  if (navigator.clipboard) document.documentElement.classList.add("copies");
  if (text && form) {
    text.addEventListener("keydown", (event) => {
      // Enter that chooses a word while pinyin is composed does not send.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      form.requestSubmit();
    });
  }
  if (!log || !form) return;
  const newest = () => { const all = log.querySelectorAll("[data-id]"); return all.length ? all[all.length - 1].dataset.id : "0"; };
  const waiting = document.createElement("p");
  waiting.className = "waiting";
  waiting.textContent = text.dataset.waiting;
  let busy = false;
  const put = (html) => {
    const before = newest();
    const part = document.createRange().createContextualFragment(html);
    for (const old of log.querySelectorAll(".attach")) old.remove();
    for (const article of part.querySelectorAll("[data-id]")) {
      const old = document.getElementById(article.id);
      if (old) old.replaceWith(article); else log.append(article);
    }
    if (newest() !== before) {
      const first = [...log.querySelectorAll("[data-id]")].find((each) => Number(each.dataset.id) > Number(before));
      if (first) first.scrollIntoView({ block: "start" });
    }
  };
  const fresh = () => { form.elements.key.value = crypto.randomUUID ? crypto.randomUUID() : String(Date.now()) + Math.random(); };
  document.addEventListener("submit", async (event) => {
    const sent = event.target;
    if (new URL(sent.action).pathname !== new URL(form.action).pathname) return;
    if (sent === form && !text.value.trim()) return;
    event.preventDefault();
    if (busy) return;
    busy = true;
    log.append(waiting);
    const body = new URLSearchParams(new FormData(sent, event.submitter));
    body.set("after", newest());
    try {
      const answer = await fetch(sent.action, { method: "POST", body, headers: { "X-Part": "lines" } });
      if (!answer.ok && answer.status !== 422) throw new Error(String(answer.status));
      waiting.remove();
      put(await answer.text());
      document.querySelector(".begin")?.remove();
      if (sent === form) { text.value = ""; fresh(); } else { sent.elements.key.value += "+"; }
    } catch (error) {
      waiting.remove();
      const told = document.createElement("p");
      told.className = "error";
      told.setAttribute("role", "alert");
      told.textContent = text.dataset.failed;
      log.append(told);
      setTimeout(() => told.remove(), 8000);
    } finally { busy = false; }
  });
  const look = async () => {
    if (document.hidden || busy || newest() === "0") return;
    try {
      const answer = await fetch(`${log.dataset.news}?after=${newest()}`);
      if (answer.status === 200) put(await answer.text());
    } catch (error) { /* the next look will tell */ }
  };
  setInterval(look, 5000);
})();
