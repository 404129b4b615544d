/** What loop-delay.preload.ts writes to standard error. */
export const loopDelayLine = /^event loop held up at most (\d+(?:\.\d+)?) ms$/m
/** What held-time.preload.ts writes. */
export const heldTimeLine = /^event loop held for at most (-?\d+\.\d+) ms, busy for at most (\d+\.\d+) ms$/m
