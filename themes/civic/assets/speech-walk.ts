// Finds what there is to read in a page: the texts of its blocks in the
// order of reading, each in one language. It changes nothing.

/** A stretch of text in one block and one language. */
export interface Run {
  lang: string;
  text: string;
  lead: string; // said first: the heading of a table's column
  nodes: Text[];
  starts: number[]; // where each node's part begins in text
  skips: number[]; // how much of each node is left out before it
}

// Controls, what is there for the eye only or for machines, and pronunciations
// beside a text that is read anyway.
const silent =
  "script,style,template,noscript,button,input,select,textarea,audio,video,canvas,iframe,object,svg,math,nav,rt,rp,rtc," +
  "[aria-hidden=true],[hidden],.visually-hidden,.listen,.paper";

/** Collects the runs of root, or of the part of it that range holds. */
export function walk(root: Element, range?: Range): Run[] {
  const runs: Run[] = [];
  let run: Run | undefined;

  const text = (node: Text, lang: string, lead: string) => {
    if (range && !range.intersectsNode(node)) return;
    const from = range && range.startContainer === node ? range.startOffset : 0;
    const part = node.data.slice(from, range && range.endContainer === node ? range.endOffset : undefined);
    if (!part) return;
    if (run && run.lang !== lang) run = undefined;
    if (!run) {
      if (!part.trim()) return; // between two blocks
      run = { lang, text: "", lead, nodes: [], starts: [], skips: [] };
      runs.push(run);
    }
    run.nodes.push(node);
    run.starts.push(run.text.length);
    run.skips.push(from);
    run.text += part;
  };

  const element = (e: Element, lang: string, lead: string) => {
    // A selection may lie in what is otherwise left out, such as a menu.
    if (e.matches(range ? silent.replace("nav,", "") : silent)) return;
    const style = getComputedStyle(e);
    if (style.display === "none" || style.visibility === "hidden") return;
    if (!range && e.tagName === "THEAD" && e.parentElement!.querySelector("tbody")) return; // said with each cell
    const block = !/^(inline|contents|ruby)/.test(style.display) || e.tagName === "BR";
    lang = e.getAttribute("lang") || lang;
    if (block) run = undefined;
    if (e.tagName === "TD" && !range) lead = header(e as HTMLTableCellElement);
    const closed = e.tagName === "DETAILS" && !(e as HTMLDetailsElement).open;
    for (let c = e.firstChild; c; c = c.nextSibling) {
      if (c.nodeType === 3 && style.visibility !== "hidden" && !closed) text(c as Text, lang, lead);
      else if (c.nodeType === 1 && !(closed && (c as Element).tagName !== "SUMMARY")) element(c as Element, lang, lead);
    }
    if (block) run = undefined;
  };

  const holder = root.closest("[lang]");
  element(root, (holder && holder.getAttribute("lang")) || "", "");
  return runs;
}

/** The words of the column's heading that a cell stands under. */
function header(cell: HTMLTableCellElement): string {
  const table = cell.closest("table");
  const row = cell.parentElement as HTMLTableRowElement;
  const top = table && table.tHead && table.tHead.rows[table.tHead.rows.length - 1];
  if (!top || !row.cells) return "";
  const column = (c: HTMLTableCellElement) => {
    let n = 0;
    for (const x of Array.from((c.parentElement as HTMLTableRowElement).cells)) {
      if (x === c) break;
      n += x.colSpan;
    }
    return n;
  };
  const at = column(cell);
  const th = Array.from(top.cells).find((c) => column(c) <= at && at < column(c) + c.colSpan);
  return th ? words(th) : "";
}

function words(e: Element): string {
  return walk(e, undefined)
    .map((r) => r.text.trim())
    .join(" ");
}

/** The place of a part of a run in the page. */
export function place(run: Run, from: number, to: number): Range {
  const range = document.createRange();
  const at = (offset: number, end: boolean): [Text, number] => {
    let i = run.starts.length - 1;
    while (i > 0 && (end ? run.starts[i] >= offset : run.starts[i] > offset)) i--;
    return [run.nodes[i], offset - run.starts[i] + run.skips[i]];
  };
  range.setStart(...at(from, false));
  range.setEnd(...at(to, true));
  return range;
}
