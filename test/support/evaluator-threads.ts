// Shared with the bench, which is shipped while the tests are not.
export { EvaluatorThreads, type EvaluatorThreadsOptions } from '../../bench/support/evaluator-threads.ts'
