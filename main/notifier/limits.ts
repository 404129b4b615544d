/** Every bound of the notifier in one place. */

/** How often the coordinator looks what is due. */
export const tickMs = 100
/** Groups are listed anew at least this often; more often if evaluations are. */
export const refreshMsMax = 60_000
/** Groups that are watched; what is listed beyond them is counted and not evaluated. */
export const groupsMax = 500_000
/** Evaluations asked for and not yet answered. */
export const evaluationsInFlightMax = 64
/**
 * How long to hold evaluations back while storage is being filled, at the start and after a crash. Half-filled windows give
 * verdicts that wake people up for nothing.
 */
export const settleMsMax = 300_000
/** Messages of one module that wait or are under way. */
export const queuedMax = 10_000
/** Messages of one module that are under way at once; never two about one group. */
export const sendingMax = 4
/** Tries for one message, the first included; then it is counted as failed. */
export const attemptsMax = 8
export const retryDelayMsMin = 1_000
export const retryDelayMsMax = 60_000
/** Between attempts to become the leader. */
export const leaderRetryMsMin = 100
export const leaderRetryMsMax = 10_000
/** Time at the end for what is already under way. */
export const drainMs = 1_000
/** Redirects of one request. */
export const redirectsMax = 10
/** Of an answer: bytes that are kept for the log, bytes that are read before the connection is given up. */
export const answerBytesKept = 512
export const answerBytesMax = 1_048_576
/** Characters of a name in a message of a class that makes its own; its partitions are bounded in shared/verdict.ts. */
export const nameLengthMax = 256
/** A mail has so many times its timeout for everything, so that a server that answers a byte a minute ends too. */
export const mailDeadlineFactor = 6
/** Of the text of a mail that are encoded and written in one turn of main's event loop. */
export const mailSliceBytes = 16 * 1024
/** Time for the texts of one message, those of others before it included; then the thread that renders is ended. */
export const renderDeadlineMs = 15_000
/** Messages that wait to be rendered; each module has at most `sendingMax` of them. */
export const rendersWaitingMax = 1_000
/** The thread that renders ends when it had nothing to do for so long. */
export const renderIdleMs = 300_000
/** Of JavaScript objects; a rendering needs a few times its text, which is a megabyte at most. */
export const renderHeapMb = 256
