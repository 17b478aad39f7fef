// What is better with a script: comparing versions with sliders, without loading the page anew. All of it works without.
"use strict";

const FOLLOWED = 150; // milliseconds after the last movement of a slider

function slider(select) {
  const range = document.createElement("input");
  const label = select.form.querySelector(`label[for="${select.id}"]`);
  Object.assign(range, { type: "range", min: 0, max: select.options.length - 1, step: 1, value: select.selectedIndex });
  range.setAttribute("aria-label", `${label.textContent}: slide through the versions`);
  const tell = () => range.setAttribute("aria-valuetext", select.options[select.selectedIndex].text);
  range.addEventListener("input", () => {
    select.selectedIndex = Number(range.value);
    tell();
    select.dispatchEvent(new Event("change", { bubbles: true }));
  });
  select.addEventListener("change", () => {
    range.value = select.selectedIndex;
    tell();
  });
  tell();
  select.after(range);
}

async function load(address, signal) {
  const answer = await fetch(address, { signal, headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("difference");
}

function compare(form) {
  let waiting, running;
  form.classList.add("live");
  form.querySelectorAll("select").forEach((select) => {
    if (select.options.length > 2) slider(select);
  });
  form.addEventListener("change", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const address = `${form.getAttribute("action")}?${new URLSearchParams(new FormData(form))}`;
      const shown = document.getElementById("difference");
      if (running) running.abort();
      running = new AbortController();
      shown.setAttribute("aria-busy", "true");
      try {
        const found = await load(address, running.signal);
        // The line that is read aloud stays where it is, so that its new words are.
        shown.querySelector(".summary").replaceChildren(...found.querySelector(".summary").childNodes);
        [...shown.children].slice(1).forEach((old) => old.remove());
        shown.append(...[...found.children].slice(1));
        shown.removeAttribute("aria-busy");
        if (location.pathname.endsWith("/diff")) history.replaceState(null, "", address);
      } catch (error) {
        if (error.name !== "AbortError") location.assign(address);
      }
    }, FOLLOWED);
  });
}

document.querySelectorAll("form[data-compare]").forEach(compare);

// "/" goes to the search box, as it does elsewhere.
document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.isContentEditable;
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const box = document.getElementById("q") || document.getElementById("quick");
  if (!box) return;
  event.preventDefault();
  box.focus();
});
