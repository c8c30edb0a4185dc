// Loads the WebAssembly program, says how far it is, and says it in words when it can't or when the
// program ends. document.documentElement.dataset.boot tells the stage it is in:
// loading → starting → running, or failed.
"use strict";

(() => {
  const script = document.currentScript;
  const { wasm: wasmURL, exec: execURL } = script.dataset;
  const skeleton = document.body.firstElementChild;
  const byID = (id) => document.getElementById(id);

  // What go-app asks of its page. The prefix is the folder the page is in, so that any sub-path will do.
  const prefix = new URL(".", document.baseURI).pathname.replace(/\/$/, "");
  const env = {
    GOAPP_ROOT_PREFIX: prefix,
    GOAPP_STATIC_RESOURCES_URL: prefix,
    GOAPP_INTERNAL_URLS: "[]",
  };
  globalThis.goappGetenv = (key) => env[key];

  // go-app reads the address with Go's url.Parse, and ends where that fails: at a % that begins no escape, as
  // a link gets in a mail. So each such % becomes %25, before go-app looks, which leaves it to the page to say
  // that it can't open the link. popstate comes before go-app's own listener, for this one is older.
  makeParsable();
  for (const event of ["popstate", "hashchange"]) addEventListener(event, makeParsable);
  globalThis.navigation?.addEventListener("currententrychange", makeParsable);

  function makeParsable(event) {
    const parsable = location.href.replace(/%(?![0-9a-f]{2})/gi, "%25");
    if (parsable === location.href) return;
    try {
      history.replaceState(history.state, "", parsable);
    } catch {
      // A browser refuses one change too many in a short time, or ignores it.
    }
    if (parsable === location.href) return;
    event?.stopImmediatePropagation();
    setTimeout(() => dispatchEvent(new PopStateEvent("popstate")), 1000);
  }

  // A browser may block storage, for instance in a frame of another site, and then throws at the sight of
  // it, which go-app does not survive. So the page gets one that lasts as long as it does.
  for (const name of ["localStorage", "sessionStorage"]) {
    try {
      globalThis[name].length;
    } catch {
      Object.defineProperty(globalThis, name, { value: lend() });
    }
  }

  function lend() {
    const items = new Map();
    return {
      lent: true,
      get length() { return items.size; },
      key: (i) => [...items.keys()][i] ?? null,
      getItem: (key) => items.get(String(key)) ?? null,
      setItem: (key, value) => { items.set(String(key), String(value)); },
      removeItem: (key) => { items.delete(String(key)); },
      clear: () => { items.clear(); },
    };
  }

  // An error whose message is written for the reader.
  class Failure extends Error {}

  let attempts = 0;
  boot();

  async function boot() {
    // The first attempt may use the cache; a retry must not meet the same broken copy again.
    const cache = attempts++ === 0 ? "default" : "reload";
    const abort = new AbortController();
    try {
      enter("loading");
      showProgress(0);
      if (typeof WebAssembly !== "object") {
        throw new Failure("This browser has no WebAssembly, or it is switched off.");
      }
      const [module] = await Promise.all([compile(cache, abort.signal), loadExec()]);
      enter("starting");
      run(module);
    } catch (err) {
      abort.abort();
      console.error(err);
      fail({
        title: "Spillway could not start",
        reason: err instanceof Failure ? err.message : `${err.name}: ${err.message}`,
        advice: navigator.onLine ? "" : "This device seems to be offline.",
        button: "Retry",
        action: boot,
      });
    }
  }

  // --- loading ---------------------------------------------------------------------------------------

  async function compile(cache, signal) {
    let response;
    try {
      response = await fetch(wasmURL, { cache, signal });
    } catch (err) {
      throw new Failure(`The request for ${name(wasmURL)} failed (${err.message}).`);
    }
    if (!response.ok) {
      const status = `${response.status} ${response.statusText}`.trim();
      throw new Failure(`The server answered ${status} for ${name(wasmURL)}.`);
    }
    const served = response.headers.get("Content-Type") ?? "no type";
    try {
      return await compileStream(counted(response));
    } catch (err) {
      if (err instanceof WebAssembly.CompileError) {
        throw new Failure(`${name(wasmURL)} is not a program this browser can run: the server sent it as ${served} (${err.message}).`);
      }
      throw new Failure(`${name(wasmURL)} did not arrive whole (${err.message}).`);
    }
  }

  // counted passes the response on, counting its bytes. As the copy is labelled application/wasm, a host
  // that sends another type is no obstacle to compiling while it streams.
  function counted(response) {
    const total = rawSize(response);
    let loaded = 0;
    const counter = new TransformStream({
      transform(chunk, controller) {
        loaded += chunk.byteLength;
        if (total > 0) showProgress(Math.min(100, (100 * loaded) / total));
        controller.enqueue(chunk);
      },
      flush() {
        showProgress(100);
      },
    });
    return new Response(response.body.pipeThrough(counter), { headers: { "Content-Type": "application/wasm" } });
  }

  // rawSize is the number of bytes that will arrive here, 0 if nobody knows. Content-Length is the
  // compressed size when the response is encoded, so it only counts when it is not.
  function rawSize(response) {
    const stamped = Number(script.dataset.size);
    if (stamped > 0) return stamped;
    if (response.headers.has("Content-Encoding")) return 0;
    return Number(response.headers.get("Content-Length"));
  }

  async function compileStream(response) {
    if (WebAssembly.compileStreaming) return WebAssembly.compileStreaming(response);
    return WebAssembly.compile(await response.arrayBuffer());
  }

  // wasm_exec.js is the Go toolchain's own half of the program. It is loaded from here, and not by a tag
  // of the page, so that its absence is reported and retried like that of the program itself.
  function loadExec() {
    if (globalThis.Go) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const tag = document.createElement("script");
      tag.src = execURL;
      tag.onload = () => {
        rememberErrors();
        resolve();
      };
      tag.onerror = () => {
        tag.remove();
        reject(new Failure(`The request for ${name(execURL)} failed.`));
      };
      document.head.append(tag);
    });
  }

  // --- running ---------------------------------------------------------------------------------------

  async function run(module) {
    const go = new Go();
    let exitCode = null;
    go.exit = (code) => {
      exitCode = code;
      stopped(code === 0 ? "The program ended." : lastPanic() || `The program ended with exit status ${code}.`);
    };
    // The page is there when go-app has put its root component in the skeleton's place.
    new MutationObserver((_, observer) => {
      if (document.body.firstElementChild === skeleton) return;
      observer.disconnect();
      enter("running");
      performance.mark("spillway:running");
    }).observe(document.body, { childList: true });

    // A trap (out of memory, a stack overflow) skips go.exit and leaves the program dead.
    addEventListener("error", ({ error }) => {
      if (exitCode === null && isTrap(error)) stopped(`${error.name}: ${error.message}`);
    });
    try {
      await go.run(await WebAssembly.instantiate(module, go.importObject));
    } catch (err) {
      console.error(err);
      stopped(`${err.name}: ${err.message}`);
    }
  }

  function isTrap(error) {
    return error instanceof WebAssembly.RuntimeError || (error instanceof RangeError && /call stack/i.test(error.message));
  }

  // The Go runtime says why it dies on standard error, of which wasm_exec.js makes console lines.
  let standardError = "";
  function rememberErrors() {
    const write = globalThis.fs.writeSync;
    const decoder = new TextDecoder();
    globalThis.fs.writeSync = function (fd, buf) {
      if (fd === 2) standardError = (standardError + decoder.decode(buf, { stream: true })).slice(-65536);
      return write.call(this, fd, buf);
    };
  }

  function lastPanic() {
    return standardError.match(/^(panic|fatal error): .*/gm)?.pop();
  }

  // --- showing ---------------------------------------------------------------------------------------

  function enter(stage) {
    document.documentElement.dataset.boot = stage;
    byID("boot-label")?.replaceChildren({ starting: "Starting…" }[stage] ?? "Loading…");
  }

  function showProgress(percent) {
    const bar = byID("boot-progress");
    if (!bar) return;
    bar.value = percent;
    byID("boot-label").textContent = `Loading… ${Math.floor(percent)} %`;
  }

  function stopped(reason) {
    fail({
      title: "Spillway has stopped",
      reason,
      advice: "The link still holds the scenario: restarting brings it back. If it stops again, open the classic.",
      button: "Restart",
      action: () => location.reload(),
      link: location.href,
    });
  }

  function fail({ title, reason, advice, button, action, link }) {
    enter("failed");
    byID("failure-title").textContent = title;
    byID("failure-reason").textContent = reason;
    byID("failure-advice").textContent = advice;
    byID("failure-run").hidden = !link;
    byID("failure-link").value = link ?? "";
    byID("failure-classic").onclick = () => {
      history.replaceState(null, "", location.pathname + location.search);
      location.reload();
    };
    const control = byID("failure-button");
    control.textContent = button;
    control.onclick = () => {
      byID("failure").hidden = true;
      document.body.firstElementChild.inert = false;
      action();
    };
    byID("failure").hidden = false;
    document.body.firstElementChild.inert = true;
    control.focus();
  }

  function name(url) {
    return new URL(url, document.baseURI).pathname.split("/").pop();
  }
})();
