/** What loop-delay.preload.ts writes to standard error. */
export const loopDelayLine = /^event loop held up at most (\d+(?:\.\d+)?) ms$/m
