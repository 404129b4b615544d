import type { Suite } from '../runner/suite.ts'
import { evaluate } from './evaluate.ts'
import { events } from './events.ts'
import { groups } from './groups.ts'
import { http } from './http.ts'
import { idle } from './idle.ts'
import { ingest } from './ingest.ts'
import { memory } from './memory.ts'
import { sweep } from './sweep.ts'
import { tune } from './tune.ts'

/** In the order of the canonical load. */
export const suites: readonly Suite[] = [evaluate, ingest, http, events, sweep, memory, groups, idle, tune]
