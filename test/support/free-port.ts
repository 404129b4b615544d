// Shared with the bench, which is shipped while the tests are not.
export { freePort } from '../../bench/support/free-port.ts'
