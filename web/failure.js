// Says in words what keeps the page from running, and offers what helps. It comes before everything else of the
// page, so that it hears of each script and style sheet that does not arrive, or is not the one that belongs
// to the page.
"use strict";

(() => {
  const byID = (id) => document.getElementById(id);
  const parsed = new Promise((done) => document.addEventListener("DOMContentLoaded", done));

  // An error whose message is written for the reader. A stale one means that the server has another version of
  // a file than this page, or none: a page loaded anew has the right one.
  class Failure extends Error {
    constructor(message, { stale = false } = {}) {
      super(message);
      this.stale = stale;
    }
  }

  globalThis.failure = { Failure, name, refused, report, show, progressed, missing: false };

  // The page's own scripts and style sheets are those that have an integrity.
  addEventListener("error", ({ target }) => {
    settle(target);
    if (failure.missing || !target.integrity || target.dataset.optional !== undefined) return;
    failure.missing = true;
    lost(target.src ?? target.href);
  }, true);

  // A script or a style sheet that neither arrives nor fails holds up all that come after it, and no event tells.
  const seconds = 30; // without any progress
  const settled = new WeakSet([document.currentScript]);
  let waiting = setTimeout(stalled, 1000 * seconds);
  document.addEventListener("load", ({ target }) => settle(target), true);
  parsed.then(() => {
    clearTimeout(waiting);
    waiting = 0;
  });

  function settle(element) {
    settled.add(element);
    progressed();
  }

  // progressed is called when something has arrived.
  function progressed() {
    if (!waiting) return;
    clearTimeout(waiting);
    waiting = setTimeout(stalled, 1000 * seconds);
  }

  // stalled tells of the first that is not there, which is the one that the others wait for. What has begun to
  // load is given up: it would go on behind the message.
  function stalled() {
    const late = [...document.querySelectorAll("script[src], link[rel=stylesheet]")].find((element) => !settled.has(element));
    failure.missing = true;
    if (document.body) {
      stop();
    } else {
      // A browser shows nothing of a page whose parser waits for a script, so there has to be another one.
      const template = byID("failure-template");
      document.open();
      document.write(`<!doctype html><html lang="en" translate="no" class="notranslate"><title>Spillway</title><link rel="icon" href="data:,"><body>`);
      document.close();
      document.body.append(template);
    }
    show({
      title: "Spillway could not start",
      reason: `${late ? name(late.src ?? late.href) : "The page"} does not come: nothing has arrived for ${seconds} seconds.`,
      advice: offline(),
      button: "Retry",
      action: () => location.reload(),
    });
  }

  // lost finds out why a script or a style sheet is not there, for the browser does not tell.
  async function lost(address) {
    try {
      await renew(address);
      throw new Failure(`${name(address)} is not the one that belongs to this page.`, { stale: true });
    } catch (err) {
      report(err, address);
    }
  }

  // startAnew loads the page anew, unless the server can't be reached: then nothing would be left of it.
  async function startAnew(address) {
    try {
      await renew(address);
    } catch (err) {
      if (!err.stale) return report(err, address);
    }
    location.reload();
  }

  // renew fetches a file past the browser's cache, which then has it as the server has it now.
  async function renew(address) {
    let response;
    try {
      response = await fetch(address, { cache: "reload" });
      await response.arrayBuffer();
    } catch (err) {
      throw new Failure(`The request for ${name(address)} failed (${err.message}).`);
    }
    if (!response.ok) throw refused(response, address);
  }

  function refused({ status, statusText }, address) {
    const answer = `${status} ${statusText}`.trim();
    return new Failure(`The server answered ${answer} for ${name(address)}.`, { stale: status === 404 || status === 410 });
  }

  // report tells of what is wrong with a file before the page runs, and what Retry does. If that is stale, the
  // page is first loaded anew without a word, but only once: never when it has been loaded anew already.
  async function report(err, address, retry) {
    console.error(err);
    const anew = () => startAnew(address);
    if (err.stale && performance.getEntriesByType("navigation")[0]?.type !== "reload") return anew();
    await parsed;
    show({
      title: "Spillway could not start",
      reason: err instanceof Failure ? err.message : `${err.name}: ${err.message}`,
      advice: offline(),
      button: "Retry",
      action: err.stale || !retry ? anew : retry,
    });
  }

  // show opens the dialog. The link is that of a run which has stopped, "" before there is one; with it comes
  // what else there is to do, as a name and an action.
  function show({ title, reason, advice, button, action, other = [], link = "" }) {
    if (byID("failure")) return; // the first says most
    document.documentElement.dataset.boot = "failed";
    document.body.append(byID("failure-template").content.cloneNode(true));
    const dialog = byID("failure");
    byID("failure-title").textContent = title;
    byID("failure-reason").textContent = reason;
    byID("failure-advice").textContent = advice;
    byID("failure-run").hidden = !link;
    byID("failure-link").value = link;
    [byID("failure-other").textContent, byID("failure-other").onclick] = other;
    // The offer of a new version, which may be the cure; a page that did not arrive whole has none.
    const update = document.querySelector(".update") ?? "";
    dialog.append(update);
    dialog.oncancel = (event) => event.preventDefault(); // there is nothing to use behind it
    const control = byID("failure-button");
    control.textContent = button;
    control.onclick = () => {
      document.body.append(update);
      dialog.remove();
      action();
    };
    dialog.showModal();
    control.focus();
  }

  function offline() {
    return navigator.onLine ? "" : "This device seems to be offline.";
  }

  function name(address) {
    return new URL(address, document.baseURI).pathname.split("/").pop();
  }
})();
