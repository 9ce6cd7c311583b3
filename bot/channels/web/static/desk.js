"use strict";
// Who else looks at this request, asked every twenty seconds; without this script the page says it when it is loaded.
(() => {
  const who = document.getElementById("who");
  if (!who) return;
  setInterval(async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(who.dataset.who);
      if (answer.status === 200) {
        const told = await answer.text();
        if (told.trim() !== who.innerHTML.trim()) who.innerHTML = told;
      }
    } catch (error) { /* the next look will tell */ }
  }, 20000);
})();
// What takes long (reading the documents) comes by itself: the page is shown again when it is there.
(() => {
  const waits = document.querySelector("[data-waits]");
  if (!waits) return;
  setInterval(async () => {
    if (document.hidden) return;
    try { if ((await fetch(waits.dataset.waits)).status === 200) location.reload(); } catch (error) { /* the next look will tell */ }
  }, 3000);
})();
// A saved phrase goes into the box that was written in last; without this script it is copied by hand.
(() => {
  const boxes = [...document.querySelectorAll(".step textarea")];
  let last = boxes[boxes.length - 1];
  for (const box of boxes) box.addEventListener("focus", () => { last = box; });
  for (const button of document.querySelectorAll("[data-phrase]")) {
    if (!last) break;
    button.hidden = false;
    button.addEventListener("click", () => {
      last.setRangeText(button.dataset.phrase, last.selectionStart, last.selectionEnd, "end");
      last.focus();
    });
  }
})();
