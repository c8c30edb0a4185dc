// Loads the WebAssembly program, says how far it is, and starts it; failure.js says it in words when that
// can't be or when the program ends. document.documentElement.dataset.boot tells the stage it is in:
// loading → starting → running, or failed.
"use strict";

(() => {
  const { Failure, name, refused, report, show, progressed } = globalThis.failure ?? {}; // which is only wanted if something fails
  const script = document.currentScript;
  const { wasm: wasmURL, integrity, size } = script.dataset;
  const skeleton = document.body.firstElementChild;
  const byID = (id) => document.getElementById(id);
  // wasm_exec.js, the Go toolchain's own half of the program, is one of the scripts after this one.
  const scripts = new Promise((done) => document.addEventListener("DOMContentLoaded", done));

  // --- what go-app expects of its page ---------------------------------------------------------------

  // The prefix is the folder the page is in, so that any sub-path will do.
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
  // it, which go-app does not survive. So the page gets one that lasts as long as it does. go-app also lists all
  // keys when it starts, to read what each has: there may be thousands, of other pages of the same host. It
  // finds none.
  for (const name of ["localStorage", "sessionStorage"]) {
    let storage;
    try {
      storage = globalThis[name];
      storage.length;
    } catch {
      storage = lend();
    }
    const get = (_, key) => typeof storage[key] === "function" ? storage[key].bind(storage) : storage[key];
    Object.defineProperty(globalThis, name, { value: new Proxy(storage, { get, ownKeys: () => [] }) });
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

  // --- loading ---------------------------------------------------------------------------------------

  let attempts = 0;
  boot();

  async function boot() {
    // The first attempt may use the cache; a retry must not meet the same broken copy again.
    const cache = attempts++ === 0 ? "default" : "reload";
    try {
      enter("loading");
      showProgress(0);
      if (typeof WebAssembly !== "object") {
        throw new Failure("This browser has no WebAssembly, or it is switched off.");
      }
      const module = await load(cache);
      await scripts;
      if (globalThis.failure?.missing) return; // another script, or the style sheet
      enter("starting");
      run(module);
    } catch (err) {
      report(err, wasmURL, boot);
    }
  }

  async function load(cache) {
    // What the service worker has kept is there at once: no progress to show. Chromium keeps the compiled code
    // of a program only if it gets its own response to compile.
    if (cache === "default" && isKept()) {
      try {
        return await WebAssembly.compileStreaming(fetch(wasmURL, { integrity }));
      } catch {
        // It is not there, or not as it should be, or of a wrong type: then as on a first visit.
      }
    }
    const patience = stallPatience();
    let response;
    try {
      response = await fetch(wasmURL, { cache, signal: patience.signal });
    } catch (err) {
      throw patience.lost ?? new Failure(`The request for ${name(wasmURL)} failed (${err.message}).`);
    }
    if (!response.ok) throw refused(response, wasmURL);

    const served = response.headers.get("Content-Type") ?? "no type";
    const [compiled, hashed] = counted(response, patience).tee();
    const hash = digest(hashed);
    hash.catch(() => {}); // whatever ends the stream ends the compilation too
    try {
      // As the copy is labelled application/wasm, a host that sends another type is no obstacle.
      const module = await compileStream(new Response(compiled, { headers: { "Content-Type": "application/wasm" } }));
      await verify(hash);
      return module;
    } catch (err) {
      if (err instanceof WebAssembly.CompileError) {
        throw new Failure(`${name(wasmURL)} is not a program this browser can run: the server sent it as ${served} (${err.message}).`, { stale: true });
      }
      throw err instanceof Failure ? err : patience.lost ?? new Failure(`${name(wasmURL)} did not arrive whole (${err.message}).`);
    } finally {
      patience.end();
    }
  }

  function isKept() {
    try {
      return Boolean(navigator.serviceWorker?.controller);
    } catch {
      return false; // a sandboxed frame may not even ask
    }
  }

  // stallPatience ends a request of which nothing has arrived for a while, however long it has taken.
  function stallPatience() {
    const seconds = 30;
    const abort = new AbortController();
    const patience = {
      signal: abort.signal,
      percent: 0,
      lost: null,
      again() {
        clearTimeout(patience.timer);
        patience.timer = setTimeout(() => {
          const where = patience.percent > 0 ? `stopped at ${patience.percent} %` : "does not come";
          patience.lost = new Failure(`${name(wasmURL)} ${where}: nothing has arrived for ${seconds} seconds.`);
          abort.abort();
        }, 1000 * seconds);
      },
      end() { clearTimeout(patience.timer); },
    };
    patience.again();
    return patience;
  }

  // counted passes the response on, counting its bytes.
  function counted(response, patience) {
    const total = rawSize(response);
    let loaded = 0;
    return response.body.pipeThrough(new TransformStream({
      transform(chunk, controller) {
        loaded += chunk.byteLength;
        if (total > 0) {
          patience.percent = Math.floor(Math.min(100, (100 * loaded) / total));
          showProgress(patience.percent);
        }
        patience.again();
        progressed?.();
        controller.enqueue(chunk);
      },
      flush() {
        patience.end();
        showProgress(100);
      },
    }));
  }

  // rawSize is the number of bytes that will arrive here, 0 if nobody knows. Content-Length is the
  // compressed size when the response is encoded, so it only counts when it is not.
  function rawSize(response) {
    if (size > 0) return Number(size);
    if (response.headers.has("Content-Encoding")) return 0;
    return Number(response.headers.get("Content-Length"));
  }

  async function compileStream(response) {
    if (WebAssembly.compileStreaming) return WebAssembly.compileStreaming(response);
    return WebAssembly.compile(await response.arrayBuffer());
  }

  // The integrity option of fetch would do the same, but gives out nothing before all has arrived: no progress
  // to show, and nothing to compile meanwhile. Only safe addresses (https, localhost) have what it takes here.
  async function digest(stream) {
    if (!globalThis.crypto?.subtle) return null;
    const sum = await crypto.subtle.digest("SHA-256", await new Response(stream).arrayBuffer());
    return `sha256-${btoa(String.fromCharCode(...new Uint8Array(sum)))}`;
  }

  async function verify(hash) {
    const found = await hash;
    if (found && integrity && found !== integrity) {
      throw new Failure(`${name(wasmURL)} is not the one that belongs to this page, or it was damaged on the way.`, { stale: true });
    }
  }

  // --- running ---------------------------------------------------------------------------------------

  async function run(module) {
    rememberErrors();
    const go = new Go();
    shield(go);
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

  // What a call from Go throws becomes a panic there, which the page contains. What the reading or writing of a
  // property throws would leave the program in the middle of an instruction: so it is told here, and the
  // property is as if it were not there.
  function shield(go) {
    const imports = go.importObject.gojs;
    const property = (name, result) => {
      const access = imports[name];
      imports[name] = (sp) => {
        try {
          access(sp);
        } catch (err) {
          if (exitOrTrap(err)) throw err;
          console.error(err);
          if (result) new DataView(go._inst.exports.mem.buffer).setFloat64((go._inst.exports.getsp() >>> 0) + result, 0, true); // undefined
        }
      };
    };
    property("syscall/js.valueGet", 32);
    property("syscall/js.valueSet");
  }

  function exitOrTrap(error) {
    return isTrap(error) || /Go program has already exited/.test(error?.message);
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

  // The first time a restart brings the same run, and the next time the classic: nothing restarts by itself.
  function stopped(reason) {
    const key = "spillway.restarted";
    const restart = () => {
      try {
        sessionStorage.setItem(key, location.hash);
      } catch {
        // A full storage costs the memory, not the restart.
      }
      location.reload();
    };
    const classic = () => {
      history.replaceState(null, "", location.pathname + location.search);
      location.reload();
    };
    const again = sessionStorage.getItem(key) === location.hash;
    const [first, second] = again ? [["Open the classic", classic], ["Restart", restart]] : [["Restart", restart], ["Open the classic", classic]];
    show({
      title: "Spillway has stopped",
      reason,
      advice: again ? "It has stopped with this link before, so the classic is the next to try." : "The link still holds the scenario: restarting brings it back.",
      button: first[0],
      action: first[1],
      other: second,
      link: location.href,
    });
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
})();
