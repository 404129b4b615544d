import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { ProgramKind } from '../../bench/support/program.ts'
import { projectRoot } from './paths.ts'

// Shared with the bench, which is shipped while the tests are not.
export { type JsonAnswer, ours, Program, type ProgramFile, type ProgramKind } from '../../bench/support/program.ts'

/** Burrow 1.9.5: where BURROW_REFERENCE points, or beside the project. Undefined if it is not there. */
export function burrowReference(): ProgramKind | undefined {
  const command = process.env.BURROW_REFERENCE || join(projectRoot, '..', 'shared', 'bin', 'burrow-1.9.5')
  return existsSync(command) ? { name: 'burrow', command, args: [] } : undefined
}
