import { claimPidFile } from '../../main/pid-file.ts'

/** Claims the file it is given once it is told to, says how that went, and lives on until its standard input ends. */
process.stdin.once('data', () => {
  console.log(claimPidFile(process.argv[2]!).ok ? 'won' : 'lost')
})
process.stdin.once('end', () => process.exit(0))
console.log('ready')
