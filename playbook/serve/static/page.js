// Light or dark, the words while a page is worked out, and what happens when a page is left.
(() => {
  "use strict";
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");

  function chosenTheme() {
    const asked = new URLSearchParams(window.location.search).get("theme");
    try {
      if (asked === "light" || asked === "dark") sessionStorage.setItem("playbook-theme", asked);
      return sessionStorage.getItem("playbook-theme");
    } catch (_blocked) {
      return asked;
    }
  }

  function applyTheme() {
    const chosen = chosenTheme();
    const theme = chosen === "light" || chosen === "dark" ? chosen : dark.matches ? "dark" : "light";
    root.dataset.theme = theme;
    for (const sheet of document.querySelectorAll("link[data-for]")) {
      sheet.media = sheet.dataset.for === theme ? "all" : "not all";
    }
    if (document.body) {
      document.body.dataset.jpThemeLight = String(theme === "light");
      document.body.dataset.jpThemeName = theme === "light" ? "JupyterLab Light" : "JupyterLab Dark";
    }
  }

  applyTheme();
  dark.addEventListener("change", applyTheme);
  document.addEventListener("DOMContentLoaded", applyTheme);

  // A folded text is printed unfolded and folded again afterwards.
  let unfolded = [];
  window.addEventListener("beforeprint", () => {
    unfolded = [...document.querySelectorAll("details:not([open])")];
    for (const fold of unfolded) fold.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const fold of unfolded) fold.open = false;
  });

  function kernel() {
    const config = document.getElementById("jupyter-config-data");
    if (!config) return null;
    const { baseUrl, kernelId } = JSON.parse(config.textContent);
    return { base: baseUrl, id: kernelId };
  }

  // The calculation behind a page ends when the page is left.
  window.addEventListener("pagehide", () => {
    const used = kernel();
    if (used) navigator.sendBeacon(`${used.base}voila/api/shutdown/${used.id}`);
  });

  // A page that slept for long has lost its calculation: say so instead of a dead slider.
  async function check() {
    const used = kernel();
    const notice = document.getElementById("pb-lost");
    if (!used || !notice || document.visibilityState !== "visible") return;
    try {
      const answer = await fetch(`${used.base}alive/${used.id}`);
      notice.hidden = answer.ok && (await answer.json()).alive;
    } catch (_unreachable) {
      notice.hidden = false;
    }
  }
  document.addEventListener("visibilitychange", check);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) check();
  });

  // Until the sliders are there, their first answer stands in their place.
  function whenLive() {
    const cells = document.getElementById("rendered_cells");
    if (!cells) return;
    const watcher = new MutationObserver(() => {
      const waiting = cells.querySelectorAll(".pb-until-live");
      for (const still of waiting) {
        if (still.parentElement.querySelector(":scope > .jp-OutputArea-output :is(.noUi-handle, button)")) {
          still.remove();
        }
      }
      if (!waiting.length) watcher.disconnect();
    });
    watcher.observe(cells, { childList: true, subtree: true });
  }

  window.playbook = {
    progress(done, all) {
      const place = document.getElementById("loading");
      if (place) place.textContent = place.dataset.words.replace("{n}", done).replace("{all}", all);
    },
    done() {
      const place = document.getElementById("loading");
      if (place) place.hidden = true;
      whenLive();
    },
  };
})();
