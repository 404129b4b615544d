// Shared with the bench, which is shipped while the tests are not.
export { Child, type ChildOptions, type ExitStatus } from '../../bench/support/child-process.ts'
