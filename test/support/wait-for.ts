// Shared with the bench, which is shipped while the tests are not.
export { waitFor } from '../../bench/support/wait-for.ts'
