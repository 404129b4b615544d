// Shared with the bench, which is shipped while the tests are not.
export { type ProgramConfig, programToml } from '../../bench/support/program-config.ts'
