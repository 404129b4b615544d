import { runProgram } from '../../../main/cli/run-program.ts'
import { configFromToml } from '../../../main/config/load-config.ts'

/**
 * The process that run-program.test.ts starts: the life of the program around something that is not the program.
 * Arguments: what it does, TOML.
 */
const [does, toml] = process.argv.slice(2)

const code = await runProgram(
  configFromToml(toml!),
  async (_, main) => {
    if (does === 'fails-to-start') throw new Error('no room at the inn')
    main.logger.info('running')
    const keptAlive = setInterval(() => undefined, 60_000)
    if (does === 'crashes') {
      setImmediate(() => {
        throw new TypeError('broken promise')
      })
    }
    const failed =
      does === 'gives-up' ? Promise.resolve(new Error('thread died too often')) : new Promise<Error>(() => {})
    const stop = async () => {
      main.logger.info('asked to stop')
      if (does === 'hangs') await new Promise(() => {})
      clearInterval(keptAlive)
    }
    return { failed, stop }
  },
  { pidFile: true }
)
process.exit(code)
