// Says one sentence at a time with the device's voices, and goes on when an
// engine stalls, forgets to say that it has finished, or never begins.

/** What becomes of a sentence. */
export interface Ends {
  done(): void; // said, or given up half-way because the engine has stalled
  dead(silent: boolean): void; // somebody else has stopped it, or it does not answer
}

const tick = 500;
const patience = 6000; // until a voice begins, in milliseconds
const tries = 2;

let turn = 0; // counts sentences, so that late events of earlier ones are known
let timer = 0;
let kept: SpeechSynthesisUtterance | undefined; // or some engines lose its events

/** Stops whatever is being said; nothing more is heard of it. */
export function hush(): void {
  turn++;
  clearInterval(timer);
  kept = undefined;
  speechSynthesis.cancel();
}

/** How long a sentence takes at most, by its letters: Chinese says more with each. */
function longest(text: string, rate: number): number {
  let ms = 3000;
  for (const c of text) ms += c > "\u2E80" ? 450 : 130;
  return ms / Math.min(rate, 1);
}

/** Says a text with a voice. */
export function utter(text: string, voice: SpeechSynthesisVoice, rate: number, ends: Ends, attempt = 1): void {
  const mine = ++turn;
  const u = new SpeechSynthesisUtterance(text);
  kept = u;
  u.voice = voice;
  u.lang = voice.lang.replace(/_/g, "-");
  u.rate = rate;
  let began = 0;
  let waited = 0;
  let idle = 0;
  const over = (next: () => void) => {
    if (mine !== turn) return;
    clearInterval(timer);
    turn++;
    next();
  };
  u.onstart = () => (began = began || 1);
  u.onboundary = () => (began = 1); // it is alive: begin to count again
  u.onend = () => over(ends.done);
  u.onerror = (e) => {
    const why = (e as SpeechSynthesisErrorEvent).error;
    const stopped = why === "interrupted" || why === "canceled";
    over(stopped || why === "not-allowed" || attempt >= tries ? () => ends.dead(!stopped) : again);
  };
  const again = () => {
    speechSynthesis.cancel();
    utter(text, voice, rate, ends, attempt + 1);
  };
  clearInterval(timer);
  timer = window.setInterval(() => {
    waited += tick;
    if (began) {
      began += tick;
      // Not speaking, and no word of the end: it has been lost.
      idle = speechSynthesis.speaking ? 0 : idle + 1;
      if (idle > 1) over(ends.done);
      else if (began > longest(text, rate)) {
        over(() => {
          speechSynthesis.cancel(); // stalled while speaking
          ends.done();
        });
      }
    } else if (waited >= patience) {
      over(attempt < tries ? again : () => ends.dead(true));
    }
  }, tick);
  speechSynthesis.speak(u);
  speechSynthesis.resume(); // a page before this one may have left it paused
}
