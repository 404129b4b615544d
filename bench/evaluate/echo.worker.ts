import { parentPort } from 'node:worker_threads'

/** A thread that says back what it is told: how long a message between two threads takes by itself. */
parentPort!.on('message', (message: unknown) => parentPort!.postMessage(message))
