/** What held-time.preload.ts writes to standard error. */
export const heldTimeLine = /^event loop held for at most (-?\d+\.\d+) ms, busy for at most (\d+\.\d+) ms$/m
