"use strict";
// Passkeys cannot do without a script: the browser makes or uses one, the form carries its answer.
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const asked = (options) => {
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    for (const list of ["excludeCredentials", "allowCredentials"]) for (const each of options[list] || []) each.id = bytes(each.id);
    return { publicKey: options };
  };
  const told = (credential) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = text(credential.response[name]);
    }
    return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response, clientExtensionResults: {} });
  };
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const error = form.querySelector("[data-error]");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      error.textContent = "";
      try {
        const body = new URLSearchParams(new FormData(form));
        const options = await fetch(form.dataset.options, { method: "POST", body });
        if (!options.ok) throw new Error(String(options.status));
        body.set("answer", told(await navigator.credentials[form.dataset.passkey](asked(await options.json()))));
        const answer = await (await fetch(form.action, { method: "POST", body })).json();
        if (answer.error) error.textContent = answer.error; else location.assign(answer.to);
      } catch (problem) { error.textContent = error.dataset.error; }
    });
  }
})();
