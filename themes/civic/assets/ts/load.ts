// Loads a module of this site, or a sheet, on first use.

const loaded: Record<string, Promise<void>> = {};

/** Loads the module at url once; the promise fails when it cannot be had. */
export function load(url: string): Promise<void> {
  return (
    loaded[url] ||
    (loaded[url] = new Promise((done, failed) => {
      const s = document.createElement("script");
      s.type = "module";
      s.src = url;
      s.onload = () => done();
      s.onerror = () => {
        delete loaded[url]; // so that a second press may succeed
        failed();
      };
      document.head.append(s);
    }))
  );
}

/** Loads the sheet at url once. */
export function dress(url: string): void {
  if (!url || loaded[url]) return;
  loaded[url] = Promise.resolve();
  const l = document.createElement("link");
  l.rel = "stylesheet";
  l.href = url;
  document.head.append(l);
}
