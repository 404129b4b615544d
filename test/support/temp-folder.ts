// Shared with the bench, which is shipped while the tests are not.
export { removeTempFolder, tempFolder } from '../../bench/support/temp-folder.ts'
